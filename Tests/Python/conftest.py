"""What tests share: a session, and the folder of the examples' data."""

from pathlib import Path

import dsh
import pytest

DATA = Path(__file__).resolve().parents[2] / "examples/data"


@pytest.fixture(scope="module")
def session():
    with dsh.Session(nodes=3, folder=DATA) as one:
        yield one
