#!/usr/bin/env python3
"""Lets system calls fail, one at a time or from one on: every run ends in the right answer or in an error with a code, and nothing is left.

    python3 Tests/Robustness/faults.py --dsh .build/release/dsh
    python3 Tests/Robustness/faults.py --dsh .build/release/dsh --all --update     # every call; writes the table in docs/reliability.md
    python3 Tests/Robustness/faults.py --dsh .build/release/dsh --only "write: node pwrite 3-3 ENOSPC"

`Tests/Faults/faults.c` is compiled and preloaded. Each script is run undisturbed first, which tells how often each kind of process makes each
call; then a call of some number fails with an error number that this call can give, or does only a part of what it was asked for. A run is
repaired if its output and its files are those of the undisturbed run, told if it ends with an error that has a code, and bad otherwise: ended
by a signal, too late, with a wrong answer, with half a file, with a process or a temporary file that is left.
"""

import errno
import os
import random
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Faults"))
from bench import FOREVER, SCRIPTS, Bench, Fault, Run, describe
from harness import REPOSITORY, Tally, arguments

DOCUMENT = REPOSITORY / "docs/reliability.md"
BEGIN, END = "<!-- calls: made by Tests/Robustness/faults.py --all --update -->", "<!-- calls: end -->"
# The exit codes of the reference: an error of user or machine, of syntax, of the cluster.
ERROR_CODES = (1, 2, 3)
# Nobody reads the output: that of a process that the signal of a broken pipe has ended.
BROKEN_PIPE = 141
# Codes of defects of dsh, and of tasks that end nodes: a call that fails is neither.
BLAMING = set(re.findall(r"^\| `([\w-]+)` \| `bug` \|", (REPOSITORY / "docs/reference.md").read_text(), re.MULTILINE)) | {"task-killed-node"}
PART = 0
# A signal comes and goes, and so does what a transfer would have to wait for.
PASSING = {errno.EINTR, PART}
TRANSFERS = {"sendmsg", "recvmsg", "read", "pread", "write", "pwrite", "pwritev"}

# What each call can fail with here. A call that isn't named fails with EIO.
ERRNOS = {
    "open": "ENOMEM EMFILE ENFILE EACCES EIO EINTR ENOSPC EOPNOTSUPP", "openat": "EMFILE EACCES EIO", "mkstemps": "EMFILE EACCES ENOSPC EROFS",
    "memfd_create": "ENOMEM EMFILE ENFILE", "ftruncate": "EIO EFBIG EINTR", "fallocate": "ENOSPC ENOMEM EINTR EOPNOTSUPP EIO", "fcntl": "EMFILE EINVAL EPERM",
    "dup2": "EMFILE EINTR", "flock": "EINTR ENOLCK EWOULDBLOCK", "lockf": "EINTR ENOLCK EDEADLK", "mmap": "ENOMEM EAGAIN ENFILE", "madvise": "EINVAL ENOMEM EAGAIN",
    "socketpair": "EMFILE ENFILE ENOMEM", "pipe": "EMFILE ENFILE", "eventfd": "EMFILE ENFILE ENOMEM", "sendmsg": "EAGAIN EINTR ECONNRESET EPIPE ENOBUFS ENOMEM ETOOMANYREFS",
    "recvmsg": "EAGAIN EINTR ECONNRESET ENOMEM", "read": "EIO EINTR EAGAIN", "pread": "EIO EINTR", "write": "EIO ENOSPC EINTR EPIPE EDQUOT", "pwrite": "EIO ENOSPC EINTR EDQUOT",
    "pwritev": "ENOSPC ENOMEM EINTR EIO", "fsync": "EIO ENOSPC EINTR", "lseek": "ESPIPE", "poll": "EINTR ENOMEM", "posix_spawn": "EAGAIN ENOMEM ENOENT", "pidfd_open": "EMFILE ENFILE ENOMEM ENOSYS",
    "waitpid": "EINTR ECHILD", "pthread_create": "EAGAIN", "rename": "EACCES ENOSPC EIO", "renameat2": "EINVAL ENOSYS EACCES ENOSPC EIO", "link": "EMLINK EPERM ENOSPC",
    "linkat": "EACCES ENOSPC EMLINK ENOENT EIO", "unlink": "EIO EACCES", "mkdir": "EACCES ENOSPC EROFS", "rmdir": "EACCES EIO", "opendir": "EMFILE EACCES ENOMEM", "readdir": "EIO ENOENT",
    "stat": "EACCES EIO ENOMEM", "fstat": "EIO ENOMEM", "lstat": "EACCES EIO", "fstatat": "EIO", "statvfs": "EIO ENOSYS", "realpath": "EACCES EIO", "readlink": "EACCES EINVAL",
    "getcwd": "ENOENT ENOMEM", "chown": "EPERM", "fchown": "EPERM", "chmod": "EPERM", "fchmod": "EPERM", "access": "EACCES EIO", "close": "EIO ENOSPC EINTR EDQUOT", "malloc": "ENOMEM",
}
# A program that takes no more of its input has the right to that, and nobody can tell it from this failure.
UNTELLABLE = {("node", "write", errno.EPIPE)}
# Swift ends a process whose memory is refused in this way, and the head can't be repaired; a node can.
EXCLUDED = {("head", "malloc"), ("guard", "malloc")}


