"""The cells of a kernel's session, as front ends ask for them."""

from __future__ import annotations

import fnmatch
from typing import Any

#: A kernel knows of no session but its own.
SESSION_NUMBER = 1

Entry = tuple[int, int, Any]


class History:
    """Cells with their numbers, and the text that they gave."""

    def __init__(self) -> None:
        self._cells: list[tuple[int, str, str]] = []

    def append(self, number: int, text: str, output: str) -> None:
        self._cells.append((number, text, output))

    def tail(self, count: int | None, output: bool) -> list[Entry]:
        """The last cells."""
        return self._entries(self._cells[-count:] if count else self._cells, output)

    def range(self, session: int, start: int, stop: int | None, output: bool) -> list[Entry]:
        """Cells from a number to before another; the session 0 or below counts back from this one."""
        if session not in (0, SESSION_NUMBER):
            return []
        return self._entries([cell for cell in self._cells if cell[0] >= start and (stop is None or cell[0] < stop)], output)

    def search(self, pattern: str, count: int | None, unique: bool, output: bool) -> list[Entry]:
        """The last cells that hold a pattern with `*` and `?`; of those with the same text only the last if `unique`."""
        found = [cell for cell in self._cells if fnmatch.fnmatchcase(cell[1], f"*{pattern}*")]
        if unique:
            found = sorted({cell[1]: cell for cell in found}.values())
        return self._entries(found[-count:] if count else found, output)

    @staticmethod
    def _entries(cells: list[tuple[int, str, str]], output: bool) -> list[Entry]:
        return [(SESSION_NUMBER, number, (text, given) if output else text) for number, text, given in cells]
