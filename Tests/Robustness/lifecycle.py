#!/usr/bin/env python3
"""Ends dsh and its nodes in every way there is, and looks at what is left and what is said.

    python3 Tests/Robustness/lifecycle.py --dsh .build/release/dsh [--only TEXT]

Each scenario starts its own shells and looks only at processes that descend from them (found by their parent before the end, and afterwards
by number and start time), and at memory files named dsh-store that are mapped or held by them.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

LONG_RUN = "range 2000000000 | map a = sqrt(id) * ln(id + 1) | sum a"
SECOND = 1.0
CANCEL_SECONDS = 0.1
# What this machine may take longer for other reasons while its cores are busy.
SLACK_SECONDS = 0.15


def start_time(pid: int):
    """The start time of a live process; nil for one that has ended, also if nobody has asked for its status yet."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


class Shell:
    """A dsh that runs in the background, and its nodes."""

    def __init__(self, binary: str, *options: str, folder=None, environment=None, **streams):
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        self.process = subprocess.Popen([binary, *options], cwd=folder, env=environment, **streams)
        self.nodes = {}

    def find_nodes(self, count: int, seconds: float = 5) -> list:
        """The node processes, once there are `count` of them."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            self.nodes.update({int(child): start_time(int(child)) for child in children})
            if len(self.nodes) >= count:
                break
            time.sleep(0.005)
        return sorted(self.nodes)

    def left(self) -> list:
        return [pid for pid, started in self.nodes.items() if started and start_time(pid) == started]

    def seconds_until_gone(self, limit: float = 5) -> float:
        begin = time.monotonic()
        while self.left() and time.monotonic() - begin < limit:
            time.sleep(0.005)
        return time.monotonic() - begin

    def send(self, text: str):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def finish(self, seconds: float = 20):
        """Exit code, output and errors; the code is nil if it did not end, and it is killed then."""
        try:
            output, errors = self.process.communicate(timeout=seconds)
            return self.process.returncode, (output or b"").decode(), (errors or b"").decode()
        except subprocess.TimeoutExpired:
            self.process.kill()
            output, errors = self.process.communicate()
            return None, (output or b"").decode(), (errors or b"").decode()


def nothing_left(tally: Tally, shell: Shell, name: str):
    seconds = shell.seconds_until_gone()
    tally.check(seconds <= SECOND, f"{name}: no node process after a second", f"left: {shell.left()}")


def ends_by_signal(tally: Tally, binary: str, number: signal.Signals, running: bool):
    name = f"{number.name} while {'running' if running else 'idle'}"
    shell = Shell(binary, "--nodes=2", "-i" if not running else "--quiet", "-c", LONG_RUN if running else "range 3 | count", stdin=subprocess.PIPE)
    nodes = shell.find_nodes(2)
    tally.check(len(nodes) == 2, f"{name}: two nodes came up", str(nodes))
    time.sleep(0.5)
    begin = time.monotonic()
    shell.process.send_signal(number)
    code, _, errors = shell.finish(5)
    seconds = time.monotonic() - begin
    tally.check(code is not None and seconds < SECOND, f"{name}: ends within a second", f"exit code {code} after {seconds:.2f} s; {errors[-200:]}")
    nothing_left(tally, shell, name)
    if number == signal.SIGINT and running:
        tally.check(code == 130, f"{name}: exit code 130", f"exit code {code}")
        tally.check(seconds <= CANCEL_SECONDS + SLACK_SECONDS, f"{name}: ends within 100 ms", f"{seconds * 1000:.0f} ms")


def signals(tally: Tally, binary: str):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP):
        for running in (True, False):
            ends_by_signal(tally, binary, number, running)
    ends_by_signal(tally, binary, signal.SIGINT, running=True)


def ends_by_itself(tally: Tally, binary: str):
    for name, text in (("quit", "range 3 | count\nquit\nrange 4 | count\n"), ("end of file", "range 3 | count\n"), ("no statement", "")):
        shell = Shell(binary, "--nodes=2", "-i", stdin=subprocess.PIPE)
        shell.find_nodes(2, 1)
        shell.process.stdin.write(text.encode())
        code, output, errors = shell.finish()
        tally.check(code == 0, f"{name}: exit code 0", f"exit code {code}; {errors[-200:]}")
        tally.check("\n4\n" not in output and (not text or "3\n" in output), f"{name}: runs what comes before", output)
        nothing_left(tally, shell, name)


def node_killed_idle(tally: Tally, binary: str):
    shell = Shell(binary, "--nodes=2", "--format=csv", "-i", stdin=subprocess.PIPE)
    shell.send("t = range 100000 | map a = id * 2\nt | persist\n")
    nodes = shell.find_nodes(2)
    time.sleep(1)
    for pid in nodes[:1]:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.5)
    shell.send("t | sum a\nt | sum a\nnodes\n")
    shell.process.stdin.close()
    shell.process.stdin = None
    shell.find_nodes(2, 0.2)
    code, output, errors = shell.finish()
    tally.check(code == 0, "node killed idle: exit code 0", f"exit code {code}; {errors[-400:]}")
    tally.check(output.count("9999900000") == 2, "node killed idle: right sums", output)
    tally.check((output + errors).count(" died") == 1, "node killed idle: one notice", errors)
    nothing_left(tally, shell, "node killed idle")


def node_killed_running(tally: Tally, binary: str):
    for how_many in (1, 2):
        shell = Shell(binary, "--nodes=2", "--format=csv", "-c", "range 400000000 | map a = id % 1000 | filter sqrt(a) >= 0 | sum a")
        nodes = shell.find_nodes(2)
        time.sleep(0.4)
        for pid in nodes[:how_many]:
            os.kill(pid, signal.SIGKILL)
        code, output, errors = shell.finish(60)
        name = f"{how_many} killed while running"
        tally.check(code == 0 and "199800000000" in output, f"{name}: the right sum", f"exit code {code}; {output}{errors[-400:]}")
        tally.check((output + errors).count(" died") == how_many, f"{name}: one notice each", errors)
        nothing_left(tally, shell, name)


def closed_pipe(tally: Tally, binary: str):
    shell = Shell(binary, "--nodes=2", "--format=csv", "-c", "range 3000000 | take_all --force")
    shell.find_nodes(2, 1)
    shell.process.stdout.readline()
    shell.process.stdout.close()
    errors = shell.process.stderr.read().decode()
    try:
        code = shell.process.wait(10)
    except subprocess.TimeoutExpired:
        shell.process.kill()
        code = None
    tally.check(code in (0, 141, -signal.SIGPIPE), "closed pipe: ends", f"exit code {code}")
    tally.check(not errors.strip() or "error" not in errors, "closed pipe: says nothing", errors)
    nothing_left(tally, shell, "closed pipe")


def unwritable(tally: Tally, binary: str):
    with tempfile.TemporaryDirectory(prefix="dsh-life-") as folder:
        for target in ("/dev/full", "/proc/none.csv", f"{folder}/missing/x.csv", folder):
            outcome = run(binary, "--nodes=1", "--keep-going", "--format=csv", "-c", f"range 200000 | write --format=csv --force '{target}'",
                          "-c", "range 7 | count", timeout=30)
            tally.check(outcome.status == 1 and "error[" in outcome.error_text, f"write to {target}: an error", f"{outcome.status} {outcome.error_text}")
            tally.check("7" in outcome.text, f"write to {target}: the session goes on", outcome.text)
        tally.check(not list(Path(folder).iterdir()), "failed writes leave no file", str(list(Path(folder).iterdir())))


def bare_environment(tally: Tally, binary: str):
    for name, environment in (
        ("no environment", {}), ("no locale", {"PATH": os.environ["PATH"], "LC_ALL": "C"}), ("no such home", {"HOME": "/nowhere"}),
        ("a locale that does not exist", {"LC_ALL": "xx_YY.UTF-8"}),
    ):
        outcome = run(binary, "--nodes=1", "--format=csv", "-c", "rows {a: 'äö'} | map n = length(a) | take", environment=environment)
        tally.check(outcome.status == 0 and "äö,2" in outcome.text, f"{name}: text as ever", f"{outcome.status} {outcome.text}{outcome.error_text}")
        outcome = run(binary, "--nodes=1", "-i", input=b"range 3 | count\n", environment=environment)
        tally.check(outcome.status == 0 and "3" in outcome.text, f"{name}: the shell", f"{outcome.status} {outcome.text}{outcome.error_text}")
    before = set(os.listdir("/dev/shm"))
    run(binary, "--nodes=2", "-c", "range 100000 | persist")
    tally.check(set(os.listdir("/dev/shm")) <= before, "nothing in /dev/shm")


def full_store(tally: Tally, binary: str):
    outcome = run(
        binary, "--nodes=2", "--object-store-memory=16M", "--keep-going", "--format=csv", "-c", "range 50000000 | map a = id * 2 | persist",
        "-c", "range 1000 | map a = id * 2 | persist", "-c", "range 1000 | sum id", "-c", "nodes", timeout=60)
    tally.check(outcome.status == 1, "full store: exit code 1", f"exit code {outcome.status}")
    tally.check("error[" in outcome.error_text and "store" in outcome.error_text, "full store: a clear error", outcome.error_text[-400:])
    tally.check("499500" in outcome.text, "full store: the session goes on", outcome.text + outcome.error_text[-400:])


def large_file(tally: Tally, binary: str):
    """count and filter over a file ten times as large as all stores together."""
    store_bytes, nodes = 8 << 20, 2
    with tempfile.TemporaryDirectory(prefix="dsh-life-") as folder:
        path = Path(folder, "large.csv")
        line = "{},some text that takes its room in the file {},2024-01-05,{}\n"
        with open(path, "w") as file:
            file.write("id,text,day,amount\n")
            row = 0
            while file.tell() < 10 * store_bytes * nodes:
                file.write("".join(line.format(number, number * 7919, number / 4) for number in range(row, row + 20000)))
                row += 20000
        shell = Shell(
            binary, f"--nodes={nodes}", "--object-store-memory=8M", "--format=csv", "-c", f"read {path} | filter length(text) > 0 | count",
            "-c", f"read {path} | map n = length(text) | sum n", "-c", "nodes")
        shell.find_nodes(nodes)
        peak = {}
        while shell.process.poll() is None:
            for pid in shell.nodes:
                try:
                    shared = re.search(r"RssShmem:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
                    peak[pid] = max(peak.get(pid, 0), int(shared[1]) * 1024) if shared else peak.get(pid, 0)
                except OSError:
                    pass
            time.sleep(0.01)
        code, output, errors = shell.finish()
        tally.check(code == 0 and str(row) in output, "large file: the right count", f"exit code {code}; {output}{errors[-300:]}")
        # Every node maps every other store too.
        most = nodes * store_bytes + (1 << 20)
        tally.check(max(peak.values(), default=0) <= most, "large file: shared memory stays within the stores' limits", f"{peak}, at most {most}")
        used = [int(cells[4]) for cells in (line.split(",") for line in output.splitlines()) if cells[0].startswith("node") and cells[4].isdigit()]
        tally.check(used and max(used) <= store_bytes, "large file: the stores say so too", f"{used}")
        print(f"large file: {path.stat().st_size >> 20} MiB over {nodes} stores of 8 MiB; most shared memory of a node {max(peak.values()) >> 10} KiB")


SCENARIOS = [
    ends_by_itself, signals, node_killed_idle, node_killed_running, closed_pipe, unwritable, bare_environment, full_store, large_file]


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--only", default="", help="run the scenarios whose names hold this text")
    options = parser.parse_args()
    options.dsh = os.path.abspath(options.dsh)
    tally = Tally()
    for scenario in SCENARIOS:
        if options.only in scenario.__name__:
            scenario(tally, options.dsh)
    tally.finish()


if __name__ == "__main__":
    main()
