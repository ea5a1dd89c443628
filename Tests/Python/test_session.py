"""Runs: results, receipts, errors, notices, progress and interrupts."""

import os
import signal
import threading
import time

import dsh
import pytest

ENDLESS = "range 1000000000000 | filter id % 7 == 9 | count"


def test_outputs_and_text(session):
    result = session.run("range 5 | map x = id * 2 | take 3\n1 + 2\n!echo hello")
    assert [output.kind for output in result] == ["rows", "receipt", "scalar", "printed"] and result.outcome == "finished"
    assert result.value == 3 and result.to_arrow().to_pydict() == {"id": [0, 1, 2], "x": [0, 2, 4]}
    assert str(result).splitlines()[-2:] == ["3", "hello"] and "│ int64 │ int64 │" in str(result)
    assert result.to_pandas().x.tolist() == [0, 2, 4] and result.to_polars()["x"].to_list() == [0, 2, 4]
    with pytest.raises(ValueError, match="no statement gave a value"):
        session.run("range 5 | take").value
    with pytest.raises(ValueError, match="no statement gave rows"):
        session.run("1").to_arrow()
    with pytest.raises(ValueError, match="receipt has no rows"):
        result.receipts and result.outputs[1].to_arrow()


@pytest.mark.parametrize("statement, value", [
    ("1 + 2", 3), ("1.5 * 2", 3.0), ("'a' == 'a'", True), ("null", None), ("'é'", "é"), ("1 / 0.0", float("inf")),
    ("date('2024-02-29')", "2024-02-29"),
    ("9223372036854775807", 2 ** 63 - 1), ("'inf'", "inf"), ("range 10 | sum id", 45)])
def test_values(session, statement, value):
    found = session.run(statement).value
    assert found == value and type(found) is type(value)


def test_receipts(session):
    result = session.run("kept = range --blocks=4 1000 | map half = id / 2 | persist\nkept | take 3\nkept | sort half | count")
    persisted, taken, _ = result.receipts
    assert (persisted.action, persisted.dataset, persisted.rows, persisted.moved_bytes, persisted.moved) == ("persist", "kept", 1000, 0, ())
    assert persisted.blocks_total == persisted.blocks_run == 4 and 0 < persisted.seconds < 20
    move, = taken.moved
    assert move.target == "head" and move.source.startswith("node") and move.bytes == taken.moved_bytes > 0
    assert taken.rows == 3 and "moved to head" in str(taken) and "moved_bytes" in taken.members
    assert taken.lines == tuple(str(taken).splitlines())


def test_pictures_only_where_asked_for(session):
    plain, pictured = session.run("range 9 | take"), session.run("range 9 | take\nrange 9 | hist id", pictures=True)
    assert plain.outputs[0].html is None and plain._repr_html_() is None
    assert "<table" in pictured.outputs[0].html and pictured.outputs[2].svg.startswith("<svg")
    assert "<table" in pictured._repr_html_() and "<svg" in pictured._repr_html_()


def test_width(session):
    text = "range 1 | map a = 'x', b = 'y', c = 'some long text that takes place' | take"
    narrow, wide = (len(str(session.run(text, width=width)).splitlines()[0]) for width in (30, 0))
    assert narrow <= 30 < wide


def test_errors_tell_place_and_mending(session):
    with pytest.raises(dsh.UserMistake) as caught:
        session.run("e = range 5\ne | filter idd > 3 | count", name="mine")
    error = caught.value
    assert (error.code, error.category, error.message) == ("unknown-column", "user", 'no column "idd"')
    assert (error.place.line, error.place.column, error.place.start, error.place.end) == (2, 12, 23, 26)
    assert error.suggestion == 'did you mean "id"?' and error.mended == "e = range 5\ne | filter id > 3 | count"
    assert "mine:2:12" in str(error) and "^^^" in str(error)
    with pytest.raises(dsh.SyntaxMistake) as caught:
        session.run("é = rnage 5")
    assert (caught.value.place.start, caught.value.place.end) == (4, 9)
    with pytest.raises(dsh.UserMistake, match="file-not-found"):
        session.run("read nowhere.csv | count")


