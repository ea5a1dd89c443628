"""Statements typed before: search, the file, suggestions."""

import os
import stat

from bench import expect, test, test_at_widths


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
