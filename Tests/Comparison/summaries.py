#!/usr/bin/env python3
"""Compares what dsh says in `summary` of each column of CSV files with what DuckDB says of it.

    python3 Tests/Comparison/summaries.py --dsh .build/release/dsh --data FOLDER

The SUMMARIZE of DuckDB estimates much, so that quartiles and different values are asked for exactly.
Where dsh estimates too, its number of different values may be 5 % off.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from answers import SHOWN_DIFFERENCES, plain, same
from harness import Tally, arguments, reexecute_with, run

CONFIGURATIONS = [["--nodes", "2", "--slots", "1"], ["--nodes", "3", "--batch-rows", "100"]]
TYPES = {"int64": "BIGINT", "float64": "DOUBLE", "string": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP", "bool": "BOOLEAN"}
ESTIMATE_TOLERANCE = 0.05
# Larger files take long in configurations with small batches.
LARGEST_BYTES = 3_000_000


def table(duckdb, dsh: str, path: Path):
    """A connection with the rows of a file as dsh reads them in the table `t`, as formats are not what is compared here; none without rows."""
    types = run(dsh, "--format=json", "--report=none", "-c", f"read '{path}' | summary")
    rows = run(dsh, "--format=jsonl", "--report=none", "-c", f"read '{path}' | take_all --force")
    if types.status != 0 or rows.status != 0 or not rows.output.strip():
        return None
    columns = {row["column"]: TYPES.get(row["type"]) for row in types.results()[-1]}
    if None in columns.values():
        return None
    connection = duckdb.connect()
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as copy:
        copy.write(rows.output)
        copy.flush()
        listed = ", ".join(f"'{name.replace(chr(39), chr(39) * 2)}': '{kind}'" for name, kind in columns.items())
        connection.execute(
            f"create table t as select * from read_json('{copy.name}', format='newline_delimited', columns={{{listed}}}, "
            "maximum_object_size=100000000)")
    return connection


def expectation(connection, column: str, kind: str) -> dict:
    name = '"' + column.replace('"', '""') + '"'
    numeric = kind in ("int64", "float64")
    cast = "::date" if kind == "date" else ""
    ordered = numeric or kind in ("date", "timestamp")
    quartiles = ", ".join(f"quantile_cont({name}, {share}){cast}" if ordered else "null" for share in (0.25, 0.5, 0.75))
    mean = f"avg({name})" if numeric else "null"
    answer = connection.execute(
        f"select count(*) - count({name}), count(distinct {name}), min({name}), max({name}), {mean}, {quartiles} from t").fetchone()
    most = connection.execute(f"select count(*) from t where {name} is not null group by {name} order by 1 desc limit 1").fetchone()
    keys = ["nulls", "distinct", "least", "greatest", "mean", "q25", "median", "q75"]
    return dict(zip(keys, map(plain, answer))) | {"frequency": most[0] if most else None}


def text_is(text, value) -> bool:
    """Whether a value as dsh writes it is one of DuckDB's."""
    if value is None or text is None:
        return text is None and value is None
    if isinstance(value, bool):
        return text == str(value).lower()
    # Fractions of seconds have three digits or six.
    return text.rstrip("0") == value.rstrip("0") if isinstance(value, str) else same(float(text), float(value))


def mistakes(found: dict, expected: dict) -> list:
    wrong = []
    for key, value in expected.items():
        if key == "distinct" and not found["exact"]:
            good = abs(found[key] - value) <= value * ESTIMATE_TOLERANCE
        elif key == "frequency" and not found["exact"]:
            good = found[key] is None
        elif key in ("nulls", "distinct", "frequency", "mean"):
            good = same(found[key], value)
        else:
            good = text_is(found[key], value)
        if not good:
            wrong.append(f"{found['column']} ({found['type']}): {key} is {found[key]}, expected {value}")
    return wrong


def main():
    options = arguments(__doc__).parse_args()
    reexecute_with("duckdb")
    import duckdb

    tally, compared = Tally(), 0
    for path in sorted(Path(options.data).rglob("*.csv")):
        if path.stat().st_size > LARGEST_BYTES or not (connection := table(duckdb, options.dsh, path)):
            continue
        for flags in CONFIGURATIONS:
            name = " ".join([path.name, *flags])
            outcome = run(options.dsh, *flags, "--format=json", "--report=none", "-c", f"read '{path}' | summary")
            if not tally.check(outcome.status == 0, name, outcome.error_text):
                continue
            rows = outcome.results()[-1]
            wrong = [mistake for row in rows for mistake in mistakes(row, expectation(connection, row["column"], row["type"]))]
            compared += len(rows)
            tally.check(not wrong, name, "\n       ".join(wrong[:SHOWN_DIFFERENCES]))
    tally.check(compared >= 100, f"{compared} columns were compared, at least 100 should be")
    tally.finish()


if __name__ == "__main__":
    main()
