"""`%dsh` and `%%dsh` in IPython: statements of dsh among those of Python, with one session for each IPython."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import Any, Callable, NoReturn

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.display import publish_display_data

from .display import bundle_of, mended_bundle_of, traceback_of
from .errors import Error
from .results import Output, Result
from .session import Session

_USAGE = "%%dsh [--out NAME] [--keep-going] [--restart] [OPTIONS of dsh, such as --nodes=3]"


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}\nusage: {_USAGE}")


@magics_class
class DshMagics(Magics):
    """The session starts with the first statement, and ends with this Python, or for `--restart`."""

    def __init__(self, shell: InteractiveShell):
        super().__init__(shell)
        self._session: Session | None = None
        self._options: list[str] = []

    def session(self, options: list[str] | None = None, restarts: bool = False) -> Session:
        """The session. Raises `UsageError` if one with other options is there: its datasets would be lost."""
        if self._session is not None and self._session.is_open and not restarts:
            if options and options != self._options:
                raise UsageError(f"a session is there already, with {' '.join(self._options) or 'no options'}; --restart begins another")
            return self._session
        self.close()
        self._options = list(options or [])
        self._session = Session(arguments=self._options, on_notice=lambda text: print(text, file=sys.stderr))
        return self._session

    def close(self) -> None:
        """Ends the session if there is one."""
        if self._session is not None:
            self._session.close()
            self._session = None

    @line_magic("dsh")  # type: ignore[arg-type]
    def line(self, line: str) -> Any:
        """`%dsh STATEMENT` runs it, and is its value: a number of `count`, else what is shown. `%dsh` alone is the session."""
        if not line.strip():
            return _told(self.session)
        result = _told(lambda: self.session().run(line, name="%dsh", pictures=True, on_output=_printed))
        if any(output.kind == "scalar" for output in result) and not any(output.kind == "rows" for output in result):
            return result.value
        return Result([output for output in result if output.kind != "printed"], result.notices, result.outcome)

    @cell_magic("dsh")  # type: ignore[arg-type]
    def cell(self, line: str, cell: str) -> None:
        """`%%dsh` runs a cell of statements. `--out NAME` gives the current dataset at its end that name, in dsh and as a variable of Python."""
        parser = _Arguments(add_help=False, allow_abbrev=False)
        parser.add_argument("--out", metavar="NAME")
        parser.add_argument("--keep-going", action="store_true")
        parser.add_argument("--restart", action="store_true")
        chosen, options = parser.parse_known_args(shlex.split(line))
        if chosen.out is not None and not chosen.out.isidentifier():
            raise UsageError(f"--out is to be a name, not {chosen.out}")
        session = _told(lambda: self.session(options, chosen.restart))
        _told(lambda: session.run(cell, name="%%dsh", pictures=True, keep_going=chosen.keep_going, on_output=_shown))
        if chosen.out is not None and self.shell is not None:
            _told(lambda: session.run(f"{chosen.out} = _", name="--out"))
            self.shell.user_ns[chosen.out] = session[chosen.out]


def _told(work: Callable[[], Any]) -> Any:
    """What the work gives. Its errors show what the shell prints, and not where in this package they were raised."""
    try:
        return work()
    except Error as error:
        if mended := mended_bundle_of(error):
            publish_display_data(mended)
        lines = traceback_of(error)
        error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
        raise


def _printed(output: Output) -> None:
    if output.kind == "printed":
        print(output.text, end="", flush=True)


def _shown(output: Output) -> None:
    if output.kind == "printed":
        _printed(output)
    elif output.text or output.svg or output.html:
        publish_display_data(bundle_of(output))


_loaded: dict[int, DshMagics] = {}


def load(shell: InteractiveShell) -> None:
    """Makes the magics known to an IPython."""
    if id(shell) not in _loaded:
        _loaded[id(shell)] = DshMagics(shell)
        shell.register_magics(_loaded[id(shell)])


def unload(shell: InteractiveShell) -> None:
    """Ends the session of an IPython. The magics stay known, and would begin another."""
    if (magics := _loaded.pop(id(shell), None)) is not None:
        magics.close()
