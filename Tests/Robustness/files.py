#!/usr/bin/env python3
"""Writes over what is there, is interrupted and killed while writing, and looks at what stands on the disk afterwards.

    python3 Tests/Robustness/files.py --dsh .build/release/dsh [--only TEXT]
"""

import csv
import os
import random
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, run, run_scenarios

WAIT_SECONDS = 30


def make_csv(path: Path, rows, header="id,x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    return path


def rows_of(folder: Path) -> list:
    """The rows of all parts of a folder, by Python's own reader."""
    rows = []
    for path in sorted(folder.glob("*.csv")):
        with open(path, newline="") as file:
            rows += list(csv.reader(file))[1:]
    return rows


def snapshot(folder: Path) -> dict:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def wait_for(holds, seconds: float = WAIT_SECONDS) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.005)
    return False


# MARK: Folders

def folder_over_its_sources(tally: Tally, dsh: str, scratch: Path):
    parts = scratch / "d"
    run(dsh, "--nodes=2", "-c", f"range --blocks=4 100 | map x = id * 2 | write --format=csv {parts}/")
    outcome = run(dsh, "--nodes=2", "-c", f"read {parts}/*.csv | filter id >= 50 | write --force --format=csv {parts}/")
    tally.check(outcome.status == 0 and rows_of(parts) == [[str(i), str(i * 2)] for i in range(50, 100)],
                "parts written over themselves hold the filtered rows", outcome.error_text + str(rows_of(parts)[:3]))
    foreign = scratch / "foreign"
    make_csv(foreign / "a.csv", [(1, "a"), (60, "b")])
    make_csv(foreign / "b.csv", [(2, "a"), (70, "b")])
    before = snapshot(foreign)
    outcome = run(dsh, "--nodes=2", "-c", f"read {foreign}/*.csv | filter id >= 50 | write --force --format=csv {foreign}/")
    tally.check(outcome.status == 1 and "error[folder-mixed]" in outcome.error_text and snapshot(foreign) == before,
                "a folder of files that no write made is refused and whole", outcome.error_text)


def failing_folder(tally: Tally, dsh: str, scratch: Path):
    parts = scratch / "d"
    run(dsh, "--nodes=2", "-c", f"range --blocks=4 100 | write --format=csv {parts}/")
    (parts / "notes.txt").write_text("kept")
    (parts / "deeper").mkdir()
    (parts / "deeper" / "x").write_text("kept too")
    before = snapshot(parts)
    for name, text in (
        ("an error in a late row", "range --blocks=4 100 | map x = 10 / (id - 90), y = int64(if(id == 90, 'no', '1'))"),
        ("a full store", "range 60000000 | map a = id * 2 | sort a desc"),
    ):
        outcome = run(dsh, "--nodes=2", "--object-store-memory=16M", "--spill-limit=0", "-c", f"{text} | write --force --format=csv {parts}/")
        tally.check(outcome.status != 0 and snapshot(parts) == before, f"{name} leaves the earlier folder", outcome.error_text[-300:])
        tally.check([p.name for p in scratch.iterdir()] == ["d"], f"{name} leaves nothing beside it", str(list(scratch.iterdir())))
    os.chmod(parts, 0o750)
    outcome = run(dsh, "--nodes=2", "-c", f"range 7 | write --force --format=csv {parts}/")
    tally.check(outcome.status == 0 and rows_of(parts) == [[str(i)] for i in range(7)], "the next write replaces all parts", outcome.error_text)
    tally.check((parts / "notes.txt").read_text() == "kept" and (parts / "deeper" / "x").read_text() == "kept too", "what is no part is carried over")
    tally.check(stat.S_IMODE(parts.stat().st_mode) == 0o750, "the folder keeps its mode", oct(parts.stat().st_mode))


