#!/usr/bin/env python3
"""Drives the bridge to Ray with a library that echoes: tasks, rows, places, failures, the end of each process, and Rays that run already.

    python3 Tests/Ray/bridge.py [--only TEXT] [--times]

Needs a C compiler, and Ray, which is installed from PyPI into a virtual environment on first use. Each scenario has a bridge of its own,
and looks afterwards whether anything is left.
"""

import argparse
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from client import ANSWERED, DONE, FAILED, NODE_LIST, NOT_STARTED, STARTED, STOPPED, UNANSWERED, Client
from harness import Tally, reexecute_with
from raylets import PACKAGES
from web_server import WebServer

CANCELLED, LOST, DIED, MEMORY, LIBRARY, OTHER, FILE = range(1, 8)
MEGABYTE = 1 << 20


class Bench:
    """What scenarios share: the library, the Python, and the counting."""

    def __init__(self, options, tally: Tally, scratch: Path):
        self.python, self.tally, self.scratch, self.prints_times = sys.executable, tally, scratch, options.times
        self.library, self.other = scratch / "libdsh.so", scratch / "other.so"
        for path, version in ((self.library, "1.0"), (self.other, "2.0")):
            source = Path(__file__).parent / "echo_library.c"
            subprocess.run(["cc", "-shared", "-fPIC", "-O1", f'-DVERSION="{version}"', "-o", path, source], check=True)

    def check(self, holds, name: str, detail=""):
        return self.tally.check(holds, name, str(detail))

    def time(self, name: str, seconds: float):
        if self.prints_times:
            print(f"{seconds:8.3f} s  {name}", flush=True)

    def folder(self, name: str) -> Path:
        """Where the bridge's temporary folders are, so that what is left is seen."""
        folder = self.scratch / name
        folder.mkdir()
        return folder

    def client(self, name: str, options=(), environment=None) -> Client:
        """A bridge with a folder of its own for all that it writes."""
        folder = self.folder(name)
        client = Client(self.python, options, {"TMPDIR": str(folder), **(environment or {})})
        client.folder = folder
        return client

    def started(self, name: str, **options):
        """A bridge with a Ray of its own, and its nodes, the driver's first."""
        client = self.client(name)
        begin = time.monotonic()
        answer = client.start(self.library, **options)
        self.time(f"{name}: start", time.monotonic() - begin)
        self.check(answer["kind"] == STARTED, f"{name}: an own Ray starts", f"{answer} {client.text_of_log()}")
        nodes = client.first_nodes = sorted(answer.get("nodes", []), key=lambda node: not node["driver"])
        return client, [node["id"] for node in nodes]

    def end(self, name: str, client: Client, how: str = "stop", limit: float = 3):
        begin = time.monotonic()
        if how == "stop":
            client.send(11)
            stopped = client.await_frame(lambda frame: frame["kind"] == STOPPED, 5)
            self.check(stopped["kind"] == STOPPED, f"{name}: it says that it stopped", client.text_of_log())
        elif how == "close":
            client.socket.shutdown(socket.SHUT_RDWR)
        else:
            client.process.send_signal(how)
        self.gone(name, client, begin, limit)

    def gone(self, name: str, client: Client, begin: float, limit: float = 3):
        try:
            client.process.wait(limit + 5)
        except subprocess.TimeoutExpired:
            self.check(False, f"{name}: the bridge ends")
            client.process.kill()
        left = wait_for(lambda: not processes_of(client.folder) and not list(client.folder.iterdir()), limit + 5)
        seconds = time.monotonic() - begin
        self.time(f"{name}: end", seconds)
        self.check(left and seconds <= limit, f"{name}: nothing is left within {limit} s",
                   f"{seconds:.1f} s, {processes_of(client.folder)}, {list(client.folder.iterdir())}")
        for process, _ in processes_of(client.folder):
            os.kill(process, signal.SIGKILL)


