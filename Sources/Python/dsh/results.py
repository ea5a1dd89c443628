"""What a run gives: outputs, receipts and progress."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.ipc

from .messages import Message

if TYPE_CHECKING:
    import pandas
    import polars


@dataclass(frozen=True)
class Movement:
    """Bytes that went from one node to another; `head` is the process of the session."""

    source: str
    target: str
    bytes: int


@dataclass(frozen=True)
class Receipt:
    """What an action did: what ran, where, and exactly how many bytes moved."""

    #: The verb, such as `take` or `persist`.
    action: str
    dataset: str
    #: Rows of the result.
    rows: int
    blocks_total: int
    #: Blocks that were computed for this.
    blocks_run: int
    #: Blocks that were there already.
    blocks_reused: int
    moved: tuple[Movement, ...]
    moved_bytes: int
    #: Bytes of other nodes' blocks that were read where they lie, in shared memory.
    mapped_bytes: int
    #: Wall time; none in sessions whose transcripts are compared.
    seconds: float | None
    notes: tuple[str, ...]
    #: The same for a person to read, without the time.
    lines: tuple[str, ...]
    #: All that the shell tells, under the names of `--report=json`.
    members: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_members(cls, members: Mapping[str, Any], lines: Sequence[str]) -> Receipt:
        blocks = members.get("blocks", {})
        return cls(
            action=members.get("action", ""), dataset=members.get("dataset", ""), rows=members.get("rows", 0),
            blocks_total=blocks.get("total", 0), blocks_run=blocks.get("run", 0), blocks_reused=blocks.get("reused", 0),
            moved=tuple(Movement(one["from"], one["to"], one["bytes"]) for one in members.get("moved", ())),
            moved_bytes=members.get("moved_bytes", 0), mapped_bytes=members.get("mapped_bytes", 0), seconds=members.get("seconds"),
            notes=tuple(members.get("notes", ())), lines=tuple(lines), members=members)

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class NodeProgress:
    """How busy a node is."""

    name: str
    slots: int
    #: Tasks that run on it now.
    running: int


@dataclass(frozen=True)
class Progress:
    """How far a run is; comes some ten times a second. More tasks may become known as it goes on."""

    tasks: int
    finished: int
    #: Since the action began.
    seconds: float
    scanned_rows: int
    scanned_bytes: int
    nodes: tuple[NodeProgress, ...]

    @classmethod
    def from_members(cls, members: Mapping[str, Any]) -> Progress:
        return cls(
            members.get("tasks", 0), members.get("finished", 0), members.get("seconds") or 0.0, members.get("scanned_rows", 0),
            members.get("scanned_bytes", 0),
            tuple(NodeProgress(one["name"], one["slots"], one["running"]) for one in members.get("nodes", ())))

    def __str__(self) -> str:
        running = ", ".join(f"{node.name} {node.running}/{node.slots}" for node in self.nodes if node.running)
        scanned = f"{self.scanned_rows:,} rows read" if self.scanned_rows else ""
        return "; ".join(part for part in (f"{self.finished} of {self.tasks} tasks", scanned, running, f"{self.seconds:.1f} s") if part)


@dataclass(frozen=True)
class Output:
    """One thing that a statement gave."""

    #: `rows`, `scalar`, `dataset`, `receipt`, `printed`, … as docs/protocol.md lists them.
    kind: str
    #: How the shell prints it, with its end of line.
    text: str
    #: A table or prose as a fragment of HTML, and a drawing as SVG; only where pictures were asked for.
    html: str | None = None
    svg: str | None = None
    #: A diagram as Mermaid text.
    mermaid: str | None = None
    receipt: Receipt | None = None
    #: All members of the event, under the names of the protocol.
    members: Mapping[str, Any] = field(default_factory=dict, repr=False)
    #: An Arrow IPC stream; empty where an output has no rows.
    data: bytes = field(default=b"", repr=False)

    @classmethod
    def from_event(cls, event: Message) -> Output:
        receipt = event.get("receipt")
        return cls(
            event.get("kind", ""), event.get("text", ""), event.get("html"), event.get("svg"), event.get("mermaid"),
            Receipt.from_members(receipt, event.get("lines", ())) if receipt else None, dict(event), event.data)

    @property
    def value(self) -> Any:
        """A scalar as Python has it: a number, a truth value, None, or else its text. Raises `ValueError` for other outputs."""
        if self.kind != "scalar":
            raise ValueError(f"an output of the kind {self.kind} has no value")
        value = self.members.get("value")
        # JSON has no infinities, and what is no number.
        return float(value) if isinstance(value, str) and self.members.get("type") == "float64" else value

    def to_arrow(self) -> pa.Table:
        """The rows. Raises `ValueError` for outputs that have none."""
        if not self.data:
            raise ValueError(f"an output of the kind {self.kind} has no rows")
        return pyarrow.ipc.open_stream(self.data).read_all()


class Result:
    """All that a run gave, in order. Its text is what the shell prints."""

    def __init__(self, outputs: Sequence[Output], notices: Sequence[str], outcome: str):
        self.outputs = tuple(outputs)
        self.notices = tuple(notices)
        #: `finished`, `failed`, `cancelled` or `quit`.
        self.outcome = outcome

    @property
    def receipts(self) -> list[Receipt]:
        return [output.receipt for output in self.outputs if output.receipt]

    @property
    def value(self) -> Any:
        """The last scalar, such as that of `count` or `1 + 2`. Raises `ValueError` if there is none."""
        return self._last(lambda output: output.kind == "scalar", "no statement gave a value").value

    def to_arrow(self) -> pa.Table:
        """The last rows that were given; of a table about shell or cluster, too. Raises `ValueError` if there are none."""
        return self._last(lambda output: bool(output.data), "no statement gave rows").to_arrow()

    def to_pandas(self, **options: Any) -> pandas.DataFrame:
        """The same as a frame; options are those of `pyarrow.Table.to_pandas`."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas(**options)
        return frame

    def to_polars(self) -> polars.DataFrame:
        """The same as a frame of polars."""
        import polars
        return polars.DataFrame(polars.from_arrow(self.to_arrow()))

    def _last(self, fits: Any, problem: str) -> Output:
        for output in reversed(self.outputs):
            if fits(output):
                return output
        raise ValueError(problem)

    def __iter__(self) -> Iterator[Output]:
        return iter(self.outputs)

    def __str__(self) -> str:
        return "".join(output.text for output in self.outputs).removesuffix("\n")

    def __repr__(self) -> str:
        return str(self) or f"<{self.outcome}>"

    def _repr_html_(self) -> str | None:
        """What notebooks show; none where the run was not asked for pictures."""
        if not any(output.html or output.svg for output in self.outputs):
            return None
        return "\n".join(output.svg or output.html or f"<pre>{_escaped(output.text)}</pre>" for output in self.outputs)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
