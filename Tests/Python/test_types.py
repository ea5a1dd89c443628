"""The package's types: its own code keeps to them, and programs that use it are checked against them."""

import os
import subprocess
import sys
from pathlib import Path

import dsh
import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "Sources/Python"

PROGRAM = """
import dsh
import pandas

with dsh.Session(nodes=2) as session:
    result = session.run("late = read flights.csv | filter delay > 60 | persist")
    rows: int = result.receipts[0].rows
    frame: pandas.DataFrame = session["late"].to_pandas()
    names: list[str] = session.datasets
    count: int = len(session["late"])
    session.read_arrow("more", {"x": [1]}).head(5)
    try:
        session.run("nothing")
    except dsh.UserMistake as error:
        print(error.code, error.place.line if error.place else 0, error.suggestion)
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("types")


def check(*arguments: str, cache: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(cache), "--no-error-summary", *arguments], cwd=PACKAGE, text=True, timeout=300,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "MYPYPATH": str(Path(dsh.__file__).parents[1])})
    return done.stdout


def test_the_package_keeps_to_them(cache):
    assert check("dsh", cache=cache) == ""


@pytest.mark.parametrize("change, mistake", [
    (("", ""), None), (("nodes=2", "nodes='2'"), '"nodes" to "Session"'), (("rows: int", "rows: str"), "Incompatible types"),
    (("error.code", "error.kode"), '"kode"'), (("list[str]", "list[int]"), "Incompatible types"), (("head(5)", "haed(5)"), '"haed"'),
])
def test_programs_are_checked(tmp_path, cache, change, mistake):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.replace(*change) if change[0] else PROGRAM)
    said = check("--config-file", str(PACKAGE / "pyproject.toml"), str(program), cache=cache)
    assert mistake in said if mistake else said == "", said
