"""A session of dsh: statements, datasets by name, rows that are brought in."""

from __future__ import annotations

import os
from typing import Any, Callable, Mapping, Sequence

from .arrow_input import memory_file_of, reader_of
from .blocks import StoreMemories
from .connection import Connection
from .dataset import Dataset, Transfer
from .errors import Cancelled, Error, error_from
from .messages import Message
from .results import Output, Progress, Result


class Session:
    """A shell without a terminal, and a cluster of its own. Both end with `close`, at the end of a `with`, and with this process.

    The arguments are the options of the command line (`dsh --help`); `arguments` takes them as they are written there. `program` is the path of dsh,
    else `DSH` in the environment names it, else `PATH` has it. `folder` is where relative paths begin. Raises `ConnectionLost` if there is no dsh, or
    if it refuses an option.

    `on_notice` is called with news of the cluster, such as a node that died: during a run on its thread, else on one of the session's own.
    """

    def __init__(
        self, *, nodes: int | None = None, slots: int | None = None, cluster: str | None = None, object_store_memory: str | int | None = None,
        spill_directory: str | os.PathLike[str] | None = None, spill_limit: str | int | None = None,
        dataset_directory: str | os.PathLike[str] | None = None, safe: bool = False, safe_root: Sequence[str | os.PathLike[str]] = (),
        settings: Mapping[str, Any] | None = None, batch_rows: int | None = None, width: int | None = None, deterministic: bool = False,
        arguments: Sequence[str] = (), program: str | os.PathLike[str] | None = None, folder: str | os.PathLike[str] | None = None,
        on_notice: Callable[[str], None] | None = None, on_output: Callable[[Output], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ):
        options: dict[str, Any] = {
            "nodes": nodes, "slots": slots, "cluster": cluster, "object-store-memory": object_store_memory, "spill-directory": spill_directory,
            "spill-limit": spill_limit, "dataset-directory": dataset_directory, "safe": safe, "safe-root": list(safe_root),
            "set": [f"{name}={value}" for name, value in (settings or {}).items()], "batch-rows": batch_rows, "width": width,
            "deterministic": deterministic,
        }
        #: Called with each output as it comes, and some ten times a second with how far a run is; `run` may name others.
        self.on_output, self.on_progress, self.on_notice = on_output, on_progress, on_notice
        #: How the rows of datasets came here last, by their names.
        self.transfers: dict[str, Transfer] = {}
        #: What is mapped of the nodes' stores.
        self.memories = StoreMemories()
        self.connection = Connection([*_arguments_of(options), *arguments], program, folder, _loose_handler(on_notice, on_output))

    @property
    def version(self) -> str:
        """That of dsh, such as `dsh 0.1.0`."""
        return str(self.connection.hello.get("version", "dsh"))

    # Statements

    def run(
        self, text: str, *, name: str = "<input>", width: int | None = None, pictures: bool = False, keep_going: bool = False,
        on_output: Callable[[Output], None] | None = None, on_progress: Callable[[Progress], None] | None = None,
        on_notice: Callable[[str], None] | None = None,
    ) -> Result:
        """Runs statements, and gives all that they gave.

        `name` is what errors call the text, `width` the columns that tables may fill (0 for all), and `pictures` has outputs come as HTML and SVG
        too. A statement `quit` closes the session.

        Raises the `Error` of the first statement that fails, with what came before as its `result`; with `keep_going` the others run all the same.
        Ctrl-C cancels the run, waits for its end, and is raised then; another Ctrl-C does not wait.
        """
        request: dict[str, Any] = {"do": "run", "text": text, "name": name, "pictures": pictures, "keep_going": keep_going}
        if width is not None:
            request["width"] = width
        on_output, on_progress, on_notice = on_output or self.on_output, on_progress or self.on_progress, on_notice or self.on_notice
        outputs: list[Output] = []
        notices: list[str] = []
        errors: list[Error] = []
        outcome = "cancelled"

        def take(event: Message) -> None:
            nonlocal outcome
            kind = event.get("event")
            if kind == "output":
                outputs.append(Output.from_event(event))
                if on_output:
                    on_output(outputs[-1])
            elif kind == "notice":
                notices.append(event.get("text", ""))
                if on_notice:
                    on_notice(notices[-1])
            elif kind == "progress" and on_progress:
                on_progress(Progress.from_members(event))
            elif kind == "error":
                errors.append(error_from(event))
            elif kind == "done":
                outcome = event.get("outcome", "finished")

        try:
            self._converse(request, take)
        except KeyboardInterrupt as interrupt:
            # What the run itself says of its end goes along.
            raise interrupt from (errors[0] if errors else None)
        if outcome == "quit":
            self.close()
        result = Result(outputs, notices, outcome)
        if not errors and outcome == "cancelled":
            # It was cancelled before it began.
            errors.append(Cancelled("the run was cancelled", code="cancelled", category="cancelled"))
        if errors:
            errors[0].result, errors[0].others = result, tuple(errors[1:])
            raise errors[0]
        return result

    def interrupt(self) -> None:
        """Cancels whatever runs, which raises `Cancelled` there; from any thread."""
        self.connection.link.interrupt()

    def ask(self, request: dict[str, Any], descriptors: Sequence[int] = ()) -> Message:
        """The answer to a request that runs no statements of a person's, as docs/protocol.md lists them. Raises `Error`."""
        answers: list[Message] = []
        errors: list[Error] = []

        def take(event: Message) -> None:
            if event.get("event") == "answer":
                answers.append(event)
            elif event.get("event") == "error":
                errors.append(error_from(event))

        self._converse(request, take, descriptors)
        if errors:
            errors[0].others = tuple(errors[1:])
            raise errors[0]
        if not answers:
            raise Cancelled("the request was cancelled", code="cancelled", category="cancelled")
        return answers[0]

    def _converse(self, request: dict[str, Any], take: Callable[[Message], None], descriptors: Sequence[int] = ()) -> None:
        """Has a request worked off, and `take` called with each event that answers it. Ctrl-C cancels it, and is raised when it has ended."""
        exchange = self.connection.request(request, descriptors=descriptors)
        interrupted: KeyboardInterrupt | None = None
        while True:
            try:
                for event in exchange.events():
                    take(event)
                break
            except KeyboardInterrupt as interrupt:
                if interrupted is not None:
                    exchange.is_abandoned = True
                    raise
                interrupted = interrupt
                self.connection.link.interrupt(exchange)
            except BaseException:
                # A callback has failed: nobody waits for the rest.
                exchange.is_abandoned = True
                self.connection.link.interrupt(exchange)
                raise
        if interrupted is not None:
            raise interrupted
        if not exchange.is_answered:
            raise self.connection.lost()

    # Typing

    def complete(self, text: str, offset: int | None = None) -> Message:
        """What can stand at a place of a text, counted in characters, its end where not given: `start`, `end` (what is replaced) and `items`."""
        return self.ask({"do": "complete", "text": text, "offset": len(text) if offset is None else offset})

    def inspect(self, text: str, offset: int) -> str | None:
        """Help on the word at a place, or the columns of the dataset that it names; none if there is nothing to say."""
        answer = self.ask({"do": "inspect", "text": text, "offset": offset})
        return answer["text"] if answer["found"] else None

    # Datasets

    def __getitem__(self, name: str) -> Dataset:
        """The dataset of a name. Whether there is one shows when it is asked for something."""
        return Dataset(self, name)

    @property
    def datasets(self) -> list[str]:
        """The names that datasets have now."""
        return [one["name"] for one in self.ask({"do": "datasets"})["datasets"]]

    def read_arrow(self, name: str, data: Any) -> Dataset:
        """Makes a dataset of an Arrow table, batch or reader, of a frame of pandas or polars, or of a dictionary of columns.

        The rows are written once, into memory that is handed to the session. Raises `TypeError` for other data, `ValueError` for what is no
        name, and `Error` for types that dsh has not.
        """
        if not name.isidentifier():
            raise ValueError(f"a dataset is to have a name of letters, digits and _, not {name!r}")
        descriptor = memory_file_of(reader_of(data))
        try:
            self.ask({"do": "read_arrow", "name": name}, [descriptor])
        finally:
            os.close(descriptor)
        return self[name]

    # The end

    @property
    def is_open(self) -> bool:
        """Whether statements can be run."""
        return self.connection.link.ending is None

    def close(self) -> None:
        """Ends the session, its cluster, and whatever runs. Arrays over mapped blocks stay as they are. May be called again."""
        self.connection.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<session of {self.version}, process {self.connection.process.pid}>"


def _arguments_of(options: Mapping[str, Any]) -> list[str]:
    """Options as the command line has them."""
    arguments: list[str] = []
    for name, value in options.items():
        if value is True:
            arguments.append(f"--{name}")
        elif isinstance(value, list):
            arguments += [f"--{name}={os.fspath(one)}" for one in value]
        elif value is not None and value is not False:
            arguments.append(f"--{name}={value}")
    return arguments


def _loose_handler(on_notice: Callable[[str], None] | None, on_output: Callable[[Output], None] | None) -> Callable[[Message], None]:
    """What is done with events of no run. Does not know the session, so that this can be collected while the thread that calls it goes on."""
    def take(event: Message) -> None:
        if event.get("event") == "notice" and on_notice:
            on_notice(event.get("text", ""))
        elif event.get("event") == "output" and on_output:
            # A command in the background has printed something.
            on_output(Output.from_event(event))
    return take
