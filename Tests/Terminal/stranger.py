#!/usr/bin/env python3
"""Records the first session of somebody who has never seen dsh, key by key, for docs/first-session.md.

    python3 Tests/Terminal/stranger.py .build/release/dsh            compares the document with what happens
    python3 Tests/Terminal/stranger.py .build/release/dsh --update   writes what happens into the document

The real program runs in a pseudo-terminal of 80 columns, in the folder `examples`. Each part shows the keys pressed and what is on the
screen from the prompt on afterwards; suggestions, dim on a terminal, stand in ‹angle quotes›.
"""

import difflib
import os
import re
import sys
import tempfile
from pathlib import Path

from terminal import Terminal

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENT = REPOSITORY / "docs/first-session.md"
BEGIN, END = "<!-- recorded by Tests/Terminal/stranger.py -->\n\n", "\n<!-- end of the record -->\n"
COLUMNS, ROWS = 80, 40
UP, DOWN, RIGHT = "\x1b[A", "\x1b[B", "\x1b[C"

# What is pressed, what that is called, and what the screen has to say then.
STEPS = [
    ("\t", "Tab", r"(?m)^read "),
    ("\t\r", "Tab to the first, Enter takes it", r"dsh> read$"),
    ("\t", "Tab", r"data/ "),
    ("d\t", "d, Tab", r"dsh> read data/$"),
    ("\t", "Tab", r"weather\.csv"),
    ("w\t", "w, Tab", r"dsh> read data/weather\.csv$"),
    ("\r", "Enter", r"nothing read yet"),
    ("schema\r", "schema, Enter", r"float64"),
    ("filter wether == \"rain\"\r", "filter wether == \"rain\", Enter", r"did you mean \"weather\"\?"),
    (RIGHT, "Right takes the mended statement that is suggested", r"dsh> filter weather == \"rain\"$"),
    ("\r", "Enter", r"_2 = filter"),
    ("take 3\r", "take 3, Enter", r"3 rows"),
    ("persist\r", "persist, Enter", r"pinned"),
    ("nodes\r", "nodes, Enter", r"node2"),
    ("blocks\r", "blocks, Enter", r"from"),
    ("take 3\r", "take 3 again, Enter", r"0 of 1\s+block run"),
    ("diagram\r", "diagram, Enter", r"flowchart TD[^$]*rows\" --> driver"),
    ("diagram --format=text\r", "diagram --format=text, Enter", r"└.*┘\n.*──▶ head"),
    ("quit\r", "quit, Enter", None),
]


def shown_line(screen, index):
    """A line without styles; what is suggested stands in angle quotes."""
    styled = screen.styled(index)
    if styled.startswith("<bold>dsh> </>"):
        styled = re.sub(r"<dim>([^<]+)</>$", r"‹\1›", styled)
    return re.sub(r"</?[a-z ]*>", "", styled)


def record(binary):
    parts = []
    with tempfile.TemporaryDirectory() as home:
        os.symlink(REPOSITORY / "examples", Path(home) / "examples")
        shell = Terminal(["/bin/sh", "-c", f"cd examples && exec {binary} --deterministic --nodes 2 --slots 1 --object-store-memory 1G"], home, COLUMNS, ROWS)
        shell.wait_prompt()
        parts.append(["$ dsh"] + [shown_line(shell.screen, index) for index in range(len(shell.screen.lines))])
        for keys, name, expected in STEPS:
            start, scrolled = shell.screen.row, len(shell.screen.scrolled)
            shell.send(keys)
            if expected is None:
                shell.wait_end()
            else:
                shell.wait(name, lambda screen: re.search(expected, "\n".join(screen.lines[max(0, start - len(screen.scrolled) + scrolled):])))
                # Until nothing more is painted.
                before = None
                while before != shell.screen.styled_lines:
                    before = shell.screen.styled_lines
                    shell.pump(0.4)
            first = start - (len(shell.screen.scrolled) - scrolled)
            lines = [shown_line(shell.screen, index) for index in range(max(0, first), len(shell.screen.lines))]
            # The empty prompt behind a result says nothing.
            if len(lines) > 1 and lines[-1] == "dsh>":
                lines.pop()
            parts.append([f"· {name}"] + lines)
        if shell.status != 0:
            sys.exit(f"exit code {shell.status}")
    # Indented, so that Markdown shows it as it is, and it is not taken for a golden transcript.
    return "".join(("    " + line).rstrip() + "\n" for part in parts for line in part)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    found = record(os.path.abspath(sys.argv[1]))
    text = DOCUMENT.read_text()
    before, rest = text.split(BEGIN)
    expected, after = rest.split(END)
    if "--update" in sys.argv:
        DOCUMENT.write_text(before + BEGIN + found + END + after)
    elif found != expected:
        sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), found.splitlines(True), DOCUMENT.name, "what happens"))
        print("0 passed, 1 failed")
        sys.exit(1)
    print("1 passed, 0 failed")


if __name__ == "__main__":
    main()
