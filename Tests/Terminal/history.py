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


@test_at_widths
def suggestions(bench):
    bench.file("sales.csv", "amount,city\n1,Oslo\n")
    bench.file("other.csv", "size\n1\n")
    shell = bench.shell()
    shell.run("read sales.csv")
    shell.run("filter amount > 0 | count")
    shell.send("fil")
    shell.wait("the rest, dim", lambda screen: screen.styled(screen.row) == "<bold>dsh> </>fil<dim>ter amount > 0 | count</>" and screen.column == 8)
    shell.send("\x1bf")
    shell.wait("one word of it", lambda screen: screen.styled(screen.row) == "<bold>dsh> </><bold blue>filter</><dim> amount > 0 | count</>")
    shell.send("\x1bf")
    shell.wait("another", lambda screen: screen.column == 18 and screen.cursor_line == "dsh> filter amount > 0 | count")
    shell.send("\x1b[C")
    shell.wait("all of it", lambda screen: "<dim>" not in screen.styled(screen.row) and screen.column == 30)
    shell.send("\x03")
    # It does not fit other data, and so is not suggested.
    shell.run("read other.csv")
    shell.send("fil")
    shell.pump(0.1)
    expect(shell.screen.cursor_line == "dsh> fil", shell.screen.cursor_line)
    shell.send("\x03")
    shell.run("set suggestions off")
    shell.send("read s")
    shell.pump(0.1)
    expect(shell.screen.cursor_line == "dsh> read s", shell.screen.cursor_line)


@test
def shells_share_the_history(bench):
    shells = [bench.shell() for _ in range(3)]
    for shell in shells:
        shell.wait_prompt()
    for round_number in range(5):
        for index, shell in enumerate(shells):
            shell.send(f"range {round_number}{index} | count\r")
        for shell in shells:
            shell.pump(0.05)
    for shell in shells:
        shell.wait_prompt()
    with open(os.path.join(bench.home, "state", "dsh", "history")) as file:
        kept = file.read().split("\n")[:-1]
    expect(sorted(kept) == sorted(f"range {a}{b} | count" for a in range(5) for b in range(3)), kept)


@test
def scripts_leave_the_history_alone(bench):
    script = bench.file("script.dsh", "range 3 | count\n")
    for arguments in (["-c", "range 4 | count"], [script]):
        shell = bench.shell(*arguments)
        expect(shell.wait_end() == 0, shell.screen.text)
    expect(not os.path.exists(os.path.join(bench.home, "state")), "no history")
