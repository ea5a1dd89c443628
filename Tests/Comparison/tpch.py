#!/usr/bin/env python3
"""Runs the queries of TPC-H in examples/tpch over the tables as CSV files and compares each answer with that of DuckDB.

    python3 Tests/Comparison/tpch.py --dsh .build/release/dsh --data FOLDER [--only q05] [--cluster ray --nodes 3]

FOLDER holds the eight tables, as `tpchgen-cli csv -s 1` makes them. DuckDB answers the SQL of tpch.sql over the same files, with decimals where
dsh has floating point numbers: those must agree but for the last digits, all else exactly, and rows must come in the order the SQL asks for.
Columns are told apart by name. DuckDB is installed from PyPI on first use.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from answers import SHOWN_DIFFERENCES, order_places, ordered_differences, plain
from harness import REPOSITORY, Tally, arguments, reexecute_with, run

TABLES = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]
DECIMAL_COLUMNS = [
    "c_acctbal", "l_discount", "l_extendedprice", "l_tax", "o_totalprice", "p_retailprice", "ps_supplycost", "s_acctbal"]
# The largest table is read from text in every query.
TIMEOUT_SECONDS = 600


def sql_queries(path: Path) -> dict:
    """The statements by the names in the comments above them."""
    parts = re.split(r"^-- (q\d\d)$", path.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def load_tables(connection, data: Path):
    for table in TABLES:
        types = ", ".join(f"'{name}': 'DECIMAL(15, 2)'" for name in DECIMAL_COLUMNS if name.startswith(column_prefix(table)))
        options = f", types = {{{types}}}" if types else ""
        connection.execute(f"create table {table} as from read_csv('{data / table}.csv', header = true{options})")


def column_prefix(table: str) -> str:
    return {"partsupp": "ps_"}.get(table, table[0] + "_")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--cluster", default="local", help="where dsh runs its tasks (default: %(default)s)")
    parser.add_argument("--nodes", default="2", help="on how many nodes (default: %(default)s)")
    parser.add_argument("--only", default="", help="run the queries whose names hold this text")
    options = parser.parse_args()
    reexecute_with("duckdb")
    import duckdb

    data = options.data.resolve()
    missing = [table for table in TABLES if not (data / f"{table}.csv").exists()]
    if missing:
        sys.exit(f"{data} has no {', '.join(f'{table}.csv' for table in missing)}")
    connection = duckdb.connect()
    load_tables(connection, data)
    tally = Tally()
    for name, sql in sql_queries(Path(__file__).with_name("tpch.sql")).items():
        if options.only not in name:
            continue
        answer = connection.execute(sql)
        columns = [column[0] for column in answer.description]
        expected = [list(map(plain, row)) for row in answer.fetchall()]
        script = REPOSITORY / "examples/tpch" / f"{name}.dsh"
        outcome = run(options.dsh, f"--cluster={options.cluster}", f"--nodes={options.nodes}", "--slots=1", "--format=json", "--report=none", str(script), folder=data, timeout=TIMEOUT_SECONDS)
        if outcome.status != 0:
            tally.check(False, name, f"exit code {outcome.status}\n{outcome.error_text}")
            continue
        rows = outcome.results()[-1]
        if any(row.keys() != set(columns) for row in rows):
            wrong = [f"expected the columns {', '.join(columns)}\n       found {', '.join(rows[0])}"]
        else:
            found = [[row[column] for column in columns] for row in rows]
            wrong = ordered_differences(expected, found, order_places(sql, columns))
        tally.check(not wrong, name, "\n       ".join(wrong[:SHOWN_DIFFERENCES]))
    tally.finish()


if __name__ == "__main__":
    main()
