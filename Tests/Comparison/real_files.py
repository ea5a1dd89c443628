#!/usr/bin/env python3
"""Reads the files of Arrow, of Parquet and of plain text in a folder of real data, and compares every cell with what pyarrow and Python read.

    DSH_PYTHON=… python3 Tests/Comparison/real_files.py --dsh .build/release/dsh --data /folder/of/files

`csv_shapes.py` does the same with CSV and TSV, `json_files.py` with JSON. Needs pyarrow.
"""

import os
import sys
import tempfile
from pathlib import Path

if os.environ.get("DSH_PYTHON") and not os.environ.get("DSH_PYTHON_USED"):
    os.environ["DSH_PYTHON_USED"] = "1"
    os.execv(os.environ["DSH_PYTHON"], [os.environ["DSH_PYTHON"], *sys.argv])

import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

def rows_of(binary: str, statement: str, folder: Path):
    target = folder / "out.arrow"
    result = run(binary, "-c", f"{statement} | write --force '{target}'", folder=folder, timeout=600)
    if result.status != 0:
        raise ValueError(result.error_text.strip()[:500])
    return ipc.open_file(str(target)).read_all()


def cells(table: pa.Table) -> list:
    return [list(row) for row in zip(*[column.to_pylist() for column in table.columns])]


def first_difference(expected: list, found: list) -> str:
    if len(expected) != len(found):
        return f"{len(expected)} rows expected, {len(found)} found"
    for row, (a, b) in enumerate(zip(expected, found)):
        if a != b:
            width = f", {len(a)} cells and {len(b)}" if len(a) != len(b) else ""
            different = [(x, y) for x, y in zip(a, b) if x != y][:3]
            return f"row {row + 1}{width}: {different}"
    return ""


def check_lines(tally: Tally, binary: str, folder: Path, path: Path):
    lines = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    expected = [[line] for line in (lines[:-1] if lines[-1] == "" else lines)]
    found = cells(rows_of(binary, f"read --format=text '{path}'", folder))
    tally.check(not (problem := first_difference(expected, found)), f"{path.name}: lines", problem)


def as_read(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def check_columns(tally: Tally, binary: str, folder: Path, path: Path):
    if path.suffix == ".parquet":
        expected = pq.read_table(path)
    else:
        expected = (ipc.open_file if path.suffix == ".arrow" else ipc.open_stream)(str(path)).read_all()
    found = rows_of(binary, f"read '{path}'", folder)
    tally.check(expected.column_names == found.column_names, f"{path.name}: names", f"{expected.column_names}, {found.column_names}")
    for name in expected.column_names:
        kind = expected.schema.field(name).type
        wanted = expected[name].cast(as_read(kind))
        got = found[name]
        if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
            wanted, got = wanted.cast(pa.int64()), got.cast(pa.timestamp(kind.unit, kind.tz)).cast(pa.int64())
        problem = first_difference([[value] for value in wanted.to_pylist()], [[value] for value in got.to_pylist()])
        tally.check(not problem, f"{path.name}: column {name} ({kind}, {got.type})", problem)


CHECKS = {
    ".txt": check_lines, ".log": check_lines, ".parquet": check_columns, ".arrow": check_columns, ".arrows": check_columns}


def main():
    options = arguments(__doc__).parse_args()
    tally = Tally()
    data = Path(options.data).resolve()
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(data.glob("*/*")):
            if path.parent.name == "babynames" or path.suffix not in CHECKS:
                continue
            try:
                CHECKS[path.suffix](tally, options.dsh, Path(folder), path)
            except Exception as error:  # noqa: BLE001: whatever is wrong with a file is a finding
                tally.check(False, path.name, f"{type(error).__name__}: {error}")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
