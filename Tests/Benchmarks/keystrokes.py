#!/usr/bin/env python3
"""Measures what typing feels like: from a key to the repaint, and from Tab to the list.

    python3 Tests/Benchmarks/keystrokes.py .build/release/dsh [keys]

The real program runs in a pseudo-terminal. The first figure types a statement of 2,000 characters over a dataset of 200 columns and goes on
editing at its end and in its middle; the second asks for completions in a folder of 10,000 files. A benchmark, not a test: nothing fails.
"""

import os
import select
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Terminal"))
from terminal import Terminal  # noqa: E402

COLUMNS = 200
CHARACTERS = 2000
FILES = 10_000


def answer_seconds(terminal, keys):
    """From sending keys to the first bytes that come back."""
    start = time.perf_counter()
    os.write(terminal.master, keys.encode())
    select.select([terminal.master], [], [], 10)
    seconds = time.perf_counter() - start
    terminal.pump(0.002)
    return seconds


def report(name, samples):
    milliseconds = sorted(sample * 1000 for sample in samples)
    at = lambda share: milliseconds[min(len(milliseconds) - 1, int(len(milliseconds) * share))]  # noqa: E731
    print(f"{name}: median {statistics.median(milliseconds):.2f} ms, p99 {at(0.99):.2f} ms, largest {milliseconds[-1]:.2f} ms "
          f"({len(milliseconds)} times)")


def statement():
    """A whole pipeline of about 2,000 characters."""
    stages, index = [], 0
    while len(" | ".join(stages)) < CHARACTERS:
        stages.append(f"filter column_{index % COLUMNS} > {index} and column_{(index + 7) % COLUMNS} != {index * 3}")
        stages.append(f"map ratio_{index} = round(column_{index % COLUMNS} / (column_{(index + 1) % COLUMNS} + 1), 2)")
        index += 1
    return " | ".join(stages)[:CHARACTERS]


def typing(binary, home, keys):
    with open(os.path.join(home, "wide.csv"), "w") as file:
        file.write(",".join(f"column_{index}" for index in range(COLUMNS)) + "\n")
        for row in range(20):
            file.write(",".join(str(row * index) for index in range(COLUMNS)) + "\n")
    for name, start in ("over the current dataset", ""), ("with read in front", "read wide.csv | "):
        terminal = Terminal([binary], home, 120, 50)
        terminal.wait_prompt()
        terminal.run("read wide.csv")
        text = (start + statement())[:CHARACTERS]
        typed = [answer_seconds(terminal, character) for character in text]
        report(f"key to repaint, while {CHARACTERS:,} characters are typed, {name}", typed)
        at_end = []
        for index in range(keys):
            at_end.append(answer_seconds(terminal, "x" if index % 2 == 0 else "\x7f"))
        report(f"key to repaint, at the end of {CHARACTERS:,} characters, {name}", at_end)
        for _ in range(CHARACTERS // 2):
            os.write(terminal.master, b"\x1b[D")
            terminal.pump(0)
        terminal.pump(0.5)
        report(f"key to repaint, in the middle of {CHARACTERS:,} characters, {name}",
               [answer_seconds(terminal, "x" if index % 2 == 0 else "\x7f") for index in range(keys)])
        terminal.close()


def completing(binary, home, keys):
    folder = os.path.join(home, "many")
    os.mkdir(folder)
    for index in range(FILES):
        open(os.path.join(folder, f"part_{index:05}.csv"), "w").close()
    terminal = Terminal([binary], home, 120, 50)
    terminal.wait_prompt()
    for name, text in ("all of them", "read many/"), ("those that begin so", "read many/part_01"):
        samples = []
        for _ in range(keys):
            terminal.send(text)
            terminal.pump(0.05)
            samples.append(answer_seconds(terminal, "\t"))
            terminal.pump(0.02)
            terminal.send("\x03")
            terminal.wait_prompt()
        report(f"Tab to list in a folder of {FILES:,} files, {name}", samples)
    terminal.close()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    keys = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    home = tempfile.mkdtemp(prefix="dsh-typing-")
    try:
        typing(binary, home, keys)
        completing(binary, home, max(10, keys // 20))
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
