"""The head's side of the bridge for tests: starts one on a socket pair, and speaks its protocol."""

import array
import os
import queue
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

MODULES = Path(__file__).resolve().parents[2] / "Sources/DshPython"
# One program of two files, as dsh has it.
BRIDGE = "\n".join((MODULES / name).read_text() for name in ("dsh_remote_files.py", "dsh_bridge.py"))
ANSWERED, DONE, FAILED, LOCATED, NODE_LIST, NOT_STARTED, STARTED, STOPPED, UNANSWERED = 5, 3, 4, 7, 8, 2, 1, 9, 6


def text(value: str) -> bytes:
    return blob(value.encode())


def blob(value: bytes) -> bytes:
    return struct.pack("<I", len(value)) + value


def names(values) -> bytes:
    return struct.pack("<I", len(values)) + b"".join(struct.pack("<Q", value) for value in values)


class Fields:
    def __init__(self, frame: bytes):
        self.frame, self.place = frame, 0

    def take(self, layout: str):
        value, = struct.unpack_from("<" + layout, self.frame, self.place)
        self.place += struct.calcsize(layout)
        return value

    def bytes(self) -> bytes:
        count = self.take("I")
        self.place += count
        return self.frame[self.place - count:self.place]

    def text(self) -> str:
        return self.bytes().decode()

    def list(self, element) -> list:
        return [element() for _ in range(self.take("I"))]

    def names(self) -> list:
        return self.list(self.text)

    def node(self) -> dict:
        return {"id": self.text(), "host": self.text(), "process": self.take("q"), "alive": self.take("?"), "driver": self.take("?"),
                "cpus": self.take("q"), "store": self.take("q")}

    def move(self) -> tuple:
        return self.text(), self.take("q")

    def located(self) -> tuple:
        return self.take("Q"), (self.names(), self.take("q"), self.take("?"))


def decoded(frame: bytes, descriptors: list) -> dict:
    fields = Fields(frame)
    kind = fields.take("B")
    if kind == STARTED:
        found = {"ray": fields.text(), "python": fields.text(), "own": fields.take("?"), "nodes": fields.list(fields.node)}
    elif kind == NOT_STARTED:
        found = {"reason": fields.take("B"), "text": fields.text()}
    elif kind == DONE:
        found = {"key": ("task", fields.take("Q")), "node": fields.text(), "outcome": fields.bytes(), "moved": fields.list(fields.move),
                 "bytes": fields.take("q"), "inline": fields.take("?"), "seconds": fields.take("d")}
    elif kind == FAILED:
        found = {"key": ("task", fields.take("Q")), "failure": fields.take("B"), "text": fields.text()}
    elif kind == ANSWERED:
        found = {"key": ("number", fields.take("Q")), "node": fields.text(), "outcome": fields.bytes(), "way": fields.take("B")}
        found["payload"] = None
        if found["way"] == 1:
            found["payload"] = fields.bytes()
        elif found["way"] == 2:
            count = fields.take("q")
            found["payload"] = read_all(descriptors.pop(0), count)
    elif kind == UNANSWERED:
        found = {"key": ("number", fields.take("Q")), "failure": fields.take("B"), "text": fields.text()}
    elif kind == LOCATED:
        found = {"key": ("number", fields.take("Q")), "blocks": dict(fields.list(fields.located))}
    elif kind == NODE_LIST:
        found = {"nodes": fields.list(fields.node)}
    else:
        found = {}
    assert fields.place == len(frame), f"frame of kind {kind} has {len(frame)} bytes, {fields.place} were read"
    return {"kind": kind, **found}


def read_all(descriptor: int, count: int) -> bytes:
    assert os.fstat(descriptor).st_size == count
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


