"""Several raylets on this machine, as whoever runs a Ray cluster starts them."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

# What dsh on Ray is tested with, for the package installer.
PACKAGES = ["ray==2.60.0", "numpy"]
PROGRAM = Path(sys.executable).parent / "ray"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Raylets:
    """A Ray with so many raylets, which ends with the block.

    `hidden` is a folder that only the first sees, as if the others were on other machines, with other addresses; they see there what is in `instead`, if that is
    given. That needs the rights of an administrator. With a `token`, they take nobody who does not give it.
    """

    def __init__(
        self, count: int, cpus: int = 1, store_bytes: int = 256 << 20, hidden: Path | None = None, instead: Path | None = None, token: str = "",
    ):
        self.count, self.cpus, self.store_bytes, self.hidden, self.instead, self.token = count, cpus, store_bytes, hidden, instead, token
        # Sockets lie in it, and their paths are short.
        self.folder = tempfile.mkdtemp(prefix="ray-")
        self.address = f"127.0.0.1:{free_port()}"

    def __enter__(self):
        common = [f"--num-cpus={self.cpus}", f"--object-store-memory={self.store_bytes}", "--disable-usage-stats"]
        port = self.address.rpartition(":")[2]
        try:
            self.start("--head", f"--port={port}", "--node-ip-address=127.0.0.1", "--include-dashboard=false", f"--temp-dir={self.folder}", *common)
            for number in range(2, self.count + 1):
                place = f"127.0.0.{number}" if self.hidden else "127.0.0.1"
                self.start(f"--address={self.address}", f"--node-ip-address={place}", *common, hidden=self.hidden)
        except RuntimeError:
            self.__exit__()
            raise
        return self

    def start(self, *options: str, hidden: Path | None = None):
        copying = f' && cp -a "{self.instead}/." "{hidden}"' if self.instead else ""
        before = ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs none "{hidden}"{copying} && exec "$@"', "sh"] if hidden else []
        # Whether this person has a token of Ray's decides else what the first asks for, and not what the others give.
        environment = {**os.environ, **({"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": self.token} if self.token else {"RAY_AUTH_MODE": "disabled"})}
        done = subprocess.run(
            [*before, str(PROGRAM), "start", *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        if done.returncode != 0:
            raise RuntimeError(f"ray start failed: {done.stdout}")

    def processes(self) -> list:
        """All that belongs to it: it names its folder, or runs for one that does."""
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    if self.folder.encode() in Path(f"/proc/{name}/cmdline").read_bytes() + Path(f"/proc/{name}/environ").read_bytes():
                        found.append(int(name))
                except OSError:
                    pass
        return found

    def __exit__(self, *_):
        for _ in range(3):
            for pid in self.processes():
                try:
                    os.kill(pid, 9)
                except OSError:
                    pass
        shutil.rmtree(self.folder, ignore_errors=True)
