"""Reading results: tables, records, the pager, the last result again, maps and diagrams, drawings without Unicode."""

import os
import re

from bench import expect, test, test_at_widths
from screen import cell_width


def width(line):
    return sum(cell_width(character) for character in line)


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


@test_at_widths
def listings_fold(bench):
    shell = bench.shell()
    for statement in ("nodes", "set"):
        shell.run("set pager off")
        printed = shell.run(statement)
        expect(all(width(line) <= bench.width for line in printed.split("\n")), printed)
    shell.run("range --blocks=4 100 | persist")
    printed = shell.run("nodes")
    for name in ("head", "node1", "node2", "received", "store used"):
        expect(name in printed, f"{name} in:\n{printed}")
    expect("▏" in printed, f"a bar:\n{printed}")


@test
def errors_point(bench):
    shell = bench.shell()
    printed = shell.run("range 3 | fitler id > 1")
    expect("filter" in printed and "^" in printed, printed)
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def nulls_controls_and_large_numbers(bench):
    bench.file("odd.csv", 'n,text\n,"tab\there"\n3,"\x1b[2Jboo"\n')
    shell = bench.shell()
    printed = shell.run("read odd.csv | take")
    expect("tab\\there" in printed and "\\u{1b}[2Jboo" in printed, printed)
    expect(any("<dim>" in line and "null" in line for line in shell.screen.styled_lines), "\n".join(shell.screen.styled_lines))
    expect("12345678 (12.35 million)" in shell.run("range 12345678 | count"), shell.screen.text)


@test_at_widths
def pager(bench):
    shell = bench.shell()
    shell.run("range 100 | take 100 | count")
    shell.wait_prompt()
    shell.send("range 100 | take 100\r")
    shell.wait("the pager's prompt", lambda screen: screen.lines and screen.lines[-1].startswith(":") and "int64" in screen.text)
    shell.send("G")
    shell.wait("the last row and the end", lambda screen: re.search(r"│\s+99 │", screen.text) and "(END)" in screen.lines[-1])
    # Ctrl-C belongs to the pager; it doesn't end it, nor the shell.
    shell.send("\x03")
    shell.pump(0.1)
    shell.send("q")
    shell.wait_prompt()
    # A part of a table would be read for the whole.
    expect("int64" not in shell.screen.text and "99 │" not in shell.screen.text, f"nothing of the table stays:\n{shell.screen.text}")
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)
    # What fits is not paged, nor is anything with the pager off.
    expect("20 rows" in shell.run("range 20 | take"), shell.screen.text)
    shell.run("set pager off")
    shell.run("range 100 | take 100")
    expect("100 rows" in shell.screen.text and re.search(r"│\s+99 │", shell.screen.text), shell.screen.text)


