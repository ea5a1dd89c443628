#!/usr/bin/env python3
"""Follows the advice of errors about CSV files: every option that one recommends has to mend that error.

    python3 Tests/Comparison/csv_advice.py --dsh .build/release/dsh [--files 200] [--seed N]

A table of files with one fault each has to be mended by what its error says; files that are dirty at random may have several faults, each
of which has to go with the option that is recommended for it. Every random file has its own seed, which is printed with a failure.
"""

import random
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

# Name, bytes, options given at first. Each fails, and its error recommends an option.
FAULTS = [
    ("short-row", b"a,b,c\n1,2,3\n4,5\n6,7,8\n", ""),
    ("long-row", b"a,b\n1,2\n3,4,5\n6,7\n", ""),
    ("short-header", b"a,b\n1,2,3\n4,5,6\n7,8,9\n", ""),
    ("text-before", b"Report of 2024\nid,name\n1,x\n2,y\n3,z\n", ""),
    ("lines-before", b"Report\n\nMade by hand\nid,name\n1,x\n2,y\n3,z\n", ""),
    ("latin-1", "a,b\n1,café\n2,naïve\n".encode("latin-1"), ""),
    ("windows-1252", "a,b\n1,“quoted”\n2,5 €\n".encode("cp1252"), ""),
    ("latin-1-late", b"a,b\n" + b"1,x\n" * 600_000 + b"2,caf\xe9\n", ""),
    ("utf-16-le", "a,b\n1,x\n2,y\n".encode("utf-16-le"), ""),
    ("utf-16-be", "a,b\n1,x\n2,y\n".encode("utf-16-be"), ""),
    ("utf-16-unmarked", "a,b\n1,x\n2,y\n".encode("utf-16-be"), "--encoding=utf16"),
    ("utf-16-otherwise", "a,b\n1,x\n2,y\n".encode("utf-16"), "--encoding=utf16be"),
    ("open-quote", b'a,b\n1,x\n2,"y\n3,z\n', ""),
    ("type-number", b"a,b\n1,x\n2,y\nz,w\n", "--types=a:int64"),
    ("type-odd-name", b'"a,b",c d\n1,x\n2,y\n', '--types="c d:int64"'),
    ("type-comma-name", b'"a,b",c\n1,x\nz,y\n', '--types="a,b:int64"'),
    ("type-quote-name", b'"say ""a""",c\n1,x\nz,y\n', '--types="say \\"a\\":int64"'),
    ("few-names", b"1,2,3\n4,5,6\n", "--names=a,b"),
    ("many-names", b"1,2,3\n4,5,6\n", "--names=a,b,c,d"),
    ("quote-in-separator", b'1","2","3\n4","5","6\n', "--delim='\",\"'"),
    ("tab-as-quote", b"a,b\n1,2\n", "--quote=tabulator"),
]


def recommended(errors: str) -> list:
    """The options that the first error recommends, behind its carets."""
    for line in errors.splitlines():
        match = re.match(r"\s*\|\s+\^+ (.*)", line)
        if match:
            return re.findall(r"--[a-z-]+=(?:\"(?:\\.|[^\"\\])*\"|[^\s,)]+)", match.group(1))[:1]
    return []


def code(errors: str) -> str:
    match = re.search(r"error\[([a-z0-9-]+)\]", errors)
    return match.group(1) if match else ""


def with_option(options: list, option: str) -> list:
    """Options with one more, which takes the place of an earlier one of the same name; lines to skip are what the error says in all."""
    name = option.split("=", 1)[0]
    return [given for given in options if given.split("=", 1)[0] != name] + [option]


def follow(binary: str, folder: Path, name: str, options: list):
    """Runs and does what errors recommend until nothing is recommended: the outcome, and what was tried on the way with what came of it."""
    path = []
    while True:
        statement = f"read {' '.join(options)} '{name}' | take_all"
        outcome = run(binary, "--format=csv", "-c", statement, folder=folder)
        advice = recommended(outcome.error_text) if outcome.status else []
        path.append((statement, code(outcome.error_text), advice))
        if outcome.status == 0 or not advice or len(path) > 6:
            return outcome, path
        options = with_option(options, advice[0])


def dirty(seed: int) -> bytes:
    """A file of a few records with faults at random."""
    source = random.Random(seed)
    width = source.choice([1, 2, 3, 5])
    cells = [b"1", b"22", b"-3.5", b"x", b"a b", b'"q"', b'"a,b"', b'"two\nlines"', b"caf\xc3\xa9", b"", b"2024-01-31", b"'x'"]
    faults = [b"caf\xe9", b"\x93q\x94", b'"open', b'5" disk', b"a\x00b", b"x,y", b"\r", b"\\", b'"x"y', b"# note"]
    ends = source.choice([[b"\n"], [b"\r\n"], [b"\n", b"\r\n"], [b"\r"]])
    lines = [b",".join(b"c%d" % column for column in range(width))] if source.random() < 0.7 else []
    for _ in range(source.choice([1, 3, 20])):
        line = [source.choice(faults) if source.random() < 0.05 else source.choice(cells) for _ in range(width)]
        if source.random() < 0.1:
            line = line[:-1] if source.random() < 0.5 else line + [b"more"]
        lines.append(b",".join(line))
    if source.random() < 0.2:
        lines.insert(0, b"A title of the table")
    return b"".join(line + source.choice(ends) for line in lines)


def check_fault(tally: Tally, binary: str, folder: Path, name: str, content: bytes, options: str):
    (folder / f"{name}.csv").write_bytes(content)
    outcome, path = follow(binary, folder, f"{name}.csv", [options] if options else [])
    tally.check(len(path) == 2 and outcome.status == 0, name, f"{path} {outcome.error_text.strip()[:300]}")


def check_dirty(tally: Tally, binary: str, folder: Path, seed: int):
    name = f"dirty-{seed}.csv"
    (folder / name).write_bytes(dirty(seed))
    outcome, path = follow(binary, folder, name, [])
    names = [option.split("=", 1)[0] for _, _, advice in path for option in advice]
    is_mended = len(set(names)) == len(names) and outcome.status in (0, 1)
    tally.check(is_mended, f"seed {seed}", f"{path} {outcome.error_text.strip()[:300]}")


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--files", type=int, default=200, help="how many random files (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first random file (default: %(default)s)")
    options = parser.parse_args()
    tally = Tally()
    print(f"seeds {options.seed} to {options.seed + options.files - 1}")
    with tempfile.TemporaryDirectory() as folder:
        for name, content, given in FAULTS:
            check_fault(tally, options.dsh, Path(folder), name, content, given)
        for seed in range(options.seed, options.seed + options.files):
            check_dirty(tally, options.dsh, Path(folder), seed)
    tally.finish()


if __name__ == "__main__":
    main()
