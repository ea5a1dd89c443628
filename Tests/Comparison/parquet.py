#!/usr/bin/env python3
"""Compares Parquet as dsh reads and writes it with pyarrow and DuckDB.

    DSH_PYTHON=… python3 Tests/Comparison/parquet.py --dsh .build/release/dsh [--tables 200] [--seed N] [--files FOLDER]

Tables of all types are made from a seed and written by pyarrow with encodings, codecs, page versions and sizes of the same seed. dsh reads each and writes it
again; what pyarrow, and DuckDB where it knows the types, read of that has to be the table. With `--files` the same is done with all Parquet files of a folder.
Needs pyarrow and duckdb: run it with a Python that has them.
"""

import decimal
import math
import os
import random
import string
import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

if os.environ.get("DSH_PYTHON") and not os.environ.get("DSH_PYTHON_USED"):
    os.environ["DSH_PYTHON_USED"] = "1"
    os.execv(os.environ["DSH_PYTHON"], [os.environ["DSH_PYTHON"], *sys.argv])

import duckdb
import numpy
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

decimal.getcontext().prec = 60
WORDS = ["", "a", "foo", "bar", "é", "日本", "😀", "x" * 100, "a\0b", "line\nfeed", "Zürich", "AIR", "TRUCK", "REG AIR"]


