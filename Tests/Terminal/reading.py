"""Reading results."""

import re

from bench import expect, test, test_at_widths


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
    expect("set width 0" in " ".join(printed.split()), printed)


@test
def errors_point(bench):
    shell = bench.shell()
    printed = shell.run("range 3 | fitler id > 1")
    expect("filter" in printed and "^" in printed, printed)
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)
