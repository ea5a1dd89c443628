"""Drives a program in a pseudo-terminal and looks at its screen."""

import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
import uuid

from screen import Screen

# A slow machine under load gets this long before a wait counts as a failure; every wait ends as soon as its condition holds.
PATIENCE_SECONDS = 60.0


class Failure(Exception):
    pass


class Terminal:
    """A program on a terminal of its own, with a home folder of its own."""

    def __init__(self, command, home, columns=80, rows=24, environment=None):
        self.tag = uuid.uuid4().hex
        self.screen = Screen(columns, rows)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.raw = ""
        self.status = None
        variables = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": home, "TERM": "xterm-256color",
            "XDG_STATE_HOME": os.path.join(home, "state"), "DSH_TERMINAL_TEST": self.tag,
            # Keys at random may start it.
            "EDITOR": "true",
        }
        variables.update(environment or {})
        self.process, self.master = pty.fork()
        if self.process == 0:
            os.chdir(home)
            os.execvpe(command[0], command, variables)
        self.set_size(columns, rows)
        self.first_state = termios.tcgetattr(self.master)

    def set_size(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        self.screen.resize(columns, rows)
        self.set_size(columns, rows)

    def send(self, text):
        data = text.encode()
        while data:
            select.select([], [self.master], [], PATIENCE_SECONDS)
            written = os.write(self.master, data[:512])
            data = data[written:]
            self.pump(0)

    def paste(self, text):
        self.send("\x1b[200~" + text.replace("\n", "\r") + "\x1b[201~")

    def pump(self, seconds):
        """Takes in what the program prints for some time; False once it has closed the terminal."""
        end = time.monotonic() + seconds
        left = seconds
        while True:
            # What is there already is taken in once, even if no time is given; a program that never stops printing can't hold this up.
            ready, _, _ = select.select([self.master], [], [], max(0, left))
            if not ready or left < 0:
                return True
            left = end - time.monotonic()
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return False
            if not data:
                return False
            text = self.decoder.decode(data)
            self.raw += text
            self.screen.feed(text)

    def wait(self, what, condition, seconds=PATIENCE_SECONDS):
        """Waits until a condition on the screen holds; how long it took."""
        start = time.monotonic()
        while not condition(self.screen):
            if time.monotonic() - start > seconds:
                raise Failure(f"waited {seconds} s for {what}; the screen:\n{self.screen.text}")
            if not self.pump(0.01):
                if condition(self.screen):
                    break
                raise Failure(f"the program ended while waiting for {what}; the screen:\n{self.screen.text}")
        return time.monotonic() - start

    def wait_for(self, text, seconds=PATIENCE_SECONDS):
        return self.wait(repr(text), lambda screen: text in screen.text, seconds)

    def wait_prompt(self):
        """Waits for an empty prompt that stays; a suggestion may stand behind it."""
        return self.wait("a prompt", lambda screen: screen.typed_line == "dsh>" and screen.column == 5 and "2004" in screen.modes)

    def run(self, statement):
        """Types a statement and waits for the next prompt; what was printed."""
        self.wait_prompt()
        before = len(self.screen.text.split("\n"))
        self.send(statement + "\r")
        self.pump(0.05)
        self.wait_prompt()
        return "\n".join(self.screen.text.split("\n")[before:-1])

    def wait_end(self, seconds=PATIENCE_SECONDS):
        """Waits for the end of the program; its exit code, negative for a signal."""
        end = time.monotonic() + seconds
        while self.status is None:
            self.pump(0.01)
            process, status = os.waitpid(self.process, os.WNOHANG)
            if process:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise Failure(f"the program does not end; the screen:\n{self.screen.text}")
        return self.status

    def kill(self, number=signal.SIGKILL):
        if self.status is None:
            os.kill(self.process, number)

    def close(self):
        self.kill()
        if self.status is None:
            self.wait_end()
        os.close(self.master)

    def relatives(self):
        """The processes started by the program, found by the tag in their environment."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit() or int(entry) == self.process:
                continue
            try:
                with open(f"/proc/{entry}/environ", "rb") as environment:
                    tagged = self.tag.encode() in environment.read()
                with open(f"/proc/{entry}/stat") as stat:
                    state = stat.read().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if tagged and state != "Z":
                found.append(int(entry))
        return found

    def wait_relatives_gone(self, seconds=1.0):
        """Every process that the program started has to end soon after it."""
        end = time.monotonic() + seconds
        while left := self.relatives():
            if time.monotonic() > end:
                raise Failure(f"processes left behind: {left}")
            time.sleep(0.01)

    def state_is_restored(self):
        """Whether the terminal's modes are those from before the program (what the kernel tracks of input apart)."""
        return termios.tcgetattr(self.master)[:4] == self.first_state[:4]
