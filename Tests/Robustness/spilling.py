#!/usr/bin/env python3
"""Works on many times as much data as all stores hold: blocks go to disk, answers are those of large stores, and nothing is left.

    python3 Tests/Robustness/spilling.py --dsh .build/release/dsh [--only TEXT]
"""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, run, run_scenarios

ROWS = 400_000
WORDS = ["alpha", "beta", "gamma", "delta", "", "a long text that no dictionary of small codes holds"]
SMALL = ["--nodes=2", "--object-store-memory=6M"]
LARGE = ["--nodes=2", "--object-store-memory=512M"]

STATEMENTS = [
    "read {f} | sort value desc, id | map id, value | take 5",
    "read {f} | sort text, value, id | tail 5 | take 5",
    "read {f} | agg n = count(), s = sum(value), m = max(text) by key | agg count(), sum(n), sum(s), max(m) | take 1",
    "read {f} | agg d = count_distinct(text) | take 1",
    "read {f} | distinct key | count",
    "read {f} | distinct text | count",
    "read {f} | map r = row_number() over (by key sort value desc, id) | filter r == 1 | agg s = sum(id), n = count() | take 1",
    "read {f} | map c = sum(value) over (by key sort id) | agg s = sum(c) | take 1",
    "read {f} | join (read {f} | map id, other = value) on id | agg s = sum(other - value), n = count() | take 1",
    "read {f} | join (read {g}) on key | agg s = sum(weight), n = count() | take 1",
    "read {f} | join (read {g}) on key --how=left | with_row_number n | filter n % 50000 == 7 | select n, id, weight | take 100",
    "read {f} | map k = if(id % 3 == 0, null, id) | join (read {f} | filter id % 2 == 1 | map k = id, other = text) on k --how=full"
    " | with_row_number n | filter n % 50000 == 7 | select n, id, k, other | take 100",
    "read {f} | map k = text | join (read {f} | filter id % 5 == 1 | map k = text, w = id) on k | with_row_number n | filter n % 9999 == 7"
    " | select n, id, w, k | take 100",
    "read {f} | join (read {f} | filter value > 60000000) on id --how=anti | agg s = sum(id), n = count() | take 1",
    "read {f} | join (read {f} | filter value > 60000000) on id --how=semi | with_row_number n | filter n % 9999 == 7 | take 100",
    "read {f} | join (read {f} | map id, other = value) on id | filter other > 1000000 | take 3",
    "read {f} | sort key, id | with_row_number n | filter n % 50000 == 7 | take 100",
    "read {f} | repartition 7 | agg n = count(), s = sum(id) | take 1",
    "read {f} | union (read {f}) | sort id, value | take 4",
]


