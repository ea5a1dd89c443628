"""A dataset of a session: its rows as Arrow, pandas or polars have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.ipc

from .blocks import SharedBlocks, pandas_frame

if TYPE_CHECKING:
    import pandas
    import polars

    from .session import Session


@dataclass(frozen=True)
class Transfer:
    """How rows came into this process."""

    rows: int
    #: Read where they lie, in the memory of nodes' stores.
    mapped_bytes: int
    #: Sent through the connection.
    moved_bytes: int
    #: Made anew in this process: decoded dictionaries, widened codes.
    copied_bytes: int = 0

    def __str__(self) -> str:
        parts = [f"{size_text(self.mapped_bytes)} mapped in place", f"{size_text(self.moved_bytes)} moved"]
        if self.copied_bytes:
            parts.append(f"{size_text(self.copied_bytes)} copied")
        return f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}: " + ", ".join(parts)


def size_text(count: int) -> str:
    """So many bytes as the shell writes them, such as `2.8 KiB`."""
    if count < 1024:
        return f"{count} B"
    size, unit = float(count), "B"
    for unit in ("KiB", "MiB", "GiB", "TiB"):
        size /= 1024
        if size < 1024:
            break
    return f"{size:.1f} {unit}"


class Dataset:
    """What a name stands for in a session, at the moment it is asked for something.

    Every method that asks raises `UserMistake` when nothing has the name, and else what running the dataset raises.
    """

    def __init__(self, session: Session, name: str):
        self.session = session
        self.name = name

    @property
    def transfer(self) -> Transfer | None:
        """What the last call that brought rows of this name mapped and moved; none before the first."""
        return self.session.transfers.get(self.name)

    @property
    def schema(self) -> pa.Schema:
        """The columns; nothing is run for it."""
        return pyarrow.ipc.read_schema(pa.py_buffer(self.session.ask({"do": "schema", "name": self.name}).data))

    def to_arrow(self, *, dictionaries: bool = True) -> pa.Table:
        """All rows. Blocks are mapped where they lie: no row is copied, and they are held until the table and all that was made of it without a copy
        are gone. Those of a persisted dataset are there; others are run for it.

        With `dictionaries`, text that the blocks have as codes stays so: a column of `dictionary<uint8 or uint16>`. Without, it is plain strings.
        """
        answer = self.session.ask({"do": "blocks", "name": self.name})
        shared = SharedBlocks(answer, self.session.connection.link.release, self.session.memories)
        table = shared.table(dictionaries)
        self.session.transfers[self.name] = Transfer(shared.rows, shared.mapped_bytes, shared.moved_bytes, shared.copied_bytes)
        return table

    def to_pandas(self, *, dictionaries: bool = True, **options: Any) -> pandas.DataFrame:
        """All rows as a frame; options are those of `pyarrow.Table.to_pandas`. With `dictionaries`, coded text becomes categories."""
        return pandas_frame(self.to_arrow(dictionaries=dictionaries), **options)

    def to_polars(self, *, dictionaries: bool = True) -> polars.DataFrame:
        """All rows as a frame of polars. With `dictionaries`, coded text becomes categories."""
        import polars
        return polars.DataFrame(polars.from_arrow(self.to_arrow(dictionaries=dictionaries)))

    def head(self, count: int = 5) -> pa.Table:
        """The first rows; only these move."""
        answer = self.session.ask({"do": "rows", "name": self.name, "first": count})
        self.session.transfers[self.name] = Transfer(answer["rows"], 0, answer["moved"])
        return pyarrow.ipc.open_stream(answer.data).read_all()

    def count(self) -> int:
        """How many rows there are; the dataset is run where that is not known."""
        return int(self.session.ask({"do": "count", "name": self.name})["rows"])

    def __len__(self) -> int:
        return self.count()

    def __bool__(self) -> bool:
        # Else a test for None would run it.
        return True

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """What libraries that know Arrow take it by, such as `polars.DataFrame(session["late"])`."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<dataset {self.name} of {self.session!r}>"
