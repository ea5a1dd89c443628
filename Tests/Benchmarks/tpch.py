#!/usr/bin/env python3
"""Measures the 22 queries of TPC-H over tables in memory: the scripts of examples/tpch over persisted blocks beside DuckDB and Polars.

    python3 Tests/Benchmarks/tpch.py --data FOLDER [--dsh .build/release/dsh] [--rounds 3]

FOLDER holds the eight tables, as `tpchgen-cli csv -s 1` makes them. Answers are compared by Tests/Comparison/tpch.py.
"""

import os
import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import REPOSITORY, arguments, reexecute_with, run

TABLES = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]


def queries() -> dict:
    """The SQL of each query by its name."""
    parts = re.split(r"^-- (q\d\d)$", (REPOSITORY / "Tests/Comparison/tpch.sql").read_text(), flags=re.MULTILINE)
    return {name: text.strip().rstrip(";") for name, text in zip(parts[1::2], parts[2::2])}


def dsh_milliseconds(options, names: list) -> dict:
    """The least time of each query; each round has tables of its own, so that nothing is answered from an earlier round."""
    statements = []
    with tempfile.TemporaryDirectory(prefix="dsh-benchmark-") as folder:
        for round in range(options.rounds):
            (Path(folder) / str(round)).mkdir()
            for table in TABLES:
                link = Path(folder) / str(round) / f"{table}.csv"
                link.symlink_to(options.data / f"{table}.csv")
                statements.append(f"{table}_{round} = read {link} | persist")
        for round in range(options.rounds):
            for name in names:
                text = (REPOSITORY / f"examples/tpch/{name}.dsh").read_text()
                statements.append(f"!echo begin {round} {name} >&2")
                statements.append(re.sub(r"read (\w+)\.csv", rf"\1_{round}", text))
        script = Path(folder) / "queries.dsh"
        script.write_text("\n".join(statements) + "\n")
        outcome = run(
            options.dsh, "--nodes=2", "--slots=1", "--format=csv", "--report=json", "--object-store-memory=4GiB", str(script), timeout=3600)
    taken, current = {}, None
    for line in outcome.error_text.splitlines():
        if line.startswith("begin "):
            current = tuple(line.split()[1:])
        elif current and line.startswith('{"action"'):
            taken[current] = taken.get(current, 0) + float(re.search(r'"seconds":([\d.e-]+)', line)[1]) * 1000
    missing = [name for name in names if ("0", name) not in taken]
    if missing:
        sys.exit(f"no receipts of {', '.join(missing)}\n{outcome.error_text[-2000:]}")
    return {name: min(taken[(str(round), name)] for round in range(options.rounds)) for name in names}


def least_milliseconds(rounds: int, call) -> float:
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        call()
        times.append((time.perf_counter() - begin) * 1000)
    return min(times)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    reexecute_with("duckdb", "polars")
    os.environ["POLARS_MAX_THREADS"] = "2"
    import duckdb
    import polars

    options.data = options.data.resolve()
    sql = queries()
    own = dsh_milliseconds(options, list(sql))
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    frames = {}
    for table in TABLES:
        connection.execute(f"create table {table} as from '{options.data / table}.csv'")
        frames[table] = polars.read_csv(options.data / f"{table}.csv", try_parse_dates=True)
    context = polars.SQLContext(frames=frames, eager=False)
    print(f"best of {options.rounds} in ms; two nodes with one slot, peers with two threads\n")
    print("| query | dsh | DuckDB | Polars, of the same SQL |\n|---|---|---|---|")
    sums = [0.0, 0.0, 0.0]
    for name, text in sql.items():
        row = [
            own[name], least_milliseconds(options.rounds, lambda: connection.execute(text).fetchall()),
            least_milliseconds(options.rounds, lambda: context.execute(text).collect())]
        sums = [sum + value for sum, value in zip(sums, row)]
        print(f"| {name} | {' | '.join(f'{value:.1f}' for value in row)} |")
    print(f"| sum | {' | '.join(f'{value:.0f}' for value in sums)} |")


if __name__ == "__main__":
    main()
