#!/usr/bin/env python3
"""Measures what the death of a node costs: how soon it is told, and how much later the answer comes. Not a test: figures, and no verdict.

    python3 Tests/Comparison/deaths.py --dsh .build/release/dsh --runs 15
    python3 Tests/Comparison/deaths.py --dsh .build/release/dsh --file lineitem.csv --plan "read {file} | agg n = count() by l_shipmode | take_all"
    python3 Tests/Comparison/deaths.py --dsh .build/release/dsh --stops 1.5     # one node stands still for 1.5 s, again and again

Each plan is run undisturbed and disturbed in turns, with three nodes. Half of the usual time after the start one node is killed; or from there on
it is stopped for some seconds, a moment short of being called silent, and continued. The answers have to be the same.
"""

import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Robustness"))
from chaos import children, is_node, send
from harness import arguments

ROWS = 12_000_000
PLAN = "read {file} | filter text ~ r'[a-f][0-9]*7x$' | agg n = count(), s = sum(number), d = count_distinct(number) by key | sort key | take_all"
# Between two stops.
PAUSE_SECONDS = 0.1


def make_file(path: Path, rows: int):
    chance = random.Random(1)
    with open(path, "w") as file:
        file.write("id,key,number,text\n")
        for first in range(0, rows, 100_000):
            file.write("".join(f"{row},{row % 17},{chance.randrange(1 << 40)},{'abcdefg'[row % 7]}{row * 7919 % 1000}x\n" for row in range(first, min(rows, first + 100_000))))


class Disturbance:
    """Kills one node at a moment, or stops and continues it from then on."""

    def __init__(self, process, moment: float, stops: float, chance: random.Random):
        self.process, self.moment, self.stops, self.chance = process, moment, stops, chance
        self.killed = None
        self.isOver = False
        self.thread = threading.Thread(target=self.disturb)
        self.thread.start()

    def disturb(self):
        time.sleep(self.moment)
        nodes = [pid for pid in children(self.process.pid) if is_node(pid)]
        if not nodes:
            return
        victim = self.chance.choice(nodes)
        if not self.stops:
            self.killed = time.monotonic()
            send(victim, signal.SIGKILL)
            return
        while not self.isOver and self.process.poll() is None:
            send(victim, signal.SIGSTOP)
            end = time.monotonic() + self.stops
            while time.monotonic() < end and not self.isOver:
                time.sleep(0.01)
            send(victim, signal.SIGCONT)
            time.sleep(PAUSE_SECONDS)

    def end(self):
        self.isOver = True
        self.thread.join()


def measure(dsh: str, plan: str, moment: float, stops: float, chance: random.Random):
    """Seconds to the answer, seconds from the kill to its line, the answer, and what was said."""
    start = time.monotonic()
    process = subprocess.Popen([dsh, "--nodes=3", "--format=csv", "-c", plan], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    disturbance = Disturbance(process, moment, stops, chance) if moment else None
    told, lines = [], []

    def listen():
        for line in process.stderr:
            if b" died" in line:
                told.append(time.monotonic())
            lines.append(line.decode("utf-8", "replace").rstrip())

    listener = threading.Thread(target=listen)
    listener.start()
    output = process.stdout.read()
    seconds = time.monotonic() - start
    process.wait()
    listener.join()
    if disturbance:
        disturbance.end()
    if process.returncode != 0:
        raise SystemExit(f"ended with {process.returncode}: {lines}")
    delay = told[0] - disturbance.killed if told and disturbance and disturbance.killed else None
    return seconds, delay, output, lines


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--file", help="the file to read (default: one that is made)")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the file that is made (default: %(default)s)")
    parser.add_argument("--plan", default=PLAN, help="the statements, with {file} for the file (default: %(default)s)")
    parser.add_argument("--stops", type=float, default=0, help="stop the node for so many seconds again and again, in place of killing it")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="dsh-deaths-") as name:
        file = options.file
        if not file:
            file = os.path.join(name, "made.csv")
            make_file(Path(file), options.rows)
        plan = options.plan.replace("{file}", file)
        usual, _, expected, _ = min(measure(options.dsh, plan, 0, 0, chance) for _ in range(3))
        calm, disturbed, delays, missed, last = [], [], [], 0, []
        for _ in range(options.runs):
            seconds, _, output, _ = measure(options.dsh, plan, 0, 0, chance)
            calm.append(seconds)
            seconds, delay, output, lines = measure(options.dsh, plan, usual / 2, options.stops, chance)
            if output != expected:
                raise SystemExit(f"a wrong answer: {output[:300]} and not {expected[:300]}")
            disturbed.append(seconds)
            if delay is not None:
                delays.append(delay)
            elif not options.stops:
                missed += 1
            last = [line for line in lines if "died" in line or "twice" in line or "second node" in line or "does not answer" in line] or last
        def spread(values):
            return f"median {statistics.median(values):.3f} s, least {min(values):.3f}, most {max(values):.3f}"
        print(f"seed {options.seed}, {options.runs} runs each")
        print(f"undisturbed:  {spread(calm)}")
        print(f"{'stopped' if options.stops else 'one died'}:     {spread(disturbed)}")
        print(f"ratio of the medians: {statistics.median(disturbed) / statistics.median(calm):.2f}")
        if delays:
            print(f"death to its line: median {1000 * statistics.median(delays):.1f} ms, most {1000 * max(delays):.1f} ms; not told in {missed} runs")
        print("said, the last time:", *last, sep="\n  ")


if __name__ == "__main__":
    main()