@dataclass
class Outcome:
    kind: str
    codes: list
    detail: str = ""
    seconds: float = 0


def judge(bench: Bench, fault: Fault) -> Outcome:
    expected = bench.expected[fault.script.name]
    run = bench.run(fault.script, fault, bench.limit[fault.script.name])
    codes = re.findall(r"error\[([\w-]+)\]", run.errors)
    outcome = judged(bench, fault, run, expected, codes)
    outcome.seconds = run.seconds
    if outcome.kind == "bad":
        outcome.detail += f"\n       exit code {run.status} after {run.seconds:.1f} s; {run.errors.strip()[-600:]}"
    return outcome


def judged(bench: Bench, fault: Fault, run: Run, expected: Run, codes: list) -> Outcome:
    if run.status is None:
        return Outcome("bad", codes, "too late")
    if run.left:
        return Outcome("bad", codes, f"processes are left: {run.left}")
    before = {path.name: describe(path) for path in bench.data.iterdir()} | ({"script.dsh": run.files.get("script.dsh")} if fault.script.text else {})
    for name, content in run.files.items():
        # A name that can't be taken away stays. A shell that can't wait ends at once, and the next one takes its hidden folder away.
        is_refused_removal = fault.call in ("unlink", "rmdir", "opendir", "readdir", "access", "poll") and (".partial" in name or name == "tmp")
        if content not in (before.get(name), expected.files.get(name)) and not is_refused_removal:
            return Outcome("bad", codes, f"{name} is neither what was there nor what was wanted: {content}")
    if run.status == 0:
        screen = run.output.decode("utf-8", "replace")
        if fault.script.keys and not all(text in screen for text in fault.script.shown):
            codes = re.findall(r"error\[([\w-]+)\]", screen)
            told = codes or "can't " in screen
            return Outcome("told" if told else "bad", codes, f"neither an answer nor an error: {screen[-500:]!r}")
        if not fault.script.keys and run.output != expected.output:
            return Outcome("bad", codes, f"a wrong answer: {run.output[:300]} and not {expected.output[:300]}")
        if any(run.files.get(name) != content for name, content in expected.files.items()):
            return Outcome("bad", codes, f"a file is not as it should be: {sorted(run.files)}")
        return Outcome("repaired", codes)
    if fault.script.keys:
        run.errors, run.output = run.output.decode("utf-8", "replace"), b""
        codes = re.findall(r"error\[([\w-]+)\]", run.errors)
    if fault.call == "write" and fault.process == "head" and run.status == BROKEN_PIPE and fault.error == errno.EPIPE:
        return Outcome("told", codes)
    if run.status not in ERROR_CODES:
        return Outcome("bad", codes, f"ended with {run.status}")
    # Where nothing can be written, the exit code has to do.
    is_mute = fault.call == "write" and fault.process == "head"
    if not codes and not is_mute:
        return Outcome("bad", codes, "an error without a code")
    if not expected.output.startswith(run.output) and fault.call != "write":
        return Outcome("bad", codes, f"a wrong answer before the error: {run.output[-300:]}")
    if BLAMING & set(codes):
        return Outcome("bad", codes, "dsh or a task is blamed")
    return Outcome("told", codes)


