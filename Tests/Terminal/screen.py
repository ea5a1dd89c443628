"""A small model of a terminal's screen: enough of the VT100 to see what a person would see."""

import unicodedata


def cell_width(character):
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def is_regional(character):
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def joins(before, character):
    """Whether a character becomes one with those in the cell before it: joined emoji, skin tones, the second half of a flag."""
    if before.endswith("\u200d") or "\U0001f3fb" <= character <= "\U0001f3ff":
        return before.strip() != ""
    return is_regional(character) and len(before) == 1 and is_regional(before)


COLORS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


class Screen:
    """Rows of cells with a cursor. Wide characters take two cells, the second of them empty."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.styles = [[""] * columns for _ in range(rows)]
        self.style = ""
        self.scrolled = []
        self.row = self.column = 0
        self.hangs = False
        self.main = None
        self.pending = ""
        self.bells = 0
        self.modes = set()
        # Semantic marks: the letter, and the line of all that was printed.
        self.marks = []

    def feed(self, text):
        text = self.pending + text
        self.pending = ""
        index = 0
        while index < len(text):
            character = text[index]
            if character == "\x1b":
                end = self.escape_end(text, index)
                if end is None:
                    self.pending = text[index:]
                    return
                self.escape(text[index:end])
                index = end
                continue
            index += 1
            if character == "\r":
                self.column, self.hangs = 0, False
            elif character == "\n":
                self.hangs = False
                self.down()
            elif character == "\b":
                self.column, self.hangs = max(0, self.column - 1), False
            elif character == "\a":
                self.bells += 1
            elif character >= " ":
                self.put(character)

    @staticmethod
    def escape_end(text, start):
        if start + 1 >= len(text):
            return None
        if text[start + 1] == "[":
            end = start + 2
            while end < len(text) and not "@" <= text[end] <= "~":
                end += 1
            return end + 1 if end < len(text) else None
        if text[start + 1] == "]":
            end = text.find("\a", start)
            return end + 1 if end >= 0 else None
        return start + 2

    def escape(self, sequence):
        if sequence.startswith("\x1b]133;"):
            self.marks.append((sequence[6:-1], len(self.scrolled) + self.row))
        if not sequence.startswith("\x1b["):
            return
        body, command = sequence[2:-1], sequence[-1]
        if command == "m":
            self.select_style(body)
            return
        if body.startswith("?"):
            (self.modes.add if command == "h" else self.modes.discard)(body[1:])
            if body == "?1049":
                self.switch(command == "h")
            return
        numbers = [int(part) if part.isdigit() else 0 for part in body.split(";")]
        count = max(1, numbers[0])
        self.hangs = False
        if command == "A":
            self.row = max(0, self.row - count)
        elif command == "B":
            self.row = min(self.rows - 1, self.row + count)
        elif command == "C":
            self.column = min(self.columns - 1, self.column + count)
        elif command == "D":
            self.column = max(0, self.column - count)
        elif command == "H":
            self.row = min(self.rows, count) - 1
            self.column = min(self.columns, max(1, numbers[1] if len(numbers) > 1 else 1)) - 1
        elif command == "K":
            self.erase(self.row, self.column)
        elif command == "J":
            self.erase(self.row, 0 if numbers[0] == 2 else self.column)
            for row in range(0 if numbers[0] == 2 else self.row + 1, self.rows):
                self.erase(row, 0)

    def switch(self, to_other):
        """To the screen that full-screen programs use, or back to what stood before."""
        if to_other and self.main is None:
            self.main = (self.cells, self.styles, self.row, self.column, list(self.scrolled))
            self.cells = [[" "] * self.columns for _ in range(self.rows)]
            self.styles = [[""] * self.columns for _ in range(self.rows)]
        elif not to_other and self.main is not None:
            self.cells, self.styles, self.row, self.column, self.scrolled = self.main
            self.main = None

    def erase(self, row, column):
        self.cells[row][column:] = [" "] * (self.columns - column)
        self.styles[row][column:] = [""] * (self.columns - column)

    def select_style(self, body):
        """Keeps the style as words: `bold blue`, `dim`, `reverse`."""
        words = self.style.split()
        for number in [int(part) if part.isdigit() else 0 for part in body.split(";")]:
            if number == 0:
                words = []
            elif number in (1, 2, 4, 7):
                words.append({1: "bold", 2: "dim", 4: "underline", 7: "reverse"}[number])
            elif 30 <= number <= 37:
                words = [word for word in words if word not in COLORS] + [COLORS[number - 30]]
        self.style = " ".join(words)

    def put(self, character):
        width = cell_width(character)
        last = self.column if self.hangs else self.column - 1
        while last > 0 and self.cells[self.row][last] == "":
            last -= 1
        last = max(0, last)
        if width == 0 or joins(self.cells[self.row][last], character):
            self.cells[self.row][last] += character
            if is_regional(character):
                self.cells[self.row][last + 1] = ""
                self.styles[self.row][last + 1] = self.style
                self.column += 1
            return
        if self.hangs or self.column + width > self.columns:
            self.column, self.hangs = 0, False
            self.down()
        self.cells[self.row][self.column] = character
        self.styles[self.row][self.column] = self.style
        for extra in range(1, width):
            self.cells[self.row][self.column + extra] = ""
            self.styles[self.row][self.column + extra] = self.style
        self.column += width
        if self.column >= self.columns:
            self.column, self.hangs = self.columns - 1, True

    def down(self):
        if self.row + 1 < self.rows:
            self.row += 1
            return
        self.scrolled.append(self.line(0))
        self.cells = self.cells[1:] + [[" "] * self.columns]
        self.styles = self.styles[1:] + [[""] * self.columns]

    def resize(self, columns, rows):
        """Reflows as tmux and most terminals do: rows too long for the new width are broken, none are joined."""
        lines, cursor = [], None
        last = max([index for index in range(self.rows) if self.line(index)] + [self.row])
        for index in range(last + 1):
            used = len("".join("x" if cell == "" else cell[0] for cell in self.cells[index]).rstrip())
            if index == self.row:
                used = max(used, self.column)
                cursor = (len(lines) + self.column // columns, self.column % columns)
            row = self.cells[index][:used]
            pieces = [row[start:start + columns] for start in range(0, max(1, len(row)), columns)]
            lines += [piece + [" "] * (columns - len(piece)) for piece in pieces]
        surplus = max(0, len(lines) - rows)
        self.scrolled += ["".join(line).rstrip() for line in lines[:surplus]]
        lines = lines[surplus:] + [[" "] * columns for _ in range(rows - len(lines) + surplus)]
        self.cells, self.columns, self.rows = lines, columns, rows
        # Styles are not followed through a reflow: the program paints anew.
        self.styles = [[""] * columns for _ in range(rows)]
        self.row, self.column, self.hangs = max(0, cursor[0] - surplus), cursor[1], False

    def line(self, index):
        return "".join(self.cells[index]).rstrip()

    @property
    def lines(self):
        """The visible lines without the empty ones at the end."""
        lines = [self.line(index) for index in range(self.rows)]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    @property
    def text(self):
        return "\n".join(self.scrolled + self.lines)

    def styled(self, index):
        """A line with its styles as marks: `<bold>dsh> </><blue>take</> 3`."""
        text, style = "", ""
        used = len(self.line(index))
        column = 0
        for cell, cell_style in zip(self.cells[index], self.styles[index]):
            if len(text) and column >= used and not cell_style and cell == " ":
                break
            if cell_style != style:
                text += ("</>" if style else "") + (f"<{cell_style}>" if cell_style else "")
                style = cell_style
            text += cell
            column += len(cell)
        return (text + ("</>" if style else "")).rstrip()

    @property
    def styled_lines(self):
        return [self.styled(index) for index in range(len(self.lines))]

    @property
    def typed_line(self):
        """The line of the cursor without what is dim from there on: a suggestion."""
        cells = list(zip(self.cells[self.row], self.styles[self.row]))
        return "".join(cell for column, (cell, style) in enumerate(cells) if column < self.column or style != "dim").rstrip()

    @property
    def cursor_line(self):
        return self.line(self.row)
