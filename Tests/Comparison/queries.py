#!/usr/bin/env python3
"""Runs the queries of queries.txt over real files with dsh and with DuckDB and prints each difference.

    python3 Tests/Comparison/queries.py --dsh .build/release/dsh --data DATA [--only TEXT]

Each query runs twice, with dsh's usual nodes and blocks and over three nodes with the files cut into seven blocks; both answers must equal
DuckDB's: integers, texts, times and truth values exactly, floating point numbers but for the last digits, nulls as nulls. DuckDB reads each
file with the types that dsh found. A query whose file is not there is passed over and counted. DuckDB is installed from PyPI on first use.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from answers import SHOWN_DIFFERENCES, differences, plain, sort_key
from harness import Tally, arguments, reexecute_with, run

SQL_TYPES = {
    "int64": "BIGINT", "float64": "DOUBLE", "string": "VARCHAR", "bool": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP"}
CONFIGURATIONS = [([], ""), (["--nodes", "3"], "--blocks=7")]


def queries(path: Path) -> list:
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    groups = [group.strip().splitlines() for group in "\n".join(lines).split("\n\n") if group.strip()]
    assert all(len(group) == 3 for group in groups), next(group for group in groups if len(group) != 3)
    return groups


class Tables:
    """The files as tables in DuckDB, with the columns and types that dsh tells."""

    def __init__(self, duckdb, binary: str, data: Path):
        self.connection = duckdb.connect()
        self.connection.execute("set timezone = 'UTC'")
        self.binary = binary
        self.data = data
        self.current = None

    def load(self, source: str):
        if source == self.current:
            return
        path, _, options = source.partition(" ")
        schema = run(self.binary, "--format=json", "-c", f"read {options} {path} | schema", folder=self.data)
        if schema.status != 0:
            raise RuntimeError(schema.error_text)
        columns = {field["column"]: SQL_TYPES[field["type"]] for field in schema.results()[0]}
        quoted = ", ".join("'" + name.replace("'", "''") + f"': '{kind}'" for name, kind in columns.items())
        header = not path.endswith((".dat", ".txt"))
        nulls = "['', '\\N'" + "".join(f", '{option[7:]}'" for option in options.split() if option.startswith("--null=")) + "]"
        delimiter = "\\t" if path.endswith(".tsv") else ","
        files = sorted(str(file) for file in self.data.glob(path))
        self.connection.execute("drop table if exists t")
        if path.endswith("airports.dat"):
            # Quotes are doubled or stand behind a backslash; DuckDB takes one of the two.
            cells = ", ".join(f"replace(\"{name}\", chr(92) || chr(39), chr(39))::{kind} as \"{name}\"" for name, kind in columns.items())
            texts = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
            table = (
                f"select {cells} from read_csv({files}, auto_detect = false, header = false, quote = '\"', delim = ',', escape = '\"', "
                f"nullstr = {nulls}, allow_quoted_nulls = false, columns = {{{texts}}})")
        else:
            shape = (
                f"union_by_name = true, types = {{{quoted}}}" if "drift" in path
                else f"auto_detect = false, columns = {{{quoted}}}, escape = '\"'")
            table = (
                f"select * from read_csv({files}, header = {header}, quote = '\"', delim = '{delimiter}', nullstr = {nulls}, "
                f"allow_quoted_nulls = false, max_line_size = 10000000, {shape})")
        self.connection.execute(f"create table t as {table}")
        self.current = source

    def answer(self, sql: str) -> list:
        return [list(row) for row in self.connection.execute(sql).fetchall()]


def main():
    parser = arguments(__doc__)
    parser.add_argument("--only", default="", help="run the queries that hold this text")
    options = parser.parse_args()
    reexecute_with("duckdb")
    import duckdb

    tally, missing = Tally(), 0
    tables = Tables(duckdb, options.dsh, options.data)
    for source, stages, sql in queries(Path(__file__).with_name("queries.txt")):
        if options.only not in f"{source} | {stages}":
            continue
        path, _, read_options = source.partition(" ")
        if not list(options.data.glob(path)):
            missing += 1
            continue
        tables.load(source)
        expected = [[plain(value) for value in row] for row in tables.answer(sql)]
        is_ordered = "order by" in sql
        if not is_ordered:
            expected.sort(key=sort_key)
        for flags, blocks in CONFIGURATIONS:
            statement = f"read {' '.join(filter(None, [read_options, blocks]))} {path} | {stages} | take_all --force"
            name = " ".join(flags + [statement])
            outcome = run(options.dsh, "--format=json", *flags, "-c", statement, folder=options.data)
            if not tally.check(outcome.status == 0, name, f"exit code {outcome.status}\n{outcome.error_text}"):
                continue
            found = [list(row.values()) for row in outcome.results()[0]]
            if not is_ordered:
                found.sort(key=sort_key)
            wrong = differences(expected, found)
            tally.check(not wrong, name, "\n       ".join(wrong[:SHOWN_DIFFERENCES]))
    if missing:
        print(f"{missing} queries passed over: their files are not in {options.data}")
    tally.finish()


if __name__ == "__main__":
    main()
