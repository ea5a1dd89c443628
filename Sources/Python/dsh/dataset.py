"""A dataset of a session, by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.ipc

from .arrays import SharedBlocks
from .errors import StatementError

if TYPE_CHECKING:
    from .session import Session


@dataclass(frozen=True)
class Transfer:
    """How rows came here: bytes that are mapped where they lie, and bytes that were moved."""

    rows: int
    mapped_bytes: int
    moved_bytes: int

    def __str__(self) -> str:
        return f"{self.rows:,} rows: {self.mapped_bytes:,} bytes mapped, {self.moved_bytes:,} bytes moved"


class Dataset:
    """What a name means in a session, whenever it is asked for something."""

    def __init__(self, session: Session, name: str):
        self.session, self.name = session, name
        #: What the last call that brought rows has mapped and moved.
        self.transfer: Transfer | None = None

    @property
    def schema(self) -> pa.Schema:
        answer = self.session.ask({"do": "schema", "name": self.name})
        return pyarrow.ipc.read_schema(pa.py_buffer(answer.data))

    def head(self, rows: int = 5) -> pa.Table:
        """The first rows; only these move."""
        return self.rows(rows)

    def count(self) -> int:
        return int(self.session.run(f"{self.name} | count").value)

    def __len__(self) -> int:
        return self.count()

    def rows(self, first: int | None = None) -> pa.Table:
        """Rows that are moved here; all of them if no number is given."""
        request: dict[str, Any] = {"do": "rows", "name": self.name}
        if first is not None:
            request["first"] = first
        answer = self.session.ask(request)
        self.transfer = Transfer(answer["rows"], 0, answer["moved"])
        return pyarrow.ipc.open_stream(answer.data).read_all()

    def blocks(self) -> SharedBlocks:
        """The memory of a persisted dataset; raises `StatementError` with the code `not-persisted` for others."""
        answer = self.session.ask({"do": "blocks", "name": self.name})
        self.transfer = Transfer(answer["rows"], answer["mapped"], answer["moved"])
        session, hold = self.session, answer["hold"]
        return SharedBlocks(answer, session.stores, lambda: session.release(hold))

    def to_arrow(self, dictionaries: bool = True) -> pa.Table:
        """All rows. Those of a persisted dataset are mapped where they lie and are held there as long as anything refers to them; others are
        moved here. `transfer` tells how many bytes were mapped and moved.

        Text with few distinct values lies in blocks as dictionaries, and such a column is one of dictionaries where all of its blocks have
        them; `dictionaries=False` makes plain text of them, which is a copy.
        """
        try:
            shared = self.blocks()
        except StatementError as error:
            if error.code != "not-persisted":
                raise
            return self.rows()
        return shared.table(dictionaries)

    def to_pandas(self, **options: Any) -> Any:
        return self.to_arrow().to_pandas(**options)

    def to_polars(self) -> Any:
        import polars
        return polars.from_arrow(self.to_arrow())

    def __repr__(self) -> str:
        return f"<dataset {self.name} of {self.session}>"
