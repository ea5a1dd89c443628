#!/usr/bin/env python3
"""Keeps datasets while shells are killed, disks fill up, files are damaged, and others have a hand in the folder.

    python3 Tests/Robustness/kept.py --dsh .build/release/dsh [--kills 200] [--mutations 2000] [--seed N] [--only TEXT]

A kept dataset is whole under its name, as it was or as it is now, or it is not there. Kills come at random moments of `persist NAME` and `refresh`; damaged
files follow from the seed: each gives an error or rows of the right columns, and the shell and its nodes live on.
"""

import fcntl
import json
import os
import random
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, json_values, run

ROWS = 20_000
SUMMARY = "v | agg low = min(k), high = max(k), n = count() | take"


class Place:
    """A folder with an input, and the folder of kept datasets."""

    def __init__(self, dsh: str, scratch: Path):
        self.dsh, self.scratch = dsh, scratch
        self.folder = scratch / "data" / "datasets"
        self.folder.parent.mkdir()
        self.input = scratch / "v.csv"

    def command(self, *texts: str, options=()) -> list:
        words = [self.dsh, "--nodes=2", f"--dataset-directory={self.folder}", "--format=json", *options]
        for text in texts:
            words += ["-c", text]
        return words

    def run(self, *texts: str, options=(), **settings):
        command = self.command(*texts, options=options)
        return run(command[0], *command[1:], folder=self.scratch, **settings)

    def write(self, value: int, rows: int = ROWS):
        """Another input, in one step."""
        other = self.scratch / "other.csv"
        other.write_text("id,k,t\n" + "".join(f"{row},{value},word{row % 700}\n" for row in range(rows)))
        other.rename(self.input)

    def names(self) -> list:
        return sorted(os.listdir(self.folder)) if self.folder.exists() else []

    def summary(self) -> tuple:
        """Least and greatest value, and the rows; or the errors."""
        outcome = self.run(SUMMARY)
        try:
            (row,) = outcome.results()[-1]
            return row["low"], row["high"], row["n"]
        except (IndexError, ValueError, KeyError, TypeError):
            return outcome.error_text, outcome.status, None


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def code_of(outcome) -> str:
    found = re.search(r"error\[([a-z0-9-]+)\]", outcome.error_text)
    return found.group(1) if found else f"exit {outcome.status}: {outcome.error_text}"


def next_shell(tally: Tally, place: Place, options):
    place.write(1)
    missing = place.run("datasets")
    tally.check(missing.status == 0 and not place.folder.exists(), "looking makes no folder", missing.error_text)
    tally.check(place.run("read v.csv | persist v").status == 0, "persist NAME")
    tally.check(place.summary() == (1, 1, ROWS), "the next shell has the rows", str(place.summary()))
    tally.check(mode(place.folder) == 0o700, "the folder is 0700", oct(mode(place.folder)))
    tally.check(mode(place.folder / "v.arrow") == 0o600, "the file is 0600", oct(mode(place.folder / "v.arrow")))
    tally.check(place.names() == ["v.arrow"], "nothing else lies there", str(place.names()))
    receipt = place.run("v | sum k", options=["--report=json"]).receipts()[-1]
    tally.check(receipt["mapped_bytes"] >= ROWS * 8, "its bytes are mapped", str(receipt))
    old = os.umask(0)
    try:
        place.run("range 3 | persist open")
    finally:
        os.umask(old)
    tally.check(mode(place.folder / "open.arrow") == 0o600, "whatever the umask is", oct(mode(place.folder / "open.arrow")))


