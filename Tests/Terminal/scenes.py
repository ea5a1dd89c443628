"""Whole screens, with their styles and the cursor, compared with those in the folder `screens` at every width.

A scene types and calls `show` where the screen is compared; with DSH_UPDATE_SCREENS=1 what is seen is written instead.
"""

import os
import time
from pathlib import Path

from bench import WIDTHS, expect, tests

SCREENS = Path(__file__).parent / "screens"
UPDATES = bool(os.environ.get("DSH_UPDATE_SCREENS"))
SETTLED_SECONDS = 0.4
SALES = "id,city,amount,day\n1,Oslo,12.5,2024-01-31\n2,Rome,3.25,2024-02-01\n3,Oslo,7.0,2024-02-02\n"


def snapshot(shell):
    """The screen as text: lines with marks for styles, and where the cursor is."""
    lines = shell.screen.styled_lines
    return "\n".join(lines + [f"cursor: row {shell.screen.row + 1}, column {shell.screen.column + 1}"])


class Storyboard:
    """The screens of a scene at one width, as they should be or as they are found."""

    def __init__(self, name, width):
        self.path = SCREENS / f"{name}-{width}.txt"
        self.expected = {}
        self.found = []
        if self.path.exists() and not UPDATES:
            parts = self.path.read_text().split("=== ")[1:]
            self.expected = dict(part.rstrip("\n").split("\n", 1) for part in parts)

    def show(self, shell, title):
        if UPDATES:
            before = None
            while before != snapshot(shell):
                before = snapshot(shell)
                end = time.monotonic() + SETTLED_SECONDS
                while time.monotonic() < end:
                    shell.pump(0.05)
            self.found.append((title, before))
            return
        expect(title in self.expected, f"{self.path.name} has no screen \"{title}\"")
        self.found.append((title, self.expected[title]))
        try:
            shell.wait(title, lambda screen: snapshot(shell) == self.expected[title])
        except Exception as failure:
            raise type(failure)(
                f"the screen \"{title}\" of {self.path.name} should be\n{self.expected[title]}\nbut is\n{snapshot(shell)}") from None

    def finish(self):
        if UPDATES:
            SCREENS.mkdir(exist_ok=True)
            self.path.write_text("".join(f"=== {title}\n{screen}\n" for title, screen in self.found))
        else:
            expect([title for title, _ in self.found] == list(self.expected), f"{self.path.name} has other screens: {list(self.expected)}")


def scene(function):
    def body(bench):
        bench.file("sales.csv", SALES)
        bench.file("sites.csv", "name\nx\n")
        bench.file("notes.txt", "no table\n")
        os.mkdir(os.path.join(bench.home, "spring data"))
        bench.file("spring data/march 1.csv", "day\n1\n")
        board = Storyboard(function.__name__, bench.width)
        shell = bench.shell("--quiet", "--deterministic", "--nodes", "2", "--object-store-memory", "64M")
        shell.run("timing off")
        shell.send("\x0c")
        function(bench, shell, lambda title: board.show(shell, title))
        board.finish()
        shell.send("\x03")
        shell.wait_prompt()

    for width in WIDTHS:
        tests.append((f"{function.__name__} at {width}", body, width))
    return function


UP, DOWN, RIGHT, LEFT, HOME, END = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F"


@scene
def screen_highlighting(bench, shell, show):
    shell.send('read sales.csv | filter city == "Oslo" and amount > 1.5 # large')
    show("verbs, columns, strings, numbers, words of the language, comments")
    shell.send("\x15read sales.csv | fliter amount > 1")
    show("an unknown verb is marked")
    shell.send("\x15read sales.csv | filter amuont > 1 and upper(city) == 'x")
    show("an unknown column and an open string are marked")
    shell.send("\x15read sales.csv | map f = uper(city), t = round(amount, 1)")
    show("an unknown function is marked")


@scene
def screen_ghost_text(bench, shell, show):
    shell.run("read sales.csv")
    shell.run("filter amount > 5 | select city, amount | count")
    shell.send("fi")
    show("the rest of a statement that fits, dim")
    shell.send("\x1bf")
    show("Alt-F takes a word")
    shell.send(RIGHT)
    show("Right takes the rest")
    shell.send("\x03")
    shell.run("read sites.csv")
    shell.send("fi")
    show("what speaks of other columns is not suggested")


@scene
def screen_completion(bench, shell, show):
    shell.send("re\t")
    show("what all candidates share, then the list with descriptions")
    shell.send("ad s\t")
    show("files, folders and what can be read")
    shell.send("a\t")
    show("the only candidate")
    shell.send("| \t")
    show("verbs, those that fit here first")
    shell.send("\t\t")
    show("Tab again chooses")
    shell.send("\x07filter \t")
    show("columns of what flows in, with types, before functions")
    shell.send("am\t> l\t")
    show("functions with their signatures")
    shell.send("\x03")
    shell.send("read spr\t\t")
    show("a path with a blank is quoted")
    shell.send("\x03")
    shell.send("read --\t")
    show("options")
    shell.send("\x03")
    shell.send("read sales.csv | flr\t")
    show("a resemblance where nothing begins so")
    shell.send("\x03")
    shell.run("read sales.csv | persist")
    shell.send('filter city == "\t')
    show("values that are in memory")


