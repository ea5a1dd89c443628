"""A `dsh serve` that was started, and the messages to and from it (docs/protocol.md)."""

from __future__ import annotations

import array
import json
import os
import queue
import shutil
import socket
import subprocess
import threading
from collections import deque
from typing import Any, Callable

from .errors import ConnectionLost

PROTOCOL = 1
PIECE_BYTES = 1 << 18
MAXIMUM_DESCRIPTORS = 128
END_SECONDS = 5
#: How long it may take to be there; Ray takes seconds, but says hello before.
START_SECONDS = 30


class Message(dict):
    """The members of a message, the bytes that followed it, and the descriptors that came beside it."""

    data: bytes = b""
    descriptors: list[int] = []


class Assembler:
    """Cuts what comes into messages."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.descriptors: deque[int] = deque()
        self.waiting: Message | None = None

    def append(self, data: bytes, descriptors: list[int] = []) -> None:
        self.received += data
        self.descriptors += descriptors

    def next(self) -> Message | None:
        """The next message, if all of it is there; raises `ValueError` if a line is none."""
        if self.waiting is None:
            end = self.received.find(b"\n")
            if end < 0:
                return None
            members = json.loads(self.received[:end])
            if not isinstance(members, dict):
                raise ValueError("a message is to be an object")
            del self.received[:end + 1]
            self.waiting = Message(members)
        message, count = self.waiting, int(self.waiting.get("bytes", 0))
        if len(self.received) < count:
            return None
        message.data = bytes(memoryview(self.received)[:count])
        del self.received[:count]
        message.descriptors = [self.descriptors.popleft() for _ in range(min(int(message.get("descriptors", 0)), len(self.descriptors)))]
        self.waiting = None
        return message


def program(given: str | None) -> str:
    """The path of dsh: what is given, else `DSH` of the environment, else what is on `PATH`; raises `ConnectionLost` if it is nowhere."""
    found = given or os.environ.get("DSH") or shutil.which("dsh")
    if not found:
        raise ConnectionLost("there is no dsh on PATH: install it, or name it by Session(program=…) or DSH=…")
    return found


class Connection:
    """The process, and the conversation with it. One thread asks; notices may come on another."""

    def __init__(self, arguments: list[str], path: str | None = None, cwd: str | None = None):
        mine, theirs = socket.socketpair()
        command = [program(path), "serve", f"--descriptor={theirs.fileno()}", *arguments]
        try:
            # A group of its own: Ctrl-C at a terminal is this program's affair, which passes it on.
            self.process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, cwd=cwd)
        except OSError as error:
            mine.close()
            raise ConnectionLost(f"can't start {command[0]}: {error}") from None
        finally:
            theirs.close()
        self.socket = mine
        self.replies: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self.on_notice: Callable[[str], None] | None = None
        self.said: deque[str] = deque(maxlen=20)
        self.last_id = 0
        # An interrupt may come from another thread.
        self.sending = threading.Lock()
        self.reader = threading.Thread(target=self.receive, daemon=True)
        self.reader.start()
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()
        self.hello = self.reply(START_SECONDS)
        if self.hello.get("protocol") != PROTOCOL:
            self.close()
            raise ConnectionLost(f"{command[0]} speaks protocol {self.hello.get('protocol')}, this package {PROTOCOL}")

    def receive(self) -> None:
        assembler = Assembler()
        try:
            while True:
                data, ancillary, _, _ = self.socket.recvmsg(PIECE_BYTES, socket.CMSG_SPACE(4 * MAXIMUM_DESCRIPTORS), socket.MSG_CMSG_CLOEXEC)
                descriptors = array.array("i")
                for level, kind, content in ancillary:
                    if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                        descriptors.frombytes(content[:len(content) - len(content) % 4])
                if not data:
                    break
                assembler.append(data, list(descriptors))
                while (message := assembler.next()) is not None:
                    self.take(message)
        except (OSError, ValueError):
            pass
        self.replies.put(None)

    def take(self, message: Message) -> None:
        if message.get("event") == "notice" and "id" not in message:
            if self.on_notice:
                self.on_notice(message.get("text", ""))
        else:
            self.replies.put(message)

    def listen(self) -> None:
        # What it says on standard error is wanted when it ends.
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.decode(errors="replace").rstrip())

    def send(self, members: dict[str, Any], data: bytes | memoryview = b"", descriptors: list[int] = []) -> int:
        """Sends a request; its id."""
        self.last_id += 1
        request = {"id": self.last_id, **members}
        if len(data):
            request["bytes"] = len(data)
        if descriptors:
            request["descriptors"] = len(descriptors)
        line = json.dumps(request).encode() + b"\n"
        try:
            with self.sending:
                for place, descriptor in enumerate(descriptors):
                    socket.send_fds(self.socket, [line[place:place + 1]], [descriptor])
                self.socket.sendall(line[len(descriptors):])
                if len(data):
                    self.socket.sendall(data)
        except OSError:
            raise self.lost() from None
        return self.last_id

    def reply(self, seconds: float | None = None) -> Message:
        """The next event, but for notices of no run; raises `ConnectionLost` at the end, or when none came in time."""
        try:
            # With a time, so that Ctrl-C gets through.
            while True:
                try:
                    message = self.replies.get(timeout=seconds or 0.5)
                    break
                except queue.Empty:
                    if seconds is not None:
                        raise ConnectionLost(f"dsh has not answered within {seconds:g} seconds") from None
        except ConnectionLost:
            self.close()
            raise
        if message is None:
            self.replies.put(None)
            raise self.lost()
        return message

    def interrupt(self, run: int | None = None) -> None:
        """Cancels a run, or whatever runs; from any thread."""
        members = {"do": "interrupt"} if run is None else {"do": "interrupt", "id": run}
        try:
            with self.sending:
                self.socket.sendall(json.dumps(members).encode() + b"\n")
        except OSError:
            pass

    def lost(self) -> ConnectionLost:
        try:
            code = self.process.wait(1)
            self.listener.join(0.5)
        except subprocess.TimeoutExpired:
            code = None
        words = " ".join(self.said)
        return ConnectionLost(f"dsh has ended ({'it does not answer' if code is None else f'code {code}'}){': ' + words if words else ''}")

    def close(self) -> None:
        """Ends the process: it ends with its input."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
