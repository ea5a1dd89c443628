"""The process `dsh serve`: where its program is, how it starts, and that neither side outlives the other."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import weakref
from typing import Any, Callable, Sequence

from .errors import ConnectionLost
from .link import Exchange, Link
from .messages import Message

#: The version of the protocol that this package speaks.
PROTOCOL = 1
#: How long the first word may take; a cluster on Ray starts later, with the first statement.
START_SECONDS = 30
#: A server ends within two seconds after its input, whatever runs.
END_SECONDS = 5
#: How long the exit code of a server is waited for whose socket has ended.
EXIT_CODE_SECONDS = 1
#: So much of what it has said on standard error is told.
SAID_BYTES = 4096


def program_path(given: str | os.PathLike[str] | None = None) -> str:
    """Where dsh is: as given, by `DSH` in the environment, or on `PATH`. Raises `ConnectionLost` if it is nowhere."""
    found = given or os.environ.get("DSH") or shutil.which("dsh")
    if not found:
        raise ConnectionLost("there is no dsh on PATH; name it with DSH=… in the environment, or Session(program=…)")
    return os.fspath(found)


class Connection:
    """A `dsh serve` of its own on a socket pair. Nothing listens: nobody but this object has the other end.

    The server ends when `close` is called, when this object is collected, and when this process ends, however that happens: its end of the socket
    is closed then.
    """

    def __init__(
        self, arguments: Sequence[str] = (), program: str | os.PathLike[str] | None = None, folder: str | os.PathLike[str] | None = None,
        on_loose: Callable[[Message], None] | None = None,
    ):
        self.program = program_path(program)
        # A file in memory and no pipe: that would have to be read all the time, and the end of this process would be a broken pipe to the server.
        self._said = os.memfd_create("dsh-errors", os.MFD_CLOEXEC)
        own, other = socket.socketpair()
        try:
            self.process = subprocess.Popen(
                [self.program, "serve", f"--descriptor={other.fileno()}", *arguments], pass_fds=[other.fileno()], stdin=subprocess.DEVNULL,
                # What it prints goes through messages; a terminal's Ctrl-C goes to this process alone, which passes it on.
                stdout=subprocess.DEVNULL, stderr=self._said, start_new_session=True, cwd=folder)
        except OSError as error:
            own.close()
            os.close(self._said)
            raise ConnectionLost(f"can't start {self.program}: {error.strerror or error}") from None
        finally:
            other.close()
        self.link = Link(own, on_loose)
        self._end = weakref.finalize(self, _end_process, self.link, self.process, self._said)
        _connections.add(self)
        try:
            self.hello = self.link.hello(START_SECONDS)
            if self.hello.get("protocol") != PROTOCOL:
                raise ConnectionLost(f"{self.program} speaks protocol {self.hello.get('protocol')}, and this package {PROTOCOL}")
        except ConnectionLost as error:
            told = error if self.link.ending is None else self.lost()
            self.close()
            raise told from None

    def request(self, members: dict[str, Any], data: bytes | memoryview = b"", descriptors: Sequence[int] = ()) -> Exchange:
        """Has a request sent. Raises `ConnectionLost`, and `ValueError` for what can't be sent."""
        if self.link.ending is not None:
            raise self.lost()
        return self.link.request(members, data, descriptors)

    def lost(self) -> ConnectionLost:
        """Why there is no connection any more, in words."""
        if not self._end.alive:
            return ConnectionLost("the session is closed")
        ending = self.link.ending or "dsh does not answer"
        try:
            code = self.process.wait(EXIT_CODE_SECONDS)
        except subprocess.TimeoutExpired:
            return ConnectionLost(ending)
        how = f"with signal {-code}" if code < 0 else f"with code {code}"
        size = os.fstat(self._said).st_size
        said = os.pread(self._said, SAID_BYTES, max(0, size - SAID_BYTES)).decode(errors="replace").strip()
        return ConnectionLost(f"{ending} {how}" + (f": {said}" if said else ""))

    def close(self) -> None:
        """Ends the server and waits for it; may be called again."""
        self._end()


def _end_process(link: Link, process: subprocess.Popen[bytes], said: int) -> None:
    link.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    os.close(said)


_connections: weakref.WeakSet[Connection] = weakref.WeakSet()


def _forget_connections() -> None:
    # A forked child has a copy of each socket, which would keep servers alive after the parent's end, and must not end them with its own.
    for connection in list(_connections):
        connection._end.detach()
        connection.link.forget()


os.register_at_fork(after_in_child=_forget_connections)
