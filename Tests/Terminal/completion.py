"""What Tab does."""

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
