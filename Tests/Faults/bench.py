"""A run of dsh with the library of failing calls before it: scripts, and what came of them. `Tests/Robustness/faults.py` decides what fails."""

import errno
import fcntl
import hashlib
import os
import pty
import random
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent / "faults.c"
PROCESSES = ("head", "node", "guard")
SLOTS = 64
FOREVER = 1 << 40
# Beyond three times the undisturbed run: what starting other nodes takes on a busy machine.
PATIENCE_SECONDS = 5


@dataclass(frozen=True)
class Script:
    name: str
    options: tuple
    # What it reads from a pipe, and the text of the script that it runs.
    input: str = ""
    text: str = ""
    # What is typed at a terminal, and what has to be on the screen then.
    keys: str = ""
    shown: tuple = ()


SMALL_BLOCKS = "--block-bytes=16K"
SCRIPTS = [
    Script("read", ("-c", f"a = read {SMALL_BLOCKS} a.csv; a | join (read b.csv.gz) on key | agg n = count(), s = sum(number) by word | sort word | take_all;"
                          "read p.parquet | filter id % 3 == 1 | sort number desc, id | take 5; read 'parts/*.csv' | count; read --format=csv parts/ | count")),
    Script("write", ("-c", f"read {SMALL_BLOCKS} a.csv | sort number, id | write out.csv; read a.csv | filter id < 300 | write --format=parquet --partition-by=word split/;"
                           "read a.csv | filter id < 10 | write --force old.csv; range 9 | write --force --format=csv kept/; range 5 | write z.csv.gz")),
    Script("store", ("--object-store-memory=4M", "--spill-directory=spill", "-c",
                     "t = range 400000 --blocks=8 | map k = id * 7919 % 65537 | persist --level=memory+disk; t | sort k desc, id | take 3; t | agg s = sum(k), n = count() | take;"
                     "u = range 1000 | persist --level=disk; u | sum id")),
    Script("datasets", ("-c", "read a.csv | filter id % 3 == 1 | persist k; k | sort number desc, id | take 3; refresh k; k | agg s = sum(id), n = count() | take;"
                              "m = range 900 | persist --keep; m | count; forget m; k | count")),
    Script("programs", ("-c", "range 2000 --blocks=2 | map_batches --schema=id:int64 'cat' | sum id; range 3 | take; !echo hello")),
    Script("pipe", ("-c", "read - | agg n = count() by key | sort key | take_all"), input="key,x\n" + "".join(f"{row % 7},{row}\n" for row in range(20000))),
    Script("file", ("script.dsh",), text="let top = 4\nd = read a.csv\nd | schema\nd | sort id desc | take $top\nd | summary\nnodes add\nd | count\n"),
    Script("terminal", ("--quiet",), keys="d = read a.csv\rd | map id = id + 7000000 | max id\r!echo $((321 * 2))\rquit\r", shown=("7003999", "642")),
]


@dataclass
class Fault:
    script: Script
    process: str
    call: str
    first: int
    last: int
    error: int

    def __str__(self):
        error = errno.errorcode.get(self.error, str(self.error)) if self.error else "part"
        last = "on" if self.last >= FOREVER else str(self.last)
        return f"{self.script.name}: {self.process} {self.call} {self.first}-{last} {error}"


@dataclass
class Run:
    status: int
    output: bytes
    errors: str
    files: dict
    seconds: float
    left: list
    counts: list = field(default_factory=list)


def calls_of_library() -> list:
    text = LIBRARY.read_text()
    return re.findall(r"X\((\w+)\)", text[text.index("#define CALLS(X)"):text.index("enum call {")])


def describe(path: Path):
    if path.is_dir():
        return {str(part.relative_to(path)): hashlib.sha256(part.read_bytes()).hexdigest() for part in sorted(path.rglob("*")) if part.is_file()}
    return hashlib.sha256(path.read_bytes()).hexdigest()


def session_members(session: int) -> list:
    """The living processes of a session."""
    members = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parts = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(parts[3]) == session and parts[0] not in "ZX":
                members.append(int(entry))
    return members


class Terminal:
    """A terminal at which keys are typed ahead; what comes to the screen goes to a file."""

    def __init__(self, keys: str, screen):
        self.keys, self.screen = keys, screen
        self.own, self.other = pty.openpty()

        def control():
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.streams = {"stdin": self.other, "stdout": self.other, "stderr": self.other, "preexec_fn": control}

    def serve(self):
        os.close(self.other)
        os.write(self.own, self.keys.encode())
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        while True:
            try:
                part = os.read(self.own, 1 << 16)
            except OSError:
                return
            if not part:
                return
            self.screen.write(part)

    def close(self):
        """Everybody who had the terminal is gone."""
        self.thread.join()
        os.close(self.own)
        self.screen.flush()


