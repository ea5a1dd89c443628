#!/usr/bin/env python3
"""Runs dsh under the limits of `ulimit`, from far too small to just enough: the right answer, or an error that names the limit.

    python3 Tests/Robustness/limits.py --dsh .build/release/dsh

Under each value of each limit dsh has to end by itself, with all rows or with an environment error that says which limit it was and what to do;
never by a signal, never with a task or the cluster to blame, and never with half a file. Limits of processes count for a user, so with the
rights for it the program runs as one that has no other processes. Also: stores that no machine has, and a full file system for what is read from
a pipe.
"""

import csv
import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, run, run_scenarios

WAIT_SECONDS = 60
ROWS = 200_000
KIB, MIB = 1 << 10, 1 << 20
# A user who has no processes.
NOBODY = 54_321


def limited(dsh: str, kind: int, value: int, *options: str, folder=None, as_nobody: bool = False, input: bytes = b""):
    def prepare():
        if as_nobody:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        resource.setrlimit(kind, (value, value))

    return subprocess.run([dsh, *options], preexec_fn=prepare, cwd=folder, input=input, capture_output=True, timeout=WAIT_SECONDS)


def judge(tally: Tally, name: str, process, expected: str, words: str) -> bool:
    """Whether it went well; it has to be that or an error with these words."""
    errors = process.stderr.decode("utf-8", "replace")
    if process.returncode == 0:
        tally.check(process.stdout.decode() == expected, f"{name}: the right answer", process.stdout.decode()[:300] + errors[:500])
        return True
    told = errors[errors.find("error["):]
    tally.check(process.returncode == 1 and words in told and "cluster-lost" not in told and "a task ended" not in told,
                f"{name}: an error that names {words}", f"{process.returncode} {errors[:800]}")
    return False


def ladder(tally: Tally, dsh: str, scratch: Path, kind: int, words: str, values: list, statements: list, expected: str, **options):
    """The values in order; the smallest are refused, the largest go well."""
    outcomes = []
    for value in values:
        process = limited(dsh, kind, value, "--nodes=2", "--format=csv", "--report=none", *[part for text in statements for part in ("-c", text)],
                          folder=scratch, **options)
        outcomes.append(judge(tally, f"{words} of {value}", process, expected, words))
    tally.check(not outcomes[0] and outcomes[-1], f"{words}: from refused to enough", str(list(zip(values, outcomes))))


STATEMENTS = ["d = read t.csv", "d | sort b | sum a", "d | agg sum(a) by k = b % 100 | count", "d | persist | count"]
ANSWER = f"sum(a)\n{ROWS * (ROWS - 1) // 2}\ncount\n100\ncount\n{ROWS}\n"


def address_space(tally: Tally, dsh: str, scratch: Path):
    values = [60_000, 100_000, 150_000, 165_000, 170_000, 175_000, 180_000, 200_000, 260_000, 400_000, 1_000_000, 3_000_000, 8_000_000]
    ladder(tally, dsh, scratch, resource.RLIMIT_AS, "ulimit -v", [value * KIB for value in values], STATEMENTS, ANSWER)
    for value, store in ((400_000, "64M"), (400_000, "300M"), (2_000_000, "1G")):
        process = limited(dsh, resource.RLIMIT_AS, value * KIB, f"--object-store-memory={store}", "--nodes=2", "--format=csv", "--report=none",
                          *[part for text in STATEMENTS for part in ("-c", text)], folder=scratch)
        went_well = judge(tally, f"ulimit -v {value} with stores of {store}", process, ANSWER, "ulimit -v")
        tally.check(went_well == (store == "64M"), f"ulimit -v {value} with stores of {store}: whether it fits", process.stderr.decode()[:300])
    ladder(tally, dsh, scratch, resource.RLIMIT_DATA, "ulimit -d", [8 * MIB, 40 * MIB, 63 * MIB, 500 * MIB], STATEMENTS, ANSWER)


def starved(tally: Tally, dsh: str, scratch: Path):
    """Memory that ends while a task works is the limit's fault, not the task's."""
    process = limited(dsh, resource.RLIMIT_AS, 200_000 * KIB, "--nodes=2", "--slots=1", "--object-store-memory=4M", "--format=csv", "--report=none",
                      "-c", "range 1 | map t = repeat('x', 1000) | map u = repeat(t, 60000) | map n = length(u ++ u ++ u) | max n", folder=scratch)
    judge(tally, "a task that wants more memory than ulimit -v leaves", process, "", "ulimit -v")