@test
def what_is_typed_ahead_is_not_for_the_pager(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range --blocks=4 400000000 | filter id % 40000000 < 9 | take_all\rrange 7 | count\rrange 8 |")
    shell.wait("the pager's prompt", lambda screen: screen.lines and screen.lines[-1].startswith(":") and "int64" in screen.text)
    shell.send("q")
    shell.wait("both statements", lambda screen: re.search(r"count\n7\n", screen.text) and screen.cursor_line == "dsh> range 8 |")


@test
def a_bare_take_fits_the_screen(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.resize(80, 24)
    printed = shell.run("range 100 | take")
    expect("14 rows" in printed and "int64" in printed and "dsh> range 100 | take" in shell.screen.text, shell.screen.text)


@test
def a_pager_that_is_not_there(bench):
    shell = bench.shell(environment={"PAGER": "no-such-pager -x"})
    shell.wait("what is used", lambda screen: "no-such-pager, which is not there; less is used" in " ".join(screen.text.split()))
    shell.send("range 100 | take 100\r")
    shell.wait("the pager's prompt", lambda screen: screen.lines and screen.lines[-1].startswith(":") and "int64" in screen.text)
    shell.send("q")
    shell.wait_prompt()


@test
def data_does_not_steer_the_terminal(bench):
    bench.file("steer.csv", 'n,text\n1,"\x1b[2Jboo\x9b"\n')
    shell = bench.shell()
    for form in ("csv", "tsv", "md", "line", "json"):
        printed = shell.run(f"read steer.csv | take --format={form}")
        expect("boo" in printed and "[2J" in printed, printed)
    expect("\\u{1b}[2Jboo\\u{9b}" in shell.run("read steer.csv | take_all --format=csv"), shell.screen.text)


@test
def several_statements_at_once(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("\x1b[200~range 3 | count\nrange 4 | count\x1b[201~\r")
    shell.wait("whose result is whose", lambda screen: re.search(r"dsh> range 3 \| count\n3\n(.*\n)?dsh> range 4 \| count\n4\n", screen.text))


@test
def pager_left_early(bench):
    """The rest of a result that nobody wants to see is dropped, and the shell goes on at once."""
    shell = bench.shell(environment={"PAGER": "head -3"})
    shell.run("range --blocks=3 300000 | persist")
    shell.run("take 200000")
    expect("int64" in shell.screen.text and "199999" not in shell.screen.text, shell.screen.text)
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def no_pager_in_pipes(bench):
    marker = os.path.join(bench.home, "paged")
    shell = bench.program(
        ["/bin/sh", "-c", f"{bench.binary} -c 'range 100 | take 100' | tail -3; echo done"], environment={"PAGER": f"touch {marker}; cat"})
    shell.wait_for("done")
    shell.wait_end()
    expect("100 rows" in shell.screen.text and not os.path.exists(marker), shell.screen.text)


@test_at_widths
def control_c_stops_a_long_table(bench):
    shell = bench.shell()
    shell.run("set pager off")
    shell.run("range --blocks=3 3000000 | persist")
    shell.send("take 2000000\r")
    shell.wait("rows", lambda screen: re.search(r"│\s+\d\d\d+ │", screen.text))
    shell.send("\x03")
    shell.wait_prompt()
    expect("1999999" not in shell.screen.text, shell.screen.text)
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test_at_widths
def last_and_rows(bench):
    shell = bench.shell()
    shell.run("set pager off")
    expect("last" not in shell.run("range 9 | take"), shell.screen.text)
    shell.run("set rows 4")
    printed = shell.run("range 9 | take")
    cells = re.findall(r"│ +(\d+) │", printed)
    expect(cells == ["0", "1", "7", "8"] and "5 not shown" in " ".join(printed.split()), printed)
    printed = shell.run("last")
    expect(re.findall(r"│ +(\d+) │", printed) == [str(number) for number in range(9)], printed)
    # It is there even when nothing can run it again.
    bench.file("gone.csv", "n\n1\n2\n")
    shell.run("read gone.csv | take")
    os.remove(os.path.join(bench.home, "gone.csv"))
    expect("2 rows" in shell.run("last"), shell.screen.text)
    expect('[\n{"n":1},\n{"n":2}\n]' in shell.run("last --format=json"), shell.screen.text)


@test_at_widths
def preview(bench):
    shell = bench.shell()
    expect("│" not in shell.run("range 9"), shell.screen.text)
    shell.run("set preview 2")
    printed = shell.run("range 9 | map double = id * 2")
    expect(re.findall(r"│ +(\d+) │ +(\d+) │", printed) == [("0", "0"), ("1", "2")], printed)
    shell.run("set preview off")
    expect("│" not in shell.run("range 9"), shell.screen.text)


@test_at_widths
def records(bench):
    bench.file("note.csv", "id,note\n1," + "word " * 30 + "\n")
    shell = bench.shell()
    printed = shell.run("read note.csv | take --format=line")
    lines = printed.split("\n")
    expect("row 1 of 1" in lines[0] and lines[1] == "  id  1", printed)
    expect(all(width(line) <= bench.width for line in lines) and printed.count("word") == 30, printed)
    shell.run("set format line")
    expect("  id  1" in shell.run("read note.csv | take"), shell.screen.text)


@test_at_widths
def diagram_for_the_terminal(bench):
    shell = bench.shell()
    shell.run("range --blocks=4 100 | persist")
    shell.run("take 3")
    printed = shell.run("diagram --format=text")
    lines = printed.split("\n")
    expect(all(width(line) <= bench.width for line in lines), printed)
    expect(lines[0].startswith("┌─ head ─") and "take 3" in lines[1], printed)
    for part in ("─ node1 ─", "─ node2 ─", "reused", "pulled", r"node\d ──▶ head"):
        expect(re.search(part, printed), f"{part} in:\n{printed}")
    printed = shell.run("diagram")
    expect(printed.startswith("flowchart TD\n"), printed)


@test_at_widths
def block_map(bench):
    shell = bench.shell()
    shell.run("range --blocks=5 100 | persist")
    shell.run("range --blocks=2 100 | materialize")
    printed = shell.run("blocks --map")
    expect("█ pinned" in printed and "▒ cached" in printed, printed)
    styled = [line for line in shell.screen.styled_lines if line.startswith("node")]
    cells = [re.search(r"<green>(█+)</>", line) for line in styled]
    expect(sum(len(cell.group(1)) for cell in cells if cell) == 5, f"five pinned blocks, green: {styled}")
    expect(any("<blue>▒" in line for line in styled), f"cached ones are blue: {styled}")


@test
def ascii_drawings(bench):
    for environment, statement in (({"LANG": "C"}, None), ({"LANG": "C.UTF-8"}, "set unicode off")):
        shell = bench.shell(environment=environment)
        shell.wait_prompt()
        if statement:
            shell.run(statement)
        shell.run("range --blocks=4 100 | persist")
        for statement in ("take 2", "nodes", "blocks", "blocks --map", "diagram --format=text"):
            printed = shell.run(statement)
            # Frames, blocks, shapes.
            expect(not re.search("[\u2190-\u25ff]", printed), f"{statement} with {environment}:\n{printed}")
        expect(re.search(r"\| +0 \|", shell.run("take 2")), shell.screen.text)
        # Text stays what it is.
        expect("Zoë" in shell.run('rows {name: "Zoë"} | take'), shell.screen.text)


@test_at_widths
def help_fits(bench):
    shell = bench.shell()
    shell.run("set pager off")
    for statement in ("help", "help keys", "help filter", "take ?", "help --search pin", "help settings"):
        printed = shell.run(statement)
        expect(printed and all(width(line) <= bench.width for line in printed.split("\n")), f"{statement}:\n{printed}")
    expect("Examples" in shell.run("take ?"), shell.screen.text)


@test
def marks_for_jumping_between_prompts(bench):
    shell = bench.shell()
    shell.run("range 3 | count")
    shell.run("range 2 | take")
    lines = shell.screen.text.split("\n")
    prompts = [line for mark, line in shell.screen.marks if mark == "A"]
    outputs = [line for mark, line in shell.screen.marks if mark == "C"]
    expect([lines[line][:5] for line in prompts] == ["dsh> "] * 2 + ["dsh>"], f"{shell.screen.marks}\n{shell.screen.text}")
    expect(lines[outputs[0]] == "3" and lines[outputs[1]].startswith("┌"), f"{shell.screen.marks}\n{shell.screen.text}")
