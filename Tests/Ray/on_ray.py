#!/usr/bin/env python3
"""Runs dsh on Ray: the golden files, what a take moves, files that are elsewhere, tokens, statements that are cancelled, raylets that die,
shells that are killed, and what is said where Ray is not there.

    python3 Tests/Ray/on_ray.py --dsh .build/release/dsh [--only NAME] [--kills 6] [--deaths 4] [--interrupts 20] [--seed 1]

Needs Ray, which is installed from PyPI into a virtual environment on first use.
"""

import gzip
import logging
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import REPOSITORY, Tally, arguments, reexecute_with, run
from processes import carrying, until_gone
from raylets import PACKAGES, Raylets
from web_server import WebServer

# Object stores are read through pyarrow; one is here for tests.
FILE_PACKAGES = ["pyarrow", "moto[s3,server]"]

OWN = ["--cluster=ray", "--nodes=3", "--slots=1", "--object-store-memory=256M", "--report=text"]
MARK = "DSH_RAY_MARK"
ROWS = 400_000
SECONDS_TO_END = 5.0

PLANS = {
    "group": "read --block-bytes=1M a.csv b.csv | agg n = count(), s = sum(number), m = max(text) by key | sort key | take_all",
    "sort": "read --block-bytes=1M a.csv b.csv | sort number desc, id | take_all --force",
    "join": "read --block-bytes=1M a.csv | join (read --block-bytes=1M b.csv | map id = id - 400000, other = number) on id "
            "| agg n = count(), s = sum(other) by key | sort key | take_all",
    "persist and take": "p = read --block-bytes=1M a.csv b.csv | map twice = id * 2 | persist\np | take 10\np | agg s = sum(twice), n = count() | take",
}


def make_data(folder: Path):
    chance = random.Random(3)
    for file, first in (("a.csv", 0), ("b.csv", ROWS)):
        with open(folder / file, "w") as output:
            output.write("id,key,number,text\n")
            for row in range(first, first + ROWS):
                output.write(f"{row},{row % 17},{chance.randrange(1 << 40)},{chance.choice('abcdefg')}{row * 7919 % 1000}x\n")


def raylets(mark: str) -> list:
    """The raylets among them, but for the one that the driver is connected to, which can't be lost."""
    found = sorted((pid, line) for pid, line in carrying(mark).items() if "/raylet/raylet " in line)
    return [pid for pid, line in found if "--head" not in line]