class Client:
    """A bridge and the conversation with it."""

    def __init__(self, python: str, options=(), environment=None):
        mine, theirs = socket.socketpair()
        self.log, program = os.memfd_create("log"), os.memfd_create("program")
        os.write(program, BRIDGE.encode())
        self.process = subprocess.Popen(
            [python, *options, f"/dev/fd/{program}"], stdin=theirs, stdout=self.log, stderr=self.log, pass_fds=[program],
            env=dict(os.environ, **(environment or {})))
        os.close(program)
        theirs.close()
        self.socket, self.frames, self.kept, self.descriptors, self.times = mine, queue.Queue(), [], [], {}
        threading.Thread(target=self.receive, daemon=True).start()

    def receive(self):
        data = b""
        try:
            while True:
                piece, ancillary, _, _ = self.socket.recvmsg(1 << 20, 1024)
                for _, _, found in ancillary:
                    numbers = array.array("i")
                    numbers.frombytes(found)
                    self.descriptors += numbers
                if not piece:
                    break
                data += piece
                while len(data) >= 4 and len(data) >= 4 + struct.unpack_from("<I", data)[0]:
                    count = struct.unpack_from("<I", data)[0]
                    self.frames.put(decoded(data[4:4 + count], self.descriptors))
                    data = data[4 + count:]
        except OSError:
            pass
        self.frames.put({"kind": 0})

    def send(self, kind: int, *fields: bytes):
        body = struct.pack("<B", kind) + b"".join(fields)
        self.socket.sendall(struct.pack("<I", len(body)) + body)

    def await_frame(self, wanted, seconds: float = 60) -> dict:
        """The first frame that is wanted; the others are kept."""
        end = time.monotonic() + seconds
        for frame in self.kept:
            if wanted(frame):
                self.kept.remove(frame)
                return frame
        while time.monotonic() < end:
            try:
                frame = self.frames.get(timeout=max(0.001, end - time.monotonic()))
            except queue.Empty:
                break
            if wanted(frame):
                return frame
            if frame["kind"] == 0:
                self.frames.put(frame)
                return frame
            self.kept.append(frame)
        return {"kind": -1}

    def answer(self, kind: str, number: int, seconds: float = 60) -> dict:
        return self.await_frame(lambda frame: frame.get("key") == (kind, number), seconds)

    # What the head says

    def start(self, library, version="1.0", address="", nodes=3, cpus=1, store=100 << 20, shipped=False, seconds=60) -> dict:
        self.send(1, text(version), text(address), struct.pack("<qqq", nodes, cpus, store), text(str(library)), struct.pack("<?", shipped))
        return self.await_frame(lambda frame: frame["kind"] in (STARTED, NOT_STARTED), seconds)

    def run(self, task: int, request: str, inputs=(), node="", retriable=True, block=None):
        parts = [struct.pack("<BQ", 0, item) if isinstance(item, int) else
                 struct.pack("<B", 1) + text(item[0]) + text(item[1]) + names(item[2]) for item in inputs]
        self.send(2, struct.pack("<QQ", task, task if block is None else block), text(node), struct.pack("<?", retriable), text(request),
                  struct.pack("<I", len(parts)), *parts)

    def done(self, task: int, *arguments, seconds: float = 60, **options) -> dict:
        self.run(task, *arguments, **options)
        return self.answer("task", task, seconds)

    def call(self, number: int, request: str, blocks=(), node="", seconds: float = 60) -> dict:
        self.send(3, struct.pack("<Q", number), text(node), text(request), names(blocks))
        return self.answer("number", number, seconds)

    def fetch(self, number: int, block: int, seconds: float = 60) -> dict:
        self.send(4, struct.pack("<QQ", number, block))
        return self.answer("number", number, seconds)

    def cancel(self, task: int):
        self.send(5, struct.pack("<Q", task))

    def release(self, *blocks: int):
        self.send(6, names(blocks))

    def locate(self, number: int, *blocks: int) -> dict:
        self.send(7, struct.pack("<Q", number), names(blocks))
        return self.answer("number", number).get("blocks", {})

    def file(self, number: int, operation: int, address: str, numbers=(), seconds: float = 60) -> dict:
        """What is asked about a file at an address: what is known of it (1), the entries of a folder (2), bytes (3), shipping it (4)."""
        self.send(8, struct.pack("<QB", number, operation), text(address), struct.pack(f"<I{len(numbers)}q", len(numbers), *numbers))
        return self.answer("number", number, seconds)

    def text_of_log(self) -> str:
        return os.pread(self.log, 1 << 20, 0).decode("utf-8", "replace")