def integers(bits: int, is_signed: bool):
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if is_signed else (0, 2 ** bits - 1)

    def make(source: random.Random):
        kind = source.randrange(4)
        step = source.randrange(1, 100)
        state = [source.randint(low // 2, high // 2)]

        def value():
            if kind == 0:
                return source.randint(low, high)
            if kind == 1:
                return source.randint(max(low, 0), min(high, 7))
            if kind == 2:
                return source.choice([low, high, 0, 1])
            state[0] = min(high, state[0] + source.randrange(step))
            return state[0]
        return value
    return make


def floats(source: random.Random):
    few = [source.uniform(-1e6, 1e6) for _ in range(5)]
    return lambda: source.choice([0.0, -0.0, math.inf, -math.inf, math.nan, 1.5, -2.25, source.choice(few), float(source.randrange(-1000, 1000)) / 4])


def doubles(source: random.Random):
    plain = floats(source)
    return lambda: source.choice([plain(), source.uniform(-1e300, 1e300), 5e-324])


def texts(source: random.Random):
    if source.random() < 0.5:
        return lambda: source.choice(WORDS)
    prefix = "".join(source.choices(string.ascii_letters, k=source.randrange(20)))
    return lambda: prefix + "".join(source.choices(string.printable + "äß€😀", k=source.randrange(30)))


def binaries(source: random.Random):
    return lambda: bytes(source.choices(range(256), k=source.choice([0, 1, 5, 40])))


def dates(source: random.Random):
    return lambda: date(1970, 1, 1) + timedelta(days=source.randrange(-50000, 80000))


def moments(source: random.Random):
    # As milliseconds they fit every unit.
    return lambda: source.randrange(-4_000_000_000_000, 8_000_000_000_000)


def decimals(precision: int, scale: int):
    def make(source: random.Random):
        return lambda: decimal.Decimal(source.choice([0, 1, -1, 10 ** precision - 1, 1 - 10 ** precision, source.randrange(10 ** precision)])).scaleb(-scale)
    return make


def flat_types():
    return [
        (pa.bool_(), lambda source: lambda: source.random() < 0.5),
        (pa.int8(), integers(8, True)), (pa.int16(), integers(16, True)), (pa.int32(), integers(32, True)), (pa.int64(), integers(64, True)),
        (pa.uint8(), integers(8, False)), (pa.uint16(), integers(16, False)), (pa.uint32(), integers(32, False)),
        (pa.float32(), floats), (pa.float64(), doubles), (pa.string(), texts), (pa.large_string(), texts), (pa.binary(), binaries),
        (pa.date32(), dates), (pa.timestamp("us"), lambda source: (lambda make=moments(source): make() * 1000)), (pa.timestamp("ms"), moments),
        (pa.string(), texts), (pa.int64(), integers(64, True)), (pa.null(), lambda source: lambda: None),
        (pa.binary(7), lambda source: lambda: bytes(source.choices(range(256), k=7))),
        (pa.uint64(), integers(64, False)), (pa.float16(), halves), (pa.decimal128(9, 2), decimals(9, 2)), (pa.decimal128(15, 2), decimals(15, 2)),
        (pa.decimal128(18, 0), decimals(18, 0)), (pa.decimal128(38, 10), decimals(38, 10)), (pa.time32("ms"), days(1000)), (pa.time64("us"), days(10 ** 6)),
        (pa.time64("ns"), days(10 ** 9)), (pa.timestamp("ns"), lambda source: (lambda make=moments(source): make() * 1_000_001)),
        (pa.timestamp("us", "UTC"), lambda source: (lambda make=moments(source): make() * 1000 + 1)), (pa.timestamp("ms", "UTC"), moments),
    ]


def halves(source: random.Random):
    return lambda: numpy.float16(source.choice([0.0, -0.0, 1.5, -2.25, 65504.0, 6e-8, math.inf, math.nan, source.uniform(-10, 10)]))


def days(per_second: int):
    def make(source: random.Random):
        return lambda: source.choice([0, 86400 * per_second - 1, source.randrange(86400 * per_second)])
    return make


def nested(source: random.Random, depth: int):
    if depth == 0 or source.random() < 0.4:
        kind, make = source.choice([entry for entry in flat_types() if entry[0] != pa.null()])
        return kind, make(source)
    choice = source.randrange(4)
    if choice == 3:
        key, make_key = source.choice([(pa.string(), texts(source)), (pa.int32(), integers(32, True)(source))])
        kind, make = nested(source, depth - 1)
        return pa.map_(key, kind), lambda: [
            (made, None if source.random() < 0.2 else make()) for made in sorted({make_key() for _ in range(source.choice([0, 1, 2, 5]))})]
    if choice < 2:
        kind, make = nested(source, depth - 1)
        share = source.choice([0, 0.2])
        return pa.list_(kind), lambda: [None if source.random() < share else make() for _ in range(source.choice([0, 0, 1, 2, 3, 7]))]
    fields = [(name, nested(source, depth - 1)) for name in "abc"[:source.randrange(1, 4)]]
    return (pa.struct([(name, kind) for name, (kind, _) in fields]),
            lambda: {name: None if source.random() < 0.2 else make() for name, (_, make) in fields})


def table(source: random.Random) -> pa.Table:
    rows = source.choice([0, 1, 2, 7, 100, 1000, 5000, 20000])
    columns, fields = [], []
    for index in range(source.randrange(1, 6)):
        if source.random() < 0.35:
            kind, make = nested(source, 2 if rows < 5000 else 1)
        else:
            kind, make = (lambda entry: (entry[0], entry[1](source)))(source.choice(flat_types()))
        share = source.choice([0, 0, 0.1, 0.5, 1])
        is_nullable = share > 0 or kind == pa.null() or source.random() < 0.5
        run_length = source.choice([1, 1, 1, 50])
        values = []
        while len(values) < rows:
            values += [None if source.random() < share else make()] * source.randrange(1, run_length + 1)
        columns.append(pa.array(values[:rows], kind))
        fields.append(pa.field(f"c{index}", kind, nullable=is_nullable))
    return pa.table(columns, schema=pa.schema(fields))


def encodings(source: random.Random, kind: pa.DataType):
    if pa.types.is_integer(kind) or pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return source.choice(["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"])
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.binary():
        return source.choice(["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"])
    if pa.types.is_floating(kind):
        return source.choice(["PLAIN", "BYTE_STREAM_SPLIT"])
    if pa.types.is_fixed_size_binary(kind):
        return source.choice(["PLAIN", "DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT"])
    if pa.types.is_boolean(kind):
        return source.choice(["PLAIN", "RLE"])
    return "PLAIN"


def write(source: random.Random, made: pa.Table, path: Path):
    options = {
        "compression": source.choice(["NONE", "SNAPPY", "GZIP", "BROTLI", "LZ4", "ZSTD"]),
        "data_page_version": source.choice(["1.0", "2.0"]),
        "version": source.choice(["1.0", "2.4", "2.6"]),
        "data_page_size": source.choice([100, 1000, 1 << 20]),
        "row_group_size": source.choice([1, 10, 1000, 1 << 20]) if made.num_rows <= 100 else source.choice([1000, 7777, 1 << 20]),
        "write_page_index": source.random() < 0.5,
        "write_page_checksum": source.random() < 0.3,
        "write_batch_size": source.choice([7, 1024]),
        "store_decimal_as_integer": source.random() < 0.5,
    }
    flat = {field.name: field.type for field in made.schema if not pa.types.is_nested(field.type)}
    if source.random() < 0.6 and len(flat) == made.num_columns:
        options["use_dictionary"] = False
        options["column_encoding"] = {name: encodings(source, kind) for name, kind in flat.items()}
    else:
        options["use_dictionary"] = source.random() < 0.8
        options["dictionary_pagesize_limit"] = source.choice([50, 1 << 20])
    if source.random() < 0.1 and "timestamp[" in str(made.schema) and "timestamp[ns" not in str(made.schema):
        options.pop("version")
        options["use_deprecated_int96_timestamps"] = True
    pq.write_table(made, path, **options)
    return options


def as_dsh(kind: pa.DataType) -> pa.DataType:
    """The type that dsh reads a type as."""
    if pa.types.is_list(kind):
        return pa.list_(as_dsh(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, as_dsh(field.type)) for field in kind])
    if pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_map(kind):
        return pa.map_(as_dsh(kind.key_type), as_dsh(kind.item_type))
    if pa.types.is_fixed_size_binary(kind) and not pa.types.is_decimal(kind):
        return pa.binary()
    if kind == pa.float16():
        return pa.float32()
    return kind


def plain(value):
    """A value that is equal to itself, with the sign of zero."""
    if isinstance(value, float):
        return ("float", "nan" if math.isnan(value) else repr(value))
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, numpy.floating):
        return plain(float(value))
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def difference(expected: pa.Table, found: pa.Table) -> str:
    if expected.column_names != found.column_names:
        return f"columns {expected.column_names} expected, {found.column_names} found"
    if expected.num_rows != found.num_rows:
        return f"{expected.num_rows} rows expected, {found.num_rows} found"
    for field in expected.schema:
        wanted = expected[field.name]
        wanted_type = as_dsh(field.type)
        if found.schema.field(field.name).type != wanted_type:
            return f"column {field.name}: type {wanted_type} expected, {found.schema.field(field.name).type} found"
        for row, (a, b) in enumerate(zip(wanted.cast(wanted_type).to_pylist(), found[field.name].to_pylist())):
            if plain(a) != plain(b):
                return f"column {field.name} ({field.type}), row {row}: {a!r} expected, {b!r} found"
    return ""


