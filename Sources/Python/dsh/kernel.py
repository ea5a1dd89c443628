"""The Jupyter kernel of dsh: `python -m dsh.kernel install` makes it known, and front ends start it."""

from __future__ import annotations

import os
import re
import shlex
import sys
import time
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

from . import __version__
from .display import bundle_of, mended_bundle_of, traceback_of
from .errors import ConnectionLost, Error
from .kernel_history import History
from .kernel_progress import ProgressLine
from .results import Output
from .session import Session

#: Options of the shell for the kernel's session, as on the command line; `install` writes them.
OPTIONS_VARIABLE = "DSH_OPTIONS"
#: A cell that asks for help and nothing else, which goes where front ends show help.
_HELP_REQUEST = re.compile(r"\s*[\w!$-]+\s*\?\s*")


class DshKernel(Kernel):
    """A session whose statements are cells. It starts with the first cell, and again after its end."""

    implementation = "dsh"
    implementation_version = __version__
    banner = "dsh, the shell for datasets. Type help, or press Tab."
    language_info = {
        "name": "dsh", "version": __version__, "mimetype": "text/x-dsh", "file_extension": ".dsh",
        # Neither knows dsh; the words, texts and comments of a shell are the nearest.
        "pygments_lexer": "bash", "codemirror_mode": "shell",
    }

    def __init__(self, **traits: Any):
        super().__init__(**traits)  # type: ignore[no-untyped-call]
        self._dsh: Session | None = None
        self._history = History()

    def _session(self) -> Session:
        # One that has died is left for a cell to be told by.
        if self._dsh is None:
            self._dsh = Session(
                arguments=shlex.split(os.environ.get(OPTIONS_VARIABLE, "")), on_notice=lambda text: self._stream("stderr", text + "\n"))
        return self._dsh

    def _end_session(self) -> None:
        if self._dsh is not None:
            self._dsh.close()
            self._dsh = None

    # Cells

    def do_execute(  # type: ignore[override]
        self, code: str, silent: bool, store_history: bool = True, user_expressions: dict[str, str] | None = None, allow_stdin: bool = False,
        *, cell_meta: dict[str, Any] | None = None, cell_id: str | None = None,
    ) -> dict[str, Any]:
        """Runs a cell. What it gives is shown as it comes."""
        cell = _CellRun(self, silent, pages_help=_HELP_REQUEST.fullmatch(code) is not None)
        try:
            result = self._session().run(
                code, name=f"[{self.execution_count}]", pictures=True, on_output=cell.take, on_progress=cell.progress.show,
                on_notice=cell.notice)
        except KeyboardInterrupt as interrupt:
            cause = interrupt.__cause__
            lines = traceback_of(cause) if isinstance(cause, Error) else ["the cell was interrupted"]
            return cell.fail("cancelled", "the cell was interrupted", lines)
        except Error as error:
            lines = traceback_of(error)
            if isinstance(error, ConnectionLost):
                self._end_session()
                lines.append("  the next cell starts another session, which has none of the datasets")
            reply = cell.fail(error.code, error.message, lines)
            if (mended := mended_bundle_of(error)) and not silent:
                self._display("display_data", mended)
            return reply
        finally:
            cell.progress.end()
            if store_history:
                self._history.append(self.execution_count, code, "".join(cell.texts))
        payload: list[dict[str, Any]] = []
        if cell.page:
            payload.append({"source": "page", "data": {"text/plain": "".join(cell.page)}, "start": 0})
        if result.outcome == "quit":
            self._end_session()
            payload.append({"source": "ask_exit", "keepkernel": False})
        return {"status": "ok", "execution_count": self.execution_count, "payload": payload, "user_expressions": {}}

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        self.send_response(self.iopub_socket, kind, content)  # type: ignore[no-untyped-call]

    def _stream(self, name: str, text: str) -> None:
        self._send("stream", {"name": name, "text": text})

    def _display(self, kind: str, bundle: dict[str, str]) -> None:
        content: dict[str, Any] = {"data": bundle, "metadata": {}}
        if kind == "execute_result":
            content["execution_count"] = self.execution_count
        self._send(kind, content)

    # Typing

    def do_complete(self, code: str, cursor_pos: int | None) -> dict[str, Any]:  # type: ignore[override]
        """What can stand at the cursor."""
        place = len(code) if cursor_pos is None else cursor_pos
        try:
            found: dict[str, Any] = self._session().complete(code, place)
        except Error:
            found = {"start": place, "end": place, "items": []}
        types = [
            {"start": found["start"], "end": found["end"], "text": item["text"], "type": "", "signature": item["description"]}
            for item in found["items"]]
        return {
            "status": "ok", "matches": [item["text"] for item in found["items"]], "cursor_start": found["start"], "cursor_end": found["end"],
            "metadata": {"_jupyter_types_experimental": types}}

    def do_inspect(  # type: ignore[override]
        self, code: str, cursor_pos: int | None, detail_level: int = 0, omit_sections: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """Help on the word at the cursor, or the columns of the dataset."""
        try:
            text = self._session().inspect(code, len(code) if cursor_pos is None else cursor_pos)
        except Error:
            text = None
        return {"status": "ok", "found": text is not None, "data": {} if text is None else {"text/plain": text}, "metadata": {}}

    def do_is_complete(self, code: str) -> dict[str, Any]:  # type: ignore[override]
        """Whether Enter in a console runs the text, or asks for more of it."""
        try:
            answer = self._session().ask({"do": "is_complete", "text": code})
        except Error:
            return {"status": "unknown"}
        return {"status": answer["status"], **({"indent": answer.get("indent", "")} if answer["status"] == "incomplete" else {})}

    def do_history(  # type: ignore[override]
        self, hist_access_type: str, output: bool, raw: bool, session: int | None = None, start: int | None = None, stop: int | None = None,
        n: int | None = None, pattern: str | None = None, unique: bool = False,
    ) -> dict[str, Any]:
        """Cells that were run."""
        if hist_access_type == "tail":
            found = self._history.tail(n, output)
        elif hist_access_type == "range":
            found = self._history.range(session or 0, start or 0, stop, output)
        else:
            found = self._history.search(pattern or "*", n, unique, output)
        return {"status": "ok", "history": found}

    # The end

    def do_shutdown(self, restart: bool) -> dict[str, Any]:  # type: ignore[override]
        """Ends the session. Where the kernel is killed instead, the session finds its connection closed, and ends by itself."""
        self._end_session()
        return {"status": "ok", "restart": restart}


class _CellRun:
    """What one cell shows."""

    def __init__(self, kernel: DshKernel, silent: bool, pages_help: bool):
        self.kernel = kernel
        self.silent = silent
        self.pages_help = pages_help
        self.progress = ProgressLine(self._send, time.monotonic)
        self.texts: list[str] = []
        #: What the front end is to show beside the cells.
        self.page: list[str] = []

    def take(self, output: Output) -> None:
        """Shows an output."""
        self.texts.append(output.text)
        if self.pages_help and output.kind == "lines":
            self.page.append(output.text)
            return
        if self.silent or not (output.text or output.html or output.svg):
            return
        self.progress.give_way()
        if output.kind == "printed":
            self.kernel._stream("stdout", output.text)
        else:
            self.kernel._display("execute_result" if output.kind == "scalar" else "display_data", bundle_of(output))

    def notice(self, text: str) -> None:
        """Shows what befell the cluster."""
        if not self.silent:
            self.progress.give_way()
            self.kernel._stream("stderr", text + "\n")

    def fail(self, name: str, message: str, lines: list[str]) -> dict[str, Any]:
        """Shows an error; the reply that says the same."""
        content = {"ename": name, "evalue": message, "traceback": lines}
        self.progress.give_way()
        self._send("error", content)
        return {"status": "error", "execution_count": self.kernel.execution_count, **content}

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        if not self.silent:
            self.kernel._send(kind, content)


def main() -> None:
    """Installs the kernel, or is it."""
    if sys.argv[1:2] == ["install"]:
        from .kernel_installation import install
        install(sys.argv[2:])
    else:
        IPKernelApp.launch_instance(kernel_class=DshKernel)


if __name__ == "__main__":
    main()
