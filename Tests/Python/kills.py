#!/usr/bin/env python3
"""Kills the Python process, the kernel or the server at random moments, and looks whether anything is left.

    python3 Tests/Python/kills.py --dsh .build/release/dsh [--kills 100] [--seed 1]
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Harness"))
from harness import REPOSITORY, Tally, arguments, reexecute_with
from processes import until_gone

MARK = "DSH_PYTHON_MARK"
SECONDS_TO_END = 5.0

PYTHON = """
import dsh
session = dsh.Session(nodes=2)
print(session.connection.process.pid, flush=True)
while True:
    session.run("p = range 2000000 | map x = id * 2, k = string(id % 7) | persist\\np | agg n = count() by k | take")
    table = session["p"].to_arrow()
    session.read_arrow("q", table.slice(0, 1000))
    session.run("q | count\\np | unpersist")
"""

KERNEL = """
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="dsh")
print(manager.provisioner.pid, flush=True)
while True:
    client.execute_interactive("p = range 2000000 | map x = id * 2 | persist\\np | hist x\\np | unpersist", output_hook=lambda message: None)
"""


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    from run import PACKAGES
    reexecute_with(*PACKAGES)
    tally, chance, slowest = Tally(), random.Random(options.seed), 0.0
    with tempfile.TemporaryDirectory(prefix="dsh-python-kills-") as name:
        folder = Path(name)
        environment = {
            **os.environ, "PYTHONPATH": str(REPOSITORY / "Sources/Python"), "DSH": str(Path(options.dsh).resolve()), "TMPDIR": name, "HOME": name,
            "JUPYTER_PATH": str(folder / "share/jupyter"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"), "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([sys.executable, "-m", "dsh.kernel", "install", f"--prefix={folder}"], check=True, stdout=subprocess.DEVNULL, env=environment)
        for number in range(options.kills):
            kind = ("python", "server", "kernel")[number % 3]
            mark = f"{os.getpid()}-{number}"
            script = KERNEL if kind == "kernel" else PYTHON
            process = subprocess.Popen(
                [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**environment, MARK: mark})
            other = int(process.stdout.readline())
            time.sleep(chance.uniform(0, 2))
            try:
                os.kill(process.pid if kind == "python" else other, signal.SIGKILL)
            except ProcessLookupError:
                tally.check(False, f"kill {number} of the {kind} (seed {options.seed})", "it was gone before")
            grace = 0.0
            if kind == "kernel":
                # Its client asks on; it is not what is looked at.
                grace = 0.2
                time.sleep(grace)
                process.kill()
            seconds, left = until_gone(mark, 2 * SECONDS_TO_END)
            seconds += grace
            slowest = max(slowest, seconds)
            tally.check(seconds < SECONDS_TO_END, f"kill {number} of the {kind} (seed {options.seed})", f"{seconds:.1f} s, {left}")
            process.stdout.close()
            process.wait(10)
        # The files of connections (tmp….json) are those of the clients that were killed here.
        own = ("share", "runtime", ".local", ".cache", ".ipython", ".config")
        left = [path for path in folder.iterdir() if path.name not in own and path.suffix != ".json"]
        tally.check(not left, "no files are left", str(left))
    print(f"seed {options.seed}: {options.kills} kills, all gone after {slowest:.2f} s at most")
    tally.finish()


if __name__ == "__main__":
    main()
