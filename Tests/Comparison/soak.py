#!/usr/bin/env python3
"""Runs mixed statements in one shell for a long time: descriptors, stores, memory and files don't grow.

    python3 Tests/Comparison/soak.py --dsh .build/release/dsh [--minutes 60] [--seed 1]

Statements of all kinds follow one another in one session, some of them wrong, some with stores too small for them, some while a node is killed. After
each round the same small statement runs, and the processes are looked at while the shell waits: how many descriptors each has, what its store holds,
what memory it has beside its store, and which files there are. The last quarter is held against the second: what grows is a leak. The shell's memory
may grow by what it remembers of each statement, such as its text: half a KiB.
"""

import os
import random
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import Tally, arguments
from pressure import USED_OFFSET, own_store, read

ROWS = 100_000
STORE = "24M"
# Nothing is as it was to the byte; a leak of one descriptor or 64 KiB a round would be far beyond these within the minutes of a test.
GROWTH_DESCRIPTORS, GROWTH_NODES_MIB, GROWTH_STATEMENT_KIB = 0, 8, 0.5
STATEMENTS = [
    "read f.csv | count",
    "read f.csv | filter value > {n} | take 3",
    "read f.csv | sort value desc, id | take 5",
    "read f.csv | agg n = count(), s = sum(value) by key | take_all",
    "read f.csv | agg n = count() by text, key | sort n desc, text, key | take 3",
    "read f.csv | join (read f.csv | map id, other = value) on id | agg s = sum(other - value) | take 1",
    "read f.csv | map r = row_number() over (by key sort value) | filter r <= 2 | take_all",
    "read f.csv | distinct key, text | count",
    "read f.csv | sort text, id | write --force out.csv",
    "read f.csv | write --force --format=csv --partition-by=key parts/",
    "read f.csv | write --force out.parquet\nread out.parquet | agg sum(value) | take 1",
    "read f.csv | write --force out.csv.gz\nread out.csv.gz | count",
    "kept{m} = read f.csv | filter id % 7 == {m} | persist\nkept{m} | agg sum(id) | take 1\nkept{m} | unpersist",
    "d = read f.csv | persist --level=disk\nd | agg sum(id) | take 1\nd | unpersist",
    "d = read f.csv | union (read f.csv) | union (read f.csv) | persist --level=memory+disk\nd | count\nd | unpersist",
    "range 3000000 | map a = id % 1000 | agg n = count() by a | sort n | take 2",
    "read f.csv | map_batches 'cat' | count",
    "read f.csv | map x = 1 / (id - {n}) | count",
    "read missing{m}.csv | count",
    "read f.csv | fliter id > 3",
    "let x = {n}\nread f.csv | filter id < $x | count",
    "!true",
    "nodes", "blocks", "transfers", "datasets", "schema", "stats", "diagram", "last",
    "read f.csv | summary",
    "read f.csv | hist value",
    "nodes kill node{k}",
]


