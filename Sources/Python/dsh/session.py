"""A session of dsh: statements, datasets, data that is brought in."""

from __future__ import annotations

import os
import threading
from typing import Any, Callable, Sequence

import pyarrow as pa
import pyarrow.ipc

from .arrays import Stores
from .connection import Connection, Message
from .dataset import Dataset
from .errors import Error, error_of
from .results import Output, Result

#: After an interrupt a run is waited for so long.
INTERRUPT_SECONDS = 10


class Session:
    """A cluster of its own, which ends with the session or with this process, whatever ends that.

    Options are those of the command line, with underscores: `nodes=3`, `object_store_memory="2G"`, `cluster="ray"`, `safe=True`,
    `safe_root=["data"]`; or `arguments`, as they stand there. `program` is the path of dsh, `cwd` where relative paths begin.
    """

    def __init__(
        self, program: str | None = None, cwd: str | None = None, on_notice: Callable[[str], None] | None = None,
        on_progress: Callable[[Message], None] | None = None, arguments: Sequence[str] = (), **options: Any,
    ):
        self.connection = Connection([*arguments, *arguments_of(options)], program, cwd)
        self.connection.on_notice = on_notice
        #: Called with each `progress` event of a run.
        self.on_progress = on_progress
        #: Called with each `output` event as it comes.
        self.on_output: Callable[[Output], None] | None = None
        self.pending: list[int] = []
        self.stores = Stores()
        self.asking = threading.RLock()

    @property
    def version(self) -> str:
        return self.connection.hello["version"]

    # Running

    def run(self, text: str, *, name: str = "<input>", width: int | None = None, pictures: bool = False, keep_going: bool = False) -> Result:
        """Runs statements; raises `Error` for the first mistake, with the outputs up to there as its `result`."""
        request: dict[str, Any] = {"do": "run", "text": text, "name": name, "pictures": pictures, "keep_going": keep_going}
        if width is not None:
            request["width"] = width
        outputs: list[Output] = []
        notices: list[str] = []
        errors: list[Error] = []
        outcomes: list[str] = []

        def take(event: Message) -> None:
            kind = event["event"]
            if kind == "output":
                output = Output(event["kind"], event["text"], event, event.data)
                outputs.append(output)
                if self.on_output:
                    self.on_output(output)
            elif kind == "notice":
                notices.append(event["text"])
                if self.connection.on_notice:
                    self.connection.on_notice(event["text"])
            elif kind == "progress" and self.on_progress:
                self.on_progress(event)
            elif kind == "error":
                errors.append(error_of(event))
            elif kind == "done":
                outcomes.append(event["outcome"])

        self.converse(request, take)
        result = Result(outputs, notices, *outcomes)
        if errors:
            errors[0].result = result  # type: ignore[attr-defined]
            errors[0].others = errors[1:]  # type: ignore[attr-defined]
            raise errors[0]
        return result

    def ask(self, request: dict[str, Any], data: bytes | memoryview = b"", descriptors: list[int] = []) -> Message:
        """The answer to a request that runs no statements; raises `Error`."""
        answers: list[Message] = []
        errors: list[Error] = []

        def take(event: Message) -> None:
            if event["event"] == "answer":
                answers.append(event)
            elif event["event"] == "error":
                errors.append(error_of(event))

        self.converse(request, take, data, descriptors)
        if errors:
            raise errors[0]
        return answers[0]

    def converse(self, request: dict[str, Any], take: Callable[[Message], None], data: Any = b"", descriptors: list[int] = []) -> None:
        """Sends a request and takes its events until the last. Ctrl-C cancels it, waits for its end, and is raised then."""
        with self.asking:
            self.release_pending()
            run = self.connection.send(request, data, descriptors)
            interrupt: KeyboardInterrupt | None = None
            while True:
                try:
                    event = self.connection.reply(INTERRUPT_SECONDS if interrupt else None)
                    # What is printed has no number.
                    if event.get("id", run) == run:
                        take(event)
                    if event.get("id") == run and event["event"] in ("done", "answer"):
                        break
                except KeyboardInterrupt as error:
                    interrupt = error
                    self.connection.interrupt(run)
            if interrupt:
                raise interrupt

    def interrupt(self) -> None:
        """Cancels whatever runs; from another thread. The run raises `CancelledError`."""
        self.connection.interrupt()

    # Data

    def __getitem__(self, name: str) -> Dataset:
        """The dataset of a name; whether there is one shows when it is asked for something."""
        return Dataset(self, name)

    @property
    def datasets(self) -> list[str]:
        return [one["name"] for one in self.ask({"do": "datasets"})["datasets"]]

    def read_arrow(self, name: str, data: Any) -> Dataset:
        """Makes a dataset of an Arrow table, batch or reader, or of a data frame of pandas or polars."""
        table = table_of(data)
        file = os.memfd_create("dsh-arrow", os.MFD_CLOEXEC)
        try:
            with open(os.dup(file), "wb") as target, pyarrow.ipc.new_file(target, table.schema) as writer:
                writer.write_table(table, max_chunksize=1 << 20)
            self.ask({"do": "read_arrow", "name": name}, descriptors=[file])
        finally:
            os.close(file)
        return self[name]

    def release(self, hold: int) -> None:
        """Ends the holding of blocks with the next request: this may be called by the collection of garbage at any moment."""
        self.pending.append(hold)

    def release_pending(self) -> None:
        while self.pending:
            hold = self.pending.pop()
            run = self.connection.send({"do": "release", "hold": hold})
            while self.connection.reply().get("id") != run:
                pass

    # The end

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{self.version}, process {self.connection.process.pid}>"


def arguments_of(options: dict[str, Any]) -> list[str]:
    """Options as the command line has them."""
    found = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            found.append(flag)
        elif isinstance(value, dict):
            found += [f"{flag}={key}={one}" for key, one in value.items()]
        elif isinstance(value, (list, tuple)):
            found += [f"{flag}={one}" for one in value]
        elif value is not None and value is not False:
            found.append(f"{flag}={value}")
    return found


def table_of(data: Any) -> pa.Table:
    """An Arrow table of whatever has rows; raises `TypeError` for anything else."""
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    if isinstance(data, pa.RecordBatchReader):
        return data.read_all()
    if isinstance(data, dict):
        return pa.table(data)
    if hasattr(data, "to_arrow"):
        return data.to_arrow()
    if hasattr(data, "__arrow_c_stream__"):
        return pa.table(data)
    if type(data).__module__.partition(".")[0] == "pandas":
        return pa.Table.from_pandas(data, preserve_index=False)
    raise TypeError(f"rows are to be an Arrow table or a data frame, not {type(data).__name__}")