def test_what_came_before_an_error_is_kept(session):
    with pytest.raises(dsh.Error) as caught:
        session.run("1 + 1\nread nowhere.csv | count\n3 + 3")
    assert caught.value.result.value == 2 and caught.value.result.outcome == "failed"
    with pytest.raises(dsh.Error) as caught:
        session.run("1 + 1\nread nowhere.csv | count\nread neither.csv | count\n3 + 3", keep_going=True)
    assert caught.value.result.value == 6 and [error.code for error in caught.value.others] == ["file-not-found"]


def test_a_place_in_another_text(session, tmp_path):
    (tmp_path / "script.dsh").write_text("1 + 1\nrange 3 | nothing\n")
    with pytest.raises(dsh.Error) as caught:
        session.run(f'source "{tmp_path}/script.dsh"')
    assert caught.value.code == "unknown-verb" and "range 3 | nothing" in str(caught.value)


def test_typing(session):
    session.run("seen = range 3 | map doubled = id * 2")
    found = session.complete("é = seen | filter doub")
    assert (found["start"], found["end"], found["items"][0]["text"]) == (18, 22, "doubled")
    assert "doubled" in session.inspect("seen | take", 1) and session.inspect("zzz", 1) is None
    assert session.ask({"do": "is_complete", "text": "seen |"})["status"] == "incomplete"


def test_requests_that_are_none(session):
    with pytest.raises(dsh.UserMistake, match="bad-request"):
        session.ask({"do": "fly"})
    with pytest.raises(dsh.UserMistake, match="bad-request"):
        session.ask({"do": "complete", "text": 5, "offset": 0})
    with pytest.raises(ValueError):
        session.run("'\ud800'")
    assert session.run("1 + 1").value == 2


def test_an_interrupt_from_another_thread(session):
    begin = time.monotonic()
    threading.Timer(0.5, session.interrupt).start()
    with pytest.raises(dsh.Cancelled) as caught:
        session.run(ENDLESS)
    assert 0.4 < time.monotonic() - begin < 5 and caught.value.result.outcome == "cancelled"
    # Where nothing runs it does nothing.
    session.interrupt()
    assert session.run("1 + 1").value == 2


def test_ctrl_c(session):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt) as caught:
        session.run(ENDLESS)
    assert time.monotonic() - begin < 5 and isinstance(caught.value.__cause__, dsh.Cancelled)
    assert session.run("1 + 1").value == 2


def test_ctrl_c_at_any_moment(session):
    # Short runs, so that it hits all of sending, waiting, taking and between; what comes next must fit all the same.
    for place in range(60):
        timer = threading.Timer(0.0002 * place, os.kill, (os.getpid(), signal.SIGINT))
        try:
            timer.start()
            session.run("range 100 | take 3\n!echo x")
            timer.join()
            time.sleep(0.01)
        except KeyboardInterrupt:
            pass
        assert session.run(f"{place} + 1").value == place + 1


def test_a_callback_that_fails_cancels_the_run(session):
    with pytest.raises(ZeroDivisionError):
        session.run(ENDLESS, on_progress=lambda progress: 1 / 0)
    assert session.run("1 + 1").value == 2


def test_threads_share_a_session(session):
    values = {}

    def work(number):
        for step in range(10):
            values[number, step] = session.run(f"{number} * 100 + {step}").value
    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert values == {(number, step): number * 100 + step for number in range(8) for step in range(10)}


def test_progress_notices_and_outputs_as_they_come():
    progress, notices, outputs = [], [], []
    with dsh.Session(nodes=2, on_progress=progress.append, on_notice=notices.append, on_output=outputs.append) as session:
        session.run("range 300000000 | filter id % 7 == 3 | count")
        assert len(progress) > 1 and progress[-1].tasks >= progress[-1].finished and progress[-1].nodes[0].name == "node1"
        assert "tasks" in str(progress[-1]) and [output.kind for output in outputs] == ["scalar", "receipt"]
        session.run("p = range 1000000 | persist\nnodes kill node1\np | count")
        assert any("node1" in text for text in notices)


def test_quit():
    with dsh.Session(nodes=1) as session:
        assert session.run("1\nquit").outcome == "quit" and not session.is_open
        with pytest.raises(dsh.ConnectionLost, match="is closed"):
            session.run("1")
