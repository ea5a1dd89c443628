#!/usr/bin/env python3
"""Scripts as programs: what is printed comes in order, settings hold, and files that a script writes are read as it wrote them.

    python3 Tests/CommandLine/scripts.py --dsh .build/release/dsh
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments

DSH = str(pathlib.Path(arguments(__doc__, data=False).parse_args().dsh).resolve())
TALLY = Tally()


def run(text, *options, folder, home=None):
    """What a script prints, both streams into one file as a terminal would show them."""
    script = pathlib.Path(folder) / "script.dsh"
    script.write_text(text)
    return subprocess.run(
        [DSH, "--report=none", *options, script.name], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        env={**os.environ, "HOME": str(home or folder)})


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
        # However the path is written, it is the same file; so it is behind a link, in a scalar, and for what is made of it.
        (pathlib.Path(folder) / "link.csv").symlink_to("out.csv")
        for path in [f"{folder}/../{pathlib.Path(folder).name}/./out.csv", "link.csv", "o*.csv", f"{folder}/o[u]t.csv", "$p"]:
            data.write_text("old\n1\n")
            script = f"let p = \"out.csv\"\nrange 3 | write --force out.csv\nd = read {path}\nlet n = d | sum id\n$n\nunion d | sum id\n"
            expect(run(script, folder=folder).stdout, "3\n6\n", f"a file that the script writes, as {path}")
        (pathlib.Path(folder) / "link.csv").unlink()
        # A mistake in what nothing writes is still found before anything runs.
        data.write_text("old\n1\n")
        done = run("range 3 | write --force other.csv\nread out.csv | filter new > 1 | count\n", folder=folder)
        expect((done.returncode, (pathlib.Path(folder) / "other.csv").exists()), (1, False), "a mistake in a file nobody writes")

        # What a statement names and there is not is a mistake of that statement: the others run if they shall.
        missing = "range 2 | count\nrange 3 | filter missing > 1 | count\nrange 4 | count\n"
        done = run(missing, "--keep-going", folder=folder)
        expect((done.stdout.splitlines()[0], done.stdout.splitlines()[-1], done.returncode), ("2", "4", 1), "a column that there is not")
        done = run(missing, folder=folder)
        expect((done.stdout.splitlines()[0].split(":")[0], done.returncode), ("error[unknown-column]", 1), "a column that there is not")

        # Settings hold in scripts as at the prompt.
        done = run("set format csv\nrange 1 | take\nset format table\nset unicode off\nrange 1 | take\n", folder=folder)
        table = "+-------+\n|    id |\n| int64 |\n+-------+\n|     0 |\n+-------+\n1 row, 1 column\n"
        expect(done.stdout, "id\n0\n" + table, "set in a script")
        done = subprocess.run([DSH, "-c", "set report json\nrange 1 | count"], capture_output=True, text=True, check=False)
        expect((done.stdout, done.stderr[:17]), ("1\n", '{"action":"count"'), "set report in -c")

        # --set keeps what no number is written like.
        done = run("rows {a: $a, b: $b, c: $c} | take --format=csv\n", "--set", "a=007", "--set", "b=7", "--set", "c=-0", folder=folder)
        expect(done.stdout, "a,b,c\n007,7,0\n", "--set")

        # An expression alone is a value, and so is what a pipeline gives to let.
        done = run("5 + 3\nlet n = range 4 | count\n$n * 2\nset format json\n$n > 3\n", folder=folder)
        expect(done.stdout, "8\n8\n[\n{\"$n > 3\":true}\n]\n", "values in a script")
        done = subprocess.run([DSH, "--format=csv", "-c", "let n = range 4 | count", "-c", "$n + 1"], capture_output=True, text=True, check=False)
        expect((done.stdout, done.returncode), ("$n + 1\n5\n", 0), "let of a pipeline in -c: the receipt is no data")

        # The home folder, in quotes and without, wherever a path stands.
        home = pathlib.Path(folder) / "home"
        home.mkdir()
        (home / "a.csv").write_text("x\n1\n2\n")
        (home / "b 1.csv").write_text("x\n3\n")
        (home / "s.dsh").write_text("read ~/a.csv | count\n")
        script = (
            "read ~/a.csv | count\nread \"~/b 1.csv\" | count\nread ~/*.csv | count\nlet p = \"~/a.csv\"; read $p | count\n"
            "source ~/s.dsh\nsource \"~/s.dsh\"\nls ~\nls ~/*.csv\nls \"~/b 1.csv\"\nrange 1 | write ~/out.csv\nrange 1 | write --force \"~/out.csv\"\n"
            "cd ~\nls o*\n")
        done = run(script, folder=folder, home=home)
        expect(done.stdout, "2\n1\n3\n2\n2\n2\na.csv\nb 1.csv\ns.dsh\n~/a.csv\n~/b 1.csv\n~/b 1.csv\nout.csv\n", "~ in paths")
        done = run("ls -l ~/a.csv\n", "--format=csv", folder=folder, home=home)
        expect(done.stdout.startswith("name,size,modified (UTC)\n~/a.csv,6,20"), True, "ls -l tells size and time")
    TALLY.finish()


if __name__ == "__main__":
    main()
