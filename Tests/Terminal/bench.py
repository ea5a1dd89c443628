"""What the tests of the shell share: how they are told, and what they work with."""

import os
import shutil
import tempfile
import time

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

    def program(self, command, environment=None):
        """Any program on a terminal of its own."""
        terminal = Terminal(command, self.home, self.width, ROWS, environment)
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
                terminal.send("\x03")
                # Where the terminal makes a signal of Ctrl-C, between two prompts, it drops what was typed behind it.
                terminal.pump(0.2)
                terminal.send("\x04")
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
