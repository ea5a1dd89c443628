#!/usr/bin/env python3
"""Writes generated tables of all types in every format and reads them back: what comes back has to be what there was.

    DSH_PYTHON=… python3 Tests/Comparison/round_trips.py --dsh .build/release/dsh [--tables 500] [--seed N]

Each table goes to dsh as an Arrow file or stream (of all kinds of compression, dictionaries, views and batch sizes) and is written as Arrow, Parquet, CSV and JSON
Lines. Arrow and Parquet are read back by dsh, by pyarrow and, where it knows the types, by DuckDB; CSV by dsh with casts to the types that there were, and JSON Lines by dsh
and by Python's json. Needs pyarrow and duckdb.
"""

import json
import math
import random
import re
import sys
import tempfile
from pathlib import Path

from parquet import as_dsh, duckdb_difference, flat_types, moments, plain, table, texts

import duckdb
import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run


def durations(source: random.Random):
    return lambda: source.randrange(-10 ** 12, 10 ** 12)


def arrow_types():
    """What Arrow has besides the types of Parquet."""
    return [(pa.duration(unit), durations) for unit in ["s", "ms", "us", "ns"]] + [
        (pa.timestamp("s"), lambda source: (lambda make=moments(source): make() // 1000)),
        (pa.timestamp("ns", "Europe/Berlin"), lambda source: (lambda make=moments(source): make() * 1_000_001)),
        (pa.timestamp("s", "America/St_Johns"), lambda source: (lambda make=moments(source): make() // 1000)),
        (pa.list_(pa.duration("ms")), lambda source: lambda: [source.choice([None, 1, -2]) for _ in range(source.randrange(4))]),
        (pa.time32("s"), lambda source: lambda: source.randrange(86400)), (pa.string_view(), texts),
        (pa.large_list(pa.int16()), lambda source: lambda: [source.choice([None, 1, -2]) for _ in range(source.randrange(4))]),
        (pa.list_(pa.int32(), 3), lambda source: lambda: [source.randrange(9), None, 7]),
        (pa.decimal256(30, 4), lambda source: lambda: __import__("decimal").Decimal(source.randrange(10 ** 20)).scaleb(-4)),
        (pa.decimal64(15, 3) if hasattr(pa, "decimal64") else pa.decimal128(15, 3),
         lambda source: lambda: __import__("decimal").Decimal(source.randrange(10 ** 15)).scaleb(-3)),
        (pa.date64(), lambda source: lambda: source.randrange(-10000, 40000) * 86_400_000)]


def made_table(source: random.Random) -> pa.Table:
    made = table(source)
    if made.num_rows > 1000:
        made = made.slice(source.randrange(100), source.randrange(1000))
    for number in range(source.randrange(3)):
        kind, make = source.choice(arrow_types())
        value = make(source)
        share = source.choice([0, 0.2, 1])
        made = made.append_column(f"a{number}", pa.array([None if source.random() < share else value() for _ in range(made.num_rows)], kind))
    for index, field in enumerate(made.schema):
        if pa.types.is_string(field.type) and source.random() < 0.3:
            made = made.set_column(index, field.name, made[field.name].combine_chunks().dictionary_encode())
    return made


def expected_values(made: pa.Table, name: str) -> list:
    column = made[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type) or pa.types.is_duration(column.type) or pa.types.is_time(column.type):
        # As counts of the finest unit, whatever unit a format has.
        return [None if value is None else nanoseconds(column.type, value) for value in column.cast(counts(column.type)).to_pylist()]
    return [plain(value) for value in column.to_pylist()]


def counts(kind: pa.DataType) -> pa.DataType:
    return pa.int32() if pa.types.is_time32(kind) else pa.int64()


def nanoseconds(kind: pa.DataType, count: int) -> int:
    return count * {"s": 10 ** 9, "ms": 10 ** 6, "us": 1000, "ns": 1}[kind.unit]


def difference(made: pa.Table, found: pa.Table) -> str:
    if made.column_names != found.column_names or made.num_rows != found.num_rows:
        return f"{made.column_names}, {made.num_rows} rows expected, {found.column_names}, {found.num_rows} rows found"
    for name in made.column_names:
        wanted = expected_values(made, name)
        column = found[name]
        got = expected_values(found, name)
        for row, (a, b) in enumerate(zip(wanted, got)):
            if a != b:
                return f"column {name} ({made.schema.field(name).type} to {column.type}), row {row}: {a!r} expected, {b!r} found"
    return ""


def type_difference(made: pa.Table, found: pa.Table, has_seconds: bool) -> str:
    """Types of time keep zone and unit, and columns of nulls stay such."""
    for field in made.schema:
        kind, other = field.type, found.schema.field(field.name).type
        if not (pa.types.is_null(kind) or pa.types.is_timestamp(kind) or pa.types.is_duration(kind) or pa.types.is_time(kind)):
            continue
        # pyarrow leaves seconds in the milliseconds in which Parquet has them.
        if not has_seconds:
            kind = pa.time32("ms") if kind == pa.time32("s") else kind
            kind = pa.timestamp("ms", kind.tz) if pa.types.is_timestamp(kind) and kind.unit == "s" else kind
        if kind != other:
            return f"column {field.name}: {kind} expected, {other} found"
    return ""


def write_arrow(source: random.Random, made: pa.Table, folder: Path) -> tuple:
    is_file = source.random() < 0.6
    path = folder / ("made.arrow" if is_file else "made.arrows")
    options = ipc.IpcWriteOptions(
        compression=source.choice([None, "lz4", "zstd"]), emit_dictionary_deltas=source.random() < 0.5, unify_dictionaries=is_file)
    batch = source.choice([1, 3, 100, 1 << 20]) if made.num_rows <= 100 else source.choice([64, 100, 1 << 20])
    with (ipc.new_file if is_file else ipc.new_stream)(str(path), made.schema, options=options) as writer:
        writer.write_table(made, batch)
    return path, f"{'file' if is_file else 'stream'}, {options.compression}, batches of {batch}"


def read_arrow(path: Path) -> pa.Table:
    return ipc.open_file(str(path)).read_all()


def json_equal(a, b) -> bool:
    if isinstance(b, str) and not isinstance(a, str) and a is not None:
        # What no type holds is kept as its JSON text.
        return json_equal(a, json.loads(b))
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, dict) and isinstance(b, dict):
        # A member without a value and one that is null are the same to a column.
        return all(json_equal(a.get(name), b.get(name)) for name in {**a, **b})
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(json_equal(x, y) for x, y in zip(a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return float(a) == float(b)
    if isinstance(a, str) and isinstance(b, str) and MOMENT.fullmatch(a) and MOMENT.fullmatch(b):
        # The same time in another unit.
        return a.removesuffix("Z").rstrip("0").rstrip(".") == b.removesuffix("Z").rstrip("0").rstrip(".")
    return a == b


MOMENT = re.compile(r"-?\d+-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?Z?")


def json_difference(first: Path, second: Path) -> str:
    one, other = (path.read_text(encoding="utf-8").split("\n") for path in (first, second))
    if len(one) != len(other):
        return f"{len(one)} lines and {len(other)} lines"
    for number, (a, b) in enumerate(zip(one, other)):
        if a != b and not json_equal(json.loads(a), json.loads(b)):
            return f"line {number + 1}: {a[:300]} and {b[:300]}"
    return ""


def is_cell(kind: pa.DataType) -> bool:
    """Whether CSV has text that is read as the value again."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
                or pa.types.is_null(kind))


def check(tally: Tally, binary: str, folder: Path, seed: int):
    source = random.Random(seed)
    made = made_table(source)
    path, how = write_arrow(source, made, folder)
    name = f"seed {seed} ({how})"
    codec = source.choice(["none", "lz4", "zstd"])
    result = run(
        binary, "-c", f"t = read {path.name}", "-c", f"t | write --force --compression={codec} again.arrow", "-c", "t | write --force x.parquet",
        "-c", "t | write --force x.jsonl", "-c", "read again.arrow | write --force twice.arrow", "-c", "read x.parquet | write --force p.arrow",
        "-c", "t | schema", "--format=jsonl", folder=folder)
    if not tally.check(result.status == 0, f"{name}: written", result.error_text.strip()[:500]):
        return
    for file, reader in [("again.arrow", read_arrow), ("twice.arrow", read_arrow), ("p.arrow", read_arrow), ("x.parquet", pq.read_table)]:
        try:
            found = reader(folder / file)
            problem = difference(made, found) or type_difference(made, found, has_seconds=not file.endswith(".parquet"))
        except Exception as error:  # noqa: BLE001: whatever pyarrow throws is a finding
            problem = str(error)[:400]
        tally.check(not problem, f"{name}: {file}", problem)
    types = {entry["column"]: entry["type"] for entry in map(json.loads, filter(lambda line: line.startswith("{\"column\""), result.text.splitlines()))}
    flat = made.select([field.name for field in made.schema if not pa.types.is_nested(field.type)])
    try:
        rows = duckdb.connect().execute("select " + (", ".join(flat.column_names) or "1") + f" from read_parquet('{folder / 'x.parquet'}')").fetchall()
        problem = duckdb_difference(flat, rows) if flat.num_columns else ""
    except Exception as error:  # noqa: BLE001
        problem = str(error)[:400]
    tally.check(not problem, f"{name}: x.parquet as DuckDB reads it", problem)
    if made.num_rows:
        result = run(binary, "-c", "read x.jsonl | write --force y.jsonl", folder=folder)
        problem = result.error_text.strip()[:500] if result.status else json_difference(folder / "x.jsonl", folder / "y.jsonl")
        tally.check(not problem, f"{name}: JSON Lines", problem)
    cells = [field.name for field in made.schema if is_cell(field.type)]
    # The only row of one column that is null is an empty line, which is no row.
    if made.num_rows and len(cells) > 1:
        casts = ", ".join(f"{column} = {column}::{types[column]}" for column in cells)
        result = run(
            binary, "-c", f"read {path.name} | select {', '.join(cells)} | write --force x.csv",
            "-c", f"read --header --types=string x.csv | map {casts} | write --force c.arrow", folder=folder)
        problem = result.error_text.strip()[:500] if result.status else difference(made.select(cells), read_arrow(folder / "c.arrow"))
        tally.check(not problem, f"{name}: CSV", problem)


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--tables", type=int, default=500, help="how many tables (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first table (default: %(default)s)")
    options = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.tables):
            check(tally, options.dsh, Path(folder), seed)
    print(f"seeds {options.seed} to {options.seed + options.tables - 1}")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