def files(scratch: Path):
    chance = random.Random(5)
    f, g = scratch / "f.csv", scratch / "g.csv"
    with open(f, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "key", "value", "word", "text"])
        for row in range(ROWS):
            writer.writerow([row, chance.randrange(ROWS // 3), chance.randrange(10**9) / 8, chance.choice(WORDS), f"text {chance.randrange(ROWS)} of many"])
    with open(g, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "weight"])
        for key in range(ROWS // 3):
            writer.writerow([key, key % 97])
    return f, g


def rows(outcome):
    return outcome.text


def ask(dsh, options, statement, **more):
    return run(dsh, *options, "--format=csv", "--report=none", "-c", statement, **more)


def answers(tally: Tally, dsh: str, scratch: Path):
    f, g = files(scratch)
    for statement in STATEMENTS:
        text = statement.format(f=f, g=g)
        small, large = ask(dsh, SMALL, text, timeout=300), ask(dsh, LARGE, text, timeout=300)
        shown = statement.replace("{f}", "f").replace("{g}", "g")
        tally.check(large.status == 0 and large.text, f"large stores: {shown}", large.error_text)
        tally.check(small.status == 0 and small.text == large.text, f"small stores: {shown}", small.error_text[-500:] + small.text[:200] + large.text[:200])


def orders(tally: Tally, dsh: str, scratch: Path):
    f, _ = files(scratch)
    outcome = ask(dsh, SMALL, f"read {f} | sort value desc, id | write {scratch}/sorted.csv", timeout=300)
    tally.check(outcome.status == 0, "a sorted file is written from small stores", outcome.error_text)
    with open(f, newline="") as file:
        expected = sorted(list(csv.reader(file))[1:], key=lambda row: (-float(row[2]), int(row[0])))
    with open(scratch / "sorted.csv", newline="") as file:
        found = list(csv.reader(file))[1:]
    same = [(int(a[0]), float(a[2]), a[4]) for a in found] == [(int(a[0]), float(a[2]), a[4]) for a in expected]
    tally.check(same, "it holds every row once, in order", f"{len(found)} of {len(expected)}")


def levels(tally: Tally, dsh: str, scratch: Path):
    f, _ = files(scratch)
    for level in ["memory+disk", "disk"]:
        outcome = ask(dsh, SMALL, f"x = read {f} | persist --level={level}; x | sum id; nodes kill node1; x | sum id; x | filter id == 77777 | agg m = max(id) | take 1; x | unpersist", timeout=300)
        expected = str(ROWS * (ROWS - 1) // 2)
        tally.check(outcome.status == 0 and outcome.text.split().count(expected) == 2 and "77777" in outcome.text.split(), f"kept at {level}, and made anew after a death",
                    outcome.text + outcome.error_text)
    outcome = ask(dsh, SMALL, f"read {f} | persist", timeout=300)
    tally.check(outcome.status != 0 and "store-full" in outcome.error_text and "--level=memory+disk" in outcome.error_text, "memory alone is refused with the choices",
                outcome.error_text)


def limits(tally: Tally, dsh: str, scratch: Path):
    f, _ = files(scratch)
    for what, options in [("no disk", ["--spill-limit=0"]), ("little disk", ["--spill-limit=1M"])]:
        outcome = ask(dsh, SMALL + options + ["--keep-going"], f"read {f} | sort value desc, id | write {scratch}/s.csv --force; read {f} | count", timeout=300)
        tally.check("store-full" in outcome.error_text and str(ROWS) in outcome.text.split(), f"{what}: an error, and the shell lives",
                    outcome.text + outcome.error_text[-600:])
    outcome = ask(dsh, SMALL + ["--spill-directory=/nowhere/at/all"], "range 3 | count")
    tally.check(outcome.status != 0 and "/nowhere/at/all" in outcome.error_text, "a folder that is not there is refused at once", outcome.error_text)
    inner = scratch / "spill"
    inner.mkdir()
    outcome = ask(dsh, SMALL + [f"--spill-directory={inner}"], f"read {f} | persist --level=disk | count; !ls {inner} | wc -l", timeout=300)
    tally.check(outcome.status == 0 and outcome.text.split()[-1] == "0", "files have no names", outcome.text + outcome.error_text)


def deaths(tally: Tally, dsh: str, scratch: Path):
    """Nodes die while blocks are written and read; the answer is right, and no file is left open."""
    f, g = files(scratch)
    chance = random.Random(11)
    expected = {statement: ask(dsh, LARGE, statement.format(f=f, g=g), timeout=300).text for statement in STATEMENTS[:8]}
    for number in range(16):
        statement = STATEMENTS[number % 8]
        process = subprocess.Popen([dsh, "--nodes=3", "--object-store-memory=6M", "--format=csv", "--report=none", "-c", statement.format(f=f, g=g)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(chance.uniform(0.05, 0.9))
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
        if children:
            try:
                os.kill(int(chance.choice(children)), signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            err += " (hung)"
        tally.check(process.returncode == 0 and out == expected[statement], f"a death in {statement.replace('{f}', 'f').replace('{g}', 'g')}", err[-600:] + out[:300])


def interrupts(tally: Tally, dsh: str, scratch: Path):
    f, _ = files(scratch)
    for wait in [0.1, 0.3, 0.6]:
        process = subprocess.Popen([dsh, *SMALL, "--format=csv", "--report=none", "--keep-going", "-c", f"read {f} | sort text, id | write {scratch}/s.csv --force; range 5 | count"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=30)
            ended = True
        except subprocess.TimeoutExpired:
            process.kill()
            ended = False
        tally.check(ended, f"an interrupt after {wait} s ends it")
        process = subprocess.Popen([dsh, *SMALL, "-c", f"read {f} | persist --level=disk | sort text | persist --level=disk"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
        process.kill()
        process.wait()
        end = time.monotonic() + 2
        while any(os.path.exists(f"/proc/{child}") for child in children) and time.monotonic() < end:
            time.sleep(0.01)
        tally.check(not any(os.path.exists(f"/proc/{child}") for child in children), f"a kill after {wait} s leaves no process, and so no file")


SCENARIOS = [answers, orders, levels, limits, deaths, interrupts]

if __name__ == "__main__":
    run_scenarios(__doc__, SCENARIOS, "spilling")