def shells_at_once(tally: Tally, place: Place, options):
    """Two shells read while a third refreshes: each answer is of one state."""
    place.write(0)
    place.run("read v.csv | persist v")
    readers = [subprocess.Popen(place.command(*[SUMMARY] * 60), cwd=place.scratch, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    outputs = [None, None]

    def collect(index: int):
        outputs[index] = readers[index].communicate(timeout=100)

    threads = [threading.Thread(target=collect, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    refreshed = 0
    while any(thread.is_alive() for thread in threads):
        refreshed += 1
        place.write(refreshed)
        tally.check(place.run("refresh v").status == 0, f"refresh {refreshed} beside readers")
    values = set()
    for output, errors in outputs:
        answers = json_values(output.decode())
        tally.check(len(answers) == 60, "every statement answers", f"{len(answers)}: {errors.decode()[-400:]}")
        for (row,) in answers:
            tally.check(row["low"] == row["high"] and row["n"] == ROWS, "an answer is of one state", str(row))
            values.add(row["low"])
    tally.check(values <= set(range(refreshed + 1)), "and of one that there was", str(values))
    tally.check(place.names() == ["v.arrow"], "nothing else lies there", str(place.names()))


def changes_under_a_shell(tally: Tally, place: Place, options):
    place.write(1)
    place.run("read v.csv | persist v")
    place.write(2)
    other = " ".join(f"'{word}'" for word in place.command("refresh v"))
    seen = place.run(SUMMARY, f"!{other}", SUMMARY).results()
    tally.check([row[0]["low"] for row in seen if isinstance(row, list)] == [1, 2], "a refresh elsewhere is seen by the next statement", str(seen))
    other = " ".join(f"'{word}'" for word in place.command("forget v"))
    gone = place.run(SUMMARY, f"!{other}", SUMMARY)
    tally.check(code_of(gone) == "dataset-gone", "a dataset that somebody forgets is said to be gone", code_of(gone))


def children(process: int) -> list:
    try:
        return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def kills(tally: Tally, place: Place, options):
    chance = random.Random(options.seed)
    place.write(0)
    place.run("read v.csv | persist v")
    begin = time.monotonic()
    place.run("refresh v")
    usual = time.monotonic() - begin
    current, was_new, left = 0, 0, 0
    for number in range(1, options.kills + 1):
        place.write(number)
        text = chance.choice(["refresh v", "read v.csv | persist v", "v = read v.csv | sort id | persist --keep"])
        process = subprocess.Popen(place.command(text), cwd=place.scratch, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, usual * 1.5))
        nodes = children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        left += len([name for name in place.names() if name != "v.arrow"])
        low, high, rows = place.summary()
        whole = tally.check(low == high and low in (current, number) and rows == ROWS, f"kill {number} of {text}: old or new", str((low, high, rows)))
        if whole:
            was_new += low == number
            current = low
        tally.check(place.names() == ["v.arrow"], f"kill {number}: nothing is left once a shell has been there", str(place.names()))
        end = time.monotonic() + 2
        while any(map(is_alive, nodes)) and time.monotonic() < end:
            time.sleep(0.01)
        tally.check(not any(map(is_alive, nodes)), f"kill {number}: no node is left")
    print(f"  {options.kills} kills: {was_new} left the new dataset, {options.kills - was_new} the old one; {left} hidden files for the next shell to remove")


def abandoned_files(tally: Tally, place: Place, options):
    place.write(1)
    place.run("read v.csv | persist v")
    dead, alive = place.folder / ".v.arrow.1-1.partial", place.folder / ".w.arrow.2-2.partial"
    dead.write_bytes(b"half")
    with alive.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        place.run("datasets")
        tally.check(not dead.exists(), "what a dead writer left is removed")
        tally.check(alive.exists(), "what somebody writes stays")
    place.run("datasets")
    tally.check(not alive.exists(), "until he is gone")


def links(tally: Tally, place: Place, options):
    place.write(1)
    place.run("read v.csv | persist v")
    other = place.scratch / "elsewhere"
    shutil.copytree(place.folder, other)
    (place.folder / "v.arrow").unlink()
    (place.folder / "v.arrow").symlink_to(other / "v.arrow")
    tally.check(code_of(place.run(SUMMARY)) == "unexpected-link", "a link in place of the file is not followed", code_of(place.run(SUMMARY)))
    listing = place.run("datasets")
    tally.check(listing.status == 0 and "not followed" in listing.text, "datasets says so and goes on", listing.text)
    before = (other / "v.arrow").read_bytes()
    place.run("range 3 | persist v")
    tally.check((other / "v.arrow").read_bytes() == before and not (place.folder / "v.arrow").is_symlink(), "persist takes the place of the link itself")
    shutil.rmtree(place.folder)
    place.folder.symlink_to(other)
    for text in (SUMMARY, "range 3 | persist v", "refresh v", "forget v"):
        outcome = place.run(text)
        tally.check(code_of(outcome) == "unexpected-link", f"a link in place of the folder: {text}", code_of(outcome))
    tally.check((other / "v.arrow").read_bytes() == before, "what it leads to stays as it was")
    home = place.scratch / "home"
    (home / "dsh").mkdir(parents=True, mode=0o700)
    (home / "dsh" / "datasets").symlink_to(other)
    environment = {**os.environ, "XDG_DATA_HOME": str(home)}
    outcome = run(place.dsh, "--nodes=1", "-c", SUMMARY, environment=environment)
    tally.check(code_of(outcome) == "unexpected-link", "a link in the usual folder", code_of(outcome))
    pipe = place.scratch / "pipes"
    pipe.mkdir(mode=0o700)
    os.mkfifo(pipe / "v.arrow", 0o600)
    place.folder = pipe
    outcome = place.run(SUMMARY, timeout=20)
    tally.check(code_of(outcome) == "not-a-file", "a pipe in place of the file is not waited for", code_of(outcome))


def others(tally: Tally, place: Place, options):
    place.write(1)
    place.run("read v.csv | persist v")
    file = place.folder / "v.arrow"
    for path, name in ((file, "file"), (place.folder, "folder")):
        before = mode(path)
        path.chmod(before | 0o020)
        for text in (SUMMARY, "refresh v"):
            outcome = place.run(text)
            tally.check(code_of(outcome) == "foreign-file", f"a {name} that others may write to: {text}", code_of(outcome))
        path.chmod(before)
    if os.geteuid() == 0:
        for path, name in ((file, "file"), (place.folder, "folder")):
            os.chown(path, 12345, 12345)
            outcome = place.run(SUMMARY)
            tally.check(code_of(outcome) == "foreign-file" and "another user" in outcome.error_text, f"a {name} of another user", code_of(outcome))
            os.chown(path, 0, 0)
    tally.check(place.summary() == (1, 1, ROWS), "and as before it is used", str(place.summary()))


def mutated(chance: random.Random, whole: bytes) -> bytes:
    """A copy with some damage: bytes, words, cuts, and parts put elsewhere; half of it where the metadata is."""
    data = bytearray(whole)
    footer = int.from_bytes(whole[-10:-6], "little")
    places = [lambda: chance.randrange(len(data)), lambda: len(data) - 1 - chance.randrange(min(len(data), footer + 10)), lambda: chance.randrange(800)]
    for _ in range(chance.choice([1, 1, 2, 5])):
        place = min(chance.choice(places)(), len(data) - 9)
        kind = chance.randrange(6)
        if kind == 0:
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[place:place + 4] = chance.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80"])
        elif kind == 2:
            data[place:place + 8] = chance.randbytes(8)
        elif kind == 3:
            del data[place:place + chance.choice([1, 8, 64, 4096])]
        elif kind == 4:
            data[place:place] = chance.randbytes(chance.choice([1, 8, 64]))
        else:
            del data[max(16, place):]
        if len(data) < 16:
            break
    return bytes(data)


def damaged(tally: Tally, place: Place, options):
    chance = random.Random(options.seed)
    place.run("range --blocks=3 3000 | map k = id % 7, t = format(\"{}\", id // 10), l = [id, 1], s = {a: id, b: \"x\"}, f = id / 3, d = date(\"2024-01-01\") | persist v")
    whole = (place.folder / "v.arrow").read_bytes()
    tally.check(len(whole) > 10_000, "there is a file to damage", str(place.names()))
    columns = ["id", "k", "t", "l", "s", "f", "d"]
    batch = 50
    answers = 0
    for first in range(0, options.mutations, batch):
        seeds = [chance.randrange(1 << 40) for _ in range(min(batch, options.mutations - first))]
        for number, seed in enumerate(seeds):
            (place.folder / f"m{number}.arrow").write_bytes(mutated(random.Random(seed), whole))
            (place.folder / f"m{number}.arrow").chmod(0o600)
        texts = [text for number in range(len(seeds)) for text in (f"m{number} | take_all", f"m{number} | filter k == 3 | count", f"{number}")]
        outcome = place.run(*texts, "datasets", options=["--keep-going"], timeout=100)
        ok = tally.check(outcome.status in (0, 1), f"the shell lives on with files of {seeds}", f"exit {outcome.status}: {outcome.error_text[-500:]}")
        tally.check(not re.search(r"node\d+ .*(ended|signal|died)|task-killed-node|\[unexpected\]|bug", outcome.error_text + outcome.text),
                    f"and so do its nodes with files of {seeds}", outcome.error_text[-1500:])
        if not ok:
            continue
        values = outcome.results()
        tally.check([{str(len(seeds) - 1): len(seeds) - 1}] in values, f"all statements ran with files of {seeds}", outcome.text[-300:])
        for value in values:
            if isinstance(value, list) and value and "id" in value[0]:
                answers += 1
                tally.check(all(list(row) == columns for row in value), f"rows of the right columns with files of {seeds}", str(value[:1]))
    print(f"  {options.mutations} damaged files, seed {options.seed}: {answers} gave rows, the others errors")
    for name in place.names():
        (place.folder / name).unlink()
    (place.folder / "x.arrow").write_text("no arrow file")
    shutil.copy(place.input, place.folder / "y.csv") if place.input.exists() else None
    outcome = place.run("x | take")
    tally.check(code_of(outcome) == "dataset-damaged" and "x.arrow" in outcome.error_text and "forget x" in outcome.error_text,
                "a foreign file is named, with what to do", outcome.error_text)
    tally.check(place.run("forget x").status == 0 and "x.arrow" not in place.names(), "and can be forgotten")


def safe_mode(tally: Tally, place: Place, options):
    place.write(1)
    place.run("read v.csv | persist v")
    tally.check(code_of(place.run(SUMMARY, options=["--safe"])) == "unknown-dataset", "safe mode sees no kept dataset")
    tally.check("v" not in place.run("datasets", options=["--safe"]).text, "and lists none")
    for text in ("range 3 | persist w", "w = range 3 | persist --keep", "refresh v", "forget v"):
        outcome = place.run(text, options=["--safe"])
        tally.check(code_of(outcome) == "unsafe", f"safe mode refuses: {text}", code_of(outcome))
    tally.check(place.names() == ["v.arrow"], "and changes none", str(place.names()))


def no_room(tally: Tally, place: Place, options):
    place.write(1)
    place.run("read v.csv | persist v")
    size = (place.folder / "v.arrow").stat().st_size
    place.write(2, ROWS * 4)
    for text in ("refresh v", "read v.csv | persist v", "read v.csv | persist w"):
        process = subprocess.run(
            place.command(text), cwd=place.scratch, capture_output=True, timeout=60,
            # Stores are memory files; the limit is for all files.
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, resource.RLIM_INFINITY)))
        errors = process.stderr.decode()
        tally.check(process.returncode != 0 and ("file-too-large" in errors or "store" in errors), f"a limit of file sizes: {text}", errors)
    tally.check(place.summary() == (1, 1, ROWS) and place.names() == ["v.arrow"], "the old one is untouched", f"{place.summary()} {place.names()}")
    if os.geteuid() != 0:
        return
    small = place.scratch / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size + 600_000},mode=700", "tmpfs", small], capture_output=True).returncode != 0:
        return
    try:
        place.folder = small / "datasets"
        place.write(1)
        tally.check(place.run("read v.csv | persist v").status == 0, "on a small disk")
        place.write(2, ROWS * 4)
        for text in ("refresh v", "read v.csv | persist v", "read v.csv | persist w"):
            outcome = place.run(text)
            tally.check(code_of(outcome) == "disk-full" and str(place.folder) in outcome.error_text, f"a full disk: {text}", outcome.error_text)
        tally.check(place.summary() == (1, 1, ROWS) and place.names() == ["v.arrow"], "the old one is untouched", f"{place.summary()} {place.names()}")
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        for text in ("refresh v", "range 3 | persist v", "forget v"):
            outcome = place.run(text)
            tally.check(code_of(outcome) == "permission-denied" and "v.arrow" in outcome.error_text, f"a disk that is read only: {text}", outcome.error_text)
        tally.check(place.summary() == (1, 1, ROWS), "what is there is used", str(place.summary()))
    finally:
        subprocess.run(["umount", small], check=True)


