"""`map_batches --python`: functions over data frames, in processes that stay."""

import os
import sys
import threading
import time

import dsh
import pytest

CODE = '''
import os
import time

COUNT = 0

def double(frame):
    global COUNT
    COUNT += 1
    print("this is no answer")
    return frame.assign(twice=frame.id * 2, process=os.getpid(), calls=COUNT)

def polars_sum(frame):
    import polars
    return frame.select(polars.col("id").sum().alias("s"), polars.lit("x").alias("text"))

def arrow(table):
    return table.select(["id"]).slice(0, 2)

def dictionary(frame):
    return {"n": [len(frame)]}

def texts(frame):
    import pandas
    return pandas.DataFrame({"k": pandas.Categorical(["a", "b", None][: max(1, min(3, len(frame)))]), "n": len(frame)})

def wrong(frame):
    return 5

def fails(frame):
    if len(frame) and frame.id.max() > 150000:
        raise ValueError("no number above 150000")
    return frame

def ends(frame):
    os._exit(0)

def slow(frame):
    if len(frame) > 100:
        time.sleep(60)
    return frame
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("functions")
    (folder / "f.py").write_text(CODE)
    return folder


@pytest.fixture(scope="module")
def session(folder):
    os.environ["DSH_PYTHON"] = sys.executable
    with dsh.Session(nodes=2, slots=1, folder=folder) as one:
        yield one


def rows(session, statement):
    return session.run(statement).to_arrow().to_pydict()


def test_data_frames(session):
    found = rows(session, "range 5 | map_batches --python=f.py:double | drop process, calls | take")
    assert found == {"id": [0, 1, 2, 3, 4], "twice": [0, 2, 4, 6, 8]}
    assert rows(session, "range 5 | map_batches --python=f.py:polars_sum --frames=polars | take") == {"s": [10], "text": ["x"]}
    assert rows(session, "range 5 | map_batches --python=f.py:arrow --frames=arrow | take") == {"id": [0, 1]}
    assert rows(session, "range 5 | map_batches --python=f.py:dictionary | take") == {"n": [5]}
    assert rows(session, "range 3 | map_batches --python=f.py:texts | take") == {"k": ["a", "b", None], "n": [3, 3, 3]}
    assert rows(session, "range 100 | filter id > 200 | map_batches --python=f.py:double | take")["twice"] == []
    assert rows(session, 'range 5 | map_batches --python=f.py:double --schema="twice:int64, process:int64, calls:int64, id:int64" | agg s = sum(twice) | take')["s"] == [20]


def test_processes_stay(session):
    statement = "range 4000000 | map_batches --python=f.py:double | agg n = count(), most = max(calls) by process | take"
    first, second = rows(session, statement), rows(session, statement)
    assert len(first["process"]) <= 2 and sum(first["n"]) == 4000000
    assert set(second["process"]) <= set(first["process"]) and max(second["most"]) > max(first["most"])


def test_another_state_of_the_file_is_another_process(session, folder):
    (folder / "g.py").write_text("def f(frame):\n    return frame.assign(x=1)\n")
    assert rows(session, "range 2 | map_batches --python=g.py:f | take")["x"] == [1, 1]
    (folder / "g.py").write_text("def f(frame):\n    return frame.assign(x=2)\n")
    assert rows(session, "range 2 | map_batches --python=g.py:f | take")["x"] == [2, 2]


@pytest.mark.parametrize("statement, words", [
    ("map_batches --python=none.py:f", "no file"), ("map_batches --python=f.py", "such as"), ("map_batches --python=f.py:none", "no function none"),
    ("map_batches --python=f.py:wrong", "not int"), ("map_batches --python=f.py:fails", "no number above 150000"),
    ("map_batches --python=f.py:ends --schema=id:int64", "ended"), ("map_batches --python=f.py:double 'cat'", "instead"),
    ("map_batches --python=f.py:double --format=csv", "data frames"), ("map_batches --frames=arrow 'cat'", "without --python"), ("map_batches", "needs a command"),
    ("map_batches --python=f.py:double --frames=numpy", "no choice")])
def test_mistakes(session, statement, words):
    with pytest.raises(dsh.Error) as caught:
        session.run(f"range 200000 | {statement} | take_all --force")
    assert words in str(caught.value)
    assert session.run("1 + 1").value == 2


def test_cancelling_ends_the_function(session):
    threading.Timer(1.5, session.interrupt).start()
    begin = time.monotonic()
    with pytest.raises(dsh.Cancelled):
        session.run("range 200000 | map_batches --python=f.py:slow | count")
    assert time.monotonic() - begin < 10


def test_nothing_is_left(folder):
    with dsh.Session(nodes=2, folder=folder) as session:
        found = rows(session, "range 3000000 | map_batches --python=f.py:double | distinct process | take")["process"]
        assert found
    end = time.monotonic() + 5
    while time.monotonic() < end and any(os.path.exists(f"/proc/{process}") for process in found):
        time.sleep(0.05)
    assert not any(os.path.exists(f"/proc/{process}") for process in found)


def test_explain_names_the_function(session):
    assert "map_batches f.py:double as pandas" in str(session.run("range 5 | map_batches --python=f.py:double | explain"))
