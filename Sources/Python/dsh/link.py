"""A connected socket as requests and the events that answer them. Knows nothing of processes."""

from __future__ import annotations

import array
import itertools
import os
import queue
import socket
import sys
import threading
from collections import deque
from typing import Any, Callable, Iterator, Sequence

from .errors import ConnectionLost
from .messages import BYTES_LIMIT, BrokenMessage, Message, MessageAssembler, line_of

#: How much is received at a time.
PIECE_BYTES = 1 << 18
#: The kernel passes no more at once (SCM_MAX_FD).
DESCRIPTORS_AT_ONCE = 253


class Exchange:
    """One request, and its events as they come."""

    def __init__(self, number: int, is_run: bool):
        self.number = number
        self.is_run = is_run
        self._events: deque[Message] = deque()
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        #: Nothing comes any more, as this is answered or the connection has ended.
        self._is_over = False
        self.is_answered = False
        #: Nobody waits any more.
        self.is_abandoned = False

    def events(self) -> Iterator[Message]:
        """The events up to the last; ends early if the connection does.

        An exception that comes at any moment, as `KeyboardInterrupt` does, ends this generator, but not the exchange: the next call goes on.
        """
        while True:
            # Looked at before waiting, so that a ring of the bell that an exception has swallowed costs nothing.
            while self._events:
                yield self._events.popleft()
            if self._is_over and not self._events:
                return
            self._bell.get()

    def put(self, event: Message) -> None:
        """Takes in an event; called by the thread that receives."""
        if self.is_abandoned:
            event.close_descriptors()
        else:
            self._events.append(event)
        if event.get("event") in ("answer", "done"):
            self.is_answered = self._is_over = True
        self._bell.put(None)

    def end(self) -> None:
        """Nothing comes any more."""
        self._is_over = True
        self._bell.put(None)