def read_only_folder(tally: Tally, place: Place, options):
    if os.geteuid() == 0:
        return
    place.write(1)
    place.run("read v.csv | persist v")
    place.folder.chmod(0o500)
    for text in ("refresh v", "range 3 | persist v", "forget v"):
        outcome = place.run(text)
        tally.check(code_of(outcome) == "permission-denied", f"a folder that is read only: {text}", outcome.error_text)
    tally.check(place.summary() == (1, 1, ROWS), "what is there is used", str(place.summary()))
    place.folder.chmod(0o700)


def cut_while_mapped(tally: Tally, place: Place, options):
    """Whoever cuts a kept file ends a node at most; the shell goes on."""
    place.run("range --blocks=8 4000000 | map k = id * 3 | persist v")
    file = place.folder / "v.arrow"
    process = subprocess.Popen(
        place.command("v | map x = sqrt(k) * ln(k + 1) | sum x", "range 3 | count", options=["--keep-going"]), cwd=place.scratch,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.15)
    os.truncate(file, 4096)
    output, errors = process.communicate(timeout=60)
    tally.check(process.returncode in (0, 1) and json_values(output.decode())[-1:] == [[{"count": 3}]], "the shell goes on after a file was cut",
                f"exit {process.returncode}: {output.decode()} {errors.decode()[-400:]}")
    outcome = place.run("v | take")
    tally.check(code_of(outcome) == "dataset-damaged", "and the file is said to be damaged", code_of(outcome))


SCENARIOS = [next_shell, shells_at_once, changes_under_a_shell, kills, abandoned_files, links, others, damaged, safe_mode, no_room, read_only_folder,
             cut_while_mapped]


def main() -> None:
    parser = arguments(__doc__, data=False)
    parser.add_argument("--only", default="", help="run the scenarios whose names hold this text")
    parser.add_argument("--kills", type=int, default=20, help="how often a shell is killed (default: %(default)s)")
    parser.add_argument("--mutations", type=int, default=150, help="how many damaged files are tried (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="what chance follows from (default: %(default)s)")
    options = parser.parse_args()
    tally = Tally()
    for scenario in SCENARIOS:
        if options.only in scenario.__name__:
            with tempfile.TemporaryDirectory(prefix="dsh-kept-") as folder:
                scenario(tally, Place(options.dsh, Path(folder)), options)
    tally.finish()


if __name__ == "__main__":
    main()
