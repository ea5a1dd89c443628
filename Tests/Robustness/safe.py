#!/usr/bin/env python3
"""Tries to leave safe mode with generated paths: `..`, links, `/proc`, patterns, case, blanks, and names that are nearly right.

    python3 Tests/Robustness/safe.py --dsh .build/release/dsh --seed 7 --count 2000

COUNT paths follow from the seed and go to `read`, `ls`, `source` and `cd` in one session. Files and folders outside the root hold words that no path
spells, in their names and in their cells: none of these may be printed, and every folder that `cd` comes to lies under the root. What is
inside has to be read as ever, and the same paths without --safe must find what is outside, or the search would be blind. A part of the
paths is completed with Tab at a terminal, too, where Ctrl-X Ctrl-E and the pager must not start anything.
"""

import os
import pty
import random
import re
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

# Words that stand outside only; what is typed holds at most their beginnings, or the names with a letter missing.
OUTSIDE_CELL, OUTSIDE_COLUMN, OUTSIDE_NAME, OUTSIDE_FOLDER = "quxcellqux", "quxcolumnqux", "vaultname", "vaultfolder"
INSIDE_CELL = "innercell"
FORBIDDEN = [OUTSIDE_CELL, OUTSIDE_COLUMN, OUTSIDE_NAME, OUTSIDE_FOLDER, "root:x:0", "daemon:x:"]


