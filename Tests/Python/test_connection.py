"""The process behind a session: how it starts, and that neither side outlives the other."""

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import dsh
import pytest
from dsh.connection import program_path

ENDLESS = "range 1000000000000 | filter id % 7 == 9 | count"
#: A program that starts a session, tells its processes, and then does what the test says.
PROGRAM = """
import os, signal, sys, threading, time
import dsh
session = dsh.Session(nodes=2)
session.run("p = range 1000 | persist")
table = session["p"].to_arrow()
server = session.connection.process.pid
with open(f"/proc/{server}/task/{server}/children") as file:
    print(server, *file.read().split(), flush=True)
"""


def is_gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def all_gone(processes, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not all(is_gone(one) for one in processes):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def children(process: int) -> list:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_there_is_no_program(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("DSH")
    with pytest.raises(dsh.ConnectionLost, match="no dsh on PATH"):
        program_path()
    with pytest.raises(dsh.ConnectionLost, match="can't start /nowhere/dsh: No such file"):
        dsh.Session(program="/nowhere/dsh")


def test_where_the_program_is(monkeypatch, tmp_path):
    (tmp_path / "dsh").write_text("#!/bin/sh\n")
    (tmp_path / "dsh").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DSH", "/one")
    assert program_path("/other") == "/other" and program_path() == "/one"
    monkeypatch.delenv("DSH")
    assert program_path() == str(tmp_path / "dsh")


def test_a_program_that_is_something_else(tmp_path):
    other = tmp_path / "dsh"
    other.write_text("#!/bin/sh\necho what is this >&2\nexit 3\n")
    other.chmod(0o755)
    with pytest.raises(dsh.ConnectionLost, match="with code 3: what is this"):
        dsh.Session(program=other)


def test_another_protocol(tmp_path):
    other = tmp_path / "dsh"
    other.write_text("#!/bin/bash\necho '{\"event\":\"hello\",\"protocol\":2}' >&${2#--descriptor=}\ncat <&${2#--descriptor=}\n")
    other.chmod(0o755)
    with pytest.raises(dsh.ConnectionLost, match="speaks protocol 2, and this package 1"):
        dsh.Session(program=other)


def test_options():
    with dsh.Session(nodes=2, slots=1, settings={"limit": 5}, deterministic=True, arguments=["--batch-rows=7"]) as session:
        assert session.run("$limit + 1").value == 6
        assert session.run("nodes").to_arrow().num_rows == 3
    with pytest.raises(dsh.ConnectionLost, match="--nodes is a number"):
        dsh.Session(nodes=-5)
    with dsh.Session(nodes=1, safe=True) as session, pytest.raises(dsh.Error) as caught:
        session.run("!echo hello")
    assert caught.value.category == "user"


def test_a_server_that_dies_in_a_run():
    session = dsh.Session(nodes=1)
    first = []

    def kill(progress):
        if not first:
            first.append(progress)
            session.connection.process.kill()
    with pytest.raises(dsh.ConnectionLost, match="ended with signal 9"):
        session.run(ENDLESS, on_progress=kill)
    with pytest.raises(dsh.ConnectionLost, match="ended with signal 9"):
        session.run("1 + 1")
    session.close()
    with pytest.raises(dsh.ConnectionLost, match="is closed"):
        session.run("1 + 1")


@pytest.mark.parametrize("busy", [False, True])
def test_close_ends_the_server(busy):
    session = dsh.Session(nodes=2)
    session.run("p = range 1000 | persist")
    server = session.connection.process
    processes = [server.pid, *children(server.pid)]
    if busy:
        session.connection.request({"do": "run", "text": ENDLESS})
        time.sleep(0.3)
    session.close()
    session.close()
    assert server.returncode == 0 and all_gone(processes)


def test_a_session_that_nobody_has_ends():
    session = dsh.Session(nodes=1)
    table = session.run("p = range 1000 | persist") and session["p"].to_arrow()
    process = session.connection.process
    del session
    gc.collect()
    assert process.poll() == 0
    # What was mapped stays as it was.
    assert table["id"].to_pylist() == list(range(1000))


@pytest.mark.parametrize("end", [
    "pass", "sys.exit(3)", "raise KeyError", "os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)", "os.kill(os.getpid(), signal.SIGTERM)",
    "os.abort()", "os.execv('/bin/true', ['true'])",
    f"threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGKILL)).start(); session.run({ENDLESS!r})",
    # A child that goes on has a copy of everything, and keeps nothing alive by that.
    "child = os.fork(); child or time.sleep(30); os._exit(0)"])
def test_the_end_of_this_side_ends_the_server(end):
    process = subprocess.Popen([sys.executable, "-c", PROGRAM + end], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        processes = [int(one) for one in process.stdout.readline().split()]
        assert len(processes) == 3
        process.wait(10)
        assert all_gone(processes)
    finally:
        process.kill()
        process.stdout.close()
        process.wait(10)


def test_a_forked_child_ends_nothing():
    with dsh.Session(nodes=1) as session:
        child = os.fork()
        if child == 0:
            try:
                session.close()
                session.run("1 + 1")
            except dsh.ConnectionLost:
                os._exit(7)
            finally:
                os._exit(8)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert session.run("1 + 1").value == 2


def test_signals_of_the_terminal_do_not_reach_the_server():
    with dsh.Session(nodes=1) as session:
        assert os.getpgid(session.connection.process.pid) != os.getpgid(0)
        os.kill(session.connection.process.pid, signal.SIGINT)
        assert session.run("1 + 1").value == 2


def test_nothing_listens():
    with dsh.Session(nodes=2) as session:
        server = session.connection.process.pid
        sockets = set()
        for process in (server, *children(server)):
            for entry in Path(f"/proc/{process}/fd").iterdir():
                try:
                    sockets.add(os.readlink(entry))
                except OSError:
                    pass
        for table in ("tcp", "tcp6", "udp", "udp6"):
            rows = [line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
            assert not [row for row in rows if f"socket:[{row[9]}]" in sockets]


def test_descriptors_do_not_leak():
    with dsh.Session(nodes=2) as session:
        session.run("p = range 1000 | persist")
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(20):
            session["p"].to_arrow()
            session.read_arrow("q", {"a": [1]})
        gc.collect()
        session.run("1")
        assert len(os.listdir("/proc/self/fd")) <= before
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with dsh.Session(nodes=1):
            pass
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before
