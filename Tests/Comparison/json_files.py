#!/usr/bin/env python3
"""Compares what dsh reads of real files of JSON and JSON Lines with what Python's json module reads of them, value by value.

    python3 Tests/Comparison/json_files.py --dsh .build/release/dsh --data /folder/of/files

Every file is read whole as columns, and written back as JSON Lines; a member that a
row does not have is null there. Values that dsh keeps as JSON text are compared as what the text means.
"""

import datetime
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

FILES = [
    ("jsonl/bitly-usagov.jsonl", None), ("jsonl/nginx-plus-status.jsonl", None), ("jsonl/tate-artworks.jsonl", None),
    ("json/vega-budget.json", None), ("json/vega-countries.json", None), ("json/vega-penguins.json", None),
    ("json/world-countries.json", None), ("json/vega-earthquakes.json", None), ("json/vega-earthquakes.json", "features")]


def expected_rows(path: Path, records):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    document = json.loads(text)
    for name in records.split(".") if records else []:
        document = document[name]
    return document if isinstance(document, list) else [document]


def is_moment(value) -> bool:
    try:
        datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        return True
    except (TypeError, AttributeError, ValueError):
        return False


def moment(value) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)


def are_equal(found, wanted) -> bool:
    """Whether a value of dsh is the value of the file; what an object lacks is null."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return set(wanted) <= set(found) and all(are_equal(found[name], wanted.get(name)) for name in found)
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(are_equal, found, wanted))
    if isinstance(found, bool) != isinstance(wanted, bool):
        return is_json_text(found, wanted)
    if found == wanted:
        return True
    if isinstance(found, str) and isinstance(wanted, str) and is_moment(found) and is_moment(wanted):
        return moment(found) == moment(wanted)
    return is_json_text(found, wanted)


def is_json_text(found, wanted) -> bool:
    if not isinstance(found, str):
        return False
    try:
        return json.loads(found) == wanted
    except ValueError:
        return False


def main():
    options = arguments(__doc__).parse_args()
    tally = Tally()
    for name, records in FILES:
        path = options.data / name
        if not path.exists():
            tally.check(False, name, f"no such file below {options.data}")
            continue
        wanted = expected_rows(path, records)
        with tempfile.TemporaryDirectory() as folder:
            option = f"--records={records} " if records else ""
            written = run(options.dsh, "-c", f"read {option}'{path}' | write out.jsonl", folder=Path(folder))
            label = f"{name} {records or ''}".strip()
            if not tally.check(written.status == 0, f"{label}: read", written.error_text.strip()[:400]):
                continue
            found = [json.loads(line) for line in (Path(folder) / "out.jsonl").read_text(encoding="utf-8").split("\n") if line]
        wrong = next((f"row {row + 1}: {b} expected, {a} found" for row, (a, b) in enumerate(zip(found, wanted)) if not are_equal(a, b)), "")
        tally.check(len(found) == len(wanted) and not wrong, f"{label}: values", wrong[:2000] or f"{len(wanted)} rows expected, {len(found)} found")
    tally.finish()


if __name__ == "__main__":
    main()
