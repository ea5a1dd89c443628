#!/usr/bin/env python3
"""Tests of the interactive shell: the real program in a pseudo-terminal, looked at as a person would.

    python3 Tests/Terminal/terminal_test.py .build/release/dsh [part of a test's name]

Needs nothing but Python. Every test runs in a fresh home folder and ends with a check that no process and no shared memory is left.
"""

import os
import random
import re
import shutil
import signal
import stat
import sys
import tempfile
import time
import traceback

from terminal import Failure, Terminal

WIDTHS = (40, 80, 200)
ROWS = 30
# Takes the better part of a minute: long enough to be interrupted.
LONG_RUN = "range 20000000000 | filter id % 7 == 8 | count"

tests = []


def test(function):
    tests.append((function.__name__, function, None))
    return function


def test_at_widths(function):
    for width in WIDTHS:
        tests.append((f"{function.__name__} at {width}", function, width))
    return function


def expect(condition, message):
    if not condition:
        raise Failure(message)


class Bench:
    """What a test works with: a home folder and the terminals it opens."""

    def __init__(self, binary, width):
        self.binary = binary
        self.width = width or 80
        self.home = tempfile.mkdtemp(prefix="dsh-terminal-")
        self.terminals = []
        self.memory_before = self.shared_memory()

    def shell(self, *arguments, width=None, environment=None):
        terminal = Terminal([self.binary, *arguments], self.home, width or self.width, ROWS, environment)
        self.terminals.append(terminal)
        return terminal

    def file(self, name, text):
        path = os.path.join(self.home, name)
        with open(path, "w") as output:
            output.write(text)
        return path

    @staticmethod
    def shared_memory():
        try:
            return set(os.listdir("/dev/shm"))
        except OSError:
            return set()

    def finish(self):
        for terminal in self.terminals:
            if terminal.status is None:
                terminal.send("\x03\x04")
                expect(terminal.wait_end() == 0, f"exit code {terminal.status} after Ctrl-D")
            terminal.wait_relatives_gone()
            os.close(terminal.master)
        left = {name for name in self.shared_memory() - self.memory_before if "dsh" in name}
        expect(not left, f"shared memory left behind: {left}")

    def abandon(self):
        for terminal in self.terminals:
            try:
                terminal.close()
            except (OSError, Failure):
                pass

    def remove(self):
        shutil.rmtree(self.home, ignore_errors=True)


