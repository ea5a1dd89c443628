#!/usr/bin/env python3
"""Checks that dsh reads every delimited file of a folder as Python's csv module does: rows, columns, and every cell as text.

    python3 Tests/Comparison/csv_shapes.py --dsh .build/release/dsh --data DATA

Looks at *.csv, *.tsv, *.dat and *.txt in DATA/csv and DATA/tsv (or in DATA itself), and at the folders DATA/csv-drift and
DATA/babynames as globs. A file that needs an option to be read is listed in OPTIONS below, and the option is printed.
"""

import csv
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

csv.field_size_limit(1 << 30)

# What dsh has to be told about a file, and the encoding for Python.
OPTIONS = {"538-starwars-survey.csv": ("--encoding=latin1", "latin-1")}
# Where dsh finds that a backslash stands before quotes; Python's csv module would take the one of \\N away too.
ESCAPED = {"openflights-airports.dat"}
# What is null beside the empty cell without being told so.
NULL_TEXT = "\\N"
# Files whose first line is data.
WITHOUT_HEADER = {".dat", ".txt"}


def read_with_python(path: Path, encoding: str) -> list:
    """The rows of a file, header included, lines without any text left out."""
    text = path.read_bytes().decode(encoding)
    text = text[1:] if text.startswith("\ufeff") else text
    delimiter = "\t" if path.suffix == ".tsv" else ","
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]


def first_difference(expected: list, found: list) -> str:
    if len(expected) != len(found):
        return f"{len(expected)} rows expected, {len(found)} found"
    for number, (left, right) in enumerate(zip(expected, found), 1):
        if left != right:
            column = next((c for c, (a, b) in enumerate(zip(left, right)) if a != b), min(len(left), len(right)))
            return f"row {number}, column {column + 1}: {left[column:column + 1]} expected, {right[column:column + 1]} found"
    return ""


def check(tally: Tally, binary: str, folder: Path, source: str, options: str, names: list, rows: list):
    """Compares what dsh reads from `source` with the column names and rows that are expected."""
    path = source if "*" in source else f"'{source}'"  # a quoted path is no glob
    statement = f"read {options} {path}"
    shape = run(binary, "--format=json", "-c", f"{statement} | schema", "-c", f"{statement} | count", folder=folder)
    if not tally.check(shape.status == 0, f"{source}: exit code {shape.status}", shape.error_text.strip()):
        return
    schema, count = shape.results()
    tally.check(len(schema) == len(names), f"{source}: columns", f"{len(names)} expected, {len(schema)} found")
    tally.check(count[0]["count"] == len(rows), f"{source}: rows", f"{len(rows)} expected, {count[0]['count']} found")
    cells = run(
        binary, "--format=csv", "-c", f"read {options} --types=string {path} | take_all --force", folder=folder)
    if not tally.check(cells.status == 0, f"{source} as text: exit code {cells.status}", cells.error_text.strip()):
        return
    found = list(csv.reader(io.StringIO(cells.text, newline="")))
    if names and names[0] is not None and all(names) and len(set(names)) == len(names):
        tally.check(found[0] == names, f"{source}: column names", f"{names} expected, {found[0]} found")
    difference = first_difference(rows, found[1:])
    tally.check(not difference, f"{source}: cells", difference)
    print(f"{source}: {len(rows)} rows, {len(names)} columns" + (f", read with {options}" if options else ""))


def one_file(tally: Tally, binary: str, path: Path):
    options, encoding = OPTIONS.get(path.name, ("", "utf-8"))
    if encoding != "utf-8":
        refused = run(binary, "-c", f"read '{path.name}' | count", folder=path.parent)
        tally.check(
            refused.status == 1 and options in refused.error_text, f"{path.name}: without {options} the error names it",
            refused.error_text.strip())
    rows = read_with_python(path, encoding)
    if path.name in ESCAPED:
        rows = [[cell.replace("\\'", "'").replace('\\"', '"') for cell in row] for row in rows]
    width = max(len(row) for row in rows)
    names = [None] * width if path.suffix in WITHOUT_HEADER else rows.pop(0)
    check(tally, binary, path.parent, path.name, options, names, [["" if cell == NULL_TEXT else cell for cell in row] + [""] * (width - len(row)) for row in rows])


def drift(tally: Tally, binary: str, folder: Path):
    """Files of one table whose header grows: columns are joined by name, and missing cells are empty."""
    names, tables = [], []
    for path in sorted(folder.glob("*.csv")):
        rows = read_with_python(path, "utf-8")
        header = rows.pop(0)
        names += [name for name in header if name not in names]
        tables.append((header, rows))
    joined = [[dict(zip(header, row)).get(name, "") for name in names] for header, rows in tables for row in rows]
    check(tally, binary, folder, "*.csv", "", names, joined)


def main():
    options = arguments(__doc__).parse_args()
    tally = Tally()
    folders = [folder for folder in (options.data / "csv", options.data / "tsv") if folder.is_dir()] or [options.data]
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix in (".csv", ".tsv", ".dat", ".txt"):
                one_file(tally, options.dsh, path)
    if (options.data / "csv-drift").is_dir():
        drift(tally, options.dsh, options.data / "csv-drift")
    if (options.data / "babynames").is_dir():
        folder = options.data / "babynames"
        rows = [row for path in sorted(folder.glob("*.txt")) for row in read_with_python(path, "utf-8")]
        check(tally, options.dsh, folder, "*.txt", "--format=csv", [None] * 3, rows)
    tally.finish()


if __name__ == "__main__":
    main()
