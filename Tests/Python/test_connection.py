"""Messages: pieces, bytes, descriptors, what is unknown, what is broken, and servers that end."""

import json
import os
import random
import subprocess
import time

import dsh
import pytest
from dsh.connection import Assembler, program


def messages(data: bytes, piece: int) -> list:
    assembler, found = Assembler(), []
    for start in range(0, len(data), piece):
        assembler.append(data[start:start + piece])
        while (message := assembler.next()) is not None:
            found.append(message)
    return found


@pytest.mark.parametrize("piece", [1, 3, 1000])
def test_messages_come_in_pieces(piece):
    data = b'{"event":"output","bytes":5,"new":[1]}\n\n{"x\xff{"event":"done","id":1}\n'
    first, second = messages(data, piece)
    assert first["event"] == "output" and first.data == b'\n{"x\xff'
    assert second == {"event": "done", "id": 1} and second.data == b""


def test_what_is_no_message_is_refused():
    for line in (b"no JSON\n", b"[1]\n", b"\xff\n"):
        with pytest.raises(ValueError):
            messages(line, 100)


def test_there_is_no_program(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("DSH")
    with pytest.raises(dsh.ConnectionLost, match="install it"):
        program(None)
    with pytest.raises(dsh.ConnectionLost, match="can't start"):
        dsh.Session(program="/nowhere/dsh")


def test_a_program_that_is_something_else(tmp_path):
    false = tmp_path / "dsh"
    false.write_text("#!/bin/sh\necho what is this >&2\nexit 3\n")
    false.chmod(0o755)
    with pytest.raises(dsh.ConnectionLost, match="code 3.*what is this"):
        dsh.Session(program=str(false))


def test_options_that_are_none():
    with pytest.raises(dsh.ConnectionLost, match="nodes"):
        dsh.Session(nodes=-5)


def test_a_server_that_dies():
    with dsh.Session(nodes=1) as session:
        session.connection.process.kill()
        with pytest.raises(dsh.ConnectionLost, match="ended"):
            session.run("1 + 1")
        with pytest.raises(dsh.ConnectionLost):
            session.run("1 + 1")


def test_the_end_of_this_side_ends_the_server():
    session = dsh.Session(nodes=2)
    session.run("p = range 1000 | persist")
    process = session.connection.process
    begin = time.monotonic()
    session.close()
    assert process.returncode == 0 and time.monotonic() - begin < 2
    # In the middle of a run, too.
    session = dsh.Session(nodes=2)
    session.connection.send({"do": "run", "text": "range 1000000000000 | filter id % 7 == 9 | count"})
    time.sleep(0.5)
    begin = time.monotonic()
    session.close()
    assert session.connection.process.returncode is not None and time.monotonic() - begin < 4


def test_bad_requests_are_told():
    with dsh.Session(nodes=1) as session:
        connection = session.connection
        for line in (b"no JSON\n", b"[1]\n", b"\xff\xfe\n", b'{"do":"fly","id":7}\n', b'{"do":"run","id":8}\n', b'{"do":"run","text":"1","id":"x"}\n'):
            connection.socket.sendall(line)
            error, done = connection.reply(5), connection.reply(5)
            assert error["event"] == "error" and error["code"] == "bad-request" and done == {"event": "done", **({"id": done["id"]} if "id" in done else {}), "outcome": "failed"}
        assert session.run("1 + 1").value == 2


def test_random_requests_never_end_it():
    chance = random.Random(1)
    valid = [json.dumps(one).encode() for one in (
        {"do": "run", "id": 1, "text": "range 3 | take"}, {"do": "complete", "id": 2, "text": "range 3 | ta", "offset": 12},
        {"do": "inspect", "id": 3, "text": "é | take", "offset": 6}, {"do": "rows", "id": 4, "name": "p", "first": 2},
        {"do": "is_complete", "id": 5, "text": "range 3 |"}, {"do": "release", "id": 6, "hold": 5})]
    with dsh.Session(nodes=1) as session:
        for _ in range(400):
            line = bytearray(chance.choice(valid))
            for _ in range(chance.randint(0, 3)):
                place = chance.randrange(len(line))
                line[place:place + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2)).replace(b"\n", b"")
            if b"bytes" in line:
                continue
            session.connection.socket.sendall(bytes(line) + b"\n")
        # All of them have been worked off when this is.
        session.connection.last_id = 1000
        session.connection.send({"do": "run", "text": "40 + 2"})
        while (event := session.connection.reply(20)).get("id") != 1001 or event["event"] != "output":
            pass
        assert event["value"] == 42


def test_over_pipes_blocks_are_bytes():
    process = subprocess.Popen([os.environ["DSH"], "serve", "--nodes=2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    requests = [{"do": "run", "id": 1, "text": "p = range 1000 | persist"}, {"do": "blocks", "id": 2, "name": "p"}]
    data, _ = process.communicate(b"".join(json.dumps(one).encode() + b"\n" for one in requests), timeout=20)
    answer = next(message for message in messages(data, len(data)) if message["event"] == "answer")
    assert answer["mapped"] == 0 and answer["moved"] >= 8000 and answer["stores"] == [] and "descriptors" not in answer
    assert process.returncode == 0


def test_nothing_listens():
    with dsh.Session(nodes=2) as session:
        numbers = {session.connection.process.pid, *children(session.connection.process.pid)}
        inodes = set()
        for number in numbers:
            for entry in os.scandir(f"/proc/{number}/fd"):
                try:
                    inodes.add(os.readlink(entry.path))
                except OSError:
                    pass
        for table in ("tcp", "tcp6", "udp", "udp6"):
            with open(f"/proc/net/{table}") as file:
                assert not [line for line in file.readlines()[1:] if f"socket:[{line.split()[9]}]" in inodes]


def children(process: int) -> list:
    with open(f"/proc/{process}/task/{process}/children") as file:
        return [int(one) for one in file.read().split()]