class Shell:
    """A dsh with a Ray of its own, whose processes carry a mark."""

    count = 0

    def __init__(self, dsh: str, folder: Path, script: str, *options: str):
        Shell.count += 1
        self.mark = f"{os.getpid()}-{Shell.count}"
        (folder / "tmp").mkdir(exist_ok=True)
        # Sockets lie in it, and their paths are short.
        self.temporary = tempfile.mkdtemp(prefix="dr-")
        environment = {**os.environ, MARK: self.mark, "TMPDIR": self.temporary}
        self.process = subprocess.Popen(
            [dsh, *OWN, *options, "--format=csv", "--quiet", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def end(self, timeout: float = 60) -> tuple:
        try:
            output, errors = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            output, errors = self.process.communicate()
            return None, output, errors.decode()
        return self.process.returncode, output, errors.decode()


def golden(tally: Tally, options, folder: Path):
    """The whole corpus: rows and errors are those of the cluster of this machine."""
    begin = time.monotonic()
    for path in ("Tests/Golden", "README.md", "examples", "docs"):
        done = run(options.dsh, "test", "--matrix=cluster=ray", path, folder=REPOSITORY, timeout=600)
        tally.check(done.status == 0, f"golden files of {path}", done.text[-3000:] + done.error_text)
        print(f"{path}: {done.text.splitlines()[-1] if done.text else ''} after {time.monotonic() - begin:.0f} s")


def movement(tally: Tally, options, folder: Path):
    """Ten rows of persisted blocks: what was cut of one block moves, and no block has a second copy afterwards."""
    script = "p = range 4194304 | map x = id * 3 | persist\nblocks p\np | take 10\nblocks p\ntransfers"
    shell = Shell(options.dsh, folder, script)
    code, output, errors = shell.end()
    tally.check(code == 0, "take: runs", errors)
    tables = output.decode().split("block,node,rows,bytes,state,made by,from\n")
    places = [[row.split(",")[1] for row in table.splitlines()[:4]] for table in tables[1:]]
    tally.check(len(places) == 2 and places[0] == places[1], "take: blocks lie where they lay", output.decode())
    # Where another node has a copy, its name stands behind a plus sign: Ray is asked for that.
    tally.check(not any("+" in place for table in places for place in table), "take: no block has a second copy", output.decode())
    receipt = re.search(r"block 0 on (node\d): 10 rows, (\d+) B moved to head of", errors)
    tally.check(receipt is not None and int(receipt[2]) < 1000, "take: the receipt tells the bytes that were cut", errors)
    if receipt:
        tally.check(f"{receipt[1]},head,{receipt[2]}" in output.decode(), "take: nothing else has moved", output.decode())
    seconds, left = until_gone(shell.mark, 2 * SECONDS_TO_END)
    tally.check(seconds < SECONDS_TO_END, "take: nothing is left", str(left))


def deaths(tally: Tally, options, folder: Path):
    """A raylet is killed in the middle: right answers, told in one line, nothing else on the terminal."""
    make_data(folder)
    chance = random.Random(options.seed)
    expected, usual = {}, {}
    for name, plan in PLANS.items():
        begin = time.monotonic()
        code, expected[name], errors = Shell(options.dsh, folder, plan).end()
        usual[name] = time.monotonic() - begin
        tally.check(code == 0, f"{name}: runs undisturbed", errors)
        local = run(options.dsh, "--nodes=3", "--format=csv", "--quiet", "-c", plan, folder=folder)
        tally.check(local.output == expected[name], f"{name}: as on this machine")
    met = 0
    for number in range(options.deaths):
        name = list(PLANS)[number % len(PLANS)]
        share = chance.uniform(0.4, 0.95)
        title = f"death {number} (seed {options.seed}) of a raylet at {share:.2f} of {name}"
        shell = Shell(options.dsh, folder, PLANS[name])
        time.sleep(share * usual[name])
        victims = raylets(shell.mark)
        if victims and shell.process.poll() is None:
            os.kill(chance.choice(victims), signal.SIGKILL)
            met += 1
        code, output, errors = shell.end()
        tally.check(code == 0 and output == expected[name], f"{title}: the answer", f"{code}: {errors[-2000:]}")
        lines = [line for line in errors.splitlines() if not re.match(r"Ray 2|\d.* (rows|row|run|reused|moved|block)|p persisted|block \d", line)]
        tally.check(all(re.match(r"node\d died; ", line) for line in lines) and len(lines) <= 1, f"{title}: one line", errors)
        seconds, left = until_gone(shell.mark, 2 * SECONDS_TO_END)
        tally.check(seconds < SECONDS_TO_END, f"{title}: nothing is left", str(left))
    print(f"seed {options.seed}: {options.deaths} deaths of raylets, {met} met a shell")


def kills(tally: Tally, options, folder: Path):
    """The shell is killed at random moments: within seconds no process of its Ray is left."""
    make_data(folder)
    chance = random.Random(options.seed)
    slowest = 0.0
    for number in range(options.kills):
        name = list(PLANS)[number % len(PLANS)]
        moment = chance.uniform(0, 5)
        shell = Shell(options.dsh, folder, PLANS[name])
        time.sleep(moment)
        shell.process.kill()
        shell.process.wait()
        seconds, left = until_gone(shell.mark, 2 * SECONDS_TO_END)
        slowest = max(slowest, seconds)
        tally.check(seconds < SECONDS_TO_END, f"kill {number} (seed {options.seed}) after {moment:.2f} s of {name}", f"{seconds:.1f} s: {left}")
        tally.check(not os.listdir(shell.temporary), f"kill {number}: no folder of Ray is left", str(os.listdir(shell.temporary)))
    print(f"seed {options.seed}: {options.kills} kills, all gone after {slowest:.2f} s at most")


def interrupted(tally: Tally, options, folder: Path):
    """Statements are cancelled at random moments, again and again in one session, which goes on each time."""
    sys.path.insert(0, str(REPOSITORY / "Sources/Python"))
    import dsh

    make_data(folder)
    chance, cancelled, slowest = random.Random(options.seed), 0, 0.0
    with dsh.Session(program=options.dsh, cluster="ray", nodes=3, slots=1, object_store_memory="256M", folder=folder) as session:
        for number in range(options.interrupts):
            moment = chance.uniform(0, 1)
            name = f"interrupted: {number} (seed {options.seed}) after {moment:.2f} s"
            timer = threading.Timer(moment, session.interrupt)
            timer.start()
            begin = time.monotonic()
            try:
                session.run(list(PLANS.values())[number % len(PLANS)])
            except dsh.Cancelled:
                cancelled += 1
                slowest = max(slowest, time.monotonic() - begin - moment)
            except dsh.Error as error:
                tally.check(False, name, str(error))
            timer.join()
            try:
                tally.check(session.run("range 1000 | filter id % 2 == 0 | count").value == 500, name)
            except dsh.Error as error:
                tally.check(False, name, str(error))
                break
    tally.check(slowest < SECONDS_TO_END, "interrupted: statements end at once", f"{slowest:.2f} s")
    print(f"seed {options.seed}: {options.interrupts} statements, {cancelled} cancelled, the last one over after {slowest:.2f} s at most")


def joined(tally: Tally, options, folder: Path):
    """A Ray that runs already: it answers like an own one, and when the shell is killed no task is left on it."""
    import ray

    make_data(folder)
    chance = random.Random(options.seed)
    with Raylets(3) as raylets:
        os.environ["RAY_AUTH_MODE"] = "disabled"
        ray.init(address=raylets.address, log_to_driver=False, logging_level="ERROR")
        del os.environ["RAY_AUTH_MODE"]
        try:
            plan = PLANS["join"]
            local = run(options.dsh, "--nodes=3", "--format=csv", "--quiet", "-c", plan, folder=folder)
            there = run(options.dsh, f"--cluster=ray:{raylets.address}", "--format=csv", "--quiet", "-c", plan, folder=folder)
            tally.check(there.status == 0 and there.output == local.output, "joined: the answer", there.error_text)
            tally.check("joined: 3 nodes" in there.error_text, "joined: what it is", there.error_text)
            slowest = 0.0
            for number in range(options.kills):
                moment = chance.uniform(1, 6)
                shell = subprocess.Popen(
                    [options.dsh, f"--cluster=ray:{raylets.address}", "-c", "\n".join([PLANS["group"], plan] * 3)], cwd=folder,
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(moment)
                shell.kill()
                shell.wait()
                begin = time.monotonic()
                while (free := ray.available_resources().get("CPU", 0)) < 3 and time.monotonic() - begin < 12:
                    time.sleep(0.05)
                slowest = max(slowest, time.monotonic() - begin)
                tally.check(time.monotonic() - begin < SECONDS_TO_END, f"joined: kill {number} (seed {options.seed}) after {moment:.2f} s", f"{free} of 3 processors free")
            print(f"seed {options.seed}: {options.kills} kills of shells that had joined, all processors free after {slowest:.2f} s at most")
        finally:
            ray.shutdown()


def files(tally: Tally, options, folder: Path):
    """Files of an object store and of a web server, in splits, and files that are given to nodes that don't see them."""
    import boto3
    from moto.server import ThreadedMotoServer

    make_data(folder)
    with gzip.open(folder / "a.csv.gz", "wb", 1) as packed:
        packed.write((folder / "a.csv").read_bytes())
    local = ["--nodes=3", "--format=csv", "--quiet", "-c"]
    run(options.dsh, *local, "read a.csv | write a.parquet", folder=folder)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    host, port = store.get_host_and_port()
    variables = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
                 "AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    os.environ.update(variables)
    client = boto3.client("s3")
    client.create_bucket(Bucket="data")
    for name in ("a.csv", "b.csv", "a.csv.gz", "a.parquet"):
        client.upload_file(str(folder / name), "data", f"in/{name}")
    end = "| agg n = count(), s = sum(number), m = max(text) by key | sort key | take_all"
    with WebServer(folder) as server, WebServer(folder, gives_parts=False) as plain:
        # What is read at an address, and what on this machine.
        pairs = {f"--block-bytes=1M {server.address}/a.csv": "a.csv", f"{plain.address}/a.csv": "a.csv", f"{server.address}/a.parquet": "a.parquet",
                 f'--format=csv "{server.address}/b.csv?version=2"': "b.csv", "--block-bytes=1M s3://data/in/[ab].csv": "[ab].csv",
                 "s3://data/in/a.parquet": "a.parquet", "s3://data/in/a.csv.gz": "a.csv", "--ship a.csv": "a.csv"}
        script = "\n".join(f"read {remote} {end}" for remote in pairs)
        expected = "".join(run(options.dsh, *local, f"read {path} {end}", folder=folder).text for path in pairs.values())
        done = run(options.dsh, "--cluster=ray", *local, script, folder=folder, timeout=180)
        tally.check(done.status == 0 and done.text == expected, "files: rows are those of this machine", done.error_text + done.text)
        parts = {part for command, path, part in server.asked if command == "GET" and path == "/a.csv"}
        tally.check(len(parts) > 5 and None not in parts, "files: each task reads its part", str(parts))
        for wrong, code, words in ((f"{server.address}/c.csv", "file-not-found", "c.csv"), (f"{server.address}/forbidden.csv", "remote-file", "403"),
                                   ("s3://data/in/c.csv", "file-not-found", "did you mean"), ("s3://none/*.csv", "file-not-found", "no file fits"),
                                   ("s3://data/out/*.csv", "file-not-found", "no file fits")):
            done = run(options.dsh, "--cluster=ray", *local, f'read "{wrong}" | count', folder=folder, timeout=60)
            told = done.status == 1 and f"error[{code}]" in done.error_text and words in done.error_text
            tally.check(told, f"files: what is said of {wrong}", f"{done.status} {done.error_text}")
        done = run(options.dsh, *local, f"read {server.address}/a.csv | count", folder=folder)
        tally.check("error[remote-file]" in done.error_text and "--cluster ray" in done.error_text, "files: what is said without Ray", done.error_text)
    store.stop()


def hidden(tally: Tally, options, scratch: Path):
    """A node at another address that does not see a folder: it is named, and what is shipped to it is read. One that sees the same files there reads them."""
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
        return print("hidden: not tried, as this user may not hide a folder from a process")
    folder = scratch / "data"
    folder.mkdir()
    make_data(folder)
    end = "| agg n = count(), s = sum(number) by key | sort key | take_all"

    def on(raylets: Raylets, script: str):
        return run(options.dsh, f"--cluster=ray:{raylets.address}", "--format=csv", "--quiet", "-c", script, folder=folder, timeout=120)

    def places(raylets: Raylets, option: str) -> set:
        done = on(raylets, f"read {option} --block-bytes=1M a.csv b.csv | materialize\nblocks")
        return {line.split(",")[1] for line in done.text.splitlines()[1:]}

    shutil.copytree(folder, scratch / "copy")
    with Raylets(2, hidden=folder, instead=scratch / "copy") as raylets:
        done = on(raylets, f"read --block-bytes=1M a.csv b.csv {end}")
        local = run(options.dsh, "--nodes=3", "--format=csv", "--quiet", "-c", f"read a.csv b.csv {end}", folder=folder)
        tally.check(done.status == 0 and done.text == local.text, "shared: what looks the same there is read", done.error_text + done.text)
        tally.check(places(raylets, "") == {"node1", "node2"}, "shared: on both nodes", str(places(raylets, "")))
    with Raylets(2, hidden=folder) as raylets:
        done = on(raylets, f"read --block-bytes=1M a.csv {end}")
        told = all(word in done.error_text for word in ("error[file-not-found]", f"{folder}/a.csv", "node2 (127.0.0.2) does not see it", "--ship"))
        tally.check(done.status == 1 and told, "hidden: the node and the path are named", f"{done.status} {done.error_text}")
        done = on(raylets, f"read --ship --block-bytes=1M a.csv b.csv {end}")
        tally.check(done.status == 0 and done.text == local.text, "hidden: what is shipped is read", done.error_text + done.text)
        tally.check(places(raylets, "--ship") == {"node1", "node2"}, "hidden: on both nodes", str(places(raylets, "--ship")))


def tokens(tally: Tally, options, folder: Path):
    """A Ray that asks for a token, and one that does not, whatever this person has."""
    token, other = uuid.uuid4().hex, uuid.uuid4().hex
    plain = {key: value for key, value in os.environ.items() if not key.startswith("RAY_AUTH")}
    plain["HOME"] = str(folder)

    def on(raylets: Raylets, environment: dict):
        script = "range --blocks=4 100000 | map k = id % 7 | agg s = sum(id) by k | agg sum(s) | take"
        begin = time.monotonic()
        done = run(options.dsh, f"--cluster=ray:{raylets.address}", "--format=csv", "--quiet", "-c", script, environment=environment, timeout=120)
        return done, time.monotonic() - begin

    # What this person has, and whether the environment or a file has it.
    for asks, possessions in ((True, [(None, False), (token, False), (token, True), (other, False)]), (False, [(token, False), (token, True)])):
        with Raylets(2, token=token if asks else "") as raylets:
            for has, is_kept in possessions:
                kept = folder / ".ray/auth_token"
                kept.parent.mkdir(exist_ok=True)
                if is_kept:
                    kept.write_text(has)
                done, seconds = on(raylets, {**plain, "RAY_AUTH_TOKEN": has} if has and not is_kept else plain)
                kept.unlink(missing_ok=True)
                title = f"tokens: {'one' if asks else 'none'} asked for, {'none' if has is None else 'that' if has == token else 'another'} given"
                if not asks or has == token:
                    tally.check(done.status == 0 and "4999950000" in done.text, title, f"{done.status} {done.text} {done.error_text}")
                else:
                    told = all(word in done.error_text for word in ("error[no-ray]", raylets.address.rpartition(":")[2], "RAY_AUTH_TOKEN"))
                    tally.check(done.status == 3 and told and seconds < 15, title, f"{seconds:.1f} s, {done.status} {done.error_text}")


def missing(tally: Tally, options, folder: Path):
    """What is said without Python, without Ray, without the library."""
    def said(environment: dict, *words: str):
        done = run(options.dsh, "--cluster=ray", "-c", "range 3 | count", environment=environment)
        fits = done.status == 3 and all(word in done.error_text for word in ("error[no-ray]", *words)) and len(done.error_text.splitlines()) <= 2
        tally.check(fits, f"what is said of {words}", f"{done.status}: {done.error_text}")
    usual = dict(os.environ)
    said({**{key: value for key, value in usual.items() if key != "DSH_PYTHON"}, "PATH": str(folder)}, "install Python")
    bare = folder / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    said({**usual, "DSH_PYTHON": str(bare / "bin/python")}, "pip install ray")
    said({**usual, "DSH_LIBRARY": str(folder / "none.so")}, "DSH_LIBRARY")
    (folder / "libdsh.so").write_text("no library")
    said({**usual, "DSH_LIBRARY": str(folder / "libdsh.so")}, "libdsh.so")
    done = run(options.dsh, "--cluster=ray:127.0.0.1:1", "-c", "range 3 | count", timeout=60)
    tally.check(done.status == 3 and "ray start" in done.error_text, "what is said where nobody is", f"{done.status}: {done.error_text}")


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--only", default="")
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--deaths", type=int, default=4)
    parser.add_argument("--interrupts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    reexecute_with(*PACKAGES, *FILE_PACKAGES)
    os.environ["DSH_PYTHON"] = sys.executable
    tally = Tally()
    for scenario in (missing, tokens, movement, files, hidden, golden, interrupted, deaths, kills, joined):
        if options.only in scenario.__name__:
            with tempfile.TemporaryDirectory(prefix="dsh-ray-test-") as name:
                scenario(tally, options, Path(name))
    tally.finish()


if __name__ == "__main__":
    main()