def open_files(tally: Tally, dsh: str, scratch: Path):
    ladder(tally, dsh, scratch, resource.RLIMIT_NOFILE, "ulimit -n", [*range(4, 20), 32, 64], STATEMENTS, ANSWER)
    process = limited(dsh, resource.RLIMIT_NOFILE, 40, "--nodes=30", "--slots=1", "--format=csv", "--report=none", "-c", "range 10 | count", folder=scratch)
    judge(tally, "30 nodes with 40 open files", process, "count\n10\n", "ulimit -n")


def processes(tally: Tally, dsh: str, scratch: Path):
    is_root = os.geteuid() == 0
    if not is_root:
        # The limit counts all processes of this user, however many there are.
        process = limited(dsh, resource.RLIMIT_NPROC, 1, "--nodes=2", "-c", "range 1", folder=scratch)
        judge(tally, "ulimit -u of 1", process, "", "ulimit -u")
        return
    ladder(tally, dsh, scratch, resource.RLIMIT_NPROC, "ulimit -u", [*range(1, 12), 20], ["read t.csv | sort b | sum a"], ANSWER[:ANSWER.index("count")],
           as_nobody=True)


def stack(tally: Tally, dsh: str, scratch: Path):
    deep = "(" * 250 + "a" + " + 1)" * 250
    calls = "abs(" * 290 + "a" + ")" * 290
    statements = ["d = read t.csv", f"d | map x = {deep} | sum x", f"d | map y = {calls} | sum y", "range 3 | " + " | ".join(["map id = id + 1"] * 400) + " | sum id"]
    expected = f"sum(x)\n{ROWS * (ROWS - 1) // 2 + 250 * ROWS}\nsum(y)\n{ROWS * (ROWS - 1) // 2}\nsum(id)\n{3 + 1200}\n"
    ladder(tally, dsh, scratch, resource.RLIMIT_STACK, "ulimit -s", [256 * KIB, 512 * KIB, 1 * MIB, 2 * MIB, 3 * MIB, 8 * MIB], statements, expected)


def file_size(tally: Tally, dsh: str, scratch: Path):
    ladder(tally, dsh, scratch, resource.RLIMIT_FSIZE, "ulimit -f", [0, 1000, 100 * KIB, MIB, 2 * MIB, 8 * MIB, 40 * MIB], STATEMENTS, ANSWER)
    limit = 12 * MIB
    for name, statement in (("a file", "write out.csv"), ("a replaced file", "write --force old.csv"), ("a folder", "write --format=csv --files=1 parts/"),
                            ("a replaced folder", "write --force --format=csv --files=1 kept/")):
        (scratch / "old.csv").write_text("old\n1\n")
        (scratch / "kept").mkdir(exist_ok=True)
        (scratch / "kept/part-00000.csv").write_text("old\n1\n")
        before = sorted(path.name for path in scratch.iterdir())
        process = limited(dsh, resource.RLIMIT_FSIZE, limit, "--nodes=2", "-c", f"range --blocks=16 3000000 | map b = id * 1000000 | {statement}", folder=scratch)
        errors = process.stderr.decode()
        tally.check(process.returncode == 1 and "error[file-too-large]" in errors and "ulimit -f" in errors, f"{name} beyond ulimit -f: said", errors[:500])
        tally.check(sorted(path.name for path in scratch.iterdir()) == before, f"{name} beyond ulimit -f: nothing is left", str(list(scratch.iterdir())))
        tally.check((scratch / "old.csv").read_text() == "old\n1\n" and (scratch / "kept/part-00000.csv").read_text() == "old\n1\n",
                    f"{name} beyond ulimit -f: what was there stays")
    process = limited(dsh, resource.RLIMIT_FSIZE, limit, "--nodes=2", "--format=csv", "-c", "read - | count", folder=scratch,
                      input=b"a,b\n" + b"12345678,12345678\n" * 1_000_000)
    judge(tally, "a pipe beyond ulimit -f", process, "", "ulimit -f")
    with open(scratch / "printed", "wb") as output:
        process = subprocess.run([dsh, "--nodes=2", "--format=csv", "-c", "range --blocks=16 1000000 | map id = id * 1000000000000 | take_all"], stdout=output, stderr=subprocess.PIPE, timeout=WAIT_SECONDS,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    tally.check(process.returncode == 1 and b"error[file-too-large]" in process.stderr, "printed beyond ulimit -f", process.stderr.decode())


def stores(tally: Tally, dsh: str, scratch: Path):
    for size in ("64T", "1024T"):
        outcome = run(dsh, f"--object-store-memory={size}", "-c", "range 1 | count", timeout=WAIT_SECONDS)
        tally.check(outcome.status == 1 and "error[store-too-large]" in outcome.error_text and "there is:" in outcome.error_text,
                    f"a store of {size} can't be had", outcome.error_text)


def full_file_system(tally: Tally, dsh: str, scratch: Path):
    """A small file system, if this process may mount one."""
    small = scratch / "small"
    small.mkdir()
    mounted = shutil.which("mount") and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(small)], capture_output=True).returncode == 0
    if not mounted:
        print("no small file system can be mounted here; left out")
        return
    try:
        (small / "old.csv").write_text("old\n1\n")
        for statement in ("write --force small/old.csv", "write small/new.csv", "write --format=csv small/parts/", "write --force --format=csv --files=3 small/parts/"):
            outcome = run(dsh, "--nodes=2", "-c", f"range 3000000 | {statement}", folder=scratch, timeout=WAIT_SECONDS)
            tally.check(outcome.status == 1 and "error[disk-full]" in outcome.error_text, f"{statement}: a full disk is said", outcome.error_text[:500])
            tally.check([path.name for path in small.iterdir()] == ["old.csv"] and (small / "old.csv").read_text() == "old\n1\n",
                        f"{statement}: what was there stays, and nothing else", str(list(small.iterdir())))
        environment = dict(os.environ, TMPDIR=str(small))
        outcome = run(dsh, "--nodes=2", "-c", "read - | count", input=b"a,b\n" + b"12345678,12345678\n" * 500_000, environment=environment, timeout=WAIT_SECONDS)
        tally.check(outcome.status == 1 and "error[disk-full]" in outcome.error_text and str(small) in outcome.error_text, "a full folder for temporary files",
                    outcome.error_text[:500])
    finally:
        subprocess.run(["umount", str(small)], check=True)


