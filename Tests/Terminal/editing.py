"""Typing and painting: keys, lines, wrapping, wide characters, colours, resizing, pasting."""

import os
import random
import re

from bench import ROWS, expect, test, test_at_widths
from terminal import Failure


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
