"""Requests and events over a socket pair whose other end is a server of the test's own."""

import json
import os
import queue
import socket
import threading

import pytest
from dsh.errors import ConnectionLost
from dsh.link import Link

SECONDS = 10


class Server:
    """The other end: reads requests, and sends what a test has it send."""

    def __init__(self):
        own, self.socket = socket.socketpair()
        self.socket.settimeout(SECONDS)
        self.loose, self.came = [], threading.Event()
        self.link = Link(own, self.take)
        self.received, self.descriptors = b"", []

    def take(self, message):
        self.loose.append(message)
        self.came.set()

    def request(self) -> dict:
        while b"\n" not in self.received:
            self.receive()
        line, _, self.received = self.received.partition(b"\n")
        members = json.loads(line)
        while len(self.received) < members.get("bytes", 0):
            self.receive()
        members["data"], self.received = self.received[:members.get("bytes", 0)], self.received[members.get("bytes", 0):]
        return members

    def receive(self):
        data, descriptors, _, _ = socket.recv_fds(self.socket, 1 << 16, 16)
        assert data, "the client has gone"
        self.received += data
        self.descriptors += descriptors

    def send(self, data: bytes = b"", **members):
        self.socket.sendall(json.dumps(members).encode() + b"\n" + data)


@pytest.fixture
def server():
    one = Server()
    yield one
    one.link.close()
    one.socket.close()


def kinds(exchange) -> list:
    return [event["event"] for event in exchange.events()]


def test_events_go_to_their_requests(server):
    first, second = server.link.request({"do": "run", "text": "a"}), server.link.request({"do": "run", "text": "b"})
    assert [server.request()["id"], server.request()["id"]] == [first.number, second.number]
    server.send(event="output", id=second.number)
    server.send(b"12345", event="output", id=first.number, bytes=5)
    server.send(event="done", id=first.number)
    server.send(event="done", id=second.number)
    events = list(first.events())
    assert [event["event"] for event in events] == ["output", "done"] and events[0].data == b"12345"
    assert kinds(second) == ["output", "done"] and first.is_answered and second.is_answered


def test_what_has_no_number_goes_to_the_run_that_is_worked_off(server):
    other, first, second = (server.link.request({"do": name}) for name in ("schema", "run", "run"))
    server.send(event="output", kind="printed", text="x")
    server.send(event="answer", id=other.number)
    server.send(event="done", id=first.number)
    server.send(event="notice", text="y")
    server.send(event="done", id=second.number)
    assert kinds(other) == ["answer"] and kinds(first) == ["output", "done"] and kinds(second) == ["notice", "done"]
    server.send(event="notice", text="z")
    assert server.came.wait(SECONDS) and server.loose[0]["text"] == "z"


def test_what_nobody_knows_is_passed_over(server):
    exchange = server.link.request({"do": "run"})
    server.send(event="song", id=exchange.number, verse=1)
    server.send(event="song")
    server.send(event="output", id=999)
    server.send(event="done", id=exchange.number, extra={})
    assert kinds(exchange)[-1] == "done"


def test_bytes_and_descriptors_go_along(server):
    file = os.memfd_create("test")
    os.write(file, b"hello")
    server.link.request({"do": "read_arrow"}, b"\n\x00{", [file, file])
    # The link has duplicates of its own.
    os.close(file)
    request = server.request()
    assert request["data"] == b"\n\x00{" and request["descriptors"] == 2
    assert [os.pread(one, 9, 0) for one in server.descriptors] == [b"hello", b"hello"]
    for one in server.descriptors:
        os.close(one)


def test_descriptors_come_along(server):
    exchange = server.link.request({"do": "blocks"})
    file = os.memfd_create("test")
    line = json.dumps({"event": "answer", "id": exchange.number, "descriptors": 2}).encode() + b"\n"
    for place in range(2):
        socket.send_fds(server.socket, [line[place:place + 1]], [file])
    server.socket.sendall(line[2:])
    answer, = exchange.events()
    assert len(answer.descriptors) == 2 and all(os.fstat(one).st_ino == os.fstat(file).st_ino for one in answer.descriptors)
    answer.close_descriptors()
    os.close(file)


def test_nobody_waits_for_what_is_abandoned(server):
    exchange = server.link.request({"do": "blocks"})
    exchange.is_abandoned = True
    before = len(os.listdir("/proc/self/fd"))
    line = json.dumps({"event": "answer", "id": exchange.number, "descriptors": 1}).encode() + b"\n"
    socket.send_fds(server.socket, [line], [server.socket.fileno()])
    assert kinds(exchange) == [] and len(os.listdir("/proc/self/fd")) == before


def test_an_interrupt_names_its_run(server):
    exchange = server.link.request({"do": "run"})
    server.link.interrupt(exchange)
    server.link.interrupt()
    server.link.release(7)
    assert server.request()["do"] == "run"
    assert server.request() == {"do": "interrupt", "id": exchange.number, "data": b""}
    assert server.request() == {"do": "interrupt", "data": b""}
    assert server.request()["hold"] == 7


def test_an_exception_in_between_loses_no_end(server):
    exchange = server.link.request({"do": "run"})
    server.send(event="output", id=exchange.number)
    server.send(event="done", id=exchange.number)
    for event in exchange.events():
        break
    assert kinds(exchange) == ["done"] and kinds(exchange) == []


def test_death_of_the_server(server):
    exchange = server.link.request({"do": "run"})
    server.send(event="output", id=exchange.number)
    server.socket.sendall(b'{"event":"output","id":1,"bytes":100}\nabc')
    server.socket.close()
    assert kinds(exchange) == ["output"] and not exchange.is_answered
    with pytest.raises(ConnectionLost, match="ended"):
        server.link.request({"do": "run"})
    with pytest.raises(ConnectionLost, match="ended"):
        server.link.hello(SECONDS)
    server.link.interrupt()


def test_broken_words_of_the_server(server):
    exchange = server.link.request({"do": "run"})
    server.socket.sendall(b"Segmentation fault\n")
    assert kinds(exchange) == []
    with pytest.raises(ConnectionLost, match="no message"):
        server.link.request({"do": "run"})


def test_a_server_that_says_nothing(server):
    with pytest.raises(ConnectionLost, match="nothing within 0.1 seconds"):
        server.link.hello(0.1)


def test_large_bytes_both_ways_at_once(server):
    # More than any buffer of a socket holds: neither side may wait for the other to read first.
    data = os.urandom(1 << 24)
    exchange = server.link.request({"do": "read_arrow"}, data)
    server.send(data, event="answer", id=exchange.number, bytes=len(data))
    assert server.request()["data"] == data
    answer, = exchange.events()
    assert answer.data == data


def test_a_callback_that_fails_ends_nothing(server, monkeypatch):
    failures = queue.SimpleQueue()
    monkeypatch.setattr(threading, "excepthook", failures.put)
    server.link._on_loose = lambda message: 1 / 0
    server.send(event="notice", text="x")
    assert failures.get(timeout=SECONDS).exc_type is ZeroDivisionError
    exchange = server.link.request({"do": "run"})
    server.send(event="done", id=exchange.number)
    assert kinds(exchange) == ["done"]


def test_requests_that_can_not_be_said(server):
    with pytest.raises(ValueError):
        server.link.request({"do": "run", "text": "\ud800"})
    exchange = server.link.request({"do": "run"})
    assert server.request()["id"] == exchange.number
