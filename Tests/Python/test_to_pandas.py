"""`to_pandas` at a terminal: the Python that is opened has the rows over the memory of the stores."""

import os
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Terminal"))
from terminal import Terminal

#: A column of each way that blocks keep values.
COLUMNS = (
    "text = string(id % 7), many = string(id * 31), real = id / 3, day = date('2024-01-01') + id % 100, odd = id % 2 == 1, "
    "some = if(id % 5 == 0, null, id), both = [id, id + 1]")


@pytest.fixture
def terminal(tmp_path):
    # IPython draws its prompt in ways of its own.
    (tmp_path / "IPython.py").write_text("raise ImportError('not in this test')")
    environment = {"DSH_PYTHON": sys.executable, "PYTHONPATH": str(tmp_path), "PYTHON_BASIC_REPL": "1", "PYTHON_COLORS": "0"}
    one = Terminal([os.environ["DSH"], "--nodes=3", "--set", "preview=off"], str(tmp_path), columns=150, rows=50, environment=environment)
    yield one
    one.close()


def opened(terminal, statement):
    """What was printed on the way into Python, as one line."""
    terminal.wait_prompt()
    before = len(terminal.screen.text.split("\n"))
    terminal.send(statement + "\r")
    terminal.wait("Python", lambda screen: screen.text.endswith(">>> ") or screen.text.endswith(">>>"))
    return " ".join("\n".join(terminal.screen.text.split("\n")[before:]).split())


def asked(terminal, expression):
    """What an expression is in Python."""
    mark = f"is{time.monotonic_ns()}"
    terminal.send(f"print('{mark[:2]}' + '{mark[2:]}', {expression})\r")
    terminal.wait("an answer", lambda screen: any(line.startswith(mark) for line in screen.text.split("\n")))
    return next(line for line in terminal.screen.text.split("\n") if line.startswith(mark)).removeprefix(mark).strip()


def test_values_are_those_of_the_dataset(terminal):
    terminal.run(f"all = range --blocks=8 40000 | map {COLUMNS} | persist")
    said = opened(terminal, "to_pandas")
    assert "40,000 rows, 8 columns" in said and "0 B moved" in said and "8 reused" in said, said
    assert asked(terminal, "df.shape") == "(40000, 8)"
    assert asked(terminal, "(df.text == (df.id % 7).astype(str)).all(), (df.many == (df.id * 31).astype(str)).all()") == "True True"
    assert asked(terminal, "(df.real == df.id / 3).all(), (df.odd == (df.id % 2 == 1)).all(), df.some.isna().sum()") == "True True 8000"
    assert asked(terminal, "df.day.iloc[199], df.both.iloc[7].tolist()") == "2024-04-09 [7, 8]"
    assert asked(terminal, "sorted(name for name in dir() if not name.startswith('_'))") == "['df', 'pd']"
    terminal.send("exit()\r")
    assert "40000" in terminal.run("count")


def test_rows_lie_where_they_lay(terminal):
    terminal.run("large = range 20000000 | persist")
    said = opened(terminal, "large | to_pandas --force")
    assert "152 B written, 0 B moved, 153 MiB read in place" in said, said
    assert asked(terminal, "df.id.iloc[-1]") == "19999999"
    terminal.send("exit()\r")
    assert "pinned" in terminal.run("datasets")


def test_what_is_not_persisted_is_made_and_given_back(terminal):
    terminal.run("sales = range --blocks=4 1000 | filter id % 2 == 0 | map twice = id * 2")
    said = opened(terminal, "to_pandas")
    assert "500 rows, 2 columns" in said and "4 blocks run" in said, said
    assert asked(terminal, "df.twice.sum()") == str(sum(4 * one for one in range(500)))
    terminal.send("exit()\r")
    assert "500" in terminal.run("count")
    opened(terminal, "sales | filter id < 0 | to_pandas")
    assert asked(terminal, "df.shape, list(df.columns)") == "(0, 2) ['id', 'twice']"
    terminal.send("exit()\r")
    terminal.wait_prompt()


def test_nothing_is_left_of_a_shell_that_is_killed(terminal):
    terminal.run("kept = range 100000 | persist")
    opened(terminal, "to_pandas")
    process = int(asked(terminal, "__import__('os').getpid()"))
    assert asked(terminal, "df.id.sum()") == "4999950000"
    os.kill(terminal.process, 9)
    end = time.monotonic() + 10
    while Path(f"/proc/{process}").exists() and time.monotonic() < end:
        time.sleep(0.02)
    # The terminal is gone with the shell that led its session, and Python with it.
    assert not Path(f"/proc/{process}").exists()


def test_too_many_bytes_are_refused(terminal):
    assert "to_pandas would bring 15.3 MiB to Python" in terminal.run("range 2000000 | to_pandas --max-bytes=1MiB")
