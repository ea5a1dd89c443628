"""Typed tables for pipelines.py, of random rows or of rows of real files, as CSV for dsh and, with the places of their rows, for DuckDB."""

import csv
import re
from pathlib import Path

from pipeline_expressions import Column

DSH_TYPES = {"int": "int64", "float": "float64", "text": "string", "bool": "bool", "date": "date", "moment": "timestamp"}
SQL_TYPES = {"int": "BIGINT", "float": "DOUBLE", "text": "VARCHAR", "bool": "BOOLEAN", "date": "DATE", "moment": "TIMESTAMP"}
NULL_SHARES = [0.0, 0.0, 0.1, 0.1, 0.5, 1.0]
ROW_COUNTS = [0, 1, 2, 7, 30, 30, 100, 100, 100, 400]
# Real rows are taken from files that are read at once, and no more than DuckDB and dsh compare in a moment.
GREATEST_FILE_BYTES = 2_000_000
GREATEST_REAL_ROW_COUNT = 300
GREATEST_REAL_COLUMN_COUNT = 7
SHAPES = {
    "int": r"-?(0|[1-9][0-9]{0,11})", "float": r"-?[0-9]+(\.[0-9]+)?", "date": r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"}
LONG_TEXT = "a long text that fits into no dictionary entry of a few bytes, "


def cell(random, type: str, is_key: bool) -> str:
    if type == "int":
        if is_key:
            return str(int(random.paretovariate(1)) % 9)  # skewed: most are 1
        return str(random.choice([random.randint(-5, 5), random.randint(-1000, 1000), random.randint(-10**12, 10**12)]))
    if type == "float":
        if is_key:
            return random.choice(["0.0", "-0.0", "1.0", "2.0", "0.5"])
        exact = [str(random.randint(-8000, 8000) / 8), f"{random.randint(-100, 100)}.0"]
        return random.choice(["-0.0", repr(random.uniform(-1, 1)), *exact])
    if type == "text":
        texts = ["a", "a", "a", "b", "c", "", "ø", "Ångström", "日本", "z,\"z", "two\nlines"]
        return '"' + random.choice(texts + ([] if is_key else [LONG_TEXT + str(random.randint(0, 99))] * 4)).replace('"', '""') + '"'
    if type == "bool":
        return random.choice(["true", "false"])
    day = f"{random.choice([1969, 2023, 2024])}-{random.randint(1, 12):02d}-{random.randint(1, 5 if is_key else 28):02d}"
    if type == "date":
        return day
    return f"{day} {random.randint(0, 23):02d}:{random.randint(0, 59):02d}:{random.randint(0, 59):02d}"


def real_files(data: Path) -> list:
    return sorted(path for path in data.glob("csv/*.csv") if path.stat().st_size < GREATEST_FILE_BYTES)


def real_rows(random, path: Path) -> tuple:
    """Some columns and neighbouring rows of a file, with the types that the cells fit."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        header, *records = [record for record in csv.reader(file) if len(record) > 1] or [[]]
    records = [record for record in records if len(record) == len(header)]
    first = random.randrange(len(records) + 1)
    records = records[first:first + GREATEST_REAL_ROW_COUNT]
    places = random.sample(range(len(header)), min(len(header), GREATEST_REAL_COLUMN_COUNT))
    columns, cells = [], []
    for number, place in enumerate(places):
        values = [record[place] for record in records]
        shape = next((type for type, pattern in SHAPES.items() if all(re.fullmatch(pattern, value) for value in values if value)), "text")
        # Names that are no words of the language.
        columns.append(Column(re.sub("[^a-z]", "", header[place].lower())[:12] + f"_{number}", shape))
        cells.append(['"' + value.replace('"', '""') + '"' if value and shape == "text" else value for value in values])
    return columns, [list(row) for row in zip(*cells)]


def random_rows(random) -> tuple:
    """One to three columns with values that often meet, others, and rows of them."""
    keys = [Column("k", "text"), Column("g", "int"), Column("h", "float"), Column("e", "date")]
    others = [
        Column("i", "int"), Column("j", "int"), Column("x", "float"), Column("y", "float"), Column("s", "text"), Column("b", "bool"),
        Column("d", "date"), Column("t", "moment")]
    columns = random.sample(keys, random.randint(1, 3)) + random.sample(others, random.randint(1, 6))
    shares = [random.choice(NULL_SHARES) for _ in columns]
    rows = [
        ["" if random.random() < share else cell(random, column.type, column in keys) for column, share in zip(columns, shares)]
        for _ in range(random.choice(ROW_COUNTS))]
    # Ascending keys too, since what blocks hold decides which of them are read.
    return columns, sorted(rows) if random.random() < 0.3 else rows


class Table:
    """A table under a name; every one has two columns at least, so that a row of nulls is no empty line."""

    def __init__(self, name: str, folder: Path, columns: list, rows: list):
        self.name, self.columns = name, columns
        header = ",".join(column.name for column in columns)
        lines = [",".join(row) for row in rows]
        self.path = folder / f"{name}.csv"
        self.path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
        self.numbered_path = folder / f"{name}-numbered.csv"
        numbered = [f"{number},{line}" for number, line in enumerate(lines)]
        self.numbered_path.write_text("\n".join(["n__," + header, *numbered]) + "\n", "utf-8")

    def statement(self, blocks: int, ending: str) -> str:
        types = ",".join(f"{column.name}:{DSH_TYPES[column.type]}" for column in self.columns)
        return f"{self.name} = read --header --types={types} --blocks={blocks} {self.path.name}{ending}"

    def load(self, connection):
        types = ", ".join(["'n__': 'BIGINT'"] + [f"'{column.name}': '{SQL_TYPES[column.type]}'" for column in self.columns])
        connection.execute(
            f"create temp table {self.name} as select * from read_csv('{self.numbered_path}', auto_detect = false, header = true, "
            f"delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, columns = {{{types}}}) order by n__")
