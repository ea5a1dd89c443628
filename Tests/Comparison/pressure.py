#!/usr/bin/env python3
"""Works on a table twenty times the size of all stores: answers and times beside DuckDB's with as much memory, and what memory was used.

    python3 Tests/Comparison/pressure.py --dsh .build/release/dsh --data FOLDER [--only TEXT] [--memory-mib 128] [--runs 1]

FOLDER holds lineitem.csv and orders.csv, as `tpchgen-cli csv -s 7` makes them. Two nodes have stores of --memory-mib each; DuckDB gets as much in
all, or more where it runs out of that, which is told, and two threads. While dsh runs, every 10 ms its processes are looked at: the bytes used of
each store, as its first page says (Sources/DshStore/ArenaHeader.swift), and the resident memory outside of the stores, as the kernel says. Checked is
that answers are equal, that no store was ever over its limit, and that no process had more than 200 MiB outside of them. Times are shown, not checked.
"""

import hashlib
import mmap
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, reexecute_with

RESIDENT_LIMIT_MIB = 200
# With so much the answer is an error, if it is still one.
LARGEST_DUCKDB_MIB = 4096
USED_OFFSET, LIMIT_OFFSET = 56, 32
# What is asked of dsh, and the same of DuckDB; the last statement gives the answer, unless a file is written.
PLANS = {
    "sort and write": (
        "read {lineitem} | select l_partkey, l_suppkey, l_orderkey, l_linenumber, l_comment"
        " | sort l_partkey, l_suppkey, l_orderkey, l_linenumber | write {out}",
        "copy (select l_partkey, l_suppkey, l_orderkey, l_linenumber, l_comment from lineitem"
        " order by l_partkey, l_suppkey, l_orderkey, l_linenumber) to '{out}' (header)"),
    "join, the larger table right": (
        "read {orders} | join (read {lineitem}) on o_orderkey == l_orderkey"
        " | agg n = count(), s = sum(l_partkey + o_custkey), q = sum(l_suppkey * l_linenumber) | take 1",
        "select count(*), sum(l_partkey + o_custkey)::bigint, sum(l_suppkey * l_linenumber)::bigint from orders join lineitem on o_orderkey = l_orderkey"),
    "join, the larger table left": (
        "read {lineitem} | join (read {orders}) on l_orderkey == o_orderkey"
        " | agg n = count(), s = sum(l_partkey + o_custkey), d = max(o_orderdate) | take 1",
        "select count(*), sum(l_partkey + o_custkey)::bigint, max(o_orderdate) from lineitem join orders on l_orderkey = o_orderkey"),
    "join in order": (
        "read {lineitem} | join (read {orders}) on l_orderkey == o_orderkey | with_row_number n | filter n % 5000011 == 7"
        " | select n, l_orderkey, l_linenumber, o_custkey | take 100",
        None),
    "aggregation by many keys": (
        "read {lineitem} | agg q = sum(l_linenumber), n = count() by l_partkey, l_suppkey | agg count(), sum(q), max(n), sum(l_suppkey) | take 1",
        "select count(*), sum(q)::bigint, max(n), sum(l_suppkey)::bigint from"
        " (select l_partkey, l_suppkey, sum(l_linenumber) q, count(*) n from lineitem group by all)"),
    "distinct": (
        "read {lineitem} | distinct l_orderkey, l_suppkey | count",
        "select count(*) from (select distinct l_orderkey, l_suppkey from lineitem)"),
    "window": (
        "read {lineitem} | map r = row_number() over (by l_orderkey sort l_extendedprice desc, l_linenumber) | filter r == 1"
        " | agg n = count(), s = sum(l_partkey), m = sum(l_linenumber) | take 1",
        "select count(*), sum(l_partkey)::bigint, sum(l_linenumber)::bigint from (select l_partkey, l_linenumber,"
        " row_number() over (partition by l_orderkey order by l_extendedprice desc, l_linenumber) r from lineitem) where r = 1"),
    "persist": (
        "t = read {lineitem} | persist --level=memory+disk\nt | agg n = count(), s = sum(l_partkey), d = max(l_shipdate) | take 1",
        "create temp table t as from lineitem;select count(*), sum(l_partkey)::bigint, max(l_shipdate) from t"),
}


class Sampler(threading.Thread):
    """Looks at a shell and its nodes every 10 ms."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.ended, self.samples = pid, threading.Event(), 0
        self.stores, self.used, self.limit = {}, {}, {}
        self.resident = {}

    def run(self):
        while not self.ended.wait(0.010):
            self.samples += 1
            children = read(f"/proc/{self.pid}/task/{self.pid}/children").split()
            for pid in [str(self.pid), *children]:
                self.look(pid)

    def look(self, pid: str):
        fields = dict(line.split(":", 1) for line in read(f"/proc/{pid}/status").splitlines() if ":" in line)
        if "RssAnon" in fields:
            anonymous, file = (int(fields[name].split()[0]) for name in ("RssAnon", "RssFile"))
            before = self.resident.get(pid, (0, 0, 0))
            self.resident[pid] = (max(before[0], anonymous), max(before[1], file), max(before[2], anonymous + file))
        if pid not in self.stores:
            store = own_store(pid)
            if store is None:
                return
            self.stores[pid] = store
        page = self.stores[pid]
        self.limit[pid] = struct.unpack_from("q", page, LIMIT_OFFSET)[0]
        self.used[pid] = max(self.used.get(pid, 0), struct.unpack_from("q", page, USED_OFFSET)[0])

    def finish(self):
        self.ended.set()
        self.join()


def own_store(pid: str):
    """The first page of a process's own store: the one that it has mapped writable."""
    for line in read(f"/proc/{pid}/maps").splitlines():
        if "memfd:dsh-store" in line and line.split()[1].startswith("rw-s"):
            name = line.split()[0]
            try:
                with open(f"/proc/{pid}/map_files/{name}", "rb") as file:
                    return mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ)
            except OSError:
                return None
    return None


