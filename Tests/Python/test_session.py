"""Sessions: results, receipts, errors, datasets in both directions, interrupts."""

import datetime
import gc
import signal
import threading
import time
from pathlib import Path

import dsh
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

DATA = Path(__file__).resolve().parents[2] / "examples/data"


@pytest.fixture(scope="module")
def session():
    with dsh.Session(nodes=3, cwd=str(DATA)) as one:
        yield one


def test_results(session):
    result = session.run("range 5 | map x = id * 2 | take 3\n1 + 2\n")
    assert result.value == 3
    assert result.to_arrow().to_pydict() == {"id": [0, 1, 2], "x": [0, 2, 4]}
    assert result.receipts[0].rows == 3 and result.receipts[0].moved_bytes > 0 and result.receipts[0].moved[0][1] == "head"
    assert "id" in str(result) and "moved" in str(result.receipts[0])
    assert session.run("range 5 | map x = id / 2 | filter x > 1 | count").value == 2
    with pytest.raises(ValueError):
        session.run("x = range 3").value


def test_errors(session):
    with pytest.raises(dsh.StatementError) as caught:
        session.run("e = range 5\ne | filter idd > 3 | count")
    error = caught.value
    assert (error.code, error.category) == ("unknown-column", "user") and "did you mean" in str(error)
    assert error.place.line == 2 and error.place.column == 12 and "id > 3" in error.mended
    with pytest.raises(dsh.SyntaxFailure) as caught:
        session.run("é = rnage 5")
    assert caught.value.place.start == 4 and caught.value.place.end == 9
    with pytest.raises(dsh.StatementError) as caught:
        session.run("1 + 1\nread nowhere.csv | count", keep_going=True)
    assert caught.value.result.value == 2


def test_persisted_rows_are_mapped(session):
    session.run(
        "mapped = range 200000 | map text = string(id % 7), real = id / 3, when = date('2024-01-01') + id % 100, odd = id % 2 == 1, "
        "some = if(id % 5 == 0, null, id) | persist")
    dataset = session["mapped"]
    shared = dataset.blocks()
    table = shared.table(dictionaries=True)
    assert table.num_rows == 200000 and dataset.transfer.mapped_bytes > 200000 * 8 * 3
    assert dataset.transfer.moved_bytes < 5000
    for column in table.columns:
        for chunk in column.chunks:
            for buffer in (chunk.indices if pa.types.is_dictionary(chunk.type) else chunk).buffers():
                if buffer is not None and buffer.size:
                    assert any(buffer.address in store.addresses for store in shared.stores), column.type
    plain = dataset.to_arrow(dictionaries=False).to_pydict()
    assert plain["text"] == [str(number % 7) for number in range(200000)]
    assert plain["some"] == [None if number % 5 == 0 else number for number in range(200000)]
    assert plain["odd"] == [number % 2 == 1 for number in range(200000)]
    assert plain["when"][99] == datetime.date(2024, 4, 9)
    assert dataset.schema.field("real").type == pa.float64()


def test_blocks_are_held_as_long_as_they_are_seen():
    with dsh.Session(nodes=1, object_store_memory="32M", spill_limit="0") as session:
        session.run("held = range 1000000 | map x = id * 3 | persist")
        table = session["held"].to_arrow()
        column = table["x"]
        del table
        gc.collect()
        # There is no room for both: what is seen can't go, and comes before what is new.
        with pytest.raises(dsh.Error, match="store-full"):
            session.run("held | unpersist\nmany = range 1200000 | map y = id * 5 | persist")
        assert column.to_pylist() == [number * 3 for number in range(1000000)]
        del column
        gc.collect()
        assert not session.pending or session.run("1").value
        session.run("many = range 1200000 | map y = id * 5 | persist")
        assert session["many"].to_arrow()["y"][999].as_py() == 4995