class Bench:
    """The program, the library, the files that scripts read, and what undisturbed runs gave."""

    def __init__(self, dsh: str, scratch: Path):
        self.dsh, self.scratch = os.path.realpath(dsh), scratch
        self.library = scratch / "faults.so"
        self.calls = calls_of_library()
        self.expected = {}
        self.limit = {}
        # The compiler that the Swift toolchain brings does as well.
        compiler = shutil.which("cc") or shutil.which("clang") or "cc"
        subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", str(self.library), str(LIBRARY), "-ldl"], check=True)
        self.data = scratch / "data"
        self.data.mkdir()
        self.make_data()

    def make_data(self):
        chance = random.Random(3)
        words = ["alpha", "beta", "gamma"]
        with open(self.data / "a.csv", "w") as file:
            file.write("id,key,number,word\n")
            for row in range(4000):
                file.write(f"{row},{row % 50},{chance.randrange(1 << 30)},{chance.choice(words)}\n")
        (self.data / "b.csv").write_text("key,weight\n" + "".join(f"{key},{key * 3}\n" for key in range(40)))
        (self.data / "old.csv").write_text("id\n1\n")
        for folder in ("kept", "parts", "spill", "tmp"):
            (self.data / folder).mkdir()
        (self.data / "kept/part-00000.csv").write_text("old\n1\n")
        for part in range(3):
            (self.data / f"parts/{part}.csv").write_text(f"v\n{part}\n")
        subprocess.run([self.dsh, "--report=none", "-c", "read a.csv | write p.parquet; read b.csv | write b.csv.gz"], cwd=self.data, check=True)

    def run(self, script: Script, fault: Fault = None, limit: float = 60) -> Run:
        with tempfile.TemporaryDirectory(prefix="run-", dir=self.scratch) as name:
            folder = Path(name) / "work"
            shutil.copytree(self.data, folder)
            if script.text:
                (folder / "script.dsh").write_text(script.text)
            counts = Path(name) / "counts"
            counts.write_bytes(bytes(8 * SLOTS * len(PROCESSES)))
            environment = dict(os.environ, LD_PRELOAD=str(self.library), FAULTS_PROGRAM=self.dsh, FAULTS_COUNTS=str(counts), TMPDIR=str(folder / "tmp"),
                               HOME=str(Path(name) / "home"), XDG_STATE_HOME=str(Path(name) / "home"), TERM="xterm")
            if fault:
                environment |= {"FAULTS_CALL": fault.call, "FAULTS_PROCESS": fault.process, "FAULTS_FIRST": str(fault.first), "FAULTS_LAST": str(fault.last),
                                "FAULTS_ERRNO": str(fault.error)}
            start = time.monotonic()
            with open(Path(name) / "input", "w+b") as input, open(Path(name) / "output", "w+b") as output, open(Path(name) / "errors", "w+b") as errors:
                input.write(script.input.encode())
                input.seek(0)
                command = [self.dsh, "--nodes=2", "--slots=1", "--format=csv", "--report=none", *script.options]
                terminal = Terminal(script.keys, output) if script.keys else None
                streams = terminal.streams if terminal else {"stdin": subprocess.PIPE if script.input else input, "stdout": output, "stderr": errors}
                process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **streams)
                try:
                    if terminal:
                        terminal.serve()
                    process.communicate(script.input.encode() if script.input else None, timeout=limit)
                    status = process.returncode
                except subprocess.TimeoutExpired:
                    status = None
                seconds = time.monotonic() - start
                left = session_members(process.pid) if status is not None else []
                deadline = time.monotonic() + 2
                while left and time.monotonic() < deadline:
                    time.sleep(0.01)
                    left = session_members(process.pid)
                for member in session_members(process.pid):
                    try:
                        os.kill(member, signal.SIGKILL)
                    except ProcessLookupError:
                        pass
                process.wait()
                if terminal:
                    terminal.close()
                output.seek(0)
                errors.seek(0)
                told, said = output.read(), errors.read().decode("utf-8", "replace")
            files = {path.name: describe(path) for path in sorted(folder.iterdir())}
            numbers = struct.unpack(f"={SLOTS * len(PROCESSES)}Q", counts.read_bytes())
            return Run(status, told, said, files, seconds, left, list(numbers))

    def prepare(self, script: Script) -> dict:
        """Runs a script undisturbed, twice as it was slower the first time; how often each call was made: (process, call) to number."""
        runs = [self.run(script), self.run(script)]
        for run in runs:
            if run.status != 0 or run.left:
                raise SystemExit(f"{script.name} does not run undisturbed: {run.status} {run.errors}")
        self.expected[script.name] = runs[0]
        self.limit[script.name] = 3 * max(run.seconds for run in runs) + PATIENCE_SECONDS
        return {(process, call): min(run.counts[SLOTS * kind + index] for run in runs)
                for kind, process in enumerate(PROCESSES) for index, call in enumerate(self.calls)}
