#!/usr/bin/env python3
"""Throws random bytes and broken scripts at dsh: whatever comes, it ends in time with exit code 0, 1 or 2 and never by a signal.

    python3 Tests/Robustness/fuzz.py --dsh .build/release/dsh --seed 1 --count 1000

COUNT random byte strings and COUNT mutated scripts go to `-c`, and as many of each as --input says to standard input. All of it follows
from the seed; a failure prints the text to repeat it with. Runs in a folder of its own with --safe off: the words that would write or run
other programs (`write`, `!`, `cd`, `source`) are left out of the alphabet of the mutations.
"""

import os
import random
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

ALLOWED_STATUS = {0, 1, 2}
SECONDS = 20
TABLE = "id,name,amount,day,ok\n" + "".join(
    f"{row},{'name ' + chr(97 + row % 26)},{row * 1.5 if row % 7 else ''},2024-01-{row % 28 + 1:02d},{'true' if row % 3 else 'false'}\n"
    for row in range(200))
SCRIPTS = [
    "read t.csv | filter amount > 100 and ok | map x = amount / 3, y = upper(name) | take 5",
    "read --header=true --delim=',' t.csv\nfilter day >= date(\"2024-01-10\")\nagg n = count(), mean(amount) by name\nsort n desc\ntake",
    "let limit = 20\nbig = read t.csv | filter id > $limit\nbig | count\nbig | persist\nnodes\nblocks\ntransfers\ndatasets\nunpersist",
    "def half(x) = x / 2\nread t.csv | map h = half(amount), i = id // 7 % 3 | select h, i, n* | take_batch 3",
    "range 1, 100, 3 | map s = string(id) ++ \"x\", l = split(\"a b\", \" \") | select s, e = l[0], k = length(l) | show 2",
    "rows {a: 1, b: \"x\"}, {a: null, b: 'y'} | map c = a ?? 0, d = b ~ r'^x' | rename e = b | drop a | take_all",
    "read t.csv | sum amount; _1 | max day; _1 | std amount; _1 | unique ok; _1 | schema; _1 | explain; _1 | stats",
    "range 10 | union (range 5) | limit --offset=3 4 | take; undo; set width 40; help filter; help upper; timing off",
    "read t.csv | map z = case(id < 5, 1, id < 9, 2, 3), w = if(ok, \"a\", \"b\"), v = try_cast(name, int64), u = id::float64 | take 2",
    "read t.csv | filter id in [1, 2, 3] or name not in [\"name a\"] or amount between 1 and 1e2 | count # done",
    "range 9223372036854775800, 9223372036854775807 | map a = id * 2 | take", "range 5 | map a = -id % 0, b = 1 // 0, c = pow(10, 400) | take",
]
FRAGMENTS = [
    "|", ";", "\n", "(", ")", "[", "]", "{", "}", ",", "=", "==", "--", "`", "'", '"', "\\", "#", "$", "$x", "*", "**", "::", "??", "..", "_", "_9",
    "null", "true", "9223372036854775807", "-9223372036854775808", "1e999", "0x", "1_000", "2G", "\u00e9", "\U0001f600", "\u0301", "\u202e", "\t",
    "filter", "map", "select", "agg", "by", "sort", "desc", "take", "count", "limit", "union", "rows", "range", "read", "let", "def", "not", "and",
    "between", "in", "if(", "case(", "split(", "regex_replace(name, '(', '$9')", "substr(name, -9223372036854775808, 9223372036854775807)",
    "repeat(name, 1000000000000)", "pad_left(name, 2147483648)", "date(", "timestamp(", "date_add('month', 9223372036854775807, day)",
    "round(amount, 9223372036854775807)", "format_time(day, '%')", "make_date(9999999999, 13, 99)", "slice(split(name, ''), -5, 99999999999)",
    "name[9223372036854775807]", "int64(1e300)", "from_epoch(1e300)", "--blocks=0", "--blocks=999999999999", "--block-bytes=0", "--skip=-1",
    "--names=a,a", "--types=id:nope", "nodes", "blocks", "undo", "help", "set", "quit",
]
WITHOUT = ("write", "!", "cd", "source", "kill", "nodes add", "to_pandas", "map_batches")


def random_bytes(generator: random.Random) -> bytes:
    """Bytes of one of several kinds: any, printable, or whole characters from all of Unicode."""
    length = generator.choice([1, 3, 10, 40, 200, 2000])
    kind = generator.randrange(3)
    if kind == 0:
        made = bytes(generator.randrange(1, 256) for _ in range(length))  # an argument holds no zero byte
    elif kind == 1:
        made = bytes(generator.randrange(32, 127) for _ in range(length))
    else:
        made = "".join(chr(generator.choice([generator.randrange(32, 0x250), generator.randrange(0x1F300, 0x1F700)])) for _ in range(length)).encode()
    return made.replace(b"!", b"?")


def mutated(generator: random.Random) -> bytes:
    """A script with pieces left out, doubled, exchanged or put in."""
    text = generator.choice(SCRIPTS)
    for _ in range(generator.choice([1, 1, 2, 3, 6, 15])):
        start = generator.randrange(len(text) + 1)
        end = min(len(text), start + generator.choice([0, 1, 1, 2, 5, 12]))
        action = generator.randrange(5)
        if action == 0:
            text = text[:start] + text[end:]
        elif action == 1:
            text = text[:end] + text[start:end] + text[end:]
        elif action == 2:
            text = text[:start] + generator.choice(FRAGMENTS) + text[end:]
        elif action == 3:
            text = text[:start] + " " + generator.choice(FRAGMENTS) + " " + text[start:]
        else:
            other = generator.choice(SCRIPTS)
            cut = generator.randrange(len(other) + 1)
            text = text[:start] + other[cut:cut + generator.choice([3, 10, 40])] + text[end:]
    return text.replace("!", " ").encode()


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000, help="texts of each of the two kinds for -c (default: %(default)s)")
    parser.add_argument("--input", type=int, default=100, help="texts of each of the two kinds for standard input (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    options = parser.parse_args()
    generator = random.Random(options.seed)
    cases = []
    for count, how in ((options.count, "-c"), (options.input, "-")):
        cases += [(how, "random bytes", random_bytes(generator)) for _ in range(count)]
        while count > 0:
            script = mutated(generator)
            if not any(word in script.decode() for word in WITHOUT):
                cases.append((how, "mutated script", script))
                count -= 1
    tally, statuses = Tally(), {}
    with tempfile.TemporaryDirectory(prefix="dsh-fuzz-") as folder:
        Path(folder, "t.csv").write_text(TABLE)
        fixed = [options.dsh, "--nodes=1", "--object-store-memory=64M"]

        def attempt(case):
            how, _, text = case
            if how == "-c":
                return run(*fixed, "-c", os.fsdecode(text), folder=folder, timeout=SECONDS)
            return run(*fixed, "-", folder=folder, timeout=SECONDS, input=text)

        with ThreadPoolExecutor(options.jobs) as pool:
            for (how, kind, text), outcome in zip(cases, pool.map(attempt, cases)):
                statuses[outcome.status] = statuses.get(outcome.status, 0) + 1
                reason = f"no end within {SECONDS} s" if outcome.status == 124 else f"exit code {outcome.status}"
                tally.check(
                    outcome.status in ALLOWED_STATUS, f"{kind} to {how}: {reason}", f"{text!r}\n       {outcome.error_text[-300:]}")
    print(f"seed {options.seed}: " + ", ".join(f"{count} ended with {status}" for status, count in sorted(statuses.items())))
    tally.finish()


if __name__ == "__main__":
    main()
