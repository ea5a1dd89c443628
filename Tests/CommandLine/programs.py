"""External programs: what they are given and may do, and that none of them is left when its task, its node or the shell ends."""

import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Long enough for a busy machine, short of what anybody waits for.
PATIENCE = 60


def command_lines():
    """The command lines of all processes, by number."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
    return found


def holding(mark):
    """The processes with a mark in their command line, but for dsh itself, which was given it too."""
    return [process for process, line in command_lines().items() if mark in line and " -c " in line + " " and "--nodes" not in line or
            line.strip().startswith("sleep ") and mark in line]


def children(process, name):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")
            except OSError:
                continue
            if int(fields[2].split()[1]) == process and name in fields[0]:
                found.append(int(entry.name))
    return found


def until(condition, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"never: {what}")


class Programs:
    def __init__(self, program):
        self.program = program

    def arguments(self, statement, *options):
        return [self.program, "--nodes", "2", "--object-store-memory", "64M", *options, "-c", statement]

    def run(self, statement, *options, **others):
        return subprocess.run(
            self.arguments(statement, *options), capture_output=True, text=True, timeout=PATIENCE, check=False, **others)

    def start(self, statement):
        return subprocess.Popen(self.arguments(statement), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)

    @staticmethod
    def mark():
        return f"{random.randrange(10**5, 10**6)}.{random.randrange(10**5, 10**6)}"

    def sleeping(self, mark, before=""):
        """A statement whose programs sleep, behind a pipe so that the shell has processes of its own, and the running shell."""
        shell = self.start(f'range 10 --blocks=2 | map_batches --schema="a:int64" "{before} sleep {mark} | cat" | count')
        until(lambda: len([line for line in command_lines().values() if line.startswith(f"sleep {mark}")]) >= 2, "two programs that sleep")
        return shell

    def nothing_left(self, mark):
        until(lambda: not holding(mark), "no process is left")

    def test_cancel(self):
        for before in ["", "exec <&- ;", "exec 2>&- ;"]:
            mark = self.mark()
            shell = self.sleeping(mark, before)
            shell.send_signal(signal.SIGINT)
            shell.communicate(timeout=PATIENCE)
            assert shell.returncode == 130, shell.returncode
            self.nothing_left(mark)

    def test_cancel_while_sampling(self):
        mark = self.mark()
        shell = self.start(f'range 10 | map_batches "sleep {mark} | cat" | count')
        until(lambda: holding(mark), "a program that sleeps")
        shell.send_signal(signal.SIGINT)
        shell.communicate(timeout=PATIENCE)
        assert shell.returncode == 130, shell.returncode
        self.nothing_left(mark)

    def test_killed_node(self):
        mark = self.mark()
        shell = self.sleeping(mark)
        sleeping = set(holding(mark))
        node = children(shell.pid, "dsh node1")[0]
        os.kill(node, signal.SIGKILL)
        # Those of the dead node go; its task is run again elsewhere.
        until(lambda: len(sleeping - set(holding(mark))) >= 2, "the programs of the dead node end")
        shell.send_signal(signal.SIGINT)
        shell.communicate(timeout=PATIENCE)
        self.nothing_left(mark)

    def test_killed_node_gives_the_same_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            # The first run of the second block ends its node.
            command = f"cat; if mkdir {folder}/first 2>/dev/null; then kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 5; fi"
            run = self.run(f'range 100 --blocks=4 | map_batches --schema="id:int64" "{command}" | agg s = sum(id) | take --format=csv')
        assert run.returncode == 0, run.stderr
        assert run.stdout.split() == ["s", "4950"], run.stdout

    def test_killed_shell(self):
        mark = self.mark()
        shell = self.sleeping(mark)
        shell.kill()
        shell.communicate(timeout=PATIENCE)
        self.nothing_left(mark)

    def test_enough_rows(self):
        mark = self.mark()
        run = self.run(f'range 100 --blocks=4 | map_batches --format=csv --schema="a:string" "yes {mark}" | take 3 --format=csv')
        assert run.returncode == 0, run.stderr
        self.nothing_left(mark)

    def test_left_behind(self):
        mark = self.mark()
        run = self.run(f'range 3 | map_batches --format=csv --schema="a:int64" "sleep {mark} & echo 5" | take --format=csv')
        assert run.stdout == "a\n5\n", run
        self.nothing_left(mark)

    def test_error_output(self):
        run = self.run('range 4 --blocks=2 | map_batches "echo $DSH_NODE is here >&2; cat" | take --format=csv')
        assert "note: node1: node1 is here" in run.stderr and "note: node2: node2 is here" in run.stderr, run.stderr
        run = self.run('range 4 | map_batches "seq 100000 >&2; cat" | take --format=csv')
        assert run.returncode == 0 and "note: node1: 20\n" in run.stderr, run.stderr
        assert "note: programs said" in run.stderr and len(run.stderr) < 2000, len(run.stderr)

    def test_safe_mode(self):
        with tempfile.TemporaryDirectory() as folder:
            for option in ["", "--schema=a:int64"]:
                run = self.run(f'range 4 | map_batches {option} "touch {folder}/made; cat" | count', "--safe")
                assert run.returncode == 1 and "error[unsafe]" in run.stderr, run
            assert not os.listdir(folder)

    def test_runs(self):
        """How often a program runs: once for the sample, once for each block, and never for what is only looked at."""
        with tempfile.TemporaryDirectory() as folder:
            command = f"echo x >> {folder}/runs; cat"

            def runs():
                path = pathlib.Path(folder) / "runs"
                return len(path.read_text().split()) if path.exists() else 0

            self.run(f'x = range 4 --blocks=2 | map_batches "{command}"\nx | schema\nx | explain')
            assert runs() == 1, runs()
            self.run(f'x = range 4 --blocks=2 | map_batches "{command}"\nx | count\nx | count')
            assert runs() == 6, runs()
            self.run(f'x = range 4 --blocks=2 | map_batches --schema=id:int64 "{command}"\nx | persist\nx | count\nx | take')
            assert runs() == 8, runs()
            # A text with a mistake anywhere runs nothing.
            self.run(f'x = range 4 | map_batches "{command}"\nrange 4 | filter y > 3')
            assert runs() == 8, runs()

    def test_descriptors(self):
        run = self.run('range 1 | map_batches --format=csv --schema="a:string" "ls -1 /proc/$$/fd" | take --format=csv')
        assert run.stdout.split() == ["a", "0", "1", "2"], run.stdout

    def test_input_that_nobody_reads(self):
        """Neither the head, which asks for a sample, nor a node minds."""
        for command in ["exec <&-; sleep 0.2; echo '{}'", "echo '{}'"]:
            run = self.run(f'range 50000 --blocks=2 | map s = repeat("ab", 2000) | map_batches --schema="s:string" "{command}" | count')
            assert run.returncode == 0 and run.stdout.startswith("2\n"), run
            run = self.run(f'range 100 | map s = repeat("ab", 20000) | map_batches "{command.replace("{}", chr(123) + chr(92) + chr(34) + "s" + chr(92) + chr(34) + ":1" + chr(125))}" | count')
            assert run.returncode == 0 and run.stdout.startswith("1\n"), run

    def test_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            os.mkdir(f"{folder}/sub")
            run = self.run('cd sub\nx = range 1 | map_batches --format=csv --schema="a:string" "pwd"\ncd ..\nx | take --format=csv', cwd=folder)
            assert run.stdout.split() == ["a", f"{folder}/sub"], run

    def test_large(self):
        """Pipes that are full both ways, and lines longer than any pipe holds."""
        run = self.run('range 300000 --blocks=2 | map_batches "cat" | agg s = sum(id) | take --format=csv')
        assert run.stdout.split() == ["s", str(300000 * 299999 // 2)], run
        for output in ["jsonl", "csv"]:
            run = self.run(
                f'range 2 | map s = repeat("ab", 1000000) | map_batches --format={output} "cat" | agg n = sum(length(s)) | take --format=csv')
            assert run.stdout.split() == ["n", "4000000"], run
        # All is read before anything is answered, and the other way round.
        run = self.run('range 200000 --blocks=1 | map_batches --format=csv --schema="id:int64" "tac" | agg n = count() | take --format=csv')
        assert run.returncode == 1 and "record 200001, column id: this is no int64: id" in run.stderr, run
        run = self.run('range 200000 --blocks=1 | map_batches --format=csv --schema="a:int64" "seq 300000; cat > /dev/null" | agg n = count() | take --format=csv')
        assert run.stdout.split() == ["n", "300000"], run


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dsh", default=str(ROOT / ".build" / "release" / "dsh"))
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    programs = Programs(str(pathlib.Path(arguments.dsh).resolve()))
    passed, failed = 0, 0
    for name in sorted(name for name in dir(programs) if name.startswith("test_")):
        if arguments.names and name not in arguments.names:
            continue
        try:
            getattr(programs, name)()
            passed += 1
        except (AssertionError, subprocess.TimeoutExpired) as failure:
            failed += 1
            print(f"{name}: {failure}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
