#!/usr/bin/env python3
"""Writes tables of awkward cells as CSV and TSV with dsh, and compares what dsh and Python's csv module read with what was written.

    python3 Tests/Comparison/csv_round_trips.py --dsh .build/release/dsh [--tables 300] [--seed N]

Every table has its own seed, which is printed with a failure; `--seed N --tables 1` makes that table again. dsh finds out everything about
its own file: separator, quotes, header and names. Only the types of columns of text are given, as `007` and `7` are texts that look like
numbers.
"""

import csv
import io
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

NAMES = [
    "id", "name", "kind", "a b", "2023", "2024", "1", "true", "x;y", "it's", "'x'", "a,b", "say \"hi\"", "Ünïcode 😀", "tab\there", "sep=;",
    "-", "NA", "NaN", "2024-01-31", "column1", "#", " padded ", "C:\\new", "back\\", "null", "a|b", "$", "two\nlines", "\\N"]
WORDS = [
    "", " ", "a", "foo", "kind", "name", "007", "7", "1.50", "1e5", "true", "NA", "null", "\\N", "N/A", "2024-01-31", "'x'", "'a", "b'",
    "'", "\"", "\"\"", "\"q\"", "a;b", ";", "a,b", ",", "x|y", "|", "a\tb", "~", "^", "sep=;", "sep=,", "line\nfeed", "cr\rhere", "\r\n",
    "\n", "\r", "\\", "C:\\new", "say \\\"hi\\\"", "\\'", "it's", "'a' + 'b'", "\"a\" + \"b\"", "# note", " padded ", "\ufeffmark", "\u0001", "\u001f",
    "é😀", "=1+1", "--", "long text, with 'apostrophes', \"quotes\" and a back\\slash", "1;2;3", "x" * 70]


def text_literal(text: str) -> str:
    """A text as dsh's language writes it."""
    escapes = {"\\": "\\\\", "\"": "\\\"", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return "\"" + "".join(escapes.get(c, c if c.isprintable() and c != "\ufeff" else f"\\u{{{ord(c):X}}}") for c in text) + "\""


def table(seed: int):
    """Names, rows of texts with None for null, and which columns are whole numbers."""
    source = random.Random(seed)
    width = source.choice([1, 1, 2, 3, 4, 6])
    names = source.sample(NAMES, width)
    numbers = [source.random() < 0.25 for _ in names]
    words = source.sample(WORDS, source.choice([1, 3, 10, len(WORDS)])) + names
    rows = []
    for _ in range(source.choice([0, 1, 2, 5, 20, 60])):
        if source.random() < 0.05:
            rows.append(list(names) if not any(numbers) else [None] * width)
            continue
        rows.append([None if source.random() < 0.15 else str(source.randrange(-10**6, 10**6)) if is_number else source.choice(words)
                     for is_number in numbers])
    return names, rows, numbers


def quoted_name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def write_statement(names: list, rows: list, numbers: list, target: str) -> str:
    """A pipeline that makes the table: the cells of each column as one expression over the row's number."""
    columns = []
    for place, name in enumerate(names):
        cells = [row[place] for row in rows]
        kind = "int64" if numbers[place] else "string"
        cases = "".join(
            f"if(row == {index}, {cell if numbers[place] else text_literal(cell)}, " for index, cell in enumerate(cells) if cell is not None)
        columns.append(f"c{place} = {cases}try_cast(null, {kind})" + ")" * cases.count("if(row == "))
    renames = ", ".join(f"{quoted_name(name)} = c{place}" for place, name in enumerate(names))
    return (f"range {max(1, len(rows))} | rename row = id | filter row < {len(rows)} | map {', '.join(columns)}"
            f" | select {', '.join(f'c{place}' for place in range(len(names)))} | rename {renames} | write --force {target}")


def as_python_reads(rows: list) -> list:
    return [["" if cell is None else cell for cell in row] for row in rows]


def check(tally: Tally, binary: str, folder: Path, seed: int):
    names, rows, numbers = table(seed)
    target = f"table-{seed}.{'tsv' if seed % 5 == 0 else 'csv'}"
    script = folder / "write.dsh"
    script.write_text(write_statement(names, rows, numbers, target) + "\n")
    written = run(binary, str(script), folder=folder)
    if not tally.check(written.status == 0, f"seed {seed}: write", written.error_text.strip()[:400]):
        return
    delimiter = "\t" if target.endswith("tsv") else ","
    found = list(csv.reader(io.StringIO((folder / target).read_bytes().decode(), newline=""), delimiter=delimiter))
    # A line without a character is a null in a single column, which the csv module leaves out.
    found = [row or [""] for row in found]
    tally.check(found == [names] + as_python_reads(rows), f"seed {seed}: as Python reads it", f"{[names] + as_python_reads(rows)} expected, {found} found")
    shape = run(binary, "--format=json", "-c", f"read '{target}' | schema", "-c", f"read --types=string '{target}' | take_all --force", folder=folder)
    if not tally.check(shape.status == 0, f"seed {seed}: read", shape.error_text.strip()[:400]):
        return
    schema, cells = shape.results()
    tally.check([field["column"] for field in schema] == names, f"seed {seed}: names", f"{names} expected, {schema} found")
    expected = [dict(zip(names, row)) for row in rows]
    difference = next((f"row {i + 1}: {a} expected, {b} found" for i, (a, b) in enumerate(zip(expected, cells)) if a != b), "")
    tally.check(len(cells) == len(rows) and not difference, f"seed {seed}: cells", difference or f"{len(rows)} rows expected, {len(cells)} found")


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--tables", type=int, default=300, help="how many tables (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first table (default: %(default)s)")
    options = parser.parse_args()
    tally = Tally()
    print(f"seeds {options.seed} to {options.seed + options.tables - 1}")
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.tables):
            check(tally, options.dsh, Path(folder), seed)
    tally.finish()


if __name__ == "__main__":
    main()
