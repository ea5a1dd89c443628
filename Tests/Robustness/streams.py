#!/usr/bin/env python3
"""Standard input, pipes and files without a size as sources, and standard streams that are closed or full.

    python3 Tests/Robustness/streams.py --dsh .build/release/dsh [--only TEXT]
"""

import csv
import io
import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, run, run_scenarios

WAIT_SECONDS = 30


def table(rows: int, seed: int = 3) -> bytes:
    chance = random.Random(seed)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "note", "x"])
    for row in range(rows):
        writer.writerow([row, chance.choice(["plain", "with, comma", 'a "quote"', "two\nlines", ""]), row * 3])
    return text.getvalue().encode()


def fed(path: str, pieces, pause: float = 0.0):
    """Writes pieces into a pipe from a thread of its own; a reader that goes is no error."""
    def write():
        try:
            with open(path, "wb", buffering=0) as pipe:
                for piece in pieces:
                    pipe.write(piece)
                    time.sleep(pause)
        except BrokenPipeError:
            pass
    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def standard_input(tally: Tally, dsh: str, scratch: Path):
    data = table(300_000)
    rows, total = 300_000, sum(row * 3 for row in range(300_000))
    long = sum(len(row[1]) > 5 for row in list(csv.reader(io.StringIO(data.decode())))[1:])
    (scratch / "t.csv").write_bytes(data)
    asked = ["--nodes=2", "--format=csv", "--report=none"]
    for name, source in (("-", "-"), ("/dev/stdin", "/dev/stdin"), ("/dev/fd/0", "/dev/fd/0")):
        for how, options in (("a pipe", {"input": data}), ("a file", None)):
            statements = ["-c", f"d = read {source}", "-c", "d | sum x", "-c", "d | filter length(note) > 5 | count", "-c", f"read {source} | count", "-c", "d | take 2"]
            if options:
                outcome = run(dsh, *asked, *statements, **options)
            else:
                with open(scratch / "t.csv", "rb") as file:
                    process = subprocess.run([dsh, *asked, *statements], stdin=file, capture_output=True, timeout=WAIT_SECONDS)
                outcome = type("Outcome", (), {"status": process.returncode, "text": process.stdout.decode(), "error_text": process.stderr.decode()})
            lines = outcome.text.splitlines()
            expected = ["sum(x)", str(total), "count", str(long), "count", str(rows), "id,note,x"]
            tally.check(outcome.status == 0 and lines[:7] == expected, f"{name} from {how}: all its rows, as often as wanted",
                        outcome.error_text + outcome.text[:300])
    empty = run(dsh, *asked, "-c", "read - | count", input=b"")
    tally.check(empty.status in (0, 1) and not empty.error_text.startswith("Fatal"), "empty standard input", empty.error_text)
    taken = run(dsh, *asked, input=b"read - | count\n")
    tally.check(taken.status == 1 and "error[input-taken]" in taken.error_text, "statements from standard input leave none", taken.error_text)
    late = b"a,b\n" + b"".join(b"%d,%d\n" % (i, i) for i in range(900_000)) + b"x,y\n"
    widened = run(dsh, "--nodes=2", "--format=csv", "-c", "read - | count", "-c", "read - | filter a == 'x' | count", input=late)
    tally.check(widened.text.split() == ["count", "900001", "count", "1"] and widened.status == 0, "a column widened at the end of a pipe", widened.error_text[-300:])


