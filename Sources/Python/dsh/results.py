"""What a run gives: outputs, receipts, places of errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True)
class Place:
    """Where something stands in a text: characters from `start` to `end`, and the line and column of its start, both from 1."""

    start: int
    end: int
    line: int
    column: int
    #: The text that they count in, where it is not the one that was run.
    source: str | None = None

    @classmethod
    def of(cls, members: dict[str, Any]) -> Place:
        return cls(members["start"], members["end"], members["line"], members["column"], members.get("source"))


@dataclass(frozen=True)
class Receipt:
    """What an action did: what ran, where, and exactly what moved. All sizes are bytes."""

    action: str
    dataset: str
    rows: int
    blocks_total: int
    blocks_run: int
    blocks_reused: int
    #: From one node to another, with how many bytes.
    moved: list[tuple[str, str, int]]
    moved_bytes: int
    mapped_bytes: int
    seconds: float | None
    notes: list[str]
    #: What a person reads.
    lines: list[str] = field(repr=False)

    @classmethod
    def of(cls, members: dict[str, Any], lines: list[str]) -> Receipt:
        blocks = members.get("blocks", {})
        moved = [(one["from"], one["to"], one["bytes"]) for one in members.get("moved", [])]
        return cls(
            members.get("action", ""), members.get("dataset", ""), members.get("rows", 0), blocks.get("total", 0), blocks.get("run", 0),
            blocks.get("reused", 0), moved, members.get("moved_bytes", 0), members.get("mapped_bytes", 0), members.get("seconds"),
            members.get("notes", []), lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Output:
    """One thing that a statement gave; `kind` is that of the protocol, such as `rows`, `scalar` or `receipt`."""

    kind: str
    #: How the shell prints it.
    text: str
    #: All members of the event.
    members: dict[str, Any] = field(repr=False)
    data: bytes = field(default=b"", repr=False)

    def to_arrow(self) -> pyarrow.Table:
        """The rows of an output that has some; raises `ValueError` for others."""
        import pyarrow.ipc
        if not self.data:
            raise ValueError(f"an output of the kind {self.kind} has no rows")
        return pyarrow.ipc.open_stream(self.data).read_all()

    @property
    def receipt(self) -> Receipt | None:
        members = self.members.get("receipt")
        return Receipt.of(members, self.members.get("lines", [])) if members else None


class Result:
    """All that a run gave. Its text is what the shell prints."""

    def __init__(self, outputs: list[Output], notices: list[str], outcome: str = "finished"):
        self.outputs, self.notices = outputs, notices
        #: `finished`, `failed`, `cancelled`, or `quit`: then the session is over.
        self.outcome = outcome

    @property
    def receipts(self) -> list[Receipt]:
        return [receipt for output in self.outputs if (receipt := output.receipt)]

    @property
    def value(self) -> Any:
        """The last single value that was given, such as that of `count`; raises `ValueError` if there is none."""
        for output in reversed(self.outputs):
            if output.kind == "scalar":
                return output.members.get("value")
        raise ValueError("no statement gave a single value")

    def to_arrow(self) -> pyarrow.Table:
        """The last rows that were given; raises `ValueError` if there are none."""
        for output in reversed(self.outputs):
            if output.data:
                return output.to_arrow()
        raise ValueError("no statement gave rows")

    def to_pandas(self) -> Any:
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        import polars
        return polars.from_arrow(self.to_arrow())

    def __str__(self) -> str:
        return "".join(output.text for output in self.outputs if output.kind != "dataset").rstrip("\n")

    def __repr__(self) -> str:
        return str(self) or "<nothing was given>"
