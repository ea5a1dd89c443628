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


@test_at_widths
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


@test_at_widths
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
    seed = int(os.environ.get("DSH_SEED") or int.from_bytes(os.urandom(4), "big"))
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


@test_at_widths
def highlighting(bench):
    bench.file("sales.csv", "amount,city\n1,Oslo\n")
    shell = bench.shell()
    shell.run("read sales.csv")
    text = 'filter amount > 3 and city == "Oslo" | map x = round(amount, 1) | take --format=csv 5 # five'
    shell.send(text)
    shell.wait("the text", lambda screen: "".join(screen.lines).endswith("# five"))
    shell.pump(0.05)
    first = len(shell.screen.lines) - 1 - (len(text) + 5 - 1) // bench.width
    styled = "".join(shell.screen.styled_lines[first:]).replace("</><bold blue>", "").replace("</><dim>", "").replace("</><green>", "")
    styled = styled.replace("</><yellow>", "").replace("</><magenta>", "").replace("</><cyan>", "").replace("</><bold>", "")
    plain = ('<bold>dsh> filter</> amount > <yellow>3</> <bold>and</> city == <green>"Oslo"</> <bold>|</> <bold blue>map</> x = <cyan>round</>'
             '(amount, <yellow>1</>) <bold>|</> <bold blue>take</> <magenta>--format</>=<magenta>csv</> <yellow>5</> <dim># five</>')
    if bench.width == 200:
        expect(styled == plain, f"{styled!r} is not {plain!r}")
    expect("<dim red>" not in styled, "nothing is unknown: " + styled)


@test
def unknown_names_are_marked(bench):
    bench.file("sales.csv", "amount,city\n1,Oslo\n")
    shell = bench.shell()
    shell.run("read sales.csv")

    def expect_painted(text, painted):
        shell.send("\x03")
        shell.wait_prompt()
        shell.send(text)
        shell.wait(f"{painted} for {text}", lambda screen: screen.styled(screen.row) == "<bold>dsh> </>" + painted)

    # What may still become a name is left alone; what can't any more is marked.
    expect_painted("filter am", "<bold blue>filter</> am")
    expect_painted("filter amx", "<bold blue>filter</> <dim red>amx</>")
    expect_painted("filter amt > 3", "<bold blue>filter</> <dim red>amt</> > <yellow>3</>")
    expect_painted("filter amount > 3 and ciy", "<bold blue>filter</> amount > <yellow>3</> <bold>and</> <dim red>ciy</>")
    expect_painted("map x = rund(amount)", "<bold blue>map</> x = <dim red>rund</>(amount)")
    expect_painted("map x = amount * 2, y = x + z1", "<bold blue>map</> x = amount * <yellow>2</>, y = x + <dim red>z1</>")
    expect_painted("filtr amount", "<dim red>filtr</> amount")
    expect_painted("filt", "filt")
    expect_painted("select city | filter amount > 3", "<bold blue>select</> city <bold>|</> <bold blue>filter</> <dim red>amount</> > <yellow>3</>")
    # A file that nobody has looked at yet is looked at in a pause.
    bench.file("other.csv", "size,name\n1,x\n")
    expect_painted("read other.csv | filter sise > 3",
                   "<bold blue>read</> <green>other.csv</> <bold>|</> <bold blue>filter</> <dim red>sise</> > <yellow>3</>")


@test_at_widths
def wide_characters_at_the_margin(bench):
    shell = bench.shell()
    shell.wait_prompt()
    # One cell is left in the row: a wide character goes to the next.
    text = "a" * (bench.width - 6) + "日本"
    shell.send(text)
    shell.wait("the wide characters in the next row", lambda screen: screen.cursor_line == "日本" and screen.column == 4)
    shell.send("\x1b[D\x1b[D\x1b[D")
    shell.wait("the cursor on the last letter", lambda screen: screen.column == bench.width - 2 and screen.cursor_line.endswith("a"))
    shell.send("\x05\x7f\x7f👩‍👩‍👧")
    shell.wait("a family", lambda screen: screen.cursor_line.startswith("👩"))
    shell.send("\x7f")
    shell.wait("the whole family gone", lambda screen: "👩" not in screen.text)