def pipes(tally: Tally, dsh: str, scratch: Path):
    data = table(200_000)
    asked = ["--nodes=2", "--format=csv", "--report=none"]
    pipe = scratch / "pipe"
    os.mkfifo(pipe)
    cuts = sorted(random.Random(1).sample(range(1, len(data)), 40))
    thread = fed(str(pipe), [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)])], 0.002)
    outcome = run(dsh, *asked, "-c", f"read {pipe} | sum id", "-c", f"read {pipe} | count")
    thread.join(WAIT_SECONDS)
    tally.check(outcome.text.split()[1::2] == [str(sum(range(200_000))), "200000"], "a pipe in small pieces", outcome.text + outcome.error_text)
    outcome = subprocess.run(["bash", "-c", f"exec {dsh} --nodes=1 --format=csv --report=none --set a=<(printf 'p,q\\n1,2\\n') -c 'read $a | sum q'"],
                             capture_output=True, timeout=WAIT_SECONDS)
    tally.check(outcome.stdout.decode().split() == ["sum(q)", "2"], "<(…) of the shell", outcome.stderr.decode())
    for text, expected in (("read --header=false - | take 3", "1,2"), ("read --header=false - | filter column1 > 0 | map c = column2 * 2 | limit 5 | count", "5"),
                           ("read --header=false - | limit --offset=400000 2 | count", "2")):
        endless = subprocess.Popen(["yes", "1,2"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        reader = subprocess.run([dsh, *asked, "-c", text], stdin=endless.stdout, capture_output=True, timeout=WAIT_SECONDS)
        endless.stdout.close()
        endless.wait(WAIT_SECONDS)
        tally.check(expected in reader.stdout.decode().split(), f"the beginning of an endless pipe: {text}", reader.stderr.decode())


def cancelled_while_waiting(tally: Tally, dsh: str, scratch: Path):
    silent = scratch / "silent"
    os.mkfifo(silent)
    waiting = [("no writer", f"read {silent} | count"), ("standard input", "read - | count"), ("a union", "range 3 | union (read -) | count"),
               ("take", "read - | take 3"), ("schema", "read - | schema"), ("a write", f"read - | write {scratch}/never.csv"), ("a name", "d = read -"),
               ("persist", "read - | persist"), ("the same twice", f"read {silent} {silent} | sort a | take 1")]
    for name, statement in waiting:
        shell = subprocess.Popen([dsh, "--nodes=1", "--format=csv", "-c", statement], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.5)
        begin = time.monotonic()
        shell.send_signal(signal.SIGINT)
        try:
            code = shell.wait(5)
        except subprocess.TimeoutExpired:
            shell.kill()
            code = None
        tally.check(code == 130, f"{name}: Ctrl-C ends the wait", f"{code} after {time.monotonic() - begin:.1f} s; {shell.stderr.read().decode()}")
        for stream in (shell.stdin, shell.stdout, shell.stderr):
            stream.close()


def files_without_a_size(tally: Tally, dsh: str, scratch: Path):
    for path in ("/proc/self/mountinfo", "/proc/meminfo", "/proc/cpuinfo", "/proc/filesystems"):
        expected = len(Path(path).read_text().splitlines())
        outcome = run(dsh, "--nodes=1", "--format=csv", "--report=none", "-c", f"read --header=false --names=line --delim=\"\\u{{1}}\" {path} | count")
        tally.check(outcome.status == 0 and outcome.text.split()[-1] == str(expected), f"{path} has its {expected} lines", outcome.text + outcome.error_text)
    (scratch / "empty.csv").write_text("")
    outcome = run(dsh, "--nodes=1", "--format=csv", "-c", f"read {scratch}/empty.csv | count")
    tally.check(outcome.status == 0 and outcome.text.split()[-1] == "0", "an empty file is empty", outcome.text + outcome.error_text)


def one_stream_of_many_names(tally: Tally, dsh: str, scratch: Path):
    """Whoever opens a pipe a second time gets a part of it; dsh takes all names of one for the same."""
    rows = 600_000
    data = table(rows)
    asked = [dsh, "--nodes=2", "--format=csv", "--report=none"]
    for paths in ("- -", "- /dev/stdin", "/dev/fd/0 -", "/proc/self/fd/0 /dev/stdin - /dev/fd/0"):
        outcome = run(*asked, "-c", f"read {paths} | count", input=data)
        tally.check(outcome.text.split() == ["count", str(rows * len(paths.split()))], f"read {paths}", outcome.text + outcome.error_text)
    outcome = run(*asked, "-c", "read - | union (read /dev/fd/0), (read /dev/stdin) | sum id", "-c", "read /dev/fd/0 | count", input=data)
    tally.check(outcome.text.split() == ["sum(id)", str(3 * rows * (rows - 1) // 2), "count", str(rows)], "a union of one pipe", outcome.text + outcome.error_text)
    script = b"range 3 | count\n"
    for options in (["/dev/stdin", "-c", "read - | count"], ["/dev/fd/0", "-c", "read /dev/stdin | count"], ["-c", "source /dev/stdin", "-c", "read - | count"],
                    ["-c", "read - | count", "-c", "source /dev/stdin"], ["-", "-c", "read - | count"]):
        outcome = run(*asked, "--keep-going", *options, input=script)
        tally.check(outcome.status == 1 and outcome.error_text.count("error[input-taken]") == 1, f"{options}: input is statements or data", outcome.text + outcome.error_text)
    for options in (["/dev/stdin"], ["-"], []):
        outcome = run(*asked, *options, input=script)
        tally.check(outcome.text.split() == ["count", "3"], f"{options}: statements from standard input", outcome.text + outcome.error_text)


def readers_that_leave(tally: Tally, dsh: str, scratch: Path):
    (scratch / "t.golden").write_text("dsh> range 3 | count\n4\n")
    (scratch / "long.dsh").write_text("range 100000 | take_all\n" * 3)
    (scratch / "t.csv").write_bytes(table(100_000))
    for options in (["-c", "range 100000 | take_all", "-c", "range 100000 | take_all"], ["long.dsh"], ["-c", f"read {scratch}/t.csv | write --format=csv /dev/stdout"],
                    ["reference"], ["manual"], ["help"], ["--help"], ["test", "t.golden"], ["--format=json", "long.dsh"], ["--echo", "--format=line", "long.dsh"]):
        process = subprocess.Popen([dsh, *options], cwd=scratch, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.read(1)
        process.stdout.close()
        try:
            code = process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = None
        errors = process.stderr.read().decode()
        # All may have been written before the reader left; a failed test is one anyway; a file that is written, which may be a pipe, has to be whole.
        is_quiet = "error[" not in errors and "Fatal" not in errors or "write" in options[-1] and "error[broken-pipe]" in errors
        tally.check(code in (141, -signal.SIGPIPE, 0, 1) and is_quiet, f"{options}: the reader is gone", f"{code} {errors[:300]}")
        process.stderr.close()


def closed_streams(tally: Tally, dsh: str, scratch: Path):
    def closing(numbers):
        def close():
            for number in numbers:
                os.close(number)
        return close

    (scratch / "t.csv").write_text("a\n1\n2\n")
    (scratch / "t.golden").write_text("dsh> range 3 | sum id\n3\n1 block run; 24 B moved to head\n")
    (scratch / "t.dsh").write_text("range 3 | count\n")
    for numbers in itertools.chain.from_iterable(itertools.combinations((0, 1, 2), size) for size in (1, 2, 3)):
        for options in (["-c", "d = range --blocks=4 100000 | map a = id * 2", "-c", "d | persist", "-c", "d | sum a"], ["-c", f"read {scratch}/t.csv | take"],
                        ["--version"], ["help", "take"], ["reference"], ["manual"], ["completions", "zsh"], ["test", f"{scratch}/t.golden"], [f"{scratch}/t.dsh"],
                        ["--help"], ["-i", "--no-init"], ["-c", "range 5 | write --force --format=csv /dev/stdout"]):
            name = f"{' '.join(options)[:30]} with {numbers} closed"
            process = subprocess.Popen([dsh, *(["--nodes=2", "--format=csv"] if "-c" in options else []), *options], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=closing(numbers))
            try:
                output, errors = process.communicate(timeout=WAIT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                output, errors = process.communicate()
            expected = 1 if 1 in numbers else 0
            tally.check(process.returncode == expected, f"{name}: exit code {expected}", f"{process.returncode} {errors.decode()[-300:]}")
            if 1 not in numbers:
                tally.check(len(output) > 0, f"{name}: prints", errors.decode())
            elif 2 not in numbers:
                tally.check(b"error[stream-closed]" in errors, f"{name}: says why", errors.decode())
    node = run(dsh, "node")
    tally.check(node.status != 0 and "nodes add" in node.error_text, "a node that nobody asked for says so", node.error_text)
    for options in (["test", f"{scratch}/t.golden"], ["reference"], ["-c", "range 3 | count"], ["-i", "--no-init"]):
        full = subprocess.run([dsh, *options], stdin=subprocess.DEVNULL, stdout=open("/dev/full", "wb"), stderr=subprocess.PIPE)
        tally.check(full.returncode == 1 and b"error[disk-full]" in full.stderr, f"{options}: a full output is an error", full.stderr.decode())
    full = subprocess.run([dsh, "--version"], stdout=open("/dev/full", "wb"), stderr=subprocess.PIPE)
    tally.check(full.returncode == 1 and b"error[disk-full]" in full.stderr, "a full output is an error", full.stderr.decode())


SCENARIOS = [standard_input, pipes, one_stream_of_many_names, readers_that_leave, cancelled_while_waiting, files_without_a_size, closed_streams]


if __name__ == "__main__":
    run_scenarios(__doc__, SCENARIOS, "streams")
