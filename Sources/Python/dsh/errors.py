"""What goes wrong, as exceptions: with the code, the place and the advice that the shell shows."""

from __future__ import annotations

from typing import Any

from .results import Place


class Error(Exception):
    """An error that dsh tells. Its text is what the shell prints."""

    def __init__(self, event: dict[str, Any]):
        super().__init__(event.get("text") or event.get("message") or "unknown error")
        self.code: str = event.get("code", "")
        #: `syntax`, `user`, `environment`, `cluster`, `bug` or `cancelled`
        self.category: str = event.get("category", "")
        self.message: str = event.get("message", "")
        self.notes: list[str] = list(event.get("notes", []))
        self.suggestion: str | None = event.get("suggestion")
        #: The whole text with the mistake mended, where that is known.
        self.mended: str | None = event.get("mended")
        place = event.get("place")
        self.place: Place | None = Place.of(place) if place else None


class SyntaxFailure(Error):
    """The text is no program."""


class StatementError(Error):
    """A statement can't be done as asked: an unknown column, a wrong type, a missing file."""


class EnvironmentFailure(Error):
    """The machine refused: a full disk, a denied permission, a full store."""


class ClusterError(Error):
    """The cluster could not start, or was lost for good."""


class CancelledError(Error):
    """The run was interrupted."""


class ConnectionLost(Error):
    """dsh has ended, or could not be started."""

    def __init__(self, message: str):
        super().__init__({"code": "connection-lost", "category": "cluster", "message": message})


CLASSES = {
    "syntax": SyntaxFailure, "user": StatementError, "environment": EnvironmentFailure, "cluster": ClusterError, "cancelled": CancelledError,
}


def error_of(event: dict[str, Any]) -> Error:
    """The exception for an `error` event."""
    return CLASSES.get(event.get("category", ""), Error)(event)
