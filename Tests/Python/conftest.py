"""What tests share: a session, and the folder of the examples' data."""

import signal
from pathlib import Path

import dsh
import pytest

# What a shell starts in the background ignores Ctrl-C, and so would these tests.
signal.signal(signal.SIGINT, signal.default_int_handler)

DATA = Path(__file__).resolve().parents[2] / "examples/data"


@pytest.fixture(scope="module")
def session():
    with dsh.Session(nodes=3, folder=DATA) as one:
        yield one
