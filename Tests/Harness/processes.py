"""Finds the processes that a test has started, however they were started, by what they carry in their environment."""

import os
import time
from pathlib import Path


def carrying(mark: str) -> dict:
    """The processes that carry a mark in their environment and have not ended, with their command lines."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if mark.encode() in Path(f"/proc/{name}/environ").read_bytes():
                    if Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                        found[int(name)] = Path(f"/proc/{name}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                # It has ended meanwhile.
                pass
    return found


def until_gone(mark: str, limit: float) -> tuple:
    """Waits until there are none, at most so many seconds: how long that took, and those that are left."""
    begin = time.monotonic()
    while (left := carrying(mark)) and time.monotonic() - begin < limit:
        time.sleep(0.01)
    return time.monotonic() - begin, left
