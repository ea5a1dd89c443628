#!/usr/bin/env python3
"""Kills and stops nodes at random moments while plans run: every answer and every file is right or refused, and nothing is left.

    python3 Tests/Robustness/chaos.py --dsh .build/release/dsh --seed 1 --runs 200

Each run takes one of the plans, starts it on nodes of its own, and at a moment within the time the plan takes undisturbed kills, stops, or stops
and continues one of its nodes, or two one after the other. What is expected comes from Python where that is easy, and else from an undisturbed run.
A run may take three times as long as the plan takes undisturbed, with as many beside it, and two seconds more. Runs that were over before anything
was done to them are counted apart. A failed run prints what is needed to repeat it: the plan, what was done, and when.
"""

import hashlib
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

ROWS = 300_000
# What hangs is ended after this.
SECONDS = 60
# How long a run may take: so many times as long as undisturbed, and the time in which a node that is stopped is found to be silent.
LIMIT_FACTOR, LIMIT_SECONDS = 3, 2
USUAL_RUNS = 3
SMALL = "--block-bytes=128K"
BOTH = f"read {SMALL} a.csv b.csv"
PLANS = {
    "filter and count": f"read {SMALL} a.csv b.csv | filter id % 3 == 1 and text ~ r'x$' | count",
    "group": f"read {SMALL} a.csv b.csv | agg n = count(), s = sum(number), m = max(text) by key | take_all",
    "group with many keys": f"read {SMALL} a.csv b.csv | agg n = count(), s = sum(id) by text, key | sort text | limit 7 | take",
    "sort and take": f"read {SMALL} a.csv b.csv | sort number desc, id | take 50",
    "sort and write": f"read {SMALL} a.csv b.csv | sort text, id | write out.csv",
    "persist and write": f"t = read {SMALL} a.csv b.csv | map k = id * 2 | persist\nt | write out.csv",
    "write a folder": f"read {SMALL} a.csv b.csv | map k = upper(text) | write --format=csv out/",
    "sort and write a folder": f"read {SMALL} a.csv b.csv | sort number | write --format=csv out/",
    "replace a file": f"read {SMALL} a.csv b.csv | filter key < 5 | write --force old.csv",
    "persist and ask twice": f"t = read {SMALL} a.csv b.csv | persist\nt | agg s = sum(number) by key | take_all\nt | sort id desc | take 5",
    "a page from the middle": f"read {SMALL} a.csv b.csv | sort id, text | limit --offset=400000 20 | take",
    "show": f"read {SMALL} a.csv b.csv | filter key == 3 | show 12",
    "stream": f"read {SMALL} a.csv b.csv | map k = id + 1 | take_all --force",
    "join and group": f"{BOTH} | join (read {SMALL} b.csv | map id, other = number) on id | agg n = count(), s = sum(other - number) by key | take_all",
    "join in order and write": f"{BOTH} | join (read {SMALL} a.csv | map other = id * 2, t = text) on id == other --how=left | write out.csv",
    "anti join": f"{BOTH} | join (read {SMALL} a.csv | map other = id * 3) on id == other --how=anti | agg s = sum(id), n = count() | take",
    "window": f"{BOTH} | map r = row_number() over (by text sort number desc, id), s = sum(id) over (by key sort id) | filter r <= 2 | take_all --force",
    "window and write": f"{BOTH} | map before = lag(number) over (by text sort id) | select id, before | write out.csv",
    "distinct": f"{BOTH} | distinct text, key | sort text, key | take_all --force",
    "keep and ask": f"{BOTH} | filter id % 3 == 1 | persist odd\nodd | agg s = sum(number), n = count() by key | take_all\nrefresh odd\nodd | sort number desc, id | take 5",
    "union and group": f"a = read {SMALL} a.csv\nb = read {SMALL} b.csv\na | union b | agg n = count() by key | take_all",
}


SMALL_STORES = ["--object-store-memory=16M"]


