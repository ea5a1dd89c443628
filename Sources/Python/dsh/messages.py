"""Messages of the protocol: a line of JSON, the bytes behind it and the descriptors beside it (docs/protocol.md)."""

from __future__ import annotations

import json
import os
from collections import deque
from typing import Any, Iterable, Mapping

#: Longer lines are sent by nobody; the server ends a session over one.
LINE_LIMIT_BYTES = 64 << 20
#: More bytes do not follow a line.
BYTES_LIMIT = 2 << 30


class BrokenMessage(Exception):
    """What came is no message; nothing that follows can be told apart."""


class Message(dict[str, Any]):
    """The members of a message. `data` are the bytes that followed it; `descriptors` came beside it and belong to whoever takes it."""

    def __init__(self, members: Mapping[str, Any], data: bytes = b"", descriptors: Iterable[int] = ()):
        super().__init__(members)
        self.data = data
        self.descriptors = list(descriptors)

    def close_descriptors(self) -> None:
        """Closes the descriptors that nobody has taken."""
        while self.descriptors:
            os.close(self.descriptors.pop())


class MessageAssembler:
    """Cuts what comes, in whatever pieces, into messages."""

    def __init__(self) -> None:
        self._received = bytearray()
        #: Up to here there is no end of a line.
        self._searched = 0
        self._descriptors: deque[int] = deque()
        #: A line whose bytes are not all there.
        self._waiting: Message | None = None

    def append(self, data: bytes, descriptors: Iterable[int] = ()) -> None:
        self._received += data
        self._descriptors.extend(descriptors)

    def next(self) -> Message | None:
        """The next message if all of it is there; raises `BrokenMessage`."""
        if self._waiting is None:
            self._waiting = self._next_line()
        message = self._waiting
        if message is None:
            return None
        count = message.get("bytes", 0)
        if len(self._received) < count:
            return None
        message.data = bytes(memoryview(self._received)[:count])
        del self._received[:count]
        self._waiting = None
        return message

    def _next_line(self) -> Message | None:
        end = self._received.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._received)
            if self._searched > LINE_LIMIT_BYTES:
                raise BrokenMessage(f"a line is longer than {LINE_LIMIT_BYTES >> 20} MiB")
            return None
        try:
            members = json.loads(bytes(memoryview(self._received)[:end]))
        except (ValueError, RecursionError) as error:
            raise BrokenMessage(f"a line is no JSON: {error}") from None
        del self._received[:end + 1]
        self._searched = 0
        if not isinstance(members, dict):
            raise BrokenMessage("a line is to hold an object")
        _checked_count(members, "bytes", BYTES_LIMIT)
        # They come beside the first bytes of the line, so that all are there when its end is.
        count = _checked_count(members, "descriptors", len(self._descriptors))
        return Message(members, descriptors=[self._descriptors.popleft() for _ in range(count)])

    def close(self) -> None:
        """Closes the descriptors of messages that never became whole."""
        if self._waiting is not None:
            self._waiting.close_descriptors()
        while self._descriptors:
            os.close(self._descriptors.popleft())


def _checked_count(members: Mapping[str, Any], name: str, limit: int) -> int:
    count = members.get(name, 0)
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= limit:
        raise BrokenMessage(f"{name} is to be a number of at most {limit}, not {count!r}")
    return count


def line_of(members: Mapping[str, Any]) -> bytes:
    """A message's line; raises `ValueError` for text that has no UTF-8 and for a line that is too long."""
    line = json.dumps(members, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    if len(line) > LINE_LIMIT_BYTES:
        raise ValueError(f"a request is longer than {LINE_LIMIT_BYTES >> 20} MiB: {len(line)} bytes")
    return line
