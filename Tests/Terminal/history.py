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


@test
def private_mode(bench):
    for arguments, statement in ((["--private"], None), ([], "set history off")):
        shell = bench.shell(*arguments)
        shell.wait_prompt()
        if statement:
            shell.run(statement)
        shell.run("range 31 | count")
        shell.send("\x1b[A")
        shell.wait("it is there in this session", lambda screen: screen.cursor_line == "dsh> range 31 | count")
        shell.send("\x03")
        shell.wait_prompt()
        shell.send("\x04")
        shell.wait_end()
        path = os.path.join(bench.home, "state", "dsh", "history")
        kept = open(path).read() if os.path.exists(path) else ""
        expect("range 31" not in kept, kept)


@test
def history_command(bench):
    shell = bench.shell()
    shell.run("range 3 | count")
    shell.send("range 4 |\rcount\r")
    shell.pump(0.1)
    shell.wait_prompt()
    expect(shell.run("history").split("\n") == ["1  range 3 | count", "2  range 4 |", "   count", "3  history"], shell.screen.text)
    expect(shell.run("history 1").split("\n") == ["4  history 1"], shell.screen.text)
    shell.send("quit\r")
    shell.wait_end()
    later = bench.shell()
    expect(later.run("history").split("\n") == ["1  history"], later.screen.text)
    expect("range 3 | count" in later.run("history --all"), later.screen.text)


@test
def session_saved_as_a_script(bench):
    bench.file("sales.csv", "amount,city\n1,Oslo\n5,Rome\n")
    shell = bench.shell()
    for statement in ("read sales.csv", "filter amoutn > 2", "filter amount > 2", "count"):
        shell.run(statement)
    printed = shell.run("history save day.dsh")
    expect("3 statements" in printed and "1 that failed" in printed, printed)
    with open(os.path.join(bench.home, "day.dsh")) as script:
        expect(script.read() == "read sales.csv\n# failed: filter amoutn > 2\nfilter amount > 2\ncount\n", "the script")
    expect("exists already" in shell.run("history save day.dsh"), shell.screen.text)
    again = bench.program([bench.binary, "day.dsh"])
    expect(again.wait_end() == 0 and again.screen.lines[0] == "1", again.screen.text)


@test
def a_history_of_years(bench):
    """Only its end is read, nothing of it is lost, and the first prompt comes as fast as ever."""
    folder = os.path.join(bench.home, "state", "dsh")
    os.makedirs(folder)
    path = os.path.join(folder, "history")
    with open(path, "w") as file:
        file.writelines(f"range {number} | count\n" for number in range(2_000_000))
    size = os.path.getsize(path)
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("\x1b[A")
    shell.wait("the newest", lambda screen: screen.cursor_line == "dsh> range 1999999 | count")
    shell.send("\x03")
    shell.run("range 7 | count")
    expect(os.path.getsize(path) == size + len("range 7 | count\n"), "it only grows")