def read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def ask_dsh(options, statement: str, out: Path):
    process = subprocess.Popen(
        [options.dsh, "--nodes=2", f"--object-store-memory={options.memory_mib}M", "--format=csv", "--report=none", "-c", statement],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    sampler, begin = Sampler(process.pid), time.monotonic()
    sampler.start()
    output, errors = process.communicate()
    seconds = time.monotonic() - begin
    sampler.finish()
    answer = (digest(out) if out.exists() else output.decode().strip().splitlines()[-1:]) if process.returncode == 0 else errors.decode()[-400:]
    return answer, seconds, sampler


# Runs in a process of its own, as dsh does.
DUCKDB = """
import duckdb, sys
connection = duckdb.connect()
memory, scratch, lineitem, orders, statements = sys.argv[1:]
connection.execute(f"set enable_progress_bar=false; set memory_limit='{memory}MiB'; set threads=2; set temp_directory='{scratch}'")
for table, path in (("lineitem", lineitem), ("orders", orders)):
    connection.execute(f"create view {table} as from read_csv('{path}', header = true)")
for statement in statements.split(";"):
    rows = connection.execute(statement).fetchall()
print(",".join(str(value) for value in rows[-1]))
"""


def ask_duckdb(options, statement: str, out: Path, scratch: str):
    """Its answer and the seconds, with as much memory as dsh has, or twice as much as often as it runs out of it."""
    memory = 2 * options.memory_mib
    while True:
        begin = time.monotonic()
        process = subprocess.run(
            [sys.executable, "-c", DUCKDB, str(memory), scratch, str(options.data / "lineitem.csv"), str(options.data / "orders.csv"), statement],
            capture_output=True, text=True)
        seconds = time.monotonic() - begin
        if process.returncode and "OutOfMemoryException" in process.stderr and memory < LARGEST_DUCKDB_MIB:
            print(f"DuckDB runs out of {memory} MiB after {seconds:.1f} s: {statement[:60]}…", flush=True)
            out.unlink(missing_ok=True)
            memory *= 2
            continue
        if process.returncode:
            return process.stderr.strip().splitlines()[-1:], seconds
        return (digest(out) if out.exists() else process.stdout.strip().splitlines()[-1:]), seconds


def main():
    parser = arguments(__doc__)
    parser.add_argument("--only", default="", help="run the plans whose names hold this text")
    parser.add_argument("--memory-mib", type=int, default=128, help="the memory of each store (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=1, help="how often each plan runs (default: %(default)s)")
    parser.add_argument("--without-duckdb", action="store_true")
    options = parser.parse_args()
    reexecute_with("duckdb")
    tally = Tally()
    print(f"{'plan':<30} {'dsh':>8} {'DuckDB':>8} {'anonymous':>10} {'files':>8} {'both':>8} {'store':>8}  MiB; samples")
    for name, (plan, sql) in PLANS.items():
        if options.only not in name:
            continue
        times, others = [], []
        for _ in range(options.runs):
            with tempfile.TemporaryDirectory(prefix="dsh-pressure-", dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
                out = Path(folder) / "out.csv"
                files = {"lineitem": options.data / "lineitem.csv", "orders": options.data / "orders.csv", "out": out}
                answer, seconds, sampler = ask_dsh(options, plan.format(**files), out)
                times.append(seconds)
                if sql and not options.without_duckdb:
                    out.unlink(missing_ok=True)
                    expected, seconds = ask_duckdb(options, sql.format(**files), out, folder)
                    others.append(seconds)
                    tally.check(answer == expected, f"{name}: the answer is DuckDB's", f"{answer} and not {expected}")
                else:
                    tally.check(not isinstance(answer, str), f"{name}: there is an answer", str(answer))
                resident = [max(column) // 1024 for column in zip(*sampler.resident.values())]
                tally.check(
                    bool(sampler.used) and all(sampler.used[pid] <= sampler.limit[pid] for pid in sampler.used), f"{name}: no store was over its limit",
                    f"{sampler.used} of {sampler.limit}")
                tally.check(resident[2] <= RESIDENT_LIMIT_MIB, f"{name}: at most {RESIDENT_LIMIT_MIB} MiB resident outside of the stores", f"{resident} MiB")
                used = max(sampler.used.values(), default=0) >> 20
                other = f"{statistics.median(others):8.1f}" if others else " " * 8
                print(f"{name:<30} {statistics.median(times):8.1f} {other} {resident[0]:10} {resident[1]:8} {resident[2]:8} {used:8}  {sampler.samples}", flush=True)
    tally.finish()


if __name__ == "__main__":
    main()
