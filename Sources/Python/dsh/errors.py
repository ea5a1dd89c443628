"""What goes wrong, as exceptions: one class for each category of the shell's errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Mapping

if TYPE_CHECKING:
    from .results import Result


@dataclass(frozen=True)
class Place:
    """Where a mistake stands: from character `start` to before `end`; `line` and `column` of its start count from 1."""

    start: int
    end: int
    line: int
    column: int
    #: The text that these count in, where it is not the one that was run: a file that `source` has read, say.
    source: str | None = None

    @classmethod
    def from_members(cls, members: Mapping[str, Any]) -> Place:
        return cls(members["start"], members["end"], members["line"], members["column"], members.get("source"))


class Error(Exception):
    """A statement or request failed. Its text is what the shell prints, with the line and a caret under the mistake."""

    def __init__(
        self, message: str, *, code: str, category: str, text: str | None = None, place: Place | None = None, suggestion: str | None = None,
        notes: tuple[str, ...] = (), mended: str | None = None,
    ):
        super().__init__(message)
        #: A name that stays the same between versions, such as `unknown-column`; `dsh help errors` lists all.
        self.code = code
        #: `syntax`, `user`, `environment`, `cluster`, `bug` or `cancelled`.
        self.category = category
        self.message = message
        self.text = text or f"error[{code}]: {message}"
        self.place = place
        #: What stands behind the caret, such as `did you mean "take"?`.
        self.suggestion = suggestion
        self.notes = notes
        #: All of the text that was run, with the mistake mended; none where nobody can tell how.
        self.mended = mended
        #: What the run gave before it failed.
        self.result: Result | None = None
        #: Further errors of the same run: several mistakes of one statement, or statements after it with `keep_going`.
        self.others: tuple[Error, ...] = ()

    def __str__(self) -> str:
        return self.text


class SyntaxMistake(Error):
    """The text is no statement."""


class UserMistake(Error):
    """The statement asks for what isn't there or can't be: a column, a file, a value of another type."""


class EnvironmentFailure(Error):
    """The machine does not give what is needed: memory, disk, permissions."""


class ClusterFailure(Error):
    """Nodes of the cluster failed, and what they did could not be done again."""


class InternalFailure(Error):
    """A mistake of dsh itself."""


class Cancelled(Error):
    """The run was interrupted."""


class ConnectionLost(EnvironmentFailure):
    """The process of the session can't be started, has ended, or says what is no message. Its datasets are gone; start another session."""

    def __init__(self, message: str):
        super().__init__(message, code="connection-lost", category="environment")


_CLASSES: dict[str, type[Error]] = {
    "syntax": SyntaxMistake, "user": UserMistake, "environment": EnvironmentFailure, "cluster": ClusterFailure, "bug": InternalFailure,
    "cancelled": Cancelled,
}


def error_from(members: Mapping[str, Any]) -> Error:
    """The exception of an `error` event. A category that this package does not know yet is an `Error`."""
    category = members.get("category", "")
    place = members.get("place")
    return _CLASSES.get(category, Error)(
        members.get("message", ""), code=members.get("code", ""), category=category, text=members.get("text"),
        place=Place.from_members(place) if place else None, suggestion=members.get("suggestion"), notes=tuple(members.get("notes", ())),
        mended=members.get("mended"))