@dataclass
class Case:
    number: int
    plan: str
    # Stores that hold everything, or a part of it.
    options: list = field(default_factory=list)
    # What happens, in order: seconds after the start as a part of the plan's usual time, the signal, and the seconds until SIGCONT.
    blows: list = field(default_factory=list)


def make_data(folder: Path, generator: random.Random):
    """Two files of one table; ids count through both."""
    for file, first in (("a.csv", 0), ("b.csv", ROWS)):
        with open(folder / file, "w") as output:
            output.write("id,key,number,text\n")
            for row in range(first, first + ROWS):
                output.write(f"{row},{row % 17},{generator.randrange(1 << 40)},{generator.choice('abcdefg')}{row * 7919 % 1000}x\n")
    (folder / "old.csv").write_text("id\n1\n")


def describe(path: Path):
    """A file or folder as what it holds: the parts of a folder in the order of their names."""
    if path.is_dir():
        return [(part.name, hashlib.sha256(part.read_bytes()).hexdigest()) for part in sorted(path.iterdir())]
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def answer(folder: Path, output: bytes):
    return output.decode(), {name: describe(folder / name) for name in sorted(os.listdir(folder)) if name not in ("a.csv", "b.csv")}


def children(pid: int) -> list:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_node(pid: int) -> bool:
    try:
        return b"\0node\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def send(pid: int, number: signal.Signals) -> bool:
    if is_node(pid) and runs(pid):
        try:
            os.kill(pid, number)
            return True
        except ProcessLookupError:
            pass
    return False


