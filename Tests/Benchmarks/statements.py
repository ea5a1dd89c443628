#!/usr/bin/env python3
"""Measures single statements over tables in memory: dsh over persisted blocks beside DuckDB and Polars; see README.md beside this script.

    python3 Tests/Benchmarks/statements.py --data FOLDER [--dsh .build/release/dsh] [--rounds 5] [--only TEXT] [--nodes 2]

FOLDER holds lineitem.csv and orders.csv of TPC-H, as `tpchgen-cli csv -s 1` makes them.
"""

import math
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import arguments, reexecute_with, run

# In each round another number stands for {k}, so that nobody answers from an earlier round.
FIRST_COLUMNS = "l_orderkey, l_extendedprice, l_shipdate"
WORKS = {
    "filter, count": (
        "li | filter l_quantity > 45 and l_discount < 0.0{k}2 | count",
        "select count(*) from li where l_quantity > 45 and l_discount < 0.0{k}2",
        "li.filter((c('l_quantity') > 45) & (c('l_discount') < 0.0{k}2)).select(pl.len())"),
    "by two flags": (
        "li | agg n{k} = count(), sum(l_quantity), mean(l_extendedprice), max(l_discount) by l_returnflag, l_linestatus | take",
        "select l_returnflag, l_linestatus, count(*), sum(l_quantity), avg(l_extendedprice), max(l_discount) from li group by all",
        "li.group_by('l_returnflag', 'l_linestatus').agg(pl.len(), c('l_quantity').sum(), c('l_extendedprice').mean(), c('l_discount').max())"),
    "first 10": (
        f"li | filter l_orderkey > {{k}} | select {FIRST_COLUMNS} | sort l_extendedprice desc | take 10",
        f"select {FIRST_COLUMNS} from li where l_orderkey > {{k}} order by l_extendedprice desc limit 10",
        "li.filter(c('l_orderkey') > {k}).select('l_orderkey', 'l_extendedprice', 'l_shipdate').sort('l_extendedprice', descending=True).head(10)"),
    "by 10 k keys": (
        "li | agg n{k} = count(), sum(l_quantity) by l_suppkey | sort n{k} desc, l_suppkey | take 10",
        "select l_suppkey, count(*) n, sum(l_quantity) from li group by all order by n desc, l_suppkey limit 10",
        "li.group_by('l_suppkey').agg(pl.len().alias('n'), c('l_quantity').sum()).sort('n', 'l_suppkey', descending=[True, False]).head(10)"),
    "by 1.5 M keys": (
        "li | agg n{k} = count(), sum(l_quantity) by l_orderkey | sort n{k} desc, l_orderkey | take 10",
        "select l_orderkey, count(*) n, sum(l_quantity) from li group by all order by n desc, l_orderkey limit 10",
        "li.group_by('l_orderkey').agg(pl.len().alias('n'), c('l_quantity').sum()).sort('n', 'l_orderkey', descending=[True, False]).head(10)"),
    "by two keys, 0.8 M groups": (
        "li | agg n{k} = count(), sum(l_quantity) by l_partkey, l_suppkey | sort n{k} desc, l_partkey, l_suppkey | take 10",
        "select l_partkey, l_suppkey, count(*) n, sum(l_quantity) from li group by all order by n desc, l_partkey, l_suppkey limit 10",
        "li.group_by('l_partkey', 'l_suppkey').agg(pl.len().alias('n'), c('l_quantity').sum())"
        ".sort('n', 'l_partkey', 'l_suppkey', descending=[True, False, False]).head(10)"),
    "by 4.6 M texts": (
        "li | agg n{k} = count() by l_comment | sort n{k} desc, l_comment | take 10",
        "select l_comment, count(*) n from li group by all order by n desc, l_comment limit 10",
        "li.group_by('l_comment').agg(pl.len().alias('n')).sort('n', 'l_comment', descending=[True, False]).head(10)"),
    "expression, sum": (
        "li | agg sum(l_extendedprice * (1 - l_discount) * (1.{k} + l_tax)) | take",
        "select sum(l_extendedprice * (1 - l_discount) * (1.{k} + l_tax)) from li",
        "li.select((c('l_extendedprice') * (1 - c('l_discount')) * (1.{k} + c('l_tax'))).sum())"),
    "by year": (
        "li | agg n{k} = count(), sum(l_extendedprice) by year(l_shipdate) | take",
        "select year(l_shipdate) y, count(*), sum(l_extendedprice) from li group by all",
        "li.group_by(c('l_shipdate').dt.year()).agg(pl.len(), c('l_extendedprice').sum())"),
    "contains": (
        "li | filter contains(l_comment, 'special{k}') or contains(l_comment, 'special') | count",
        "select count(*) from li where contains(l_comment, 'special{k}') or contains(l_comment, 'special')",
        "li.filter(c('l_comment').str.contains('special{k}', literal=True) | c('l_comment').str.contains('special', literal=True)).select(pl.len())"),
    "regex": (
        "li | filter l_comment ~ r'express.*(accounts|deposits){k}?' | count",
        "select count(*) from li where regexp_matches(l_comment, 'express.*(accounts|deposits){k}?')",
        "li.filter(c('l_comment').str.contains(r'express.*(accounts|deposits){k}?')).select(pl.len())"),
    "upper, group": (
        "li | agg n{k} = count() by upper(l_shipmode) | take",
        "select upper(l_shipmode) m, count(*) from li group by all",
        "li.group_by(c('l_shipmode').str.to_uppercase()).agg(pl.len())"),
    "full sort": (
        "li | filter l_orderkey > {k} | sort l_extendedprice, l_orderkey | materialize",
        "create or replace table s as select * from li where l_orderkey > {k} order by l_extendedprice, l_orderkey",
        "li.filter(c('l_orderkey') > {k}).sort('l_extendedprice', 'l_orderkey')"),
    "count distinct": (
        "li | filter l_orderkey > {k} | agg count_distinct(l_partkey) | take",
        "select count(distinct l_partkey) from li where l_orderkey > {k}",
        "li.filter(c('l_orderkey') > {k}).select(c('l_partkey').n_unique())"),
    "join, group": (
        "li | join (orders | filter o_orderkey > {k}) on l_orderkey == o_orderkey | agg count(), sum(l_extendedprice) by o_orderpriority | take",
        "select o_orderpriority, count(*), sum(l_extendedprice) from li join orders on l_orderkey = o_orderkey where o_orderkey > {k} group by all",
        "li.join(orders.filter(c('o_orderkey') > {k}), left_on='l_orderkey', right_on='o_orderkey').group_by('o_orderpriority')"
        ".agg(pl.len(), c('l_extendedprice').sum())"),
    "rank per key": (
        "li | map r = rank() over (by l_suppkey sort l_extendedprice desc) | filter r == {k} | count",
        "select count(*) from (select rank() over (partition by l_suppkey order by l_extendedprice desc) r from li) where r = {k}",
        "li.with_columns(c('l_extendedprice').rank('min', descending=True).over('l_suppkey').alias('r')).filter(c('r') == {k}).select(pl.len())"),
    "semi join": (
        "li | join --how=semi (orders | filter o_totalprice > 40000{k}) on l_orderkey == o_orderkey | count",
        "select count(*) from li where l_orderkey in (select o_orderkey from orders where o_totalprice > 40000{k})",
        "li.join(orders.filter(c('o_totalprice') > 40000{k}), left_on='l_orderkey', right_on='o_orderkey', how='semi').select(pl.len())"),
    "median per group": (
        "li | agg m{k} = median(l_extendedprice) by l_suppkey | sort m{k} desc | take 10",
        "select l_suppkey, median(l_extendedprice) m from li group by all order by m desc limit 10",
        "li.group_by('l_suppkey').agg(c('l_extendedprice').median().alias('m')).sort('m', descending=True).head(10)"),
}


