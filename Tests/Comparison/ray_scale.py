#!/usr/bin/env python3
"""Measures what a task costs on Ray where there are many: 1, 10 and 100 thousand tasks of one statement.

    DSH_PYTHON=… python3 Tests/Comparison/ray_scale.py --dsh .build/release/dsh [--tasks 1000 10000 100000]

A file is cut into so many splits, each a task that filters a few rows and counts them; then the same is persisted, so that as many blocks are kept. Printed are tasks a second, and the
memory of the shell, the bridge (the driver of Ray) and the directory of Ray at the end, for the model in docs/ray.md.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Ray"))
from harness import Tally, arguments, reexecute_with
from raylets import PACKAGES

SPLIT_BYTES = 1024
LINE = "{},some text of a row that is read\n"
FIRST_ID = 100_000_000


def resident(pid: int) -> int:
    try:
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
        return int(fields["VmRSS"].split()[0]) * 1024
    except (OSError, KeyError):
        return 0


def descendants(pid: int) -> list:
    try:
        children = [int(child) for path in Path(f"/proc/{pid}/task").iterdir() for child in (path / "children").read_text().split()]
    except OSError:
        return []
    return children + [further for child in children for further in descendants(child)]


def kind(pid: int) -> str:
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
    return "bridge" if "/dev/fd/" in line else "directory" if "gcs_server" in line else ""


class Watch(threading.Thread):
    """The most memory that the processes of a run have had."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.most, self.ended = pid, {"shell": 0}, False

    def run(self):
        while not self.ended:
            self.most["shell"] = max(self.most["shell"], resident(self.pid))
            for pid in descendants(self.pid):
                if name := kind(pid):
                    self.most[name] = max(self.most.get(name, 0), resident(pid))
            time.sleep(0.2)


def measure(options, path: Path, statement: str) -> tuple:
    script = f"range 1000 | filter id % 2 == 0 | count\n{statement}"
    process = subprocess.Popen(
        [options.dsh, "--cluster=ray", "--nodes=3", "--slots=1", "--format=csv", "--report=json", "-c", script], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watch = Watch(process.pid)
    watch.start()
    output, errors = process.communicate()
    watch.ended = True
    watch.join()
    receipts = [json.loads(line) for line in errors.splitlines() if line.startswith('{"action"')]
    return process.returncode, output, receipts, watch.most, errors


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--tasks", type=int, nargs="+", default=[1000, 10_000, 100_000])
    options = parser.parse_args()
    reexecute_with(*PACKAGES)
    os.environ.setdefault("DSH_PYTHON", sys.executable)
    tally = Tally()
    print("| tasks | statement | seconds | tasks a second | shell | bridge | directory of Ray |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="dsh-scale-") as name:
        for count in options.tasks:
            path = Path(name) / "many.csv"
            rows = count * SPLIT_BYTES // len(LINE.format(FIRST_ID)) + 1
            with open(path, "w") as file:
                file.write("id,text\n")
                file.writelines(LINE.format(FIRST_ID + row) for row in range(rows))
            for title, statement in (("count", f"read --block-bytes={SPLIT_BYTES} {path} | filter id % 2 == 0 | count"),
                                     ("persist", f"read --block-bytes={SPLIT_BYTES} {path} | filter id % 2 == 0 | persist")):
                code, output, receipts, most, errors = measure(options, path, statement)
                if not tally.check(code == 0, f"{count} tasks, {title}", errors[-1000:]):
                    continue
                if title == "count":
                    tally.check(str((rows + 1) // 2) in output, f"{count} tasks: the count", output)
                seconds, ran = receipts[-1]["seconds"], receipts[-1]["blocks"]["run"]
                memory = " | ".join(f"{most.get(process, 0) >> 20} MiB" for process in ("shell", "bridge", "directory"))
                print(f"| {ran} | {title} | {seconds:.1f} | {ran / seconds:.0f} | {memory} |", flush=True)
    tally.finish()


if __name__ == "__main__":
    main()
