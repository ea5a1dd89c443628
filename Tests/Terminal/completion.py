"""What Tab does."""

import os
import re

from bench import expect, test, test_at_widths


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
def choosing_from_the_list(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("\t")
    shell.wait(
        "a list with sources first, and all of it",
        lambda screen: any(re.match(r"read\s+Reads", line) for line in screen.lines) and "more" in screen.lines[-1])
    shell.send("\t")
    shell.wait("the first chosen", lambda screen: screen.cursor_line == "dsh> read")
    row = next(index for index, line in enumerate(shell.screen.lines) if re.match(r"read\s+Reads", line))
    expect(shell.screen.styled(row).startswith("<reverse>read"), shell.screen.styled(row))
    shell.send("\x1b[B\x1b[B\x1b[A")
    shell.wait("the second chosen", lambda screen: screen.cursor_line == "dsh> range")
    shell.send("\x1b[Z")
    shell.wait("the first again", lambda screen: screen.cursor_line == "dsh> read")
    shell.send("\x07")
    shell.wait("nothing chosen, no list", lambda screen: screen.lines[-1] == "dsh>")
    shell.send("\t\t\t\r")
    shell.wait("the choice in the line", lambda screen: screen.lines[-1] == "dsh> range" and screen.column == 11)
    shell.send("3 | count\r")
    shell.wait("the answer", lambda screen: "3" in screen.lines)
    shell.wait_prompt()
    expect(all(len(line) <= bench.width for line in shell.screen.lines), shell.screen.text)


@test
def completion_of_everything(bench):
    bench.file("sales.csv", "amount,city,unit price\n1,Oslo,2\n3,Bergen,4\n5,Oslo,6\n")
    bench.file("my sales.csv", "a\n1\n")
    bench.file("notes.md", "x")
    os.mkdir(os.path.join(bench.home, "folder"))
    shell = bench.shell()
    shell.run("read sales.csv")
    shell.run("late = filter amount > 1")
    shell.run("let limit_amount = 60")

    def expect_line(keys, line):
        shell.send("\x07\x03")
        shell.wait_prompt()
        shell.send(keys)
        shell.wait(f"{line!r} for {keys!r}", lambda screen: screen.cursor_line == "dsh> " + line)

    def expect_list(keys, *patterns):
        shell.send("\x07\x03")
        shell.wait_prompt()
        shell.send(keys)
        for pattern in patterns:
            shell.wait(f"{pattern!r} for {keys!r}", lambda screen: any(re.match(pattern, line) for line in screen.lines))

    expect_line("filter am\t", "filter amount")
    expect_line("filter uni\t", "filter `unit price`")
    expect_line("filter AMO\t", "filter amount")
    expect_list("filter \t", r"amount\s+int64", r"city\s+string", r"`unit price`\s+int64", r"round\(\s+round\(x")
    expect_line("select amount, ci\t", "select amount, city")
    expect_line("rename total = am\t", "rename total = amount")
    expect_line("map x = amount * 2, y = x\t", "map x = amount * 2, y = x")
    expect_line("map xyz = amount * 2, y = xy\t", "map xyz = amount * 2, y = xyz")
    expect_line("select city | filter am\t", "select city | filter am")
    expect_list("filter sqr\t", "dsh> filter sqrt\\(")
    expect_line("take --fo\t", "take --format=") if "--format" in shell.screen.text else None
    expect_list("read --\t", r"--header\s+\S", r"--skip=\s+Lines")
    expect_line("read --sk\t", "read --skip=")
    expect_list("read --format=\t", r"csv\b", r"tsv\b")
    expect_line("set wi\t", "set width")
    expect_list("set edit \t", r"emacs", r"vi", r"auto\s+now")
    expect_line("set timing of\t", "set timing off")
    expect_line("la\t\t", "late") if False else None
    expect_line("union lat\t", "union late")
    expect_line("filter amount > $lim\t", "filter amount > $limit_amount")
    expect_line("nodes ki\t", "nodes kill")
    expect_list("nodes kill \t", r"node1\s+up")
    expect_line("filter amount::stri\t", "filter amount::string")
    expect_line("sort amount de\t", "sort amount desc")
    expect_line("help filte\t", "help filter")
    # Files of readable formats first, then folders, then the rest; quotes where they are needed.
    expect_list("read \t", r"\"my sales.csv\"\s+csv", r"sales.csv\s+csv, \d+ B", r"folder/\s+folder", r"notes.md")
    names = [line.split("  ")[0] for line in shell.screen.lines[-6:]]
    expect(names.index("sales.csv") < names.index("folder/") < names.index("notes.md"), names)
    expect_line("read my\t", 'read "my sales.csv"')
    expect_line("read 'my\t", "read 'my sales.csv'")
    expect_line("cd fo\t", "cd folder/")
    # Nothing begins so: what resembles it is listed, and chosen with Tab.
    expect_list("filter mount\t", r"amount\s+int64")
    expect_line("filter mount\t\t", "filter amount")
    expect_list("prsist\t", r"persist\s")
    # Values only where they are in memory already.
    expect_list("filter city == \t", r"amount\s+int64")
    expect("Oslo" not in shell.screen.text.split("filter city ==")[-1], shell.screen.text)
    shell.send("\x07\x03")
    shell.run("persist")
    expect_list("filter city == \t", r'"Bergen"\s+1 row', r'"Oslo"\s+1 row')
    expect_line("filter city == \"Os\t", 'filter city == "Oslo"')
    expect_line("filter city in ['Be\t", "filter city in ['Bergen'")


@test
def completion_runs_nothing(bench):
    bench.file("sales.csv", "amount,city\n1,Oslo\n3,Bergen\n")
    shell = bench.shell()
    for keys in ("read sales.csv | filter am\t", "read sales.csv | filter city == \t", "read sales.csv | agg n = \t", "read \t"):
        shell.wait_prompt()
        shell.send(keys)
        shell.pump(0.3)
        shell.send("\x07\x03")
    printed = shell.run("nodes")
    expect(len(re.findall(r"\b0 B /", printed)) == 3, printed)