@scene
def screen_several_lines(bench, shell, show):
    shell.send("read sales.csv |\rfilter (amount > 1\r  and city != \"Rome\") |\r")
    show("a statement over lines, with prompts that name what is open")
    shell.send("count")
    show("more of it")
    shell.send(UP + UP + END + " or id > 9")
    show("Up goes a line up inside the statement")
    shell.send(DOWN + HOME)
    show("Down a line down, Home to its start")
    shell.send("\x03")
    shell.send("range 3 |\rcount\r")
    show("run")
    shell.send(UP)
    show("recalled with all its lines")
    shell.send("\x1b\rtake 1")
    show("Alt-Enter opens a line")


@scene
def screen_margin(bench, shell, show):
    room = bench.width - len("dsh> ")
    statement = "rows {a: \"" + "x" * (room - 13) + "\"}"
    shell.send(statement)
    show("one cell is left in the line")
    shell.send("|")
    show("the line is full: the cursor stands on the next")
    shell.send(" take")
    show("over the margin")
    shell.send(HOME + " ")
    show("a blank at the start moves all of it")
    shell.send("\x7f" + END + "\x7f" * 7)
    show("and back")


@scene
def screen_resize(bench, shell, show):
    shell.send("read sales.csv | filter amount > 1 and city == \"Oslo\" | select city, amount, day, id | sort amount desc | take 10")
    show("before")
    shell.send(LEFT * 12)
    show("the cursor inside the text")
    shell.resize(bench.width // 2 + 5, 30)
    show("narrower")
    shell.send("X")
    show("typing goes on there")
    shell.resize(bench.width + 20, 30)
    show("wider")


@scene
def screen_paste(bench, shell, show):
    shell.paste("dsh> read sales.csv |\n...>   filter amount > 5 |\n...>   select city\n\ndsh> count\n")
    show("pasted lines wait for Enter, without the prompts of the transcript")
    shell.send("\r")
    shell.wait_prompt()
    show("run")


@scene
def screen_reverse_search(bench, shell, show):
    for statement in ("range 11 | count", "range 12 | count", "range 13 | take 1"):
        shell.run(statement)
    shell.send("\x0c")
    shell.send("\x12cou")
    show("the newest match and how many there are")
    shell.send("\x12")
    show("the one before")
    shell.send("\x12")
    show("there is no other")
    shell.send("zz")
    show("nothing found")
    shell.send("\x7f\x7f\t")
    show("taken to be edited")


@scene
def screen_wide_characters(bench, shell, show):
    shell.send('rows {名前: "数据", e: "e\u0301", face: "👩\u200d🔬👍🏽", flag: "🇳🇴"}')
    show("characters of two cells, marks and joined emoji")
    shell.send(LEFT * 3)
    show("a flag is one character")
    shell.send(LEFT)
    show("before its quote")
    shell.send(LEFT * 9)
    show("to the emoji")
    shell.send("\x7f\x7f")
    show("and both deleted whole")
    shell.send(END + " | take --format=line\r")
    shell.pump(0.1)
    shell.wait_prompt()
    show("printed as they are")


@scene
def screen_vi_keys(bench, shell, show):
    shell.run("set edit vi")
    shell.send("range 3 | cuont\x1b")
    show("Escape ends inserting")
    shell.send("bcwcount\x1b")
    show("a word changed")
    shell.send("0wx")
    show("to the first number, deleted")
    shell.send("i40\x1b")
    show("typed before it")
    shell.send("\r")
    shell.pump(0.1)
    shell.wait_prompt()
    show("run")


@scene
def screen_control_c(bench, shell, show):
    shell.send("\x03")
    show("on an empty line")
    shell.send("range 3 | co\x03")
    show("in a statement")
    shell.send("range 3 |\rcou\x03")
    show("in a statement of two lines")
    shell.send("re\t\x03")
    show("with a list open")
    shell.send("\x12ran\x03")
    show("while searching")
    shell.send(UP)
    show("what was dropped comes back with Up")


@scene
def screen_errors(bench, shell, show):
    shell.send("read sales.csv | filter amuont > 1 | take\r")
    shell.pump(0.1)
    shell.wait_prompt()
    show("an error points and suggests, and the mended statement is offered")
    shell.send(UP)
    show("the statement as it was, with the name marked")
    shell.send("\x03")
    shell.send("range 3 | tkae\r")
    shell.pump(0.1)
    shell.wait_prompt()
    shell.send("\x03")
    show("dropped, it is not offered any more")
    shell.send("range 3 | cuont\r")
    shell.pump(0.1)
    shell.wait_prompt()
    shell.send(RIGHT + "\r")
    shell.pump(0.1)
    shell.wait_prompt()
    show("taken with Right")
