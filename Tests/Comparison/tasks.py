#!/usr/bin/env python3
"""Runs the everyday tasks of examples/tasks, each a script beside its SQL, and compares the answer of dsh with that of DuckDB.

    python3 Tests/Comparison/tasks.py --dsh .build/release/dsh

Values are compared by their places: floating point numbers but for the last digits, all else exactly, and rows must come in the order the SQL
asks for. Prints how many lines and characters both take, comments and indentation aside. DuckDB is installed from PyPI on first use.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from answers import SHOWN_DIFFERENCES, order_places, ordered_differences, plain
from harness import REPOSITORY, Tally, arguments, reexecute_with, run

FOLDER = REPOSITORY / "examples/tasks"
CONFIGURATIONS = [["--nodes", "2", "--slots", "1"], ["--nodes", "1", "--batch-rows", "7"]]
# Of ten tasks, so many may take more lines or more characters than the SQL.
LONGER_TASKS = 2


def size(path: Path, comment: str) -> tuple:
    """Lines, and characters in them."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith(comment)]
    return len(lines), sum(map(len, lines))


def main():
    parser = arguments(__doc__, data=False)
    options = parser.parse_args()
    reexecute_with("duckdb")
    import duckdb

    # The SQL names its files from the folder it stands in.
    os.chdir(FOLDER)
    tally, longer = Tally(), 0
    print(f"{'task':24}{'lines':>8}{'SQL':>6}{'characters':>13}{'SQL':>6}")
    for script in sorted(FOLDER.glob("*.dsh")):
        sql_path = script.with_suffix(".sql")
        sizes = size(script, "#"), size(sql_path, "--")
        (lines, characters), (sql_lines, sql_characters) = sizes
        print(f"{script.stem:24}{lines:>8}{sql_lines:>6}{characters:>13}{sql_characters:>6}")
        longer += lines > sql_lines or characters > sql_characters
        sql = sql_path.read_text()
        answer = duckdb.execute(sql)
        columns = [column[0] for column in answer.description]
        expected = [[plain(value) for value in row] for row in answer.fetchall()]
        for flags in CONFIGURATIONS:
            name = " ".join([script.name, *flags])
            outcome = run(options.dsh, *flags, "--format=json", "--report=none", script.name, folder=FOLDER)
            if not tally.check(outcome.status == 0, name, f"exit code {outcome.status}\n{outcome.error_text}"):
                continue
            found = [list(row.values()) for row in outcome.results()[-1]]
            wrong = ordered_differences(expected, found, order_places(sql, columns))
            tally.check(not wrong, name, "\n       ".join(wrong[:SHOWN_DIFFERENCES]))
    tally.check(longer <= LONGER_TASKS, f"{longer} tasks are longer than their SQL, {LONGER_TASKS} may be")
    tally.finish()


if __name__ == "__main__":
    main()
