"""dsh, the shell for datasets, from Python.

    import dsh
    with dsh.Session(nodes=3) as session:
        print(session.run("late = read flights.csv | filter delay > 60 | persist"))
        table = session["late"].to_arrow()

Rows that lie in the shared memory of dsh's nodes are mapped, not copied.
"""

from .dataset import Dataset, Transfer
from .errors import CancelledError, ClusterError, ConnectionLost, EnvironmentFailure, Error, StatementError, SyntaxFailure
from .results import Output, Place, Receipt, Result
from .session import Session

__all__ = [
    "CancelledError", "ClusterError", "ConnectionLost", "Dataset", "EnvironmentFailure", "Error", "Output", "Place", "Receipt", "Result", "Session",
    "StatementError", "SyntaxFailure", "Transfer", "load_ipython_extension",
]


def load_ipython_extension(shell) -> None:
    """What `%load_ext dsh` calls: makes `%dsh` and `%%dsh` known."""
    from .magic import load
    load(shell)
