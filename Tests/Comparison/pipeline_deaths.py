"""Runs dsh while its nodes die: a thread beside it kills one after another, at moments that a seed decides."""

import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

from harness import Outcome

# Less often than what dsh takes for the fault of a statement, and several times in each script.
GAP_SECONDS = (0.01, 0.12)


def children(process_id: int) -> list:
    """The processes that a process has started."""
    found = []
    for path in Path(f"/proc/{process_id}/task").glob("*/children"):
        try:
            found += [int(number) for number in path.read_text("ascii").split()]
        except OSError:
            pass  # the thread has ended meanwhile
    return sorted(found)


def is_node(process_id: int) -> bool:
    """Whether it is a node: dsh starts other programs too."""
    try:
        words = Path(f"/proc/{process_id}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[:2] == [b"dsh", b"node"]


class Misfortune(threading.Thread):
    """Kills nodes of a process until it ends, and counts them."""

    def __init__(self, process: subprocess.Popen, source: random.Random):
        super().__init__(daemon=True)
        self.process, self.source, self.deaths = process, source, 0

    def run(self):
        while True:
            time.sleep(self.source.uniform(*GAP_SECONDS))
            # The children of one that has ended could be anybody's.
            if self.process.poll() is not None:
                return
            nodes = [child for child in children(self.process.pid) if is_node(child)]
            if nodes and self.kill(self.source.choice(nodes)):
                self.deaths += 1

    def kill(self, node: int) -> bool:
        try:
            handle = os.pidfd_open(node)
        except ProcessLookupError:
            return False
        try:
            # The handle means one process for good; the number may have gone to another one before there was a handle.
            if node not in children(self.process.pid) or not is_node(node):
                return False
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            return True
        except ProcessLookupError:
            return False
        finally:
            os.close(handle)


def run_with_deaths(binary: str, *options: str, folder: Path, timeout: float, seed: int) -> tuple:
    """How a run of dsh ended that lost nodes on the way, and how many."""
    with subprocess.Popen(
            [binary, *options], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        misfortune = Misfortune(process, random.Random(seed))
        misfortune.start()
        try:
            output, errors = process.communicate(timeout=timeout)
            status = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            status = 124
        misfortune.join()
    return Outcome(status, output, errors), misfortune.deaths
