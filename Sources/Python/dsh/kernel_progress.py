"""Progress in a notebook: one line that changes in its place, and is gone at the end."""

from __future__ import annotations

import uuid
from typing import Any, Callable

from .results import Progress

#: Actions that take no longer show no progress: it would only flicker.
QUIET_SECONDS = 0.5
#: Between two changes: as often as an eye follows, and not as often as news comes.
CHANGE_SECONDS = 0.2


class ProgressLine:
    """The progress of one cell. `send` sends a message of a type; `clock` tells seconds."""

    def __init__(self, send: Callable[[str, dict[str, Any]], None], clock: Callable[[], float]):
        self._send = send
        self._clock = clock
        self._changed = 0.0
        #: The name of the line that stands there now.
        self._shown: str | None = None
        self._has_outputs = False

    def show(self, progress: Progress) -> None:
        """Says how far the action is, if it is time to."""
        now = self._clock()
        if progress.seconds < QUIET_SECONDS or self._shown and now - self._changed < CHANGE_SECONDS:
            return
        self._changed = now
        kind = "update_display_data" if self._shown else "display_data"
        self._shown = self._shown or uuid.uuid4().hex
        self._say(kind, {"text/plain": str(progress)})

    def give_way(self) -> None:
        """Takes the line away, as an output follows."""
        self._remove(waits=True)
        self._has_outputs = True

    def end(self) -> None:
        """Takes the line away, as nothing follows."""
        self._remove(waits=False)

    def _remove(self, waits: bool) -> None:
        if self._shown is None:
            return
        if self._has_outputs:
            # Only the line may go.
            self._say("update_display_data", {"text/plain": ""})
        else:
            self._send("clear_output", {"wait": waits})
        self._shown = None

    def _say(self, kind: str, data: dict[str, str]) -> None:
        self._send(kind, {"data": data, "metadata": {}, "transient": {"display_id": self._shown}})
