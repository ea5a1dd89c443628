#!/usr/bin/env python3
"""Measures dsh beside the DuckDB CLI and Polars on the same files; see README.md beside this script.

    python3 Tests/Benchmarks/compare.py --dsh .build/release/dsh [--rounds 5] [--scale 1] [--only TEXT]
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import REPOSITORY, arguments, reexecute_with, run

DATA_FOLDER = REPOSITORY / ".build-benchmark-data"
FLAGS = "l_returnflag, l_linestatus"


def works(lineitem: Path, small: Path, output: Path) -> list:
    """Name, dsh's statements, DuckDB's SQL, Polars' program (nil where it is not asked)."""
    scan = f"pl.scan_csv('{lineitem}', try_parse_dates=True)"
    return [
        ("launch, ten rows of a small file", f"read {small} | take 10", f"from '{small}' limit 10", None),
        ("filter on two columns, count",
         f"read {lineitem} | filter l_quantity > 45 and l_discount < 0.02 | count",
         f"select count(*) from '{lineitem}' where l_quantity > 45 and l_discount < 0.02",
         f"print({scan}.filter((pl.col('l_quantity') > 45) & (pl.col('l_discount') < 0.02)).select(pl.len()).collect(engine='streaming').item())"),
        ("filter, take 10",
         f"read {lineitem} | filter l_quantity > 45 and l_discount < 0.02 | take 10",
         f"from '{lineitem}' where l_quantity > 45 and l_discount < 0.02 limit 10",
         f"print({scan}.filter((pl.col('l_quantity') > 45) & (pl.col('l_discount') < 0.02)).head(10).collect(engine='streaming'))"),
        ("four aggregates by two flags",
         f"read {lineitem} | agg n = count(), sum(l_quantity), mean(l_extendedprice), max(l_discount) by {FLAGS} | take",
         f"select {FLAGS}, count(*), sum(l_quantity), avg(l_extendedprice), max(l_discount) from '{lineitem}' group by all",
         f"print({scan}.group_by('l_returnflag', 'l_linestatus').agg(pl.len(), pl.sum('l_quantity'), pl.mean('l_extendedprice'), "
         "pl.max('l_discount')).collect(engine='streaming'))"),
        ("all 16 columns into memory",
         f"read {lineitem} | persist",
         f"create table t as from '{lineitem}'",
         f"print('bytes', pl.read_csv('{lineitem}', try_parse_dates=True).estimated_size())"),
        ("sort by price, first ten",
         f"read {lineitem} | select l_orderkey, l_extendedprice, l_shipdate | sort l_extendedprice desc | take 10",
         f"select l_orderkey, l_extendedprice, l_shipdate from '{lineitem}' order by l_extendedprice desc limit 10",
         f"print({scan}.select('l_orderkey', 'l_extendedprice', 'l_shipdate').sort('l_extendedprice', descending=True)"
         ".collect(engine='streaming').head(10))"),
        ("write what a filter keeps",
         f"read {lineitem} | filter l_quantity > 45 | write --force {output}/dsh.csv",
         f"copy (from '{lineitem}' where l_quantity > 45) to '{output}/duckdb.csv'",
         f"{scan}.filter(pl.col('l_quantity') > 45).sink_csv('{output}/polars.csv')"),
    ]


def make_data(scale: str) -> Path:
    folder = DATA_FOLDER / f"scale-{scale}"
    lineitem = folder / "lineitem.csv"
    if not lineitem.exists():
        folder.mkdir(parents=True, exist_ok=True)
        tool = Path(sys.executable).parent / "tpchgen-cli"
        subprocess.run([str(tool), "csv", "-s", scale, "--tables", "lineitem", "--output-dir", str(folder)], check=True)
    return lineitem


def make_small() -> Path:
    path = DATA_FOLDER / "small.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("id,name,amount,day\n" + "".join(f"{n},name {n},{n / 4},2024-01-{n % 28 + 1:02d}\n" for n in range(250)))
    return path


def timed(command: list) -> tuple:
    begin = time.perf_counter()
    process = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - begin
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {process.stderr[-2000:]}")
    return seconds, process.stdout


def pinned_bytes(binary: str, lineitem: Path) -> int:
    outcome = run(binary, "--format=json", "-c", f"read {lineitem} | persist; nodes", timeout=600)
    return sum(node["pinned"] for node in outcome.results()[-1])


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", default="1", help="the scale factor of the TPC-H data (default: %(default)s, 766 MB)")
    parser.add_argument("--lineitem", type=Path, help="a lineitem.csv made before")
    parser.add_argument("--only", default="", help="the work whose name holds this text")
    options = parser.parse_args()
    reexecute_with("duckdb-cli", "polars", "tpchgen-cli")
    duckdb = Path(sys.executable).parent / "duckdb"
    duckdb = str(duckdb) if duckdb.exists() else shutil.which("duckdb")
    lineitem, small = options.lineitem or make_data(options.scale), make_small()
    print(f"{os.cpu_count()} cores; {lineitem.stat().st_size / 1e6:.0f} MB; medians of {options.rounds} rounds, whole processes, in turn\n")
    print("| work | dsh | DuckDB | Polars | DuckDB / dsh | Polars / dsh |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="dsh-benchmark-") as output:
        polars_bytes = None
        for name, statements, sql, program in works(lineitem, small, Path(output)):
            if options.only not in name:
                continue
            commands = {"dsh": [options.dsh, "-c", statements], "DuckDB": [duckdb, "-c", sql]}
            if program:
                commands["Polars"] = [sys.executable, "-c", f"import polars as pl\n{program}"]
            seconds = {tool: [] for tool in commands}
            # One round warms the page cache and is not counted.
            for round in range(options.rounds + 1):
                for tool, command in commands.items():
                    taken, text = timed(command)
                    if round > 0:
                        seconds[tool].append(taken)
                    if text.startswith("bytes "):
                        polars_bytes = int(text.split()[1])
            medians = {tool: statistics.median(values) for tool, values in seconds.items()}
            cells = [f"{medians[tool]:.3f} s" if tool in medians else "" for tool in ("dsh", "DuckDB", "Polars")]
            ratios = [f"{medians[tool] / medians['dsh']:.1f}" if tool in medians else "" for tool in ("DuckDB", "Polars")]
            print(f"| {name} | {' | '.join(cells + ratios)} |", flush=True)
        if polars_bytes:
            print(f"\npinned by dsh {pinned_bytes(options.dsh, lineitem):,} bytes; estimated_size of Polars {polars_bytes:,} bytes")


if __name__ == "__main__":
    main()