def long_values(tally: Tally, dsh: str, scratch: Path):
    """Messages carry what fits and no more, and an error shows the beginning of a value."""
    heavy = "repeat('z', 60000000)"
    for name, statements, code in (
        ("a task beyond a message", [f"let x = {heavy}", "range 3 | map a = $x, b = $x, c = $x, d = $x, e = $x | map n = length(a) + length(b) + length(c) + length(d) + length(e) | sum n"], "message-too-large"),
        ("a cast of a long cell", [f"range 3 | map t = {heavy} | map n = t::int64 | sum n"], "bad-cast"),
        ("a date of a long cell", [f"range 3 | map t = parse_date({heavy}, repeat('%Y', 1000000)) | take"], "bad-time"),
        ("a long name", [f"range 3 | filter {'q' * 1_000_000} > 1 | count"], "unknown-column"),
        ("a heavy key", [f"range 20 | map t = {heavy}, k = 1 | sort k | map n = length(t) | select n | take_all"], "block-too-large"),
    ):
        script = scratch / "long.dsh"
        script.write_text("\n".join(statements) + "\nrange 5 | count\n")
        outcome = run(dsh, "--nodes=2", "--format=csv", "--report=none", "--keep-going", str(script), timeout=WAIT_SECONDS)
        tally.check(f"error[{code}]" in outcome.error_text and len(outcome.errors) < 20_000, f"{name}: error[{code}] of a readable size",
                    f"{len(outcome.errors)} bytes: {outcome.error_text[:300]}")
        tally.check("died" not in outcome.error_text and outcome.text.endswith("count\n5\n"), f"{name}: nothing is lost", outcome.error_text[:300])
    (scratch / "long.csv").write_text("a,b\n" + "1,2\n" * 300_000 + "z" * 30_000_000 + ",3\n")
    outcome = run(dsh, "--nodes=2", "--format=csv", "-c", "read --types=a:int64 long.csv | sum a", folder=scratch, timeout=WAIT_SECONDS)
    tally.check("error[cell-type]" in outcome.error_text and len(outcome.errors) < 5_000, "a long cell of a file", outcome.error_text[:300])
    outcome = run(dsh, "--nodes=2", "--format=csv", "-c", "read long.csv | sum b", folder=scratch, timeout=WAIT_SECONDS)
    tally.check(outcome.text == "sum(b)\n600003\n" and len(outcome.errors) < 5_000, "a column widened by a long cell", outcome.error_text[:300])


SCENARIOS = [address_space, starved, open_files, processes, stack, file_size, stores, full_file_system, long_values]


def fill(scratch: Path):
    """A folder that other users may enter, with a table."""
    scratch.chmod(scratch.stat().st_mode | stat.S_IROTH | stat.S_IXOTH)
    with open(scratch / "t.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b"])
        writer.writerows((row, row * 7919 % ROWS) for row in range(ROWS))


if __name__ == "__main__":
    run_scenarios(__doc__, SCENARIOS, "limits", fill)