def play(binary: str, data: Path, case: Case, usual: float, pick: random.Random):
    """Runs a plan under its blows; exit code, answer, errors, the processes left, how many blows met it, and its seconds."""
    with tempfile.TemporaryDirectory(prefix="dsh-chaos-") as name:
        folder = Path(name) / "work"
        folder.mkdir()
        for file in ("a.csv", "b.csv"):
            os.symlink(data / file, folder / file)
        shutil.copy(data / "old.csv", folder / "old.csv")
        process = subprocess.Popen(
            [binary, "--nodes=3", f"--dataset-directory={name}/datasets", *case.options, "--format=csv", "--quiet", "-c", PLANS[case.plan]], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        seen, start, pending = set(), time.monotonic(), list(case.blows)
        continues, landed = [], 0
        output, errors = None, b""
        while output is None:
            now = time.monotonic() - start
            nodes = [pid for pid in children(process.pid) if is_node(pid)]
            seen.update(nodes)
            if pending and nodes and now >= pending[0][0] * usual:
                _, number, resumes = pending.pop(0)
                victim = pick.choice(nodes)
                landed += send(victim, number)
                if resumes is not None:
                    continues.append((now + resumes, victim))
            for moment, pid in [entry for entry in continues if now >= entry[0]]:
                send(pid, signal.SIGCONT)
                continues.remove((moment, pid))
            try:
                output, errors = process.communicate(timeout=0.004)
            except subprocess.TimeoutExpired:
                if now > SECONDS:
                    process.kill()
                    output, errors = process.communicate()
                    return None, ("", {}), errors.decode(), [], landed, now
        seconds = time.monotonic() - start
        deadline = time.monotonic() + 2
        while any(map(runs, seen)) and time.monotonic() < deadline:
            time.sleep(0.01)
        return process.returncode, answer(folder, output), errors.decode(), [pid for pid in seen if runs(pid)], landed, seconds


def make_cases(generator: random.Random, count: int) -> list:
    names = list(PLANS)
    cases = []
    for number in range(count):
        case = Case(number, names[number % len(names)], SMALL_STORES if generator.random() < 0.3 else [])
        for _ in range(1 if generator.random() < 0.7 else 2):
            kind = generator.random()
            blow = signal.SIGKILL if kind < 0.75 else signal.SIGSTOP
            resumes = generator.uniform(0.05, 3) if 0.75 <= kind < 0.85 else None
            # Later, most runs would be over.
            case.blows.append((generator.uniform(0.05, 0.75), blow, resumes))
        case.blows.sort(key=lambda blow: blow[0])
        cases.append(case)
    return cases


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120, help="begin no run after so long (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int, help="just the run with this number")
    options = parser.parse_args()
    generator = random.Random(options.seed)
    tally, refused, begin = Tally(), {}, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dsh-chaos-data-") as name:
        data = Path(name)
        make_data(data, generator)
        expected, usual = {}, {}
        undisturbed = [Case(0, plan, stores) for plan in PLANS for stores in ([], SMALL_STORES) for _ in range(USUAL_RUNS)]
        with ThreadPoolExecutor(options.jobs) as pool:
            for case, outcome in zip(undisturbed, pool.map(lambda case: play(options.dsh, data, case, 1, generator), undisturbed)):
                code, made, errors, _, _, seconds = outcome
                tally.check(code == 0, f"{case.plan} {case.options}: runs undisturbed", errors)
                tally.check(made == expected.setdefault((case.plan, len(case.options)), made), f"{case.plan} {case.options}: the same answer each time", str(made)[:300])
                usual.setdefault((case.plan, len(case.options)), []).append(seconds)
        usual = {key: statistics.median(seconds) for key, seconds in usual.items()}
        for plan in PLANS:
            # Stores decide how many parts a folder has, and nothing else.
            if "folder" not in plan:
                tally.check(expected[plan, 0] == expected[plan, len(SMALL_STORES)], f"{plan}: the same answer in small stores")
        rows = expected["filter and count", 0][0].split()[-1]
        tally.check(rows == str(2 * ROWS // 3), "the undisturbed count is Python's", rows)

        def attempt(case):
            if options.only is None and time.monotonic() - begin > options.seconds:
                return None
            return play(options.dsh, data, case, usual[case.plan, len(case.options)], random.Random(f"{options.seed} {case.number}"))

        cases = make_cases(generator, options.runs)
        if options.only is not None:
            cases = [cases[options.only]]
        done, met, slowest = 0, 0, 0.0
        with ThreadPoolExecutor(options.jobs) as pool:
            for case, outcome in zip(cases, pool.map(attempt, cases)):
                if outcome is None:
                    continue
                done += 1
                code, made, errors, left, landed, seconds = outcome
                met += landed > 0
                blows = ", ".join(f"{number.name} at {moment:.2f}" + (f" for {resumes:.2f} s" if resumes else "") for moment, number, resumes in case.blows)
                title = f"seed {options.seed} run {case.number}: {case.plan} {' '.join(case.options)} ({blows})"
                limit = LIMIT_FACTOR * usual[case.plan, len(case.options)] + LIMIT_SECONDS
                slowest = max(slowest, seconds / limit)
                tally.check(seconds <= limit, f"{title}: ends in time", f"{seconds:.2f} s of {limit:.2f} s; {errors[-300:]}")
                if code == 0:
                    tally.check(made == expected[case.plan, len(case.options)], f"{title}: the answer is right", f"{str(made)[:300]}\n       {errors[-300:]}")
                else:
                    reason = errors.partition("error[")[2].partition("]")[0] or "no error"
                    refused[reason] = refused.get(reason, 0) + 1
                    untouched = {"old.csv": describe(data / "old.csv")}
                    tally.check(
                        code == 1 and "error[" in errors and made[1] == untouched, f"{title}: refused, and no file is there",
                        f"exit code {code}; {made[1]}\n       {errors[-500:]}")
                tally.check(not left, f"{title}: no process is left", str(left))
    print(
        f"seed {options.seed}: {done} of {options.runs} runs in {time.monotonic() - begin:.0f} s, {met} met by a signal,"
        f" the slowest took {slowest:.0%} of its limit, refused: {refused or 'none'}")
    tally.finish()


if __name__ == "__main__":
    main()