@test_at_widths
def greeting_and_rows(bench):
    shell = bench.shell()
    shell.wait_prompt()
    expect(len(shell.screen.lines) <= 2 + 80 // bench.width, f"one line of greeting:\n{shell.screen.text}")
    printed = shell.run("range 3 | take")
    expect(re.search(r"│\s+0 │\n│\s+1 │\n│\s+2 │", printed), printed)
    expect("3 rows" in printed, printed)
    expect(all(len(line) <= bench.width for line in printed.split("\n")), printed)


@test_at_widths
def tables_fit_the_terminal(bench):
    names = [f"column_{index}" for index in range(20)]
    bench.file("wide.csv", ",".join(names) + "\n" + ",".join(str(index) for index in range(20)) + "\n")
    shell = bench.shell()
    printed = shell.run("read wide.csv | take")
    rows = [line for line in printed.split("\n") if line.startswith(("│", "┌", "└", "├"))]
    expect(len({len(row) for row in rows}) == 1, f"a frame of one width:\n{printed}")
    expect("set width 0" in printed.replace("\n", ""), printed)


@test_at_widths
def several_lines(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range 5 |\r")
    shell.wait("the prompt of an open pipe", lambda screen: screen.cursor_line == "|..>")
    shell.send("filter (id\r")
    shell.wait("the prompt of an open bracket", lambda screen: screen.cursor_line == "(..>")
    shell.send("> 3) | count\r")
    shell.wait("the answer", lambda screen: "1" in screen.lines)
    shell.wait_prompt()
    # The whole statement comes back with Up.
    shell.send("\x1b[A")
    shell.wait("the statement again", lambda screen: screen.lines[-3:] == ["dsh> range 5 |", "|..> filter (id", "(..> > 3) | count"])
    # Up goes by line before it goes to older statements.
    shell.send("\x1b[A")
    shell.wait("the cursor a line up", lambda screen: screen.cursor_line == "|..> filter (id")


@test_at_widths
def completion(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("rang\t")
    shell.wait("a whole verb", lambda screen: screen.cursor_line == "dsh> range")
    shell.send("\x03")
    shell.wait_prompt()
    shell.send("take\t")
    shell.wait("a list with descriptions", lambda screen: any(re.match(r"take_all\s+\S", line) for line in screen.lines))
    expect(all(len(line) <= bench.width for line in shell.screen.lines), shell.screen.text)
    shell.send(" 3")
    shell.wait("the list gone", lambda screen: screen.lines[-1] == "dsh> take 3")


@test
def completion_of_columns_and_paths(bench):
    bench.file("sales.csv", "amount,city\n1,Oslo\n")
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("read sal\t")
    shell.wait("a path", lambda screen: screen.cursor_line.startswith("dsh> read sales.csv"))
    shell.send("\r")
    shell.wait_prompt()
    shell.send("filter amo\t")
    shell.wait("a column", lambda screen: screen.cursor_line.startswith("dsh> filter amount"))


@test_at_widths
def wrapping_and_editing(bench):
    shell = bench.shell()
    shell.wait_prompt()
    text = "take " + "abcdefghij" * 30
    shell.send(text)
    shell.wait("the text over several rows", lambda screen: "".join(screen.lines).endswith("dsh> " + text))
    rows, column = divmod(5 + len(text), bench.width)
    expect(shell.screen.column == column, f"cursor in column {shell.screen.column}, not {column}")
    shell.send("\x01X")
    shell.wait("a letter at the start", lambda screen: "".join(screen.lines).endswith("dsh> X" + text))
    expect(shell.screen.column == 6, f"cursor in column {shell.screen.column}, not 6")
    shell.send("\x05\x7f\x7f")
    shell.wait("letters gone at the end", lambda screen: "".join(screen.lines).endswith("dsh> X" + text[:-2]))


@test_at_widths
def wide_characters(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("日本e\u0301👍x")
    shell.wait("the text", lambda screen: screen.cursor_line == "dsh> 日本e\u0301👍x")
    expect(shell.screen.column == 5 + 2 + 2 + 1 + 2 + 1, f"cursor in column {shell.screen.column}")
    shell.send("\x1b[D\x1b[D\x1b[D")
    shell.wait("the cursor before the accent", lambda screen: screen.column == 9)
    shell.send("\x1b[3~")
    shell.wait("the accent gone with its letter", lambda screen: screen.cursor_line == "dsh> 日本👍x")


@test_at_widths
def control_c_while_editing(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range 5 |\rfilter")
    shell.wait("two lines", lambda screen: screen.cursor_line == "|..> filter")
    shell.send("\x03")
    shell.wait_prompt()
    shell.send("\x1b[A")
    shell.wait("the text within reach of Up", lambda screen: screen.lines[-2:] == ["dsh> range 5 |", "|..> filter"])
    shell.send("\x03")
    shell.wait_prompt()
    shell.send("\x03\x03\x03")
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test_at_widths
def control_c_while_running(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send(LONG_RUN + "\r")
    shell.wait("a progress line", lambda screen: "Ctrl-C" in screen.cursor_line)
    start = time.monotonic()
    shell.send("\x03")
    shell.wait_for("cancelled")
    shell.wait_prompt()
    seconds = time.monotonic() - start
    expect(seconds < 1.0, f"cancelling took {seconds:.2f} s")
    expect("tasks," not in shell.screen.text, f"the progress line is gone:\n{shell.screen.text}")
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def control_c_twice_does_not_end_the_shell(bench):
    shell = bench.shell()
    shell.wait_prompt()
    for _ in range(3):
        shell.send(LONG_RUN + "\r")
        shell.pump(0.3)
        shell.send("\x03\x03\x03")
        shell.wait_prompt()
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def type_ahead_survives(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range 5000000 | filter id % 7 == 8 | count\r")
    shell.pump(0.02)
    shell.send("range 4 | count")
    shell.wait("the text typed ahead at the next prompt", lambda screen: screen.cursor_line == "dsh> range 4 | count")


def node_processes(shell):
    return sorted(shell.relatives())


@test_at_widths
def node_killed_while_idle(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.run("range 10 | count")
    shell.send("range 3 | co")
    shell.wait("half a statement", lambda screen: screen.cursor_line == "dsh> range 3 | co")
    victims = node_processes(shell)
    expect(victims, "there are node processes")
    os.kill(victims[-1], signal.SIGKILL)
    shell.wait("the news above what is typed", lambda screen: "node" in screen.text.lower().replace("nodes", "") and screen.cursor_line == "dsh> range 3 | co")
    shell.send("unt\r")
    shell.wait("the answer", lambda screen: "3" in screen.lines)
    shell.wait_prompt()


@test
def node_killed_while_running(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.run("range 10 | count")
    shell.send("range 3000000000 | filter id % 7 == 8 | count\r")
    shell.pump(0.3)
    victims = node_processes(shell)
    expect(victims, "there are node processes")
    os.kill(victims[-1], signal.SIGKILL)
    shell.wait("news of the node", lambda screen: re.search(r"node\d", screen.text), seconds=60)
    shell.pump(0.2)
    if shell.screen.cursor_line != "dsh>":
        shell.send("\x03")
    shell.wait_prompt()
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def end_of_file(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("\x04")
    expect(shell.wait_end() == 0, f"exit code {shell.status}")
    expect(shell.state_is_restored(), "the terminal is as it was")
    expect("2004" not in shell.screen.modes, "bracketed paste is off")


@test
def quit_command(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("quit\r")
    expect(shell.wait_end() == 0, f"exit code {shell.status}")
    expect(shell.state_is_restored(), "the terminal is as it was")


@test
def hangup(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.kill(signal.SIGHUP)
    shell.wait_end()


@test
def terminated(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("half")
    shell.wait("typed text", lambda screen: screen.cursor_line == "dsh> half")
    shell.kill(signal.SIGTERM)
    shell.wait_end()
    expect(shell.state_is_restored(), "the terminal is as it was")


@test
def killed_while_running(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send(LONG_RUN + "\r")
    shell.pump(0.5)
    shell.kill(signal.SIGKILL)
    shell.wait_end()
    shell.wait_relatives_gone(1.0)


@test
def resize(bench):
    shell = bench.shell()
    shell.wait_prompt()
    text = "take " + "abcdefghij" * 9
    shell.send(text)
    shell.wait("the text", lambda screen: "".join(screen.lines).endswith("dsh> " + text))
    for width in (40, 200, 60, 80):
        shell.resize(width, ROWS)
        shell.pump(0.1)
        shell.send("x")
        text += "x"
        shell.wait(f"the text at {width}", lambda screen: "".join(screen.lines).endswith("dsh> " + text))
        expect(shell.screen.column == (5 + len(text)) % width, f"cursor in column {shell.screen.column} at {width}")


@test_at_widths
def paste_of_a_transcript(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.paste("dsh> range 9 |\n|..> filter id > 6\n┌────┐\n2 rows\ndsh> count\n")
    shell.wait("both statements, nothing run", lambda screen: screen.lines[-3:] == ["dsh> range 9 |", "|..> filter id > 6", "...> count"])
    shell.send("\r")
    shell.wait("the answer", lambda screen: "2" in screen.lines)
    shell.wait_prompt()


@test
def paste_of_two_thousand_lines(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.paste("range 5 |\n" + "".join(f"filter id != {100 + index} |\n" for index in range(2000)))
    shell.wait("the end of the text", lambda screen: "filter id != 2099 |" in screen.text and re.match(r".\.\.>$", screen.cursor_line))
    expect("error" not in shell.screen.text, "nothing was run")
    shell.send("\x03")
    shell.wait_prompt()


@test_at_widths
def reverse_search(bench):
    shell = bench.shell()
    for statement in ("range 11 | count", "range 12 | count", "range 13 | take 1"):
        shell.run(statement)
    shell.send("\x12count")
    shell.wait("the newest match and a counter", lambda screen: "1/2" in "".join(screen.lines[-3:]) and "range 12" in "".join(screen.lines[-3:]))
    shell.send("\x12")
    shell.wait("the one before", lambda screen: "2/2" in "".join(screen.lines[-3:]) and "range 11" in "".join(screen.lines[-3:]))
    shell.send("\t")
    shell.wait("the match as the line", lambda screen: screen.cursor_line == "dsh> range 11 | count")


@test
def history_file(bench):
    first = bench.shell()
    first.run("range 21 | count")
    first.run(" range 22 | count")
    first.send("range 23 |\rcount\r")
    first.pump(0.1)
    first.wait_prompt()
    first.send("\x04")
    first.wait_end()
    path = os.path.join(bench.home, "state", "dsh", "history")
    expect(stat.S_IMODE(os.stat(path).st_mode) == 0o600, "only its owner reads the history")
    with open(path) as file:
        kept = file.read().split("\n")
    expect(kept == ["range 21 | count", "range 23 |\\ncount", ""], f"kept: {kept}")
    second = bench.shell()
    second.wait_prompt()
    second.send("\x1b[A")
    second.wait("the last statement, both lines", lambda screen: screen.lines[-2:] == ["dsh> range 23 |", "|..> count"])


@test
def errors_point(bench):
    shell = bench.shell()
    printed = shell.run("range 3 | fitler id > 1")
    expect("filter" in printed and "^" in printed, printed)
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def no_color(bench):
    shell = bench.shell(environment={"NO_COLOR": "1"})
    shell.run("range 3 | take")
    expect("\x1b[1m" not in shell.raw and "\x1b[3" not in shell.raw, "no colour")


@test
def dumb_terminal(bench):
    shell = bench.shell(environment={"TERM": "dumb"})
    shell.wait("a prompt", lambda screen: screen.cursor_line == "dsh>")
    shell.send("range 3 | count\r")
    shell.wait("the answer", lambda screen: "3" in screen.lines)
    expect("\x1b" not in shell.raw, f"no escape sequences: {shell.raw!r}")


@test
def no_locale(bench):
    shell = bench.shell(environment={"LANG": "C", "LC_ALL": "C"})
    shell.wait_prompt()
    shell.send("héllo 日本")
    shell.wait("the text", lambda screen: screen.cursor_line == "dsh> héllo 日本")


@test
def unknown_keys_leave_nothing(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("a\x1b[1;2A\x1b[15~\x1b[24;5~\x1b[9Zb")
    shell.wait("nothing but the letters", lambda screen: screen.cursor_line == "dsh> ab")


@test_at_widths
def any_keys(bench):
    # Everything but Ctrl-D and, while a statement runs, Ctrl-\\ (end the shell), Ctrl-S (stops the terminal), "!" (runs programs), and
    # letters of `quit`, `exit` and `write`.
    keys = [chr(code) for code in range(1, 127) if code not in (4, 19, 28) and chr(code) not in "!qxw"]
    keys += ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[3~", "\x1b[H", "\x1b[F", "\x1b[200~a\rb\x1b[201~", "\x1b[99", "\x1bO", "日", "e\u0301", "👍"]
    seed = int.from_bytes(os.urandom(4))
    generator = random.Random(seed)
    shell = bench.shell()
    shell.wait_prompt()
    for _ in range(20):
        shell.send("".join(generator.choice(keys) for _ in range(100)))
        shell.pump(0.02)
    # Out of a paste, a search and whatever runs.
    shell.send("\x1b[201~")
    shell.pump(0.2)
    shell.send("\x07\x03")
    shell.pump(0.3)
    shell.send("\x03\x03")
    try:
        expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)
    except Failure as failure:
        raise Failure(f"seed {seed}: {failure}")


def run(name, function, width, binary):
    bench = Bench(binary, width)
    try:
        function(bench)
        bench.finish()
        return None
    except Exception as failure:
        bench.abandon()
        return str(failure) if isinstance(failure, Failure) else traceback.format_exc()
    finally:
        bench.remove()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    passed = failed = 0
    for name, function, width in tests:
        if wanted not in name:
            continue
        problem = run(name, function, width, binary)
        if problem:
            failed += 1
            print(f"FAIL {name}: {problem}", flush=True)
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