def test_other_rows_are_moved(session):
    session.run("plain = range 10 | map x = id * id")
    dataset = session["plain"]
    assert dataset.to_arrow().to_pydict()["x"] == [number * number for number in range(10)]
    assert dataset.transfer.mapped_bytes == 0 and dataset.transfer.moved_bytes > 0
    assert dataset.head(2).num_rows == 2 and len(dataset) == 10
    with pytest.raises(dsh.StatementError, match="no dataset"):
        session["nothing"].to_arrow()
    with pytest.raises(dsh.StatementError, match="no dataset"):
        session["nothing"].schema


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.csv"))[:6])
def test_files_as_pyarrow_reads_them(session, name):
    session.run(f"file = read --types=string {name} | persist")
    own = session["file"].to_arrow(dictionaries=False)
    theirs = pyarrow.csv.read_csv(DATA / name, convert_options=pyarrow.csv.ConvertOptions(
        column_types={column: pa.string() for column in own.column_names}, strings_can_be_null=True, null_values=[""]))
    assert own.num_rows == theirs.num_rows and len(own.column_names) == len(theirs.column_names)
    for column in set(own.column_names) & set(theirs.column_names):
        assert own[column].to_pylist() == theirs[column].to_pylist(), column


def test_nested_rows(session, tmp_path):
    table = pa.table({
        "list": [[1, 2], None, [], [3]], "struct": [{"a": 1, "b": "x"}, {"a": None, "b": "y"}, None, {"a": 4, "b": None}],
        "deep": [[{"k": "a"}], [{"k": None}, {"k": "c"}], None, []]})
    pyarrow.parquet.write_table(table, tmp_path / "nested.parquet")
    session.run(f'nested = read "{tmp_path}/nested.parquet" | persist')
    assert session["nested"].to_arrow(dictionaries=False).to_pylist() == table.to_pylist()


def test_data_is_brought_in(session):
    table = pa.table({"id": list(range(1000)), "text": [f"t{number % 3}" for number in range(1000)], "none": [None, 1.5] * 500})
    assert session.read_arrow("brought", table).count() == 1000
    assert session["brought"].to_arrow().to_pydict() == table.to_pydict()
    assert session.run("brought | agg n = count() by text | sort text | take").to_arrow().to_pydict()["n"] == [334, 333, 333]
    session.read_arrow("brought", {"a": [1]})
    assert session["brought"].to_arrow().to_pydict() == {"a": [1]}
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    session.read_arrow("pandas", pandas.DataFrame({"x": [1, 2]}))
    session.read_arrow("polars", polars.DataFrame({"x": [3, 4]}))
    assert session["pandas"].to_pandas().x.tolist() == [1, 2] and session["polars"].to_polars()["x"].to_list() == [3, 4]
    with pytest.raises(TypeError):
        session.read_arrow("number", 5)


def test_interrupts(session):
    threading.Timer(0.5, session.interrupt).start()
    begin = time.monotonic()
    with pytest.raises(dsh.CancelledError):
        session.run("range 1000000000000 | filter id % 7 == 9 | count")
    assert time.monotonic() - begin < 5
    assert session.run("1 + 1").value == 2
    main = threading.main_thread().ident
    threading.Timer(0.5, lambda: signal.pthread_kill(main, signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        session.run("range 1000000000000 | filter id % 7 == 9 | count")
    assert session.run("1 + 1").value == 2


def test_what_commands_print(session):
    printed = [output.text for output in session.run("!printf 'a\\nb'; echo c >&2").outputs if output.kind == "printed"]
    assert "".join(printed) == "a\nbc\n"


def test_progress_and_notices():
    seen, notices = [], []
    with dsh.Session(nodes=2, on_progress=seen.append, on_notice=notices.append) as session:
        session.run("range 300000000 | filter id % 7 == 3 | count")
        assert seen and {"tasks", "finished", "seconds", "nodes"} <= set(seen[0])
        session.run("p = range 1000000 | persist\nnodes kill node1\np | count")
        assert any("node1" in text for text in notices)


def test_quit_ends_it():
    with dsh.Session(nodes=1) as session:
        assert session.run("range 3 | count").outcome == "finished" and session.run("quit").outcome == "quit"
        with pytest.raises(dsh.ConnectionLost):
            session.run("1")
