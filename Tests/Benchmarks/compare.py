#!/usr/bin/env python3
"""Compares dsh with the DuckDB command line and Polars: the same work side by side, in turn, whole processes.

    python3 Tests/Benchmarks/compare.py [--dsh PROGRAM] [--scale 1] [--runs 5] [--only NAME]

Makes its data (TPC-H lineitem as CSV) and a virtual environment with the peers in .build/benchmarks, which git ignores.
Prints the median of every program and the ratio of each peer's median to that of dsh (above 1: dsh is faster).
Not part of the tests: machines are noisy, so look at ratios, and at more than one run.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".build" / "benchmarks"


def prepare(scale):
    """Installs the peers and makes the data; the folder of programs and the files."""
    environment = FOLDER / "venv"
    programs = environment / "bin"
    if not (programs / "tpchgen-cli").exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([programs / "pip", "install", "--quiet", "duckdb-cli", "polars", "tpchgen-cli"], check=True)
    data = FOLDER / f"scale-{scale}"
    lineitem = data / "lineitem.csv"
    if not lineitem.exists():
        data.mkdir(parents=True, exist_ok=True)
        subprocess.run([programs / "tpchgen-cli", "csv", "-s", str(scale), "--tables=lineitem"], cwd=data, check=True)
    small = data / "small.csv"
    if not small.exists():
        with open(lineitem) as source, open(small, "w") as target:
            for _, line in zip(range(1001), source):
                target.write(line)
    return programs, lineitem, small


POLARS = {
    "filter and count": "print(pl.scan_csv(F).filter((pl.col('l_quantity') < 24) & (pl.col('l_discount') > 0.05)).select(pl.len()).collect(engine='streaming').item())",
    "filter, ten rows": "print(pl.scan_csv(F).filter((pl.col('l_quantity') < 24) & (pl.col('l_discount') > 0.05)).head(10).collect(engine='streaming'))",
    "group by two flags": "print(pl.scan_csv(F).group_by('l_returnflag', 'l_linestatus').agg(pl.sum('l_quantity'), pl.mean('l_extendedprice'), pl.mean('l_discount'), pl.len()).collect(engine='streaming'))",
    "keep all columns": "d = pl.read_csv(F, try_parse_dates=True); print(d.height, d.estimated_size())",
}

DUCKDB = {
    "ten rows of a small file": "from '{small}' limit 10",
    "filter and count": "select count(*) from '{file}' where l_quantity < 24 and l_discount > 0.05",
    "filter, ten rows": "from '{file}' where l_quantity < 24 and l_discount > 0.05 limit 10",
    "group by two flags": "select l_returnflag, l_linestatus, sum(l_quantity), avg(l_extendedprice), avg(l_discount), count(*) from '{file}' group by all",
    "keep all columns": "create table t as from '{file}'",
}

DSH = {
    "ten rows of a small file": "read {small} | take 10",
    "filter and count": "read {file} | filter l_quantity < 24 and l_discount > 0.05 | count",
    "filter, ten rows": "read {file} | filter l_quantity < 24 and l_discount > 0.05 | take 10",
    "group by two flags": "read {file} | agg sum(l_quantity), mean(l_extendedprice), mean(l_discount), count() by l_returnflag, l_linestatus | take",
    "keep all columns": "read {file} | persist",
}


def commands(name, programs, dsh, file, small):
    """The command of each program for one piece of work."""
    places = {"file": file, "small": small}
    found = {"dsh": [dsh, "--object-store-memory", "4G", "-c", DSH[name].format(**places)]}
    if name in DUCKDB:
        found["duckdb"] = [programs / "duckdb", "-c", DUCKDB[name].format(**places)]
    if name in POLARS:
        # Polars times itself, so that starting Python and importing it do not count against it.
        text = f"import polars as pl, time\nF = {str(file)!r}\nt = time.perf_counter()\n{POLARS[name]}\nprint('seconds', time.perf_counter() - t)"
        found["polars"] = [programs / "python", "-c", text]
    return found


def measure(command):
    """Seconds of one run, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stderr}")
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    return (float(last.split()[1]) if last.startswith("seconds ") else seconds), done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsh", default=str(ROOT / ".build" / "release" / "dsh"))
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=list(DSH))
    arguments = parser.parse_args()
    programs, file, small = prepare(f"{arguments.scale:g}")
    print(f"{os.path.getsize(file):,} bytes of lineitem, {arguments.runs} runs in turn after one that is not counted\n")
    for name in [arguments.only] if arguments.only else list(DSH):
        found = commands(name, programs, arguments.dsh, file, small)
        times = {program: [] for program in found}
        for run in range(arguments.runs + 1):
            for program, command in found.items():
                seconds, output = measure(command)
                if run > 0:
                    times[program].append(seconds)
                if name == "keep all columns" and run == 0 and program != "duckdb":
                    print(f"  {program}: {output.strip().splitlines()[0]}")
        medians = {program: statistics.median(values) for program, values in times.items()}
        ratios = [f"{program} {median:.3f} s ({median / medians['dsh']:.1f} x)" for program, median in medians.items() if program != "dsh"]
        print(f"{name}: dsh {medians['dsh']:.3f} s, " + ", ".join(ratios), flush=True)


main()
