#!/usr/bin/env python3
"""Times dsh on Ray against Ray Data: the same files, the same three raylets, one after the other in one run.

    DSH_PYTHON=… python3 Tests/Comparison/ray_data.py --dsh .build/release/dsh --data FOLDER [--runs 3]

FOLDER holds the folders lineitem and orders of TPC-H in several parts, as `tpchgen-cli csv -s 1 --tables lineitem,orders --parts 8` makes them: Ray Data reads a CSV file
in one task. Three raylets are started on this machine; both work on them as drivers that have joined. Each has run a statement before, so that neither the
start of Ray nor that of its workers is timed; what is timed is a statement from its beginning to its answer, in seconds of the wall. Answers are compared too.
Needs ray, pyarrow, pandas and polars.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Ray"))
from harness import Tally, arguments, json_values, reexecute_with
from raylets import PACKAGES, Raylets

STORE_BYTES = 3 << 30
WANTED_RATIO = 5

STATEMENTS = {
    "read, filter, count": 'read {data}/lineitem/*.csv | filter l_quantity > 45 and l_shipmode == "AIR" | count',
    "group": "read {data}/lineitem/*.csv | agg q = sum(l_quantity), p = sum(l_extendedprice), d = mean(l_discount), n = count() "
             "by l_returnflag, l_linestatus | sort l_returnflag, l_linestatus | take_all",
    "sort": "s = read {data}/lineitem/*.csv | sort l_extendedprice, l_orderkey, l_linenumber | materialize\ns | take 3",
    "join": "read {data}/lineitem/*.csv | join (read {data}/orders/*.csv) on l_orderkey == o_orderkey "
            "| agg p = sum(l_extendedprice), n = count() by o_orderpriority | sort o_orderpriority | take_all",
}

SORTED_COLUMNS = ["l_orderkey", "l_linenumber", "l_extendedprice"]
RAY_DATA = '''
import json, sys, time
import ray
from ray.data.aggregate import Count, Mean, Sum
from ray.data.expressions import col

address, data, runs, only = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
ray.init(address=address, log_to_driver=False, logging_level="ERROR")
context = ray.data.DataContext.get_current()
context.enable_progress_bars = False


def table(name):
    return ray.data.read_csv(f"{data}/{name}")


def filtered():
    return [[table("lineitem").filter(expr=(col("l_quantity") > 45) & (col("l_shipmode") == "AIR")).count()]]


def grouped():
    groups = table("lineitem").groupby(["l_returnflag", "l_linestatus"]).aggregate(
        Sum("l_quantity"), Sum("l_extendedprice"), Mean("l_discount"), Count())
    return sorted([list(row.values()) for row in groups.take_all()])


def ordered():
    rows = table("lineitem").sort(["l_extendedprice", "l_orderkey", "l_linenumber"]).materialize()
    return [[row["l_orderkey"], row["l_linenumber"], row["l_extendedprice"]] for row in rows.take(3)]


def joined():
    both = table("lineitem").join(table("orders"), join_type="inner", num_partitions=6, on=("l_orderkey",), right_on=("o_orderkey",))
    groups = both.groupby("o_orderpriority").aggregate(Sum("l_extendedprice"), Count())
    return sorted([list(row.values()) for row in groups.take_all()])


ray.data.range(1000).map_batches(lambda batch: batch).count()
for name, query in [("read, filter, count", filtered), ("group", grouped), ("sort", ordered), ("join", joined)]:
    if only not in name:
        continue
    for _ in range(runs):
        begin = time.perf_counter()
        rows = query()
        print(json.dumps({"name": name, "seconds": time.perf_counter() - begin, "rows": rows}), flush=True)
'''


def ray_data(options, address: str) -> dict:
    """The seconds and the rows of each query."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as program:
        program.write(RAY_DATA)
        program.flush()
        done = subprocess.run(
            [sys.executable, program.name, address, str(options.data.resolve()), str(options.ray_runs), options.only], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env={**os.environ, "RAY_DATA_DISABLE_PROGRESS_BARS": "1"})
    found = {}
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            result = json.loads(line)
            seconds, _ = found.setdefault(result["name"], ([], result["rows"]))
            seconds.append(result["seconds"])
    if done.returncode != 0:
        print(done.stderr[-2000:])
    return found


def dsh(options, address: str, name: str) -> tuple:
    """The seconds of a statement in sessions of their own, after one that has started the workers, and its rows."""
    seconds, rows = [], []
    # A block for each raylet and more, so that all of them have started their workers.
    script = "range --blocks=12 1000 | filter id % 2 == 0 | count\n" + STATEMENTS[name].format(data=options.data.resolve())
    for _ in range(options.runs):
        done = subprocess.run(
            [options.dsh, "--cluster", f"ray:{address}", "--format=json", "--report=json", "-c", script], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        receipts = [json.loads(line) for line in done.stderr.splitlines() if line.startswith('{"action"')]
        seconds.append(sum(receipt["seconds"] for receipt in receipts[1:]))
        rows = [list(row.values()) if name != "sort" else [row[column] for column in SORTED_COLUMNS] for row in json_values(done.stdout)[-1]]
    return seconds, rows


def same(mine: list, theirs: list) -> bool:
    """The same rows, but for the last digits of sums, which Ray Data adds up in another order."""
    return len(mine) == len(theirs) and all(
        len(one) == len(other) and all(a == b or isinstance(a, float) and math.isclose(a, b, rel_tol=1e-9) for a, b in zip(one, other))
        for one, other in zip(mine, theirs))


def main():
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ray-runs", type=int, default=1, help="runs of Ray Data, which take long (default: %(default)s)")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    reexecute_with(*PACKAGES, "pandas", "pyarrow", "polars")
    tally = Tally()
    with Raylets(3, cpus=1, store_bytes=STORE_BYTES) as raylets:
        own = {name: dsh(options, raylets.address, name) for name in STATEMENTS if options.only in name}
        others = ray_data(options, raylets.address)
    print("| plan | dsh on Ray | Ray Data | ratio |\n|---|---|---|---|")
    for name, (seconds, rows) in own.items():
        if not tally.check(name in others, f"{name}: Ray Data answers"):
            continue
        mine, theirs = statistics.median(seconds), statistics.median(others[name][0])
        print(f"| {name} | {mine:.2f} s | {theirs:.1f} s | {theirs / mine:.1f} |")
        tally.check(same(rows, others[name][1]), f"{name}: the same rows", f"{rows} and {others[name][1]}")
        tally.check(theirs / mine >= WANTED_RATIO, f"{name}: at least {WANTED_RATIO} times as fast", f"{theirs / mine:.1f}")
    tally.finish()


if __name__ == "__main__":
    main()