def plan(bench: Bench, scripts: list, generator: random.Random, each: int) -> list:
    """The faults to be tried: for each script, process and call so many numbers, the first and the last among them, with each error."""
    faults = []
    for script in scripts:
        for (process, call), count in bench.prepare(script).items():
            if not count or (process, call) in EXCLUDED:
                continue
            errors = [getattr(errno, name) for name in ERRNOS.get(call, "EIO").split()] + ([PART] if call in TRANSFERS else [])
            errors = [error for error in errors if (process, call, error) not in UNTELLABLE]
            numbers = {1, count} | {generator.randint(1, count) for _ in range(each)} if count > each + 2 else set(range(1, count + 1))
            for number in sorted(numbers):
                for error in errors:
                    faults.append(Fault(script, process, call, number, number, error))
            for error in errors:
                is_passing = error in PASSING or (call in TRANSFERS and error in (errno.EAGAIN, errno.ETOOMANYREFS))
                if not is_passing:
                    faults.append(Fault(script, process, call, generator.randint(1, count), FOREVER, error))
    return faults


def parse(bench: Bench, text: str) -> Fault:
    match = re.fullmatch(r"(\w+): (\w+) (\w+) (\d+)-(\d+|on) (\w+)", text)
    name, process, call, first, last, error = match.groups()
    script = next(script for script in SCRIPTS if script.name == name)
    bench.prepare(script)
    return Fault(script, process, call, int(first), FOREVER if last == "on" else int(last), PART if error == "part" else getattr(errno, error))


def table(results: list) -> str:
    """The outcomes by call and process, as a table."""
    rows = {}
    for fault, outcome in results:
        row = rows.setdefault((fault.call, fault.process), {"repaired": 0, "told": 0, "bad": 0, "codes": set()})
        row[outcome.kind] += 1
        if outcome.kind == "told":
            row["codes"].update(outcome.codes)
    lines = ["| call | in | failures | repaired | told | codes |", "|---|---|---:|---:|---:|---|"]
    for (call, process), row in sorted(rows.items()):
        total = row["repaired"] + row["told"] + row["bad"]
        codes = ", ".join(f"`{code}`" for code in sorted(row["codes"]))
        lines.append(f"| `{call}` | {process} | {total} | {row['repaired']} | {row['told']} | {codes} |")
    return "\n".join(lines)


def update(results: list):
    text = DOCUMENT.read_text()
    DOCUMENT.write_text(text[:text.index(BEGIN) + len(BEGIN)] + "\n\n" + table(results) + "\n\n" + text[text.index(END):])


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="every script, call and error, with several numbers of each call")
    parser.add_argument("--each", type=int, default=2, help="with --all: so many random numbers of each call (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=220, help="without --all: so many of them, picked by the seed (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=30, help="without --all: begin no run after so long (default: %(default)s)")
    parser.add_argument("--update", action="store_true", help="with --all: write the table in docs/reliability.md")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--script", default="", help="only this script")
    parser.add_argument("--call", default="", help="only this call")
    parser.add_argument("--only", help="just this fault, as a failed check names it")
    options = parser.parse_args()
    tally, results, generator = Tally(), [], random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="dsh-faults-") as name:
        bench = Bench(options.dsh, Path(name))
        if options.only:
            fault = parse(bench, options.only)
            outcome = judge(bench, fault)
            print(f"{fault}: {outcome.kind} {outcome.codes} {outcome.detail} ({outcome.seconds:.2f} s)")
            sys.exit(outcome.kind == "bad")
        scripts = [script for script in SCRIPTS if options.script in script.name]
        faults = plan(bench, scripts, generator, options.each)
        faults = [fault for fault in faults if options.call in ("", fault.call)]
        if not options.all:
            faults = generator.sample(faults, min(options.runs, len(faults)))
        begin = time.monotonic()

        def attempt(fault):
            if not options.all and time.monotonic() - begin > options.seconds:
                return None
            return judge(bench, fault)

        with ThreadPoolExecutor(options.jobs) as pool:
            for fault, outcome in zip(faults, pool.map(attempt, faults)):
                if outcome is None:
                    continue
                results.append((fault, outcome))
                tally.check(outcome.kind != "bad", str(fault), outcome.detail)
        kinds = {kind: sum(outcome.kind == kind for _, outcome in results) for kind in ("repaired", "told", "bad")}
        print(f"seed {options.seed}: {len(results)} of {len(faults)} failures in {time.monotonic() - begin:.0f} s: {kinds}")
    if options.all and options.update:
        update(results)
    tally.finish()


if __name__ == "__main__":
    main()