class Session:
    """A shell that gets a statement when it has answered the one before."""

    def __init__(self, binary: str, folder: Path):
        environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "XDG_STATE_HOME": str(folder / "state")}
        (folder / "tmp").mkdir()
        self.process = subprocess.Popen(
            [binary, "-i", "--nodes=2", f"--object-store-memory={STORE}"], cwd=folder, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.asked = 0

    def ask(self, text: str, seconds: float = 120) -> bool:
        """Runs statements; false if there is no answer in time."""
        self.asked += 1
        # A number that stands nowhere else, not even in what was typed.
        awaited = f"{self.asked * 2 + 7_000_000_001}".encode()
        self.process.stdin.write(f"{text}\n{self.asked} * 2 + 7000000001\n".encode())
        self.process.stdin.flush()
        answer, end = b"", time.monotonic() + seconds
        while awaited not in answer and awaited not in answer.replace(b",", b""):
            if time.monotonic() > end or self.process.poll() is not None:
                return False
            part = self.process.stdout.read()
            answer = (answer + (part or b""))[-4096:]
            if not part:
                time.sleep(0.002)
        return True

    def processes(self) -> list:
        return [str(self.process.pid), *read(f"/proc/{self.process.pid}/task/{self.process.pid}/children").split()]


def look(session: Session, folder: Path) -> dict:
    """What there is now: descriptors, bytes in stores, MiB of memory beside them, files."""
    seen = {"descriptors": 0, "store": 0, "head MiB": 0.0, "nodes MiB": 0.0, "processes": 0}
    for pid in session.processes():
        seen["processes"] += 1
        seen["descriptors"] += len(os.listdir(f"/proc/{pid}/fd"))
        fields = dict(line.split(":", 1) for line in read(f"/proc/{pid}/status").splitlines() if ":" in line)
        seen["head MiB" if pid == str(session.process.pid) else "nodes MiB"] += int(fields["RssAnon"].split()[0]) / 1024
        store = own_store(pid)
        if store is not None:
            seen["store"] += struct.unpack_from("q", store, USED_OFFSET)[0]
    seen["files"] = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
    return seen


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    chance, tally = random.Random(options.seed), Tally()
    with tempfile.TemporaryDirectory(prefix="dsh-soak-") as name:
        folder = Path(name)
        with open(folder / "f.csv", "w") as file:
            file.write("id,key,value,text\n")
            for row in range(ROWS):
                file.write(f"{row},{chance.randrange(50)},{chance.randrange(10**9)},{chance.choice('abcdef')}{chance.randrange(1000)}\n")
        session, rounds, statements = Session(options.dsh, folder), [], 0
        end = time.monotonic() + options.minutes * 60
        tally.check(session.ask("range 3 | count"), "the shell answers")
        while time.monotonic() < end:
            for statement in chance.sample(STATEMENTS, len(STATEMENTS)):
                text = statement.format(n=chance.randrange(ROWS), m=chance.randrange(7), k=chance.randrange(1, 3))
                statements += 1
                if not tally.check(session.ask(text), f"round {len(rounds)}: {text} is answered"):
                    session.process.kill()
                    tally.finish()
                    return
            session.ask("read f.csv | agg sum(value) | take 1")
            time.sleep(0.3)
            rounds.append(look(session, folder))
            if len(rounds) % 10 == 1:
                print(f"round {len(rounds)}, {statements} statements: " + ", ".join(f"{key} {value:.0f}" for key, value in rounds[-1].items() if key != "files"), flush=True)
        quarter = max(1, len(rounds) // 4)
        early, late = rounds[quarter:2 * quarter] or rounds[:1], rounds[-quarter:]
        between = statements * (len(rounds) - quarter / 2 - 1.5 * quarter) / len(rounds)
        limits = {"descriptors": GROWTH_DESCRIPTORS, "processes": 0, "nodes MiB": GROWTH_NODES_MIB, "head MiB": between * GROWTH_STATEMENT_KIB / 1024}
        for key, limit in limits.items():
            before, after = (statistics.median(one[key] for one in part) for part in (early, late))
            tally.check(after - before <= limit, f"{key} don't grow", f"{before} and then {after}")
            print(f"{key}: {before:.1f} in the second quarter, {after:.1f} in the last")
        stores = [max(one["store"] for one in part) for part in (early, late)]
        tally.check(stores[1] <= stores[0] * 1.1 + 65536, "what stores hold doesn't grow", str(stores))
        print(f"bytes in stores: {stores[0]} at most in the second quarter, {stores[1]} in the last")
        tally.check(rounds[-1]["files"] == rounds[quarter]["files"], "the same files are there", str(set(rounds[-1]["files"]) ^ set(rounds[quarter]["files"])))
        print(f"seed {options.seed}: {statements} statements in {len(rounds)} rounds")
        session.process.stdin.close()
        tally.check(session.process.wait(10) == 0, "the shell ends")
        tally.check(not os.listdir(folder / "tmp"), "no temporary file is left", str(os.listdir(folder / "tmp")))
    tally.finish()


if __name__ == "__main__":
    main()
