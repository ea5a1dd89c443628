#!/usr/bin/env python3
"""Scripts as programs: what is printed comes in order, settings hold, and files that a script writes are read as it wrote them.

    python3 Tests/CommandLine/scripts.py --dsh .build/release/dsh
"""

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments

DSH = str(pathlib.Path(arguments(__doc__, data=False).parse_args().dsh).resolve())
TALLY = Tally()


def run(text, *options, folder):
    """What a script prints, both streams into one file as a terminal would show them."""
    script = pathlib.Path(folder) / "script.dsh"
    script.write_text(text)
    return subprocess.run(
        [DSH, "--report=none", *options, script.name], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def expect(actual, expected, what):
    TALLY.check(actual == expected, what, f"expected {expected!r}, got {actual!r}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        # A system command writes into the same file: what came before it stands before it.
        done = run("range 2 | count\n!echo between\nrange 3 | count\n", folder=folder)
        expect(done.stdout, "2\nbetween\n3\n", "order of output")
        inner = pathlib.Path(folder) / "inner.dsh"
        inner.write_text("range 4 | count\n!echo inside\n")
        expect(run("source inner.dsh\nrange 5 | count\n", folder=folder).stdout, "4\ninside\n5\n", "order of output of a sourced file")

        # The old content of a file that the script replaces says nothing about the statements behind it.
        data = pathlib.Path(folder) / "out.csv"
        data.write_text("old\n1\n")
        done = run("range 3 | map new = id * 2 | write --force out.csv\nread out.csv | filter new > 1 | count\n", folder=folder)
        expect((done.stdout, done.returncode), ("2\n", 0), "a file that the script writes")
        data.write_text("old\n1\n")
        done = run("!printf 'other\\n5\\n' > out.csv\nread out.csv | sum other\n", folder=folder)
        expect((done.stdout, done.returncode), ("5\n", 0), "a file that a command writes")
        # A mistake in what nothing writes is still found before anything runs.
        data.write_text("old\n1\n")
        done = run("range 3 | write --force other.csv\nread out.csv | filter new > 1 | count\n", folder=folder)
        expect((done.returncode, (pathlib.Path(folder) / "other.csv").exists()), (1, False), "a mistake in a file nobody writes")

        # Settings hold in scripts as at the prompt.
        done = run("set format csv\nrange 1 | take\nset format table\nset unicode off\nrange 1 | take\n", folder=folder)
        table = "+-------+\n|    id |\n| int64 |\n+-------+\n|     0 |\n+-------+\n1 row, 1 column\n"
        expect(done.stdout, "id\n0\n" + table, "set in a script")
        done = subprocess.run([DSH, "-c", "set report json\nrange 1 | count"], capture_output=True, text=True, check=False)
        expect((done.stdout, done.stderr[:17]), ("1\n", '{"action":"count"'), "set report in -c")

        # --set keeps what no number is written like.
        done = run("rows {a: $a, b: $b, c: $c} | take --format=csv\n", "--set", "a=007", "--set", "b=7", "--set", "c=-0", folder=folder)
        expect(done.stdout, "a,b,c\n007,7,0\n", "--set")
    TALLY.finish()


if __name__ == "__main__":
    main()