def dsh_milliseconds(options, works: dict) -> dict:
    """The milliseconds of each round by work, from the receipts of one session; the first round is not counted."""
    statements = [f"{name} = read {options.data / file}.csv | persist" for name, file in [("li", "lineitem"), ("orders", "orders")]]
    places = [None, None]
    for k in range(1, options.rounds + 2):
        for name, (statement, _, _) in works.items():
            statements.append(statement.replace("{k}", str(k)))
            places.append(name if k > 1 else None)
    with tempfile.TemporaryDirectory(prefix="dsh-benchmark-") as folder:
        script = Path(folder) / "statements.dsh"
        script.write_text("\n".join(statements) + "\n")
        outcome = run(
            options.dsh, f"--nodes={options.nodes}", "--slots=1", "--format=csv", "--report=json", str(script), timeout=3600)
    receipts = outcome.receipts()
    if len(receipts) != len(places):
        sys.exit(f"{len(receipts)} of {len(places)} statements have receipts\n{outcome.error_text[-2000:]}")
    found = {name: [] for name in works}
    for name, receipt in zip(places, receipts):
        if name:
            found[name].append(receipt["seconds"] * 1000)
    return found


def peers_milliseconds(options, works: dict) -> tuple:
    """The same of DuckDB, with tables in memory, and of Polars, with frames in memory; both with two threads."""
    os.environ["POLARS_MAX_THREADS"] = "2"
    import duckdb
    import polars as pl

    connection = duckdb.connect()
    connection.execute("set threads = 2")
    names = {"pl": pl, "c": pl.col}
    for name, file in [("li", "lineitem"), ("orders", "orders")]:
        connection.execute(f"create table {name} as from '{options.data / file}.csv'")
        names[name] = pl.read_csv(options.data / f"{file}.csv", try_parse_dates=True).lazy()
    found = ({name: [] for name in works}, {name: [] for name in works})
    for k in range(1, options.rounds + 2):
        for name, (_, sql, program) in works.items():
            calls = [
                lambda: connection.execute(sql.replace("{k}", str(k))).fetchall(),
                lambda: eval(program.replace("{k}", str(k)), names).collect()]
            for peer, call in zip(found, calls):
                begin = time.perf_counter()
                call()
                if k > 1:
                    peer[name].append((time.perf_counter() - begin) * 1000)
    return found


def main():
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--nodes", type=int, default=2)
    parser.add_argument("--only", default="", help="the works whose names hold this text")
    options = parser.parse_args()
    reexecute_with("duckdb", "polars")
    options.data = options.data.resolve()
    works = {name: work for name, work in WORKS.items() if options.only in name}
    own = dsh_milliseconds(options, works)
    peers = peers_milliseconds(options, works)
    print(f"medians of {options.rounds} rounds in ms; {options.nodes} nodes with one slot, peers with two threads\n")
    print("| work | dsh | DuckDB | Polars | better peer / dsh |\n|---|---|---|---|---|")
    ratios = []
    for name in works:
        dsh, duckdb, polars = (statistics.median(found[name]) for found in (own, *peers))
        ratios.append(min(duckdb, polars) / dsh)
        print(f"| {name} | {dsh:.1f} | {duckdb:.1f} | {polars:.1f} | {ratios[-1]:.2f} |")
    print(f"\ngeometric mean of the last column: {math.exp(statistics.mean(map(math.log, ratios))):.2f}")


if __name__ == "__main__":
    main()