class Link:
    """Requests out and events in, on two threads of its own, so that neither side ever waits for the other to read.

    A thread that asks never sends itself: an exception that comes in the middle, as `KeyboardInterrupt` may, can't leave half a message. Nor does
    it take a lock to be told that memory is needed no more, which the collection of garbage says at any moment.
    """

    def __init__(self, connected: socket.socket, on_loose: Callable[[Message], None] | None = None):
        self._socket = connected
        #: Called, on the receiving thread, with what belongs to no request while none runs.
        self._on_loose = on_loose
        self._numbers = itertools.count(1)
        self._outgoing: queue.SimpleQueue[tuple[bytes, Any, list[int]] | None] = queue.SimpleQueue()
        #: Those that are not answered, oldest first; the server works them off in this order.
        self._open: dict[int, Exchange] = {}
        self._lock = threading.Lock()
        self._hello: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        #: Why nothing comes any more; none as long as something may.
        self.ending: str | None = None
        for work in (self._receive_all, self._send_all):
            threading.Thread(target=work, daemon=True, name=f"dsh-{work.__name__.strip('_')}").start()

    # Requests

    def request(self, members: dict[str, Any], data: bytes | memoryview = b"", descriptors: Sequence[int] = ()) -> Exchange:
        """Has a request sent. Descriptors are duplicated and stay the caller's. Raises `ConnectionLost`, and `ValueError` for what can't be sent."""
        with self._lock:
            exchange = Exchange(next(self._numbers), members.get("do") == "run")
            # Under the lock, so that numbers go out in order.
            self._send({**members, "id": exchange.number}, data, descriptors)
            self._open[exchange.number] = exchange
            if self.ending is not None:
                exchange.end()
        return exchange

    def interrupt(self, exchange: Exchange | None = None) -> None:
        """Cancels a request, or whatever runs; may be called from any thread."""
        self.tell({"do": "interrupt"} if exchange is None else {"do": "interrupt", "id": exchange.number})

    def release(self, hold: int) -> None:
        """Gives up blocks; whatever is answered is passed over. May be called at any moment, and takes no lock."""
        self.tell({"do": "release", "hold": hold, "id": next(self._numbers)})

    def tell(self, members: dict[str, Any]) -> None:
        if self.ending is None:
            self._outgoing.put((line_of(members), b"", []))

    def _send(self, members: dict[str, Any], data: bytes | memoryview, descriptors: Sequence[int]) -> None:
        if self.ending is not None:
            raise ConnectionLost(self.ending)
        if len(data) > BYTES_LIMIT:
            raise ValueError(f"more than {BYTES_LIMIT >> 30} GiB can't follow a request: {len(data)} bytes")
        if len(data):
            members["bytes"] = len(data)
        if descriptors:
            members["descriptors"] = len(descriptors)
        self._outgoing.put((line_of(members), data, [os.dup(one) for one in descriptors]))

    def hello(self, seconds: float) -> Message:
        """The first event; raises `ConnectionLost` if none comes in time."""
        try:
            message = self._hello.get(timeout=seconds)
        except queue.Empty:
            raise ConnectionLost(f"dsh has said nothing within {seconds:g} seconds") from None
        if message is None:
            raise ConnectionLost(self.ending or "dsh has ended")
        return message

    # The threads

    def _send_all(self) -> None:
        while (outgoing := self._outgoing.get()) is not None:
            line, data, descriptors = outgoing
            try:
                # One beside each byte from the first on.
                for place, descriptor in enumerate(descriptors):
                    socket.send_fds(self._socket, [line[place:place + 1]], [descriptor])
                self._socket.sendall(line[len(descriptors):])
                if len(data):
                    self._socket.sendall(data)
            except OSError:
                # The receiving thread finds the end, and says so.
                pass
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)

    def _receive_all(self) -> None:
        assembler = MessageAssembler()
        ending = "dsh has ended"
        try:
            while (piece := self._receive()) is not None:
                assembler.append(*piece)
                while (message := assembler.next()) is not None:
                    self._route(message)
        except BrokenMessage as error:
            ending = f"dsh has said what is no message: {error}"
        except OSError:
            pass
        assembler.close()
        self._end(ending)

    def _receive(self) -> tuple[bytes, list[int]] | None:
        data, ancillary, flags, _ = self._socket.recvmsg(
            PIECE_BYTES, socket.CMSG_SPACE(DESCRIPTORS_AT_ONCE * array.array("i").itemsize), socket.MSG_CMSG_CLOEXEC)
        descriptors = array.array("i")
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                descriptors.frombytes(content[:len(content) - len(content) % descriptors.itemsize])
        if flags & socket.MSG_CTRUNC:
            raise BrokenMessage("descriptors were lost: this process may have too many files open")
        return (data, list(descriptors)) if data else None

    def _route(self, message: Message) -> None:
        number = message.get("id")
        if message.get("event") == "hello":
            self._hello.put(message)
            return
        with self._lock:
            if number is None:
                # What is printed, and what befalls nodes: told to the run that is worked off, which is the oldest.
                exchange = next((one for one in self._open.values() if one.is_run), None)
            else:
                exchange = self._open.get(number)
                if message.get("event") in ("answer", "done"):
                    self._open.pop(number, None)
        if exchange is not None:
            exchange.put(message)
        elif number is None and self._on_loose is not None:
            try:
                self._on_loose(message)
            except Exception:
                # As for any other thread; this one has to go on.
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
        else:
            message.close_descriptors()

    def _end(self, ending: str) -> None:
        with self._lock:
            self.ending = ending
            exchanges = list(self._open.values())
            self._open.clear()
        self._hello.put(None)
        self._outgoing.put(None)
        for exchange in exchanges:
            exchange.end()

    # The end

    def close(self) -> None:
        """Ends the connection for both sides; may be called again."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def forget(self) -> None:
        """Closes this process's end, and leaves that of the process that it was copied from as it is."""
        self.ending = "the session belongs to the process that started it"
        self._socket.close()
