"""A Jupyter kernel: cells are statements of dsh.

    python -m dsh.kernel install [--user | --sys-prefix | --prefix=FOLDER]

Options of the session come from `DSH_OPTIONS` in the environment, as on the command line: `DSH_OPTIONS="--nodes=3"`.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import shlex
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

from .connection import Message
from .errors import CancelledError, ConnectionLost, Error
from .results import Output
from .session import Session

SPECIFICATION = {
    "argv": [sys.executable, "-m", "dsh.kernel", "-f", "{connection_file}"], "display_name": "dsh", "language": "dsh", "interrupt_mode": "signal",
    "metadata": {"debugger": False},
}
WIDTH = 100
#: A run that is over sooner shows no progress.
PROGRESS_SECONDS = 0.5


class DshKernel(Kernel):
    """One session, which starts with the first cell."""

    implementation = "dsh"
    implementation_version = "0.1.0"
    language_info = {"name": "dsh", "version": "1", "mimetype": "text/x-dsh", "file_extension": ".dsh"}
    banner = "dsh, the shell for datasets"
    help_links = [{"text": "dsh", "url": "https://github.com/dsh/dsh/blob/main/docs/reference.md"}]

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.started: Session | None = None
        self.typed: list[tuple[int, int, str]] = []

    @property
    def session_of_dsh(self) -> Session:
        if self.started is None:
            self.started = Session(arguments=shlex.split(os.environ.get("DSH_OPTIONS", "")), on_notice=self.notice)
            self.banner = f"{self.started.version}, the shell for datasets"
        return self.started

    # Running

    def do_execute(
        self, code: str, silent: bool, store_history: bool = True, user_expressions: Any = None, allow_stdin: bool = False, **_: Any,
    ) -> dict[str, Any]:
        if store_history and code.strip():
            self.typed.append((0, self.execution_count, code))
        reply = {"execution_count": self.execution_count, "payload": [], "user_expressions": {}}
        if not code.strip():
            return {"status": "ok", **reply}
        progress, page = Progress(self), Page(self)
        try:
            session = self.session_of_dsh
            session.on_output = None if silent else lambda output: self.show(output, progress, page)
            session.on_progress = None if silent else progress.take
            try:
                result = session.run(code, name=f"cell {self.execution_count}", width=WIDTH, pictures=True)
            finally:
                # What a statement gave before another one failed stands above the error.
                page.flush()
            if result.outcome == "quit":
                self.end_session()
                self.notice("the session is over; the next cell begins a new one")
            if result.outputs and all(output.kind == "lines" for output in result.outputs):
                # What `help` and the like say is for the pager too, where a front end has one.
                text = "".join(output.text for output in result.outputs)
                reply["payload"] = [{"source": "page", "data": {"text/plain": text}, "start": 0}]
            return {"status": "ok", **reply}
        except KeyboardInterrupt:
            return self.failed("Interrupted", "the run was cancelled", ["cancelled"], silent)
        except CancelledError as error:
            return self.failed("Interrupted", error.message, ["cancelled"], silent)
        except ConnectionLost as error:
            self.end_session()
            return self.failed("ConnectionLost", error.message, [error.message, "The next cell starts dsh anew; datasets are lost."], silent)
        except Error as error:
            lines = [line for one in [error, *getattr(error, "others", [])] for line in str(one).splitlines()]
            reply = self.failed(error.code, error.message, lines, silent)
            if error.mended is not None and not silent:
                self.show_mended(error.mended)
            return reply
        finally:
            progress.end()

    def failed(self, name: str, message: str, lines: list[str], silent: bool) -> dict[str, Any]:
        content = {"ename": name, "evalue": message, "traceback": lines}
        if not silent:
            self.send_response(self.iopub_socket, "error", content)
        return {"status": "error", "execution_count": self.execution_count, **content}

    def show_mended(self, text: str) -> None:
        """The text with the mistake mended, to be copied with one click where the front end has a way to do that."""
        page = f'<details open><summary>mended:</summary><pre class="dsh-mended"><code>{html.escape(text)}</code></pre></details>'
        self.display({"text/plain": f"mended:\n{text}", "text/html": page})

    def show(self, output: Output, progress: "Progress", page: "Page") -> None:
        progress.end()
        if output.kind == "printed":
            page.flush()
            self.stream("stdout", output.text)
        else:
            page.add(output)

    def display(self, data: dict[str, Any], transient: dict[str, Any] | None = None, update: bool = False) -> None:
        content = {"data": data, "metadata": {}, "transient": transient or {}}
        self.send_response(self.iopub_socket, "update_display_data" if update else "display_data", content)

    def stream(self, name: str, text: str) -> None:
        self.send_response(self.iopub_socket, "stream", {"name": name, "text": text})

    def notice(self, text: str) -> None:
        self.stream("stderr", text + "\n")

    # Typing

    def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:
        try:
            answer = self.session_of_dsh.ask({"do": "complete", "text": code, "offset": cursor_pos})
        except Error:
            return {"status": "ok", "matches": [], "cursor_start": cursor_pos, "cursor_end": cursor_pos, "metadata": {}}
        start, end = answer["start"], answer["end"]
        types = [{"start": start, "end": end, "text": item["text"], "type": "", "signature": item["description"]} for item in answer["items"]]
        return {
            "status": "ok", "matches": [item["text"] for item in answer["items"]], "cursor_start": start, "cursor_end": end,
            "metadata": {"_jupyter_types_experimental": types},
        }

    def do_inspect(self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Any = ()) -> dict[str, Any]:
        try:
            answer = self.session_of_dsh.ask({"do": "inspect", "text": code, "offset": cursor_pos})
        except Error:
            return {"status": "ok", "found": False, "data": {}, "metadata": {}}
        data = {"text/plain": answer["text"]} if answer["found"] else {}
        return {"status": "ok", "found": answer["found"], "data": data, "metadata": {}}

    def do_is_complete(self, code: str) -> dict[str, Any]:
        try:
            answer = self.session_of_dsh.ask({"do": "is_complete", "text": code})
        except Error:
            return {"status": "unknown"}
        reply = {"status": answer["status"]}
        return {**reply, "indent": answer["indent"]} if answer["status"] == "incomplete" else reply

    def do_history(
        self, hist_access_type: str, output: bool, raw: bool, session: int = 0, start: int = 0, stop: int | None = None, n: int | None = None,
        pattern: str | None = None, unique: bool = False,
    ) -> dict[str, Any]:
        from fnmatch import fnmatchcase
        found = self.typed
        if hist_access_type == "range":
            found = [one for one in found if one[1] >= start and (stop is None or one[1] < stop)]
        elif hist_access_type == "search":
            found = [one for one in found if fnmatchcase(one[2], pattern or "*")]
            if unique:
                found = list({one[2]: one for one in found}.values())
        if hist_access_type != "range" and n is not None:
            found = found[-n:] if n else []
        return {"status": "ok", "history": [(one[0], one[1], (one[2], None)) if output else one for one in found]}

    # The end

    def end_session(self) -> None:
        if self.started is not None:
            self.started.close()
            self.started = None

    def do_shutdown(self, restart: bool) -> dict[str, Any]:
        self.end_session()
        return {"status": "ok", "restart": restart}


class Page:
    """What a cell shows: each result with its receipt below, as one."""

    def __init__(self, kernel: DshKernel):
        self.kernel = kernel
        self.waiting: Output | None = None

    def add(self, output: Output) -> None:
        if output.kind == "receipt" and self.waiting is not None:
            self.show(self.waiting, output)
            self.waiting = None
            return
        self.flush()
        if output.kind in ("rows", "bars", "plot", "scalar"):
            self.waiting = output
        else:
            self.show(output, None)

    def flush(self) -> None:
        if self.waiting is not None:
            self.show(self.waiting, None)
        self.waiting = None

    def show(self, output: Output, receipt: Output | None) -> None:
        text, page = output.text.rstrip("\n"), output.members.get("html", "")
        svg = output.members.get("svg")
        if svg:
            # A front end that shows HTML shows the receipt too; others have the picture.
            page = f'<div class="dsh-picture">{svg}</div>'
        if receipt:
            text += "\n" + receipt.text.rstrip("\n")
            page += receipt.members.get("html", "")
        data: dict[str, Any] = {"text/plain": text}
        data.update({kind: one for kind, one in (
            ("text/html", page), ("image/svg+xml", svg), ("text/vnd.mermaid", output.members.get("mermaid"))) if one})
        if output.kind == "scalar":
            content = {"execution_count": self.kernel.execution_count, "data": data, "metadata": {}}
            self.kernel.send_response(self.kernel.iopub_socket, "execute_result", content)
        elif text or len(data) > 1:
            self.kernel.display(data)


class Progress:
    """How far a run is, in one place of the page that is written over, until there is something to show; nothing for short runs."""

    def __init__(self, kernel: DshKernel):
        self.kernel, self.begin, self.name = kernel, time.monotonic(), f"dsh-progress-{time.monotonic_ns()}"
        self.is_shown = self.is_over = False

    def take(self, event: Message) -> None:
        if self.is_over or time.monotonic() - self.begin < PROGRESS_SECONDS:
            return
        rows = f", {event['scanned_rows']:,} rows read" if event["scanned_rows"] else ""
        text = f"{event['finished']:,} of {event['tasks']:,} tasks{rows}, {event['seconds']:.1f} s"
        bar = f'<progress max="{max(1, event["tasks"])}" value="{event["finished"]}"></progress> {html.escape(text)}'
        self.kernel.display({"text/plain": text, "text/html": bar}, {"display_id": self.name}, update=self.is_shown)
        self.is_shown = True

    def end(self) -> None:
        if self.is_shown and not self.is_over:
            # It came before everything else of the cell.
            self.kernel.send_response(self.kernel.iopub_socket, "clear_output", {"wait": True})
        self.is_over = True


def install(arguments: list[str]) -> None:
    """Tells Jupyter of the kernel."""
    from jupyter_client.kernelspec import KernelSpecManager
    parser = argparse.ArgumentParser(prog="python -m dsh.kernel install", description="Makes the dsh kernel known to Jupyter.")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--user", action="store_true", help="for this user (the default)")
    place.add_argument("--sys-prefix", action="store_true", help="in the environment of this Python")
    place.add_argument("--prefix", help="in this folder")
    options = parser.parse_args(arguments)
    prefix = sys.prefix if options.sys_prefix else options.prefix
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(SPECIFICATION, indent=1))
        found = KernelSpecManager().install_kernel_spec(folder, "dsh", user=prefix is None, prefix=prefix)
    print(f"the kernel dsh is at {found}")


def main() -> None:
    if sys.argv[1:2] == ["install"]:
        return install(sys.argv[2:])
    # A front end that is gone, or an interrupt between two cells, ends nothing but what runs.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    IPKernelApp.launch_instance(kernel_class=DshKernel)


if __name__ == "__main__":
    main()