def make_tree(scratch: Path) -> Path:
    root = scratch / "root"
    inside = f"a,b\n1,{INSIDE_CELL}\n"
    for name in ("data.csv", "my file.csv", "sub/deep.csv", "sub/UPPER.csv", "sub/sub/deepest.csv", "set[1].csv", " lead.csv", "é.csv"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(inside)
    (root / "good.dsh").write_text("range 1\n")
    for folder in ("outside", "root2", "ROOT", "root /x", "é"):
        place = scratch / folder
        (place / OUTSIDE_FOLDER).mkdir(parents=True)
        for name in ("secret.csv", "data.csv", f"{OUTSIDE_NAME}.csv", f"{OUTSIDE_FOLDER}/{OUTSIDE_NAME}2.csv"):
            (place / name).write_text(f"{OUTSIDE_COLUMN},b\n1,{OUTSIDE_CELL}\n")
        (place / "bad.dsh").write_text(f"rows {{x: '{OUTSIDE_CELL}'}} | take\n")
    for link, target in (
        ("out", "../outside"), ("outfile.csv", "../outside/secret.csv"), ("up", ".."), ("etc", "/etc"), ("proc", "/proc/self/cwd"), ("loop", "loop"),
        ("dangling.csv", "../outside/none.csv"), ("chain", "out"), ("sub/back", ".."), ("inner", "sub"), ("inner.csv", "sub/deep.csv"),
        ("sub/far.csv", str(scratch / "outside" / "secret.csv")), ("slash", "/"),
    ):
        (root / link).symlink_to(target)
    return root


STEPS = ["..", "..", ".", "", "sub", "sub", "inner", "out", "chain", "up", "etc", "proc", "loop", "slash", "outside", "root", "root2", "ROOT", "root ",
         "*", "**", "?ut", "[o]ut", "{out,sub}", "s*", "o*", "u?", "v*", "Sub", "OUT", " sub", "sub ", "back", "é", "e\u0301", "missing", "self", "cwd"]
ENDS = ["data.csv", "secret.csv", "deep.csv", "outfile.csv", "inner.csv", "dangling.csv", "far.csv", "*.csv", "*", "**/*.csv", "s*.csv", "?ecret.csv",
        "[a-z]*.csv", "{secret,data}.csv", "bad.dsh", "good.dsh", "vaultnme.csv", "vaultnam.csv", "secrt.csv", "passwd", "passw?", "hostname", "DATA.csv",
        "my file.csv", " lead.csv", "set[1].csv", "é.csv", "", ".", "..", "vaultfoldr", "environ", "status", "UPPER.csv", "deepest.csv"]
STARTS = ["/proc/self/cwd", "/proc/self/root", "/proc/thread-self/cwd", "/proc/1/root", "/proc/self/fd", "/dev/fd", "/etc", "/", "//", "~", "~root", "/dev"]


# What is inside, as links and dots lead there too.
INSIDE = ["data.csv", "sub/deep.csv", "./sub//deep.csv", "sub/../data.csv", "inner/deep.csv", "inner.csv", "sub/back/data.csv", "*.csv", "s*/d*.csv",
          "**/deep*.csv", "my file.csv", "set[1].csv", "proc/data.csv", "sub", "sub/", "good.dsh", "sub/sub"]


def make_path(chance: random.Random, root: Path, scratch: Path) -> str:
    if chance.random() < 0.25:
        return chance.choice(["", "", f"{root}/"]) + chance.choice(INSIDE).lstrip("/")
    start = chance.choices(["", f"{root}", f"{root}/", f"{scratch}", f"{scratch}/outside", "out", f"{root}2", f"{root}/.", chance.choice(STARTS)],
                           [8, 4, 1, 2, 1, 1, 1, 1, 3])[0]
    steps = [chance.choice(STEPS) for _ in range(chance.choices([0, 1, 2, 3, 5], [4, 5, 4, 2, 1])[0])]
    # Half of all ends are plain names, so that much is met.
    path = "/".join(([start] if start else []) + steps + [chance.choice(ENDS)])
    return path or "."


def quoted(path: str) -> str:
    """Bare where the language allows it, so that patterns are patterns; else in quotes."""
    return path if re.fullmatch(r"[^\s\"'|;,#`\\$=]+", path) and not path.startswith("-") else '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def statements(chance: random.Random, paths: list, root: Path) -> list:
    lines = []
    for path in paths:
        verb = chance.choices(["read", "schema", "ls", "source", "cd", "write", "save"], [10, 3, 6, 3, 3, 1, 1])[0]
        text = quoted(path)
        lines += {
            "read": [f"read {text} | take 3"], "schema": [f"read --with-path {text} | schema"], "ls": [f"ls {text}"], "source": [f"source {text}"],
            "cd": [f"cd {text}", "pwd", f'cd "{root}"'], "write": [f"range 1 | write --force --format=csv {text}"], "save": [f"history save --force {text}"],
        }[verb]
    return lines


def without_typed(text: str) -> str:
    """The output without the excerpts of the script that errors show."""
    return "\n".join(line for line in text.splitlines() if not re.match(r"^ *\d+ \| ", line) and not line.startswith(" --> "))


def session(tally: Tally, dsh: str, root: Path, scratch: Path, lines: list):
    (scratch / "script.dsh").write_text("\n".join(lines) + "\n")
    before = sorted(scratch.rglob("*"))
    options = ["--nodes=1", "--slots=2", "--keep-going", "--format=csv", str(scratch / "script.dsh")]
    # Statements are echoed, so that what pwd says is told from what ls lists: links that lead outside have names inside.
    safe = run(dsh, "--safe", "--echo", *options, "--format=table", folder=root, timeout=100)
    printed = without_typed(re.sub(r"^dsh> .*\n", "", safe.text, flags=re.MULTILINE) + safe.error_text)
    for word in FORBIDDEN:
        where = printed.find(word)
        tally.check(where < 0, f"nothing outside is printed: {word}", printed[max(0, where - 300):where + 100])
    places = re.findall(r"^dsh> pwd\n(/.*)$", safe.text, re.MULTILINE)
    wrong = [place for place in places if os.path.realpath(place) != str(root) and not os.path.realpath(place).startswith(f"{root}/")]
    tally.check(places and not wrong, "cd stays under the root", str(wrong[:5]))
    tally.check(safe.text.count(INSIDE_CELL) > len(lines) // 50, "what is inside is read", f"{safe.text.count(INSIDE_CELL)} times")
    tally.check(safe.error_text.count("error[unsafe]") > len(lines) // 10, "much was refused", f"{safe.error_text.count('error[unsafe]')} times")
    tally.check(sorted(scratch.rglob("*")) == before, "nothing was written")
    tally.check(safe.status in (0, 1, 2), "the session ends by itself", f"{safe.status} {safe.error_text[-300:]}")
    reading = [line for line in lines if line.startswith(("read", "ls"))]
    (scratch / "script.dsh").write_text("\n".join(reading) + "\n")
    free = without_typed((lambda found: found.text + found.error_text)(run(dsh, *options, folder=root, timeout=100)))
    for word in FORBIDDEN[:4]:
        tally.check(word in free, f"without --safe the same paths print {word}")


def exact(tally: Tally, dsh: str, root: Path, scratch: Path):
    """A few paths with what is expected of each."""
    for path, is_allowed in (
        ("data.csv", True), ("sub/../data.csv", True), ("inner/deep.csv", True), ("inner.csv", True), (f"{root}/sub/back/data.csv", True),
        ("/proc/self/cwd/data.csv", True), ("../outside/secret.csv", False), (f"{root}/../outside/secret.csv", False), ("out/secret.csv", False),
        ("outfile.csv", False), ("chain/secret.csv", False), (f"{root}2/data.csv", False), ("sub/far.csv", False), ("loop", False), ("slash/etc/passwd", False),
        ("/proc/self/root/etc/passwd", False), ("dangling.csv", False), ("*/secret.csv", False),
    ):
        outcome = run(dsh, "--safe", "--nodes=1", "--format=csv", "-c", f"read {path} | count", folder=root)
        tally.check((outcome.status == 0) == is_allowed, f"read {path}: {'allowed' if is_allowed else 'refused'}", outcome.error_text)
        if not is_allowed:
            tally.check("error[unsafe]" in outcome.error_text, f"read {path}: refused as unsafe", outcome.error_text)
    for options, allowed in ((["--safe-root", "/"], True), (["--safe", "--safe-root", str(scratch / "outside")], True), (["--safe-root", str(root / "sub")], False)):
        outcome = run(dsh, *options, "--nodes=1", "--format=csv", "-c", f"read {scratch}/outside/secret.csv | count", folder=root)
        tally.check((outcome.status == 0) == allowed, f"{options}: {'allowed' if allowed else 'refused'}", outcome.error_text)


class Typist:
    """dsh at a terminal of its own."""

    def __init__(self, dsh: str, root: Path, environment: dict):
        self.terminal, own = pty.openpty()
        self.process = subprocess.Popen(
            [dsh, "--safe", "--nodes=1", "--quiet", "--no-init"], cwd=root, stdin=own, stdout=own, stderr=own, start_new_session=True,
            env={**os.environ, **environment, "TERM": "xterm", "LC_ALL": "C.UTF-8"})
        os.close(own)
        self.seen = ""

    def read(self, quiet_seconds: float):
        """Reads until nothing comes for a while."""
        while select.select([self.terminal], [], [], quiet_seconds)[0]:
            try:
                self.seen += os.read(self.terminal, 65536).decode("utf-8", "replace")
            except OSError:
                return

    def type(self, text: str, quiet_seconds: float = 0.02):
        os.write(self.terminal, text.encode())
        self.read(quiet_seconds)

    def close(self):
        self.type("\x03\x15\x04", 0.2)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
        os.close(self.terminal)


def at_a_terminal(tally: Tally, dsh: str, root: Path, scratch: Path, paths: list):
    home = scratch / "home"
    (home / ".local/state/dsh").mkdir(parents=True)
    (home / ".local/state/dsh/history").write_text(f"read /{OUTSIDE_NAME}\n")
    for name in ("editor", "pager"):
        (scratch / name).write_text(f"#!/bin/sh\ntouch {scratch}/{name}-ran\ncat\n")
        (scratch / name).chmod(0o755)
    typist = Typist(dsh, root, {"HOME": str(home), "EDITOR": str(scratch / "editor"), "VISUAL": "", "PAGER": str(scratch / "pager"), "XDG_STATE_HOME": ""})
    typist.read(1)
    for path in paths:
        # A name that is being typed: some letters of it, or its folder alone.
        for text in (path, path[:path.rfind("/") + 1], path[:-2]):
            typist.type(f"read {text}\t")
            typist.type("\x15")
    typist.type("\x1b[A", 0.1)
    typist.type("\x15range 3\x18\x05", 0.2)
    typist.type("\x15range 500 | take 400\r", 0.6)
    typist.type("!touch " + str(scratch / "shell-ran") + "\r", 0.2)
    typist.type("s" + str(scratch / "saved") + "\r", 0.2)
    typist.type("q", 0.2)
    typist.close()
    seen = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", typist.seen)
    for word in FORBIDDEN:
        tally.check(word not in seen, f"completing names nothing outside: {word}", seen[max(0, seen.find(word) - 200):seen.find(word) + 100])
    tally.check("deep.csv" in seen, "completing names what is inside", seen[-500:])
    for name in ("editor-ran", "pager-ran", "shell-ran", "saved"):
        tally.check(not (scratch / name).exists(), f"no program was started and no file written: {name}")
    tally.check((home / ".local/state/dsh/history").read_text() == f"read /{OUTSIDE_NAME}\n", "the history is left alone")


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=2000)
    options = parser.parse_args()
    tally = Tally()
    chance = random.Random(options.seed)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dsh-safe-") as folder:
        scratch = Path(folder).resolve()
        root = make_tree(scratch)
        paths = [make_path(chance, root, scratch) for _ in range(options.count)]
        session(tally, options.dsh, root, scratch, statements(chance, paths, root))
        exact(tally, options.dsh, root, scratch)
        at_a_terminal(tally, options.dsh, root, scratch, [path for path in paths if path.isascii()][:max(20, options.count // 25)])
    print(f"seed {options.seed}: {options.count} paths in {time.monotonic() - begin:.1f} s")
    tally.finish()


if __name__ == "__main__":
    main()
