"""dsh, the shell for datasets, from Python.

    import dsh

    with dsh.Session(nodes=3) as session:
        print(session.run("late = read flights.csv | filter delay > 60 | persist"))
        table = session["late"].to_arrow()

Blocks that lie in the shared memory of dsh's nodes are mapped, not copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dataset import Dataset, Transfer
from .errors import (
    Cancelled, ClusterFailure, ConnectionLost, EnvironmentFailure, Error, InternalFailure, Place, SyntaxMistake, UserMistake)
from .results import Movement, NodeProgress, Output, Progress, Receipt, Result
from .session import Session

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = [
    "Cancelled", "ClusterFailure", "ConnectionLost", "Dataset", "EnvironmentFailure", "Error", "InternalFailure", "Movement", "NodeProgress",
    "Output", "Place", "Progress", "Receipt", "Result", "Session", "SyntaxMistake", "Transfer", "UserMistake", "load_ipython_extension",
    "unload_ipython_extension",
]

__version__ = "0.1.0"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What `%load_ext dsh` calls: makes `%dsh` and `%%dsh` known."""
    from .magic import load
    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """What `%unload_ext dsh` calls: ends the session of the magics."""
    from .magic import unload
    unload(shell)
