"""`%dsh` and `%%dsh` in IPython: one session for each IPython."""

from __future__ import annotations

import argparse
import shlex
from typing import Any

from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.display import HTML, SVG, display

from .results import Output
from .session import Session


@magics_class
class DshMagics(Magics):
    """The session is there after the first statement."""

    def __init__(self, shell: Any):
        super().__init__(shell)
        self.started: Session | None = None

    def session(self, options: list[str]) -> Session:
        if self.started is None or options:
            if self.started is not None:
                self.started.close()
            self.started = Session(arguments=options, on_notice=print)
        return self.started

    @line_cell_magic
    def dsh(self, line: str, cell: str | None = None) -> Any:
        """`%dsh STATEMENT` runs a statement and gives its value or rows; `%%dsh [--out NAME] [OPTIONS]` runs a cell.

        `--out NAME` makes the current dataset known to Python under a name. OPTIONS are those of the command line, and start the session anew.
        """
        if cell is None:
            result = self.session([]).run(line)
            if any(output.kind == "scalar" for output in result.outputs):
                return result.value
            return result
        parser = argparse.ArgumentParser(prog="%%dsh", add_help=False)
        parser.add_argument("--out")
        options, others = parser.parse_known_args(shlex.split(line))
        session = self.session(others)
        result = session.run(cell, pictures=True)
        for output in result.outputs:
            self.show(output)
        if options.out:
            # By a name that stays its own whatever is made later.
            made = [output.members for output in result.outputs if output.kind == "dataset"]
            name = made[-1].get("name", f"_{made[-1]['number']}") if made else "_"
            self.shell.user_ns[options.out] = session[name]
        return None

    @staticmethod
    def show(output: Output) -> None:
        if output.kind == "dataset":
            return
        if "svg" in output.members:
            display(SVG(output.members["svg"]))
        elif "html" in output.members:
            display(HTML(output.members["html"]))
        else:
            print(output.text, end="" if output.text.endswith("\n") else "\n")


def load(shell: Any) -> None:
    shell.register_magics(DshMagics)