@test_at_widths
def several_lines_are_edited(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range 9\x1b\r| filter id > 3\x1b\r| count")
    shell.wait("three lines", lambda screen: screen.lines[-3:] == ["dsh> range 9", "...> | filter id > 3", "...> | count"])
    shell.send("\x1b[A\x1b[A\x05\x7f8")
    shell.wait("the first line changed", lambda screen: screen.lines[-3:] == ["dsh> range 8", "...> | filter id > 3", "...> | count"])
    shell.send("\x1b[B\x01XX\x1b[D")
    shell.wait("the second too", lambda screen: screen.lines[-2] == "...> XX| filter id > 3" and screen.column == 6)
    shell.send("\x1b[3~\x7f\r")
    shell.wait("the answer", lambda screen: "4" in screen.lines)
    shell.wait_prompt()
    shell.send("\x1b[A")
    shell.wait("all of it back", lambda screen: screen.lines[-3:] == ["dsh> range 8", "...> | filter id > 3", "...> | count"])


@test_at_widths
def resize_in_several_lines(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range 9 |\rfilter id != " + "1 and id != " * 12 + "2 |\rcount")
    shell.wait("three lines", lambda screen: screen.cursor_line == "|..> count")
    for width in (40, 200, 80):
        shell.resize(width, 30)
        shell.pump(0.1)
        shell.send("x\x7f")
        shell.wait(f"the last line at {width}", lambda screen: screen.cursor_line == "|..> count" and screen.column == 10)
        # A real terminal keeps what dsh wrote before; the statement itself stands there once.
        tail = "".join(shell.screen.lines[-9:])
        expect(tail.count("|..> count") == 1 and tail.count("2 |") == 1, shell.screen.text)


@test
def undo(bench):
    shell = bench.shell()
    shell.wait_prompt()
    for word in ("filter ", "abc ", "> 3"):
        for character in word:
            shell.send(character)
            shell.pump(0.005)
    shell.send("\x17")
    shell.wait("a word gone", lambda screen: screen.cursor_line == "dsh> filter abc >")
    shell.send("\x1f")
    shell.wait("the word back", lambda screen: screen.cursor_line == "dsh> filter abc > 3")
    shell.send("\x1f" * 20)
    shell.wait("nothing left", lambda screen: screen.cursor_line == "dsh>")
    expect(shell.screen.bells > 0, "a bell when nothing is left to undo")


@test
def word_by_word(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("filter city_name == 3")
    shell.wait("the text", lambda screen: screen.cursor_line == "dsh> filter city_name == 3")
    for keys, column in (("\x1b[1;5D", 25), ("\x1bb", 12), ("\x1b[1;3D", 5), ("\x1bf", 11), ("\x1b[1;5C", 21)):
        shell.send(keys)
        shell.wait(f"the cursor in column {column}", lambda screen: screen.column == column)
    shell.send("\x1b\x7f")
    shell.wait("a word gone", lambda screen: screen.cursor_line == "dsh> filter  == 3")


@test_at_widths
def vi_keys(bench):
    shell = bench.shell()
    shell.run("set edit vi")
    shell.run("range 3 | count")
    shell.send("range 5 | take 2")
    shell.wait("the text", lambda screen: screen.cursor_line == "dsh> range 5 | take 2")
    shell.send("\x1b")
    shell.wait("the cursor on the last letter", lambda screen: screen.column == 20)
    shell.send("0wx")
    shell.wait("a letter gone", lambda screen: screen.cursor_line == "dsh> range  | take 2")
    shell.send("i7\x1b")
    shell.wait("another there", lambda screen: screen.cursor_line == "dsh> range 7 | take 2")
    shell.send("$C1 | count")
    shell.wait("a changed word", lambda screen: screen.cursor_line == "dsh> range 7 | take 1 | count")
    shell.send("\x1b")
    shell.pump(0.05)
    shell.send("bbdw")
    shell.wait("a word deleted", lambda screen: screen.cursor_line == "dsh> range 7 | take 1 count")
    shell.send("ddk")
    shell.wait("an older statement", lambda screen: screen.cursor_line == "dsh> range 3 | count")
    # Arrow keys and Enter work in both modes; the next line begins in insert mode.
    shell.send("\x1b[D\x1b[D\r")
    shell.wait("the answer", lambda screen: "3" in screen.lines)
    shell.wait_prompt()
    shell.run("set edit emacs")
    shell.send("abc\x01x")
    shell.wait("emacs keys again", lambda screen: screen.cursor_line == "dsh> xabc")


@test
def editrc_is_honoured(bench):
    bench.file(".editrc", "bind -v\nbind ^T ed-delete-prev-word\n")
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range 5")
    shell.wait("the text", lambda screen: screen.cursor_line == "dsh> range 5")
    shell.send("\x1b")
    shell.wait("vi's command mode", lambda screen: screen.column == 11)
    shell.send("0x")
    shell.wait("a letter gone", lambda screen: screen.cursor_line == "dsh> ange 5")


@test
def own_editor(bench):
    editor = bench.file("editor.sh", "#!/bin/sh\nprintf '| take 2\\n' >> \"$1\"\n")
    os.chmod(editor, 0o755)
    # A folder whose name a shell would trip over.
    folder = os.path.join(bench.home, "it's temporary")
    os.mkdir(folder)
    shell = bench.shell(environment={"EDITOR": editor, "TMPDIR": folder})
    shell.wait_prompt()
    shell.send("range 9 ")
    shell.send("\x18\x05")
    shell.wait("what the editor saved", lambda screen: screen.lines[-2:] == ["dsh> range 9", "...> | take 2"])
    shell.send("\r")
    shell.wait("the rows", lambda screen: "2 rows" in screen.text)
    shell.wait_prompt()
    expect(not os.listdir(folder), "no file is left")


@test_at_widths
def control_z_and_fg(bench):
    shell = bench.program(["/bin/bash", "--norc", "--noprofile", "-i"], environment={"PS1": "bash> ", "HISTFILE": "/dev/null"})
    shell.wait("the outer shell", lambda screen: screen.cursor_line == "bash>")
    shell.send(bench.binary + " --quiet\r")
    shell.wait_prompt()
    shell.send("range 4 | cou")
    shell.wait("half a statement", lambda screen: screen.cursor_line == "dsh> range 4 | cou")
    for _ in range(2):
        shell.send("\x1a")
        shell.wait("the outer shell again", lambda screen: screen.cursor_line == "bash>")
        shell.send("echo typed\r")
        shell.wait("its echo", lambda screen: "typed" in screen.lines)
        shell.send("fg\r")
        shell.wait("what was typed before", lambda screen: screen.cursor_line == "dsh> range 4 | cou")
    shell.send("nt\r")
    shell.wait("the answer", lambda screen: "4" in screen.lines)
    shell.wait_prompt()
    shell.send("\x04")
    shell.wait("the outer shell at the end", lambda screen: screen.cursor_line == "bash>")
    shell.send("exit\r")
    shell.wait_end()


@test_at_widths
def control_c_in_every_state_of_typing(bench):
    bench.file("sales.csv", "amount,city\n1,Oslo\n")
    shell = bench.shell()
    shell.run("range 2 | count")
    for what, keys in {
        "an empty line": "", "a line": "range 3", "several lines": "range 3 |\rfilter (", "a list of completions": "ta\t",
        "a choice in it": "ta\t\t\t", "a search": "\x12count", "a search without a match": "\x12zzzz", "quotes": "filter a == \"x\ry",
        "a suggestion": "range", "a path": "read \t", "an option": "read --\t",
    }.items():
        shell.send(keys)
        shell.pump(0.1)
        shell.send("\x03")
        shell.pump(0.05)
        if what.startswith("a search"):
            # Out of the search first, then out of the line.
            shell.send("\x03")
        try:
            shell.wait_prompt()
        except Failure as failure:
            raise Failure(f"after Ctrl-C in {what}: {failure}")
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def control_c_in_other_programs(bench):
    """It belongs to them; the shell goes on, with the line as it was."""
    editor = bench.file("editor.sh", "#!/bin/sh\necho editing\nsleep 60\n")
    os.chmod(editor, 0o755)
    shell = bench.shell(environment={"EDITOR": editor, "TMPDIR": bench.home})
    shell.wait_prompt()
    shell.send("range 9 ")
    shell.send("\x18\x05")
    shell.wait_for("editing")
    shell.pump(0.1)
    shell.send("\x03")
    shell.wait("the line again", lambda screen: screen.cursor_line == "dsh> range 9")
    shell.send("| count\r")
    shell.wait("the answer", lambda screen: "9" in screen.lines)
    shell.wait_prompt()
    shell.send("!sleep 60\r")
    shell.pump(0.3)
    shell.send("\x03")
    shell.wait_prompt()
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)