def wait_for(holds, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


def processes_of(folder: Path) -> list:
    """The processes that were started with this folder for temporary files: a bridge and all of its Ray."""
    mark, found = f"TMPDIR={folder}".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((int(process.name), (process / "cmdline").read_bytes()[:80]))
        except OSError:
            pass
    return found


def pattern(count: int, seed: int = 0) -> bytes:
    return (bytes((place * 7 + seed) & 255 for place in range(256)) * (count // 256 + 1))[:count]


# MARK: Scenarios

def work(bench: Bench):
    """Tasks, rows, places and releases on three raylets."""
    client, nodes = bench.started("work")
    check = bench.check
    for number, node in enumerate(nodes, 1):
        done = client.done(number, f"b {MEGABYTE} 3 {number}", node=node)
        check(done["kind"] == DONE and done["node"] == node and done["outcome"] == b"block", "a task runs where it is to run", done)
        check(done["bytes"] >= MEGABYTE and not done["inline"], "and makes a block", done)
    size = done["bytes"]
    places = {1: ([nodes[0]], size, False), 2: ([nodes[1]], size, False), 3: ([nodes[2]], size, False)}
    check(client.locate(1, 1, 2, 3, 99) == places, "blocks are where they were made", client.locate(2, 1, 2, 3))
    answers(bench, client, nodes, size)
    check(client.locate(20, 1, 2, 3) == places, "rows and fetched blocks leave no second copy", client.locate(21, 1, 2, 3))
    gathering(bench, client, nodes, size, places)
    small_blocks(bench, client, nodes, size)
    limits(bench, client, nodes)
    bench.end("work", client)


def answers(bench: Bench, client: Client, nodes: list, size: int):
    for number, (node, block, count, way) in enumerate([(1, 2, 4096, 1), (1, 2, 640000, 2), (0, 1, 640000, 2)], 3):
        rows = client.call(number, f"h {count}", [block], node=nodes[node])
        payload = rows.pop("payload", None)
        bench.check(rows["kind"] == ANSWERED and rows["node"] == nodes[node] and payload == pattern(count, block), "rows come", rows)
        bench.check(rows["way"] == way, "few in their frame, many by a descriptor", rows)
    rows = client.call(6, "n", [2], node=nodes[1])
    bench.check(rows["kind"] == ANSWERED and rows["way"] == 0 and rows["outcome"] == b"nothing", "an answer without rows", rows)
    for number in (1, 2, 3):
        whole = client.fetch(10 + number, number)
        payload = whole.pop("payload", None)
        bench.check(whole["kind"] == ANSWERED and payload == pattern(size, number), "a block is fetched", whole)


def gathering(bench: Bench, client: Client, nodes: list, size: int, places: dict):
    done = client.done(30, "r", [1, (nodes[1], "h 300032", [2]), (nodes[2], "h 64000", [3])], node=nodes[0])
    sums = [(size, sum(pattern(size, 1))), (300032, sum(pattern(300032, 2))), (64000, sum(pattern(64000, 3)))]
    report = b"".join(b"%d %d 0;" % pair for pair in sums)
    bench.check(done["outcome"] == report, "a task reads a block and gathered rows, all aligned", done)
    bench.check(sorted(done["moved"]) == sorted([(nodes[1], 300032), (nodes[2], 64000)]), "only gathered rows were moved", done)
    bench.check(client.locate(31, 1, 2, 3) == places, "gathering leaves no second copy", client.locate(32, 1, 2, 3))
    done = client.done(33, "n", [(nodes[1], "n", [2])])
    bench.check(done["outcome"] == b"nothing" and done["bytes"] == -1, "an input that could not be gathered answers for the task", done)
    bench.check(client.done(34, "r", [2], node=nodes[0])["moved"] == [(nodes[1], size)], "a whole block from elsewhere is moved")
    bench.check(client.done(35, "r", [2], node=nodes[0])["moved"] == [], "it is moved once")
    copies = wait_for(lambda: sorted(client.locate(36, 2)[2][0]) == sorted(nodes[:2]), 2)
    bench.check(copies, "and has a second copy", client.locate(37, 2))


def small_blocks(bench: Bench, client: Client, nodes: list, size: int):
    done = client.done(40, "b 4096 2 5", node=nodes[2])
    bench.check(done["inline"] and client.locate(41, 40) == {40: ([], 4096, False)}, "a small block is with the driver", done)
    bench.check(client.fetch(42, 40)["payload"] == pattern(4096, 5), "a small block is fetched")
    bench.check(client.done(43, "e", [40, 1, 2], node=nodes[1])["bytes"] == 4096 + 2 * size, "blocks are joined")
    bench.check(client.fetch(44, 43)["payload"] == pattern(4096, 5) + pattern(size, 1) + pattern(size, 2), "segments end to end")
    failures = client.fetch(45, 99), client.done(46, "r", [99]), client.call(47, "n", [99]), client.done(48, "r", [(nodes[1], "n", [99])])
    bench.check(all(failure.get("failure") == LOST for failure in failures), "unknown blocks are told", failures)


def limits(bench: Bench, client: Client, nodes: list):
    """The stores are 100 MiB each: blocks of 280 MiB pass through one of them, if they are released."""
    for number in range(100, 114):
        done = client.done(number, f"b {20 * MEGABYTE} 1 0", node=nodes[1])
        bench.check(done["kind"] == DONE, "a block is made where another was released", done)
        bench.check(not client.locate(number, number)[number][2], "and nothing went to disk", client.locate(number, number))
        client.release(number)
        time.sleep(0.3)
    bench.check(client.locate(200, 100, 113) == {}, "released blocks are forgotten")


def speed(bench: Bench):
    """Empty tasks."""
    client, nodes = bench.started("speed")
    for number in range(200):
        client.run(number, "n")
    for number in range(200):
        client.answer("task", number)
    count, window = 2000, 64
    begin = time.monotonic()
    for number in range(1000, 1000 + count):
        client.run(number, "n")
        if number >= 1000 + window:
            client.answer("task", number - window)
    answers = [client.answer("task", number) for number in range(1000 + count - window, 1000 + count)]
    seconds = time.monotonic() - begin
    bench.time(f"speed: {count} empty tasks, {window} at a time: {1000 * seconds / count:.2f} ms each", seconds)
    bench.check(all(answer["kind"] == DONE for answer in answers), "empty tasks run")
    bench.check(seconds < count * 0.01, "they take less than 10 ms each", seconds)
    begin = time.monotonic()
    for number in range(100):
        client.call(10000 + number, "n", [], node=nodes[1])
    bench.time("speed: a call", (time.monotonic() - begin) / 100)
    bench.end("speed", client, "close")


def cancelling(bench: Bench):
    """Running and queued tasks, and such that wait for rows."""
    client, nodes = bench.started("cancelling")
    check = bench.check
    client.done(1, f"b {MEGABYTE} 1 0", node=nodes[1])
    client.run(10, "s 30", node=nodes[1])
    client.run(11, "s 30", node=nodes[1])
    time.sleep(1)
    for task in (11, 10):
        begin = time.monotonic()
        client.cancel(task)
        answer = client.answer("task", task, 10)
        bench.time("cancelling: a task", time.monotonic() - begin)
        check(answer.get("failure") == CANCELLED and time.monotonic() - begin < 1, "a task is cancelled at once", answer)
    check(client.done(12, "n", node=nodes[1], seconds=10)["kind"] == DONE, "its processor is free again")
    client.run(20, "r", [(nodes[1], "s 30", [1])], node=nodes[0])
    time.sleep(0.5)
    client.cancel(20)
    answer = client.answer("task", 20, 10)
    check(answer["kind"] == FAILED and answer["failure"] == CANCELLED, "a task whose rows are gathered is cancelled", answer)
    for task in range(30, 34):
        client.run(task, "r", [(nodes[1], "s 30", [1])], node=nodes[0])
    for task in range(30, 34):
        client.cancel(task)
    check(all(client.answer("task", task, 10).get("failure") == CANCELLED for task in range(30, 34)), "and one whose turn has not come")
    check(client.call(40, "n", [1], node=nodes[1], seconds=10)["kind"] == ANSWERED, "light tasks run afterwards")
    cancelling_at_once(bench, client, nodes)
    cancelling_as_they_end(bench, client, nodes)
    client.cancel(999)
    client.run(50, "s 30", node=nodes[1])
    client.run(51, "s 30")
    time.sleep(0.3)
    bench.end("cancelling", client)


def cancelling_at_once(bench: Bench, client: Client, nodes: list):
    """In any state of a submission, which Ray does not bear by itself."""
    client.done(100, "b 4096 1 0", node=nodes[1])
    number = 1000
    for attempt in range(40):
        tasks = range(number, number + 6)
        for task in tasks:
            inputs = [[(nodes[1], "s 30", [1])], [100, 1], [(nodes[2], "h 4096", [100]), 100]][task % 3]
            client.run(task, "s 30", inputs, node=nodes[task % 2])
        time.sleep((0, 0.001, 0.003, 0.01, 0.05)[attempt % 5])
        for task in tasks:
            client.cancel(task)
        answers = [client.answer("task", task, 20) for task in tasks]
        told = all(answer.get("failure") == CANCELLED for answer in answers)
        if not bench.check(told, "tasks are cancelled at once", f"{answers} {client.text_of_log()[-3000:]}"):
            break
        number += 6
    ran = [client.done(number + 10, "n", node=node, seconds=10)["kind"] == DONE for node in nodes]
    bench.check(all(ran), "the processors are free again", ran)
    begin = time.monotonic()
    called = [client.call(number, "n", [1], node=node, seconds=10)["kind"] == ANSWERED for node in nodes]
    bench.check(all(called) and time.monotonic() - begin < 5, "and the lanes of light tasks", called)


def cancelling_as_they_end(bench: Bench, client: Client, nodes: list):
    """While the answers of workers come in, which Ray does not bear on two threads."""
    chance, number = random.Random(1), 5000
    for _ in range(200):
        tasks = range(number, number + 6)
        for task in tasks:
            client.run(task, f"s {chance.uniform(0, 0.004):.4f}", node=nodes[task % 2])
        time.sleep(chance.uniform(0, 0.008))
        for task in chance.sample(tasks, 6):
            client.cancel(task)
        answers = [client.answer("task", task, 20) for task in tasks]
        told = all(answer["kind"] == DONE and "key" in answer or answer.get("failure") == CANCELLED for answer in answers)
        if not bench.check(told, "tasks are cancelled as they end", f"{answers} {client.text_of_log()[-3000:]}"):
            break
        number += 6


def crashes(bench: Bench):
    """Workers and raylets that die."""
    client, nodes = bench.started("crashes", cpus=2)
    check = bench.check
    done = client.done(1, f"f {bench.scratch}/mark", node=nodes[1])
    check(done["kind"] == DONE and done["outcome"] == b"second time", "a task whose process crashed is repeated", done)
    begin = time.monotonic()
    failed = client.done(2, "c", node=nodes[1], retriable=False)
    bench.time("crashes: told", time.monotonic() - begin)
    check(failed["kind"] == FAILED and failed["failure"] == DIED and one_line(failed), "one that may not be repeated fails", failed)
    begin = time.monotonic()
    failed = client.done(3, "c", node=nodes[1])
    bench.time("crashes: told after retries", time.monotonic() - begin)
    check(failed["kind"] == FAILED and failed["failure"] == DIED and one_line(failed), "one that always crashes fails", failed)
    failed = client.call(4, "c", node=nodes[1])
    check(failed["kind"] == UNANSWERED and failed["failure"] == DIED, "and so does a call", failed)
    for task, (retriable, node) in enumerate([(True, 1), (False, 1), (True, 2)], 10):
        client.done(task, f"b {MEGABYTE} 1 {task}", node=nodes[node], retriable=retriable)
    client.run(20, f"z {bench.scratch}/count {MEGABYTE}", node=nodes[1])
    client.run(21, "s 2", node=nodes[1])
    process = client.first_nodes[1]["process"]
    kill_node(bench, client, nodes[1], process)
    check(all(client.answer("task", task)["kind"] == DONE for task in (20, 21)), "tasks of the dead node run elsewhere")
    begin = time.monotonic()
    whole = client.fetch(30, 10)
    bench.time("crashes: a lost block is rebuilt", time.monotonic() - begin)
    payload = whole.pop("payload", b"")
    check(whole["kind"] == ANSWERED and payload[:MEGABYTE] == pattern(MEGABYTE, 10), "a lost block is rebuilt", whole)
    check(client.done(31, "r", [10, 12])["kind"] == DONE, "and read")
    lost = client.fetch(32, 11, 30)
    check(lost["kind"] == UNANSWERED and lost["failure"] == LOST and one_line(lost), "one that can't be rebuilt is told to be lost", lost)
    lost = client.done(33, "r", [11], seconds=30)
    check(lost["kind"] == FAILED and lost["failure"] == LOST and one_line(lost), "and so by tasks that read it", lost)
    lost = client.done(34, "r", [(nodes[2], "h 4096", [11])], seconds=30)
    check(lost["kind"] == FAILED and lost["failure"] == LOST, "and by those that gather from it", lost)
    add_node(bench, client)
    bench.end("crashes", client, signal.SIGTERM)


def one_line(message: dict) -> bool:
    return 0 < len(message["text"]) < 300 and message["text"].isprintable()


def kill_node(bench: Bench, client: Client, node: str, process: int):
    begin = time.monotonic()
    client.send(10, len(node).to_bytes(4, "little") + node.encode())
    frame = client.await_frame(lambda frame: frame["kind"] == NODE_LIST and not all(node["alive"] for node in frame["nodes"]), 10)
    bench.time("crashes: the death of a raylet is told", time.monotonic() - begin)
    dead = [node["id"] for node in frame.get("nodes", []) if not node["alive"]]
    bench.check(dead == [node] and time.monotonic() - begin < 3, "the death of a raylet is told unasked", frame)
    bench.check(process and not os.path.exists(f"/proc/{process}/exe"), "its process was named")


def add_node(bench: Bench, client: Client):
    begin = time.monotonic()
    client.send(9, (1).to_bytes(8, "little"))
    frame = client.await_frame(lambda frame: frame["kind"] == NODE_LIST and sum(node["alive"] for node in frame["nodes"]) == 3, 10)
    bench.time("crashes: another raylet", time.monotonic() - begin)
    bench.check(frame["kind"] == NODE_LIST, "another raylet joins", frame)
    added = frame["nodes"][-1]["id"]
    bench.check(client.done(60, "n", node=added)["node"] == added, "and runs tasks")


def ends(bench: Bench):
    """However the shell or the bridge ends, nothing is left; also while Ray starts."""
    for name, how, limit in (("killed bridge", signal.SIGKILL, 5), ("ended bridge", signal.SIGTERM, 3), ("end of file", "close", 3)):
        client, nodes = bench.started(name)
        client.run(1, "s 60", node=nodes[0])
        client.run(2, "s 60", node=nodes[1])
        time.sleep(0.5)
        bench.end(name, client, how, limit)
    for delay in (0, 0.2, 0.5, 0.8, 1, 1.2, 1.5):
        client = bench.client(f"early{delay}")
        client.start(bench.library, seconds=delay)
        bench.end(f"end of file {delay} s after the start", client, "close")
    killed_head(bench)


def killed_head(bench: Bench):
    folder = bench.folder("head")
    head = subprocess.Popen([bench.python, __file__, "--head", str(bench.library)], env=dict(os.environ, TMPDIR=str(folder)),
                            stdout=subprocess.PIPE, text=True)
    bench.check(head.stdout.readline().strip() == "started", "a head starts")
    head.kill()
    head.folder, head.process = folder, head
    bench.gone("killed head", head, time.monotonic())


def be_head(library: str):
    """A shell that is to be killed."""
    client = Client(sys.executable)
    client.start(library)
    client.run(1, "s 60")
    print("started", flush=True)
    time.sleep(600)


def load(bench: Bench):
    """A machine that is busy: no raylet is given up that lives."""
    client, nodes = bench.started("load")
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4 * os.cpu_count())]
    try:
        begin, number = time.monotonic(), 0
        while time.monotonic() < begin + 15:
            number += 1
            done = client.done(number, f"b {MEGABYTE} 1 0", node=nodes[number % 3])
            bench.check(done["kind"] == DONE and done["node"] == nodes[number % 3], "tasks run on a busy machine", done)
            client.release(number)
        dead = client.await_frame(lambda frame: frame["kind"] == NODE_LIST and not all(node["alive"] for node in frame["nodes"]), 1)
        bench.check(dead["kind"] == -1, "all raylets live on a busy machine", dead)
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
    bench.end("load", client)


def files(bench: Bench):
    """Files at addresses: what is known of them and parts of them, at the head and in tasks; files that are shipped."""
    client, nodes = bench.started("files", nodes=2)
    folder = bench.folder("served")
    (folder / "a.csv").write_bytes(pattern(100_000))
    with WebServer(folder) as server, WebServer(folder, gives_parts=False) as plain:
        for name, address in (("parts", server.address), ("a server without parts", plain.address)):
            file_at(bench, client, nodes, name, f"{address}/a.csv")
        bench.check(("GET", "/a.csv", "bytes=99990-100039") in server.asked, "no more is asked for than wanted", server.asked[-3:])
        check = bench.check
        check(client.file(20, 1, f"{server.address}/b.csv")["payload"] == b"", "of what is not there nothing is known")
        for number, address in enumerate((f"{server.address}/forbidden", "http://127.0.0.1:1/x", "s3://"), 21):
            told = client.file(number, 1, address)
            check(told["kind"] == UNANSWERED and told["failure"] == FILE and one_line(told), "what is wrong with a file is told", told)
        told = client.done(20, f"u 0 10 {server.address}/forbidden", node=nodes[1])["outcome"]
        check(told.startswith(b"problem: ") and b"403" in told, "to tasks as well", told)
        told = client.file(25, 2, server.address)
        check(told["kind"] == UNANSWERED and "list" in told["text"], "a web server lists nothing", told)
    numbers = [5, 6, 100_000, 7, 8]
    address = client.file(30, 4, str(folder / "a.csv"), numbers).get("payload", b"").decode()
    entry = struct.pack("<6q", 1, *numbers)
    check(client.file(31, 1, address)["payload"] == entry, "what is known of a shipped file is what it was shipped with", address)
    (folder / "a.csv").unlink()
    check(client.file(32, 3, address, [10, 4])["payload"] == pattern(14)[10:], "its bytes are there when it is gone")
    for task, request, expected in ((21, f"u 99990 50 {address}", pattern(100_000)[99_990:]), (22, f"u -1 48 {address}", entry)):
        done = client.done(task, request, node=nodes[1])
        check(done.get("outcome") == expected.hex().encode(), "in tasks of other nodes too", done)
    told = client.file(33, 4, str(folder / "a.csv"), numbers)
    check(told["kind"] == UNANSWERED and told["failure"] == FILE and one_line(told), "one that is not there is not shipped", told)
    bench.end("files", client)


def file_at(bench: Bench, client: Client, nodes: list, name: str, address: str):
    check, entry = bench.check, client.file(1, 1, address).get("payload") or b""
    check(len(entry) == 48 and struct.unpack("<6q", entry)[::3] == (1, 100_000), f"{name}: size and kind are known", entry)
    check(client.file(2, 1, address)["payload"] == entry, f"{name}: and stay", entry)
    check(client.file(3, 3, address, [99_990, 50])["payload"] == pattern(100_000)[99_990:], f"{name}: the end is read")
    check(client.file(4, 3, address, [0, 80_000])["payload"] == pattern(80_000), f"{name}: a large part is read")
    for number, (request, expected) in enumerate(((f"u -1 48 {address}", entry), (f"u 60000 64 {address}", pattern(60_064)[60_000:]))):
        done = client.done(10 + number, request, node=nodes[number])
        check(done.get("outcome") == expected.hex().encode(), f"{name}: tasks read it", done)


def refusals(bench: Bench):
    """What keeps it from starting."""
    old = bench.scratch / "old"
    (old / "ray").mkdir(parents=True)
    (old / "ray/__init__.py").write_text('__version__ = "2.9.3"\n')
    for name, reason, options, environment, arguments in (
        ("no ray", 1, ["-I", "-S"], {}, {}), ("an old ray", 2, [], {"PYTHONPATH": str(old)}, {}),
        ("another version of the library", 3, [], {}, {"library": bench.other}),
        ("no library", 3, [], {}, {"library": bench.scratch / "none.so"}),
        ("no cluster", 4, [], {}, {"address": "127.0.0.1:1"}), ("no address", 4, [], {}, {"address": "nowhere"}),
        ("a store that is too small", 5, [], {}, {"store": 1000}),
    ):
        refused(bench, name, reason, options, environment, arguments)


def refused(bench: Bench, name: str, reason: int, options: list, environment: dict, arguments: dict):
    client = bench.client(name, options, environment)
    begin = time.monotonic()
    answer = client.start(**{"library": bench.library, **arguments})
    bench.time(f"refusals: {name}: {answer.get('text')}", time.monotonic() - begin)
    bench.check(answer["kind"] == NOT_STARTED and answer["reason"] == reason and one_line(answer), f"{name} is told",
                f"{answer}\n{client.text_of_log()[-2000:]}")
    bench.end(name, client)


def joining(bench: Bench):
    """A Ray that runs already, with the library given by its path and shipped."""
    folder = bench.folder("ray")
    ray = [str(Path(bench.python).parent / "ray")]
    port = free_port()
    memory = f"--object-store-memory={100 * MEGABYTE}"
    options = [f"--port={port}", f"--temp-dir={folder}", memory, "--num-cpus=2", "--include-dashboard=false"]
    start = subprocess.run([*ray, "start", "--head", *options], env=dict(os.environ, TMPDIR=str(folder), RAY_USAGE_STATS_ENABLED="0"),
                           capture_output=True, text=True)
    bench.check(start.returncode == 0, "a Ray starts", start.stdout[-1000:] + start.stderr[-1000:])
    try:
        for name, shipped in (("by path", False), ("shipped", True), ("shipped again", True)):
            join(bench, name, f"127.0.0.1:{port}", shipped, folder)
        other_version(bench, f"127.0.0.1:{port}")
        moved = bench.scratch / "moved.so"
        shutil.copy(bench.library, moved)
        lost_library(bench, f"127.0.0.1:{port}", moved)
        bench.check(len(processes_of(folder)) > 3, "the Ray that was joined runs on")
    finally:
        for process, _ in processes_of(folder):
            os.kill(process, signal.SIGKILL)


def other_version(bench: Bench, address: str):
    """A driver of another version than the cluster."""
    folder = bench.scratch / "newer"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text('import ray\nray.__version__ = "2.99.0"\n')
    refused(bench, "a cluster of another version", 2, [], {"PYTHONPATH": str(folder)}, {"address": address})


def join(bench: Bench, name: str, address: str, shipped: bool, folder: Path):
    """`folder` is where the Ray is that is joined."""
    client = bench.client(f"join {name}")
    begin = time.monotonic()
    answer = client.start(bench.library, address=address, shipped=shipped)
    bench.time(f"joining {name}: start", time.monotonic() - begin)
    joined = answer["kind"] == STARTED and not answer["own"] and len(answer["nodes"]) == 1 and answer["nodes"][0]["process"]
    bench.check(joined, f"{name}: joined", f"{answer} {client.text_of_log()}")
    begin = time.monotonic()
    done = client.done(1, f"b {MEGABYTE} 1 0")
    bench.time(f"joining {name}: first task", time.monotonic() - begin)
    bench.check(done["kind"] == DONE, f"{name}: a task runs", done)
    begin = time.monotonic()
    bench.check(client.call(2, "h 4096", [1])["payload"] == pattern(4096), f"{name}: rows come")
    bench.time(f"joining {name}: first call", time.monotonic() - begin)
    process = int(client.done(3, "p")["outcome"])
    bench.check(Path(f"/proc/{process}").exists(), f"{name}: in a worker")
    client.run(4, "s 60")
    client.run(5, "s 60")
    client.run(6, "s 60")
    bench.check(wait_for(lambda: sleepers(folder), 5), f"{name}: tasks run")
    begin = time.monotonic()
    bench.end(name, client)
    bench.check(wait_for(lambda: not sleepers(folder), 5), f"{name}: no task runs on", sleepers(folder))
    bench.time(f"joining {name}: tasks are gone", time.monotonic() - begin)


def sleepers(folder: Path) -> list:
    """Workers of a Ray that run our tasks: they are named after the function."""
    return [process for process, command in processes_of(folder) if command.startswith(b"ray::execute")]


def lost_library(bench: Bench, address: str, path: Path):
    """The library goes, or changes, after the start."""
    client = bench.client("lost library")
    client.start(path, address=address)
    path.unlink()
    failed = client.done(1, "n")
    told = failed["kind"] == FAILED and failed["failure"] == LIBRARY and all(part in failed["text"] for part in (str(path), "1.0"))
    bench.check(told, "a worker without the library is told", failed)
    shutil.copy(bench.other, path)
    failed = client.done(2, "n")
    told = failed["kind"] == FAILED and failed["failure"] == LIBRARY and all(part in failed["text"] for part in (str(path), "1.0", "2.0"))
    bench.check(told, "one with another version, too", failed)
    failed = client.call(3, "n")
    bench.check(failed["kind"] == UNANSWERED and failed["failure"] == LIBRARY, "and by a call", failed)
    bench.end("lost library", client, "close")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


SCENARIOS = [work, speed, cancelling, crashes, load, ends, files, refusals, joining]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="run the scenarios whose names hold this text")
    parser.add_argument("--times", action="store_true", help="print how long things take")
    parser.add_argument("--head", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.head:
        return be_head(options.head)
    reexecute_with(*PACKAGES)
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="b-") as scratch:
        bench = Bench(options, tally, Path(scratch))
        for scenario in SCENARIOS:
            if options.only in scenario.__name__:
                try:
                    scenario(bench)
                except Exception:
                    tally.check(False, scenario.__name__, traceback.format_exc())
    tally.finish()


if __name__ == "__main__":
    main()