def duckdb_difference(expected: pa.Table, rows: list) -> str:
    """DuckDB gives Python values; those of types that it has no like of are left out."""
    for index, field in enumerate(expected.schema):
        if not (pa.types.is_integer(field.type) or pa.types.is_floating(field.type) or pa.types.is_string(field.type)
                or pa.types.is_boolean(field.type) or pa.types.is_binary(field.type) or pa.types.is_date(field.type)
                or (pa.types.is_decimal(field.type))):
            continue
        for row, (a, b) in enumerate(zip(expected[field.name].to_pylist(), (row[index] for row in rows))):
            if plain(a) != plain(b):
                return f"column {field.name} ({field.type}), row {row}: {a!r} expected, {b!r} found"
    return ""


def microseconds(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(microseconds(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, microseconds(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(kind.key_type, microseconds(kind.item_type))
    return pa.timestamp("us") if pa.types.is_timestamp(kind) and not kind.tz else kind


def check(tally: Tally, binary: str, folder: Path, path: Path, name: str, codec: str):
    expected = pq.read_table(path)
    if any("INT96" == column.physical_type for column in pq.ParquetFile(path).schema):
        # Which count nanoseconds of days far beyond those that 64 bits of nanoseconds reach.
        kinds = [pa.field(field.name, microseconds(field.type), field.nullable) for field in expected.schema]
        expected = expected.cast(pa.schema(kinds))
    target = folder / "again.parquet"
    result = run(binary, "-c", f"read '{path}' | write --force {codec} '{target}'", "-c", f"read '{path}' | count", folder=folder)
    if not tally.check(result.status == 0, f"{name}: read and written", result.error_text.strip()[:600]):
        return
    lines = result.text.splitlines()
    tally.check(str(expected.num_rows) in lines, f"{name}: count", f"{expected.num_rows} expected, {lines} found")
    try:
        found = pq.read_table(target, page_checksum_verification=True)
    except Exception as error:  # noqa: BLE001: whatever pyarrow throws is a finding
        tally.check(False, f"{name}: pyarrow reads it", str(error)[:400])
        return
    problem = difference(expected, found)
    tally.check(not problem, f"{name}: as pyarrow reads it", problem)
    try:
        connection = duckdb.connect()
        rows = connection.execute(f"select count(*) from read_parquet('{target}')").fetchall()[0][0]
        again = connection.execute(f"select * from read_parquet('{target}')").fetchall()
        problem = duckdb_difference(found, again) if rows == expected.num_rows else f"{rows} rows"
    except Exception as error:  # noqa: BLE001
        problem = str(error)[:400]
    tally.check(not problem, f"{name}: as DuckDB reads it", problem)


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--tables", type=int, default=200, help="how many tables (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first table (default: %(default)s)")
    parser.add_argument("--files", type=Path, action="append", default=[], help="a folder of Parquet files")
    options = parser.parse_args()
    tally = Tally()
    print(f"seeds {options.seed} to {options.seed + options.tables - 1}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(options.seed, options.seed + options.tables):
            source = random.Random(seed)
            made = table(source)
            path = folder / "made.parquet"
            try:
                written = write(source, made, path)
            except (pa.ArrowException, OSError):
                continue
            codec = source.choice(CODECS)
            check(tally, options.dsh, folder, path, f"seed {seed} ({written})", codec)
        for path in [path for given in options.files for path in sorted(given.rglob("*.parquet"))]:
            check(tally, options.dsh, folder, path.resolve(), path.name, "")
    tally.finish()


CODECS = ["", "", "--compression=none", "--compression=snappy", "--compression=gzip", "--compression=lz4", "--compression=brotli", "--row-group-rows=100"]


if __name__ == "__main__":
    main()