def killed_in_a_folder(tally: Tally, dsh: str, scratch: Path):
    parts = scratch / "d"
    run(dsh, "--nodes=2", "-c", f"range --blocks=3 30 | write --format=csv {parts}/")
    before = snapshot(parts)
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
        shell = subprocess.Popen([dsh, "--nodes=2", "-c", f"range --blocks=400 100000000 | map a = id * 3 | write --force --format=csv {parts}/"],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begun = wait_for(lambda: sum(1 for p in scratch.glob(".d.*/part-*")) > 3)
        shell.send_signal(number)
        shell.wait(WAIT_SECONDS)
        tally.check(begun, f"{number.name}: the write had begun")
        tally.check(snapshot(parts) == before, f"{number.name} in mid-write leaves the earlier folder")
        tally.check(not list(scratch.glob("**/part-000[1-9]*")) or all(p.parent.name.startswith(".") for p in scratch.glob("**/part-000[1-9]*")),
                    f"{number.name}: nothing reads back as if whole")
        if number != signal.SIGKILL:
            tally.check(len(list(scratch.iterdir())) == 1, f"{number.name} leaves nothing", str(list(scratch.iterdir())))
        outcome = run(dsh, "--nodes=1", "-c", f"read {scratch}/*/*.csv | count", "--format=csv")
        tally.check("30" in outcome.text, f"{number.name}: a pattern finds the earlier rows only", outcome.text + outcome.error_text)
        if number == signal.SIGKILL:
            run(dsh, "--nodes=1", "-c", f"range --blocks=3 30 | write --force --format=csv {parts}/")
            tally.check([p.name for p in scratch.iterdir()] == ["d"], "the next write clears what a killed one left", str(list(scratch.iterdir())))


def widened_in_a_folder(tally: Tally, dsh: str, scratch: Path):
    rows = [(i, "late" if i == 155_000 else i) for i in range(300_000)]
    source = make_csv(scratch / "in" / "w.csv", rows)
    outcome = run(dsh, "--nodes=2", "-c", f"read --block-bytes=128k {source} | write --format=csv {scratch}/out/")
    tally.check(outcome.status == 0 and rows_of(scratch / "out") == [list(map(str, row)) for row in rows],
                "a column widened in mid-run: the folder is whole", outcome.error_text)
    tally.check("widened" in outcome.text + outcome.error_text, "the widening is told")
    tally.check(sorted(p.name for p in scratch.iterdir()) == ["in", "out"], "the first attempt leaves nothing", str(list(scratch.iterdir())))


def folders_that_stay(tally: Tally, dsh: str, scratch: Path):
    (scratch / "here").mkdir()
    outcome = run(dsh, "--nodes=1", "-c", "range 3 | write --force --format=csv ./", folder=scratch / "here")
    tally.check(outcome.status == 1 and "error[folder-in-use]" in outcome.error_text, "the current folder is refused", outcome.error_text)
    (scratch / "link").symlink_to("real")
    (scratch / "real").mkdir()
    outcome = run(dsh, "--nodes=1", "-c", f"range 3 | write --force --format=csv {scratch}/link/")
    tally.check(outcome.status == 0 and (scratch / "link").is_symlink() and len(rows_of(scratch / "real")) == 3,
                "a link to a folder stays a link", outcome.error_text)


def file_counts(tally: Tally, dsh: str, scratch: Path):
    for text, asked, made, says in (
        ("range --blocks=8 80", 4, 4, None), ("range --blocks=8 80", 3, 3, None), ("range --blocks=8 80", 1, 1, None),
        ("range --blocks=3 80", 10, 3, "10 asked for; the dataset has 3 blocks"),
        ("range --blocks=8 80 | filter id < 25", 4, 2, "4 asked for; the others would have no rows"),
        ("range --blocks=8 80 | filter id < 0", 2, 1, "2 asked for"), ("range --blocks=8 80", 1048576, 8, "8 blocks"),
    ):
        outcome = run(dsh, "--nodes=2", "-c", f"{text} | write --force --files={asked} --format=csv {scratch}/f/")
        found = list((scratch / "f").glob("*.csv"))
        tally.check(outcome.status == 0 and len(found) == made, f"{text} in {asked} files", f"{len(found)} {outcome.text} {outcome.error_text}")
        tally.check((says or f"in {made} file") in outcome.text, f"{text} in {asked} files: told", outcome.text)
        tally.check(("asked for" in outcome.text) == (says is not None), f"{text} in {asked} files: told only if fewer", outcome.text)


# MARK: Files

def file_over_itself(tally: Tally, dsh: str, scratch: Path):
    path = make_csv(scratch / "a.csv", [(i, i) for i in range(1000)])
    os.chmod(path, 0o640)
    (scratch / "link.csv").symlink_to("a.csv")
    outcome = run(dsh, "--nodes=2", "-c", f"read {scratch}/link.csv | filter id >= 990 | write --force {scratch}/link.csv")
    tally.check(outcome.status == 0 and len(path.read_text().splitlines()) == 11, "a file written over itself", outcome.error_text)
    tally.check((scratch / "link.csv").is_symlink() and stat.S_IMODE(path.stat().st_mode) == 0o640, "the link stays a link, the mode stays")
    (scratch / "dangling.csv").symlink_to("new.csv")
    outcome = run(dsh, "--nodes=1", "-c", f"range 3 | write {scratch}/dangling.csv")
    tally.check(outcome.status == 0 and (scratch / "dangling.csv").is_symlink() and (scratch / "new.csv").exists(), "a link to nothing yet", outcome.error_text)
    tally.check(not [p for p in scratch.iterdir() if "partial" in p.name], "nothing beside them")


# MARK: Output that is passed on

FILTERED = [[str(i), str(i * 2)] for i in range(50, 100)]
OVER = "filter id >= 50 | write --force"


def over_sources_by_other_ways(tally: Tally, dsh: str, scratch: Path):
    """Targets that are sources by links, dots, patterns and names of datasets."""
    source = [(i, i * 2) for i in range(100)]

    def case(name: str, prepare, statements: list, target: str, rows=FILTERED, holds=lambda folder: True):
        folder = Path(tempfile.mkdtemp(dir=scratch))
        make_csv(folder / "a.csv", source)
        prepare(folder)
        outcome = run(dsh, "--nodes=2", *[part for text in statements for part in ("-c", text)], folder=folder, timeout=WAIT_SECONDS)
        with open(folder / target, newline="") as file:
            found = list(csv.reader(file))[1:]
        tally.check(outcome.status == 0 and found == rows, f"{name}: the filtered rows", outcome.error_text + str(found[:3]))
        tally.check(holds(folder) and not list(folder.glob(".*")) and not list(folder.glob("*.partial")), f"{name}: links and folder are as they were",
                    str(sorted(os.listdir(folder))))

    def nothing(folder):
        pass

    case("a link as target", lambda f: (f / "l.csv").symlink_to("a.csv"), [f"read a.csv | {OVER} l.csv"], "a.csv", holds=lambda f: (f / "l.csv").is_symlink())
    case("a link as source", lambda f: (f / "l.csv").symlink_to("a.csv"), [f"read l.csv | {OVER} a.csv"], "l.csv", holds=lambda f: (f / "l.csv").is_symlink())
    case("links in a row", lambda f: ((f / "l.csv").symlink_to("m.csv"), (f / "m.csv").symlink_to(f / "a.csv")), [f"read l.csv | {OVER} l.csv"], "a.csv",
         holds=lambda f: (f / "l.csv").is_symlink() and (f / "m.csv").is_symlink())
    case("a link to what is not there yet", lambda f: (f / "l.csv").symlink_to("new.csv"), [f"read a.csv | {OVER} l.csv"], "new.csv",
         holds=lambda f: (f / "l.csv").is_symlink())
    case("a second name of the file", lambda f: os.link(f / "a.csv", f / "h.csv"), [f"read a.csv | {OVER} h.csv"], "h.csv",
         holds=lambda f: len((f / "a.csv").read_text().splitlines()) == 101)
    case("dots", lambda f: (f / "s").mkdir(), [f"read s/../a.csv | {OVER} ./s/.././a.csv"], "a.csv")
    case("a pattern", lambda f: make_csv(f / "b.csv", source[:50]), [f"read *.csv | {OVER} b.csv"], "b.csv")
    case("a named dataset", nothing, ["d = read a.csv", f"d | {OVER} a.csv", "d | filter id < 75 | write --force a.csv"], "a.csv", FILTERED[:25])
    case("a dataset twice", nothing, ["d = read a.csv", f"d | union d | {OVER} a.csv"], "a.csv", FILTERED * 2)
    case("sorted", nothing, [f"read a.csv | sort -id | {OVER} a.csv"], "a.csv", FILTERED[::-1])
    case("a persisted dataset", nothing, ["d = read a.csv", "d | persist", f"d | {OVER} a.csv", f"d | {OVER} a.csv"], "a.csv")
    case("a folder that is a link", lambda f: (make_csv(f / "real/part-00000.csv", source), (f / "d").symlink_to("real")),
         [f"read d/*.csv | {OVER} --format=csv d/"], "real/part-00000.csv", holds=lambda f: (f / "d").is_symlink())
    case("slashes at the end", lambda f: make_csv(f / "d/part-00000.csv", source), [f"read d/*.csv | {OVER} --format=csv d///"], "d/part-00000.csv")
    case("a name as long as can be", lambda f: make_csv(f / ("n" * 251 + ".csv"), source), [f"read a.csv | {OVER} {'n' * 251}.csv"], "n" * 251 + ".csv")
    case("a folder's name as long as can be", nothing, [f"read a.csv | {OVER} --format=csv {'n' * 255}/"], "n" * 255 + "/part-00000.csv")

    def private(folder):
        make_csv(folder / "d/part-00000.csv", source).chmod(0o600)
        (folder / "d").chmod(0o2750)

    def is_private(folder):
        return stat.S_IMODE((folder / "d").stat().st_mode) == 0o2750 and stat.S_IMODE((folder / "d/part-00000.csv").stat().st_mode) == 0o600

    case("modes of a folder and its parts", private, [f"read a.csv | {OVER} --format=csv d/"], "d/part-00000.csv", holds=is_private)
    for target in ("/", "./", "."):
        outcome = run(dsh, "--nodes=1", "-c", f"range 3 | write --force --format=csv {target}", folder=scratch)
        tally.check(outcome.status == 1 and re.search(r"error\[(folder-in-use|is-a-folder|folder-mixed)\]", outcome.error_text), f"{target} is refused",
                    outcome.error_text)


def passed_on(tally: Tally, dsh: str, scratch: Path):
    for format in ("csv", "tsv", "json", "jsonl", "md"):
        whole = run(dsh, "--nodes=2", f"--format={format}", "-c", "range --blocks=5 1000 | map a = id * 2 | take_all")
        passed = run(dsh, "--nodes=2", f"--format={format}", "-c", "range --blocks=5 1000 | map a = id * 2 | take_all --force")
        tally.check(passed.status == 0 and passed.output == whole.output and passed.output, f"take_all as {format} in parts is what it is as a whole")
    begin = time.monotonic()
    shell = subprocess.Popen([dsh, "--nodes=2", "--format=csv", "-c", "range 40000000000 | take_all --force"], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    shell.stdout.readline()
    shell.stdout.close()
    errors = shell.stderr.read().decode()
    code = shell.wait(WAIT_SECONDS)
    tally.check(code == 141 and not errors, "take_all stops when its reader has gone", f"{code} after {time.monotonic() - begin:.1f} s: {errors}")
    rows = [(i, "late" if i == 155_000 else i) for i in range(300_000)]
    source = make_csv(scratch / "w.csv", rows)
    outcome = run(dsh, "--nodes=2", "--format=csv", "-c", f"read --block-bytes=128k {source} | take_all --force")
    tally.check(outcome.status == 0 and outcome.output == source.read_bytes(), "a column widened after output began: every row once", outcome.error_text)
    outcome = run(dsh, "--nodes=2", "--format=jsonl", "-c", f"read --block-bytes=128k {source} | take_all --force")
    tally.check(outcome.status == 1 and "error[text-changed]" in outcome.error_text, "output that would be wrong is refused", outcome.error_text)
    outcome = run(dsh, "--nodes=2", "--report=none", "-c", f"read --block-bytes=128k {source} | write --format=csv /dev/stdout")
    tally.check(outcome.status == 0 and outcome.output == source.read_bytes(), "write /dev/stdout: every row once", outcome.error_text)


# MARK: Files that change

def replaced_while_read(tally: Tally, dsh: str, scratch: Path):
    path = make_csv(scratch / "f.csv", [(i, i) for i in range(1_200_000)])
    other = make_csv(scratch / "g.csv", [(i, i) for i in range(1_500_000)])
    shell = subprocess.Popen(
        [dsh, "--nodes=2", "--slots=1", "--keep-going", "--format=csv", "--report=none"] + ["-c", f"read --block-bytes=128k {path} | filter x >= 0 | count"] * 15,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    swaps = 0
    while shell.poll() is None and swaps < 4000:
        # Exchanged by way of a third name, so that there is always a whole file.
        os.link(path, scratch / "h.csv")
        os.rename(other, path)
        os.rename(scratch / "h.csv", other)
        swaps += 1
        time.sleep(random.uniform(0.001, 0.03))
    output, errors = (stream.decode() for stream in shell.communicate(timeout=WAIT_SECONDS))
    counts = re.findall(r"^\d+$", output, re.MULTILINE)
    tally.check(set(counts) <= {"1200000", "1500000"}, "a file replaced while it is read: old or new", f"{sorted(set(counts))} after {swaps} swaps")
    tally.check(len(counts) + errors.count("error[unstable-file]") == 15, "else it is refused", errors[-500:])


def changed_while_read(tally: Tally, dsh: str, scratch: Path):
    """Whatever becomes of a file while it is read, what comes out belongs to one state of it, or is refused."""
    rows = 1_000_000
    text = "id,x\n" + "".join(f"{i + 10_000_000},{i % 7}\n" for i in range(rows))
    path = scratch / "changing.csv"

    def append():
        with open(path, "a") as file:
            file.write("99999999,1\n" * 10)

    def overwrite():
        times = path.stat()
        with open(path, "r+b") as file:
            file.seek(-11, os.SEEK_END)
            file.write(b"55555555,5\n")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def replace():
        other = scratch / "other.csv"
        other.write_text("id,x\n1,1\n")
        os.rename(other, path)

    def folder():
        path.unlink()
        path.mkdir()

    total = sum(range(rows)) + rows * 10_000_000
    states = {"append": (total + 999_999_990, rows + 10), "overwrite": (total - (rows - 1 + 10_000_000) + 55_555_555, rows), "replace": (1, 1)}
    for name, change in (("empty", lambda: os.truncate(path, 0)), ("cut", lambda: os.truncate(path, 5 + 11 * 500_000 + 4)), ("append", append), ("overwrite", overwrite),
                         ("replace", replace), ("remove", lambda: path.unlink()), ("folder", folder)):
        for delay in (0.02, 0.05, 0.08, 0.12):
            if path.is_dir():
                path.rmdir()
            path.write_text(text)
            shell = subprocess.Popen([dsh, "--nodes=2", "--format=csv", "--report=none", "-c", f"read {path} | agg s = sum(id), n = count() | take"],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(delay)
            change()
            output, errors = shell.communicate(timeout=WAIT_SECONDS)
            answer = tuple(map(int, output.split()[-1].split(","))) if shell.returncode == 0 else None
            allowed = [(total, rows)] + ([states[name]] if name in states else [])
            tally.check(answer in allowed or (shell.returncode == 1 and "error[" in errors and "Fatal" not in errors),
                        f"{name} after {delay} s: one state or none", f"{answer} {errors[:300]}")


def same_size_and_time(tally: Tally, dsh: str, scratch: Path):
    path = make_csv(scratch / "f.csv", [(i, 1) for i in range(5000)])
    script = scratch / "s.dsh"
    (scratch / "change.py").write_text(f"""
import os
path = {str(path)!r}
status = os.stat(path)
text = open(path).read().replace(",1\\n", ",2\\n")
open(path, "r+").write(text)
os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
assert os.stat(path).st_size == status.st_size and os.stat(path).st_mtime_ns == status.st_mtime_ns
""")
    script.write_text(f"d = read {path}\nd | sum x\nd | filter x > 0 | count\n!python3 {scratch}/change.py\nd | sum x\nread {path} | sum x\n")
    outcome = run(dsh, "--nodes=2", "--format=csv", "--report=none", str(script))
    numbers = re.findall(r"^\d+$", outcome.text, re.MULTILINE)
    tally.check(numbers == ["5000", "5000", "10000", "10000"], "same size and time, other content: the new content", outcome.text + outcome.error_text)


def changed_after_persist(tally: Tally, dsh: str, scratch: Path):
    path = make_csv(scratch / "f.csv", [(i, 1) for i in range(50_000)])
    (scratch / "s.dsh").write_text(
        f"d = read --blocks=6 {path}\nd | persist\n!head -n 101 {path} > {path}.new && mv {path}.new {path}\nd | count\nnodes kill node1\nd | sum x\n"
        "d | unpersist\nd | count\n")
    begin = time.monotonic()
    outcome = run(dsh, "--nodes=2", "--keep-going", "--format=csv", "--report=none", str(scratch / "s.dsh"), timeout=WAIT_SECONDS)
    tally.check("error[source-changed]" in outcome.error_text, "a lost block of a changed file: a clear error", outcome.error_text)
    tally.check(re.findall(r"^\d+$", outcome.text, re.MULTILINE) == ["50000", "100"], "the blocks stand, and anew after unpersist", outcome.text + outcome.error_text)
    tally.check(time.monotonic() - begin < WAIT_SECONDS / 2, "and no endless attempts")


def many_files(tally: Tally, dsh: str, scratch: Path):
    for number in range(3000):
        (scratch / f"{number}.csv").write_text("a,b\n1,2\n")
    outcome = subprocess.run(["bash", "-c", f"ulimit -n 256; exec {dsh} --nodes=2 --format=csv --report=none -c 'read {scratch}/*.csv | sum b'"],
                             capture_output=True, timeout=WAIT_SECONDS)
    tally.check(outcome.stdout.split() == [b"sum(b)", b"6000"], "more files than descriptors", outcome.stderr.decode())


SCENARIOS = [many_files, replaced_while_read, changed_while_read, over_sources_by_other_ways, same_size_and_time, changed_after_persist,
             folder_over_its_sources, failing_folder, killed_in_a_folder, widened_in_a_folder, folders_that_stay, file_counts, file_over_itself, passed_on]


if __name__ == "__main__":
    run_scenarios(__doc__, SCENARIOS, "files")
