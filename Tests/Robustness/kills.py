#!/usr/bin/env python3
"""Kills the shell at random moments: nothing is left within a second, and what a power cut leaves the next write removes.

    python3 Tests/Robustness/kills.py --dsh .build/release/dsh [--seed 1] [--kills 24]

Every process that descends from a shell carries a mark in its environment, by which it is found whoever has started it. Looked at are processes, the
folder for temporary files, and the folder that is written to: a file or folder is there whole or not at all, and nothing stands beside it.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments
from processes import carrying, until_gone

ROWS = 200_000
SECOND = 1.0
MARK = "DSH_KILLS_MARK"
SMALL = ["--object-store-memory=6M"]
# A statement, and the options that it is run with.
PLANS = [
    ("read f.csv | sort value, id | write out.csv", []),
    ("read f.csv | write --force --format=csv out/", []),
    ("read f.csv | write --force --format=csv --partition-by=key out/", []),
    ("read f.csv | sort value, id | write --force --format=parquet out.parquet", SMALL),
    ("read f.csv | persist --level=disk | count", SMALL),
    ("read f.csv | join (read f.csv | map id, other = value) on id | agg s = sum(other), n = count() by key | take_all", SMALL),
    ("read f.csv | map_batches 'cat; sleep 0.2' | count", []),
    ("!sleep 0.3\nread f.csv | map r = row_number() over (by key sort value) | filter r == 1 | count", []),
]


def make_data(folder: Path):
    chance = random.Random(3)
    with open(folder / "f.csv", "w") as file:
        file.write("id,key,value,text\n")
        for row in range(ROWS):
            file.write(f"{row},{chance.randrange(5)},{chance.randrange(10**9)},{'x' * chance.randrange(30)}\n")


def start(binary: str, folder: Path, plan: int, mark: str) -> subprocess.Popen:
    statement, options = PLANS[plan]
    (folder / "tmp").mkdir(exist_ok=True)
    environment = {**os.environ, MARK: mark, "TMPDIR": str(folder / "tmp")}
    return subprocess.Popen(
        [binary, "--nodes=2", *options, "--report=none", "-c", statement], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def contents(folder: Path) -> dict:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "f.csv"}


def beginning(scratch: Path, number: str, old: bool, expected: dict) -> Path:
    """A folder to write in, with or without what an earlier run has written."""
    folder = scratch / number
    folder.mkdir()
    os.symlink(scratch / "f.csv", folder / "f.csv")
    if old:
        for name, text in expected.items():
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            (folder / name).write_bytes(text[: len(text) // 2])
    return folder


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=24)
    options = parser.parse_args()
    chance, tally = random.Random(options.seed), Tally()
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix="dsh-kills-") as name:
        scratch = Path(name)
        make_data(scratch)
        usual, expected = [], []
        for plan in range(len(PLANS)):
            folder = beginning(scratch, f"whole{plan}", False, {})
            moment = time.monotonic()
            code = start(options.dsh, folder, plan, f"{os.getpid()}-whole{plan}").wait()
            usual.append(time.monotonic() - moment)
            expected.append(contents(folder))
            tally.check(code == 0, f"{PLANS[plan][0]}: runs undisturbed", str(code))
        for number in range(options.kills):
            plan = number % len(PLANS)
            # An earlier file is replaced only where that was asked for.
            had = "--force" in PLANS[plan][0] and chance.random() < 0.5
            all_at_once = chance.random() < 0.3
            share = chance.uniform(0, 1)
            title = f"seed {options.seed} kill {number} at {share:.2f}{' of all' if all_at_once else ''}{' over old files' if had else ''}: {PLANS[plan][0]}"
            folder = beginning(scratch, f"kill{number}", had, expected[plan])
            before = contents(folder)
            mark = f"{os.getpid()}-{options.seed}-{number}"
            process = start(options.dsh, folder, plan, mark)
            time.sleep(share * usual[plan])
            for pid in (carrying(mark) if all_at_once else [process.pid]):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            process.wait()
            seconds, left = until_gone(mark, 5)
            slowest = max(slowest, seconds)
            tally.check(seconds <= SECOND, f"{title}: nothing runs after a second", f"{seconds:.2f} s, left: {left}")
            made = contents(folder)
            if all_at_once:
                # The next one that writes there removes what is left.
                code = start(options.dsh, folder, plan, mark).wait() if "write" in PLANS[plan][0] and "out.csv" not in made else 0
                tally.check(code == 0, f"{title}: the next one runs", str(code))
                made = contents(folder)
            tally.check(made in (before, expected[plan]), f"{title}: whole or not there", str({name: len(text) for name, text in made.items()}))
            beside = sorted(entry for entry in os.listdir(folder) if entry not in ("f.csv", "tmp", "out", "out.csv", "out.parquet"))
            tally.check(not beside and not os.listdir(folder / "tmp"), f"{title}: nothing stands beside it", f"{beside} {os.listdir(folder / 'tmp')}")
    print(f"seed {options.seed}: {options.kills} kills, all processes gone after {slowest * 1000:.0f} ms at most")
    tally.finish()


if __name__ == "__main__":
    main()
