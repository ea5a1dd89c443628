"""Datasets: rows that are mapped where they lie, rows that move, and rows that are brought in; compared with what pyarrow reads itself."""

import datetime
import gc
import re

import dsh
import pandas
import polars
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from conftest import DATA
from dsh.blocks import SharedBlocks

SIZE = 200_000
#: A column of each way that blocks keep values.
COLUMNS = (
    "text = string(id % 7), many = string(id * 31), real = id / 3, day = date('2024-01-01') + id % 100, odd = id % 2 == 1, "
    "some = if(id % 5 == 0, null, id), nothing = null, moment = timestamp('2024-01-01 00:00:00')")


def shared(session, name) -> SharedBlocks:
    return SharedBlocks(session.ask({"do": "blocks", "name": name}), session.connection.link.release, session.memories)


def buffers_of(array) -> list:
    return [buffer for buffer in array.buffers() if buffer is not None and buffer.size]


def test_persisted_rows_lie_in_the_stores(session):
    session.run(f"mapped = range --blocks=8 {SIZE} | map {COLUMNS} | persist")
    blocks = shared(session, "mapped")
    table = blocks.table()
    table.validate(full=True)
    assert table.num_rows == SIZE and all(column.num_chunks == 8 for column in table.columns)
    for name in table.column_names:
        for chunk in table[name].chunks:
            for part in (chunk.indices, chunk.dictionary) if pa.types.is_dictionary(chunk.type) else (chunk,):
                assert all(buffer in blocks.stores for buffer in buffers_of(part)), name
    assert blocks.mapped_bytes > SIZE * 8 * 4 and blocks.moved_bytes < 2000 and blocks.copied_bytes == 0


def test_persisted_rows_have_their_values(session):
    session.run(f"mapped = range --blocks=8 {SIZE} | map {COLUMNS} | persist")
    dataset = session["mapped"]
    table = dataset.to_arrow(dictionaries=False)
    assert table.schema == dataset.schema and table.schema.field("text").type == pa.string()
    values = table.to_pydict()
    assert values["id"] == list(range(SIZE)) and values["text"] == [str(number % 7) for number in range(SIZE)]
    assert values["many"] == [str(number * 31) for number in range(SIZE)]
    assert values["some"] == [None if number % 5 == 0 else number for number in range(SIZE)]
    assert values["odd"] == [number % 2 == 1 for number in range(SIZE)] and values["nothing"] == [None] * SIZE
    assert values["day"][199] == datetime.date(2024, 4, 9) and values["real"][-1] == (SIZE - 1) / 3
    assert dataset.to_arrow().cast(table.schema) == table


def test_mapping_takes_no_memory(session):
    # 160 MB in the stores; only what is looked at counts as this process's.
    session.run("large = range 10000000 | map half = id / 2 | persist")
    before = resident()
    table = session["large"].to_arrow()
    assert table.num_rows == 10_000_000 and table.nbytes >= 160_000_000 and resident() - before < 20 << 20
    assert session["large"].transfer.mapped_bytes == 160_000_000 and session["small"].transfer is None


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_blocks_are_held_as_long_as_they_are_seen(session):
    session.run("held = range 300000 | map x = id * 3 | persist")
    column = session["held"].to_arrow()["x"]
    part = column.chunk(0).slice(10, 5)
    session.run("held | unpersist\nheld = range 1")
    session.run("many = range 3000000 | map y = id * 5 | persist\nmany | unpersist")
    assert column.to_pylist() == [number * 3 for number in range(300_000)]
    del column
    gc.collect()
    assert part.to_pylist() == [30, 33, 36, 39, 42]


def test_the_hold_ends_with_the_last_array(session, monkeypatch):
    session.run("held = range --blocks=4 30000 | persist")
    released = []
    blocks = SharedBlocks(session.ask({"do": "blocks", "name": "held"}), released.append, session.memories)
    table = blocks.table()
    del blocks
    part = table["id"].chunk(2).slice(3, 1)
    values = part.to_numpy()
    del table, part
    gc.collect()
    assert released == [] and values[0] >= 3
    del values
    gc.collect()
    assert len(released) == 1
    session.ask({"do": "release", "hold": released[0]})


def test_a_store_is_mapped_once(session):
    session.run("first = range 30000 | persist\nsecond = range 40000 | persist")
    one, again = session["first"].to_arrow(), session["first"].to_arrow()
    assert one["id"].chunk(0).buffers()[1].address == again["id"].chunk(0).buffers()[1].address
    del one
    gc.collect()
    assert again["id"].to_pylist() == list(range(30_000)) and session["second"].to_arrow()["id"].to_pylist() == list(range(40_000))
    del again
    gc.collect()
    with open("/proc/self/maps") as file:
        assert len(session.memories._known) == 0 and "/memfd:" not in file.read()


def test_the_server_is_told_of_the_end():
    # A store that has room for one of two: what is held can't give way to what comes.
    with dsh.Session(nodes=1, slots=1, object_store_memory="64M", spill_limit=0) as session:
        session.run("first = range --blocks=4 5000000 | persist")
        table = session["first"].to_arrow()
        session.run("first | unpersist")
        with pytest.raises(dsh.Error, match="store-full"):
            session.run("range --blocks=4 5000001 | persist")
        assert table["id"].chunk(3)[-1].as_py() == 4_999_999
        del table
        gc.collect()
        assert session.run("range --blocks=4 5000002 | persist").receipts[0].rows == 5_000_002


def test_all_dictionaries_or_none(session, tmp_path):
    few = "\n".join(["word", *(f"w{number % 5}" for number in range(2000))])
    many = "\n".join(["word", *(f"w{number % 400}" for number in range(20000))])
    distinct = "\n".join(["word", *(f"w{number}-{number * 7}" for number in range(20000))])
    for name, text in (("few", few), ("many", many), ("distinct", distinct)):
        (tmp_path / f"{name}.csv").write_text(text + "\n")
    expected = {name: text.splitlines()[1:] for name, text in (("few", few), ("many", many), ("distinct", distinct))}
    for names, kind in ((["few"], pa.uint8()), (["few", "many"], pa.uint16()), (["few", "distinct"], None)):
        files = " ".join(f'"{tmp_path}/{name}.csv"' for name in names)
        session.run(f"words = read {files} | persist")
        storages = {block["columns"][0]["storage"] for block in shared(session, "words")._blocks}
        table = session["words"].to_arrow()
        table.validate(full=True)
        rows = sum((expected[name] for name in names), [])
        assert sorted(table["word"].to_pylist()) == sorted(rows), (names, storages)
        if storages == {"dictionary"} and kind:
            assert table.schema.field("word").type == pa.dictionary(kind, pa.string())
        else:
            assert table.schema.field("word").type == pa.string()
        plain = session["words"].to_arrow(dictionaries=False)
        assert plain.schema.field("word").type == pa.string() and plain["word"].to_pylist() == table["word"].to_pylist()


def test_frames(session):
    session.run("kinds = read penguins.csv | persist")
    dataset = session["kinds"]
    theirs = pandas.read_csv(DATA / "penguins.csv")
    assert dataset.to_pandas(dictionaries=False).species.tolist() == theirs.species.tolist()
    assert str(dataset.to_pandas().species.dtype) == "category" and dataset.to_pandas().species.tolist() == theirs.species.tolist()
    assert dataset.to_polars()["species"].to_list() == theirs.species.tolist()
    assert polars.DataFrame(dataset).shape == theirs.shape and pa.table(dataset).num_rows == len(theirs)


def test_transfer_in_words(session):
    session.run("p = range 8000 | persist\nplain = range 8000")
    for dataset in session["p"], session["plain"]:
        dataset.to_arrow()
        assert re.fullmatch(r"8,000 rows: 62\.5 KiB mapped in place, \d+ B moved", str(dataset.transfer))
        dataset.head(800)
        assert str(dataset.transfer) == "800 rows: 0 B mapped in place, 6.2 KiB moved"


def test_other_rows_are_made_where_they_are_mapped(session):
    session.run("squares = range 10 | map x = id * id")
    dataset = session["squares"]
    assert dataset.to_arrow()["x"].to_pylist() == [number * number for number in range(10)]
    assert (dataset.transfer.mapped_bytes, dataset.transfer.rows) == (160, 10)
    assert dataset.head(2).num_rows == 2 and dataset.head().num_rows == 5 and len(dataset) == dataset.count() == 10 and dataset
    assert dataset.schema == pa.schema([("id", pa.int64()), ("x", pa.int64())]) and "squares" in session.datasets
    for ask in (lambda: session["zzz"].to_arrow(), lambda: session["zzz"].schema, lambda: session["zzz"].head(), lambda: len(session["zzz"])):
        with pytest.raises(dsh.UserMistake, match="zzz"):
            ask()


def test_asking_leaves_the_last_run_alone(session):
    asked = session.read_arrow("asked", {"x": [1, 2, 3]})
    session.run("range 7 | sum id")
    before = str(session.run("stats"))
    assert "partial aggregates" in before
    assert (asked.count(), asked.head(1).num_rows, asked.to_arrow().num_rows, len(asked)) == (3, 1, 3, 3)
    session["asked"].schema
    assert str(session.run("last")) == before and str(session.run("stats")) == before


def test_more_than_the_stores_hold(tmp_path):
    with dsh.Session(nodes=2, object_store_memory="16MiB", spill_directory=tmp_path) as session:
        session.run("large = range 8000000 | map x = id * 3")
        table = session["large"].to_arrow()
        assert table["x"].to_numpy()[-1] == 23_999_997 and table.num_rows == 8_000_000
        transfer = session["large"].transfer
        assert transfer.mapped_bytes + transfer.moved_bytes >= 128_000_000 and transfer.moved_bytes > 90_000_000
        assert session.run("large | count").value == 8_000_000


def test_a_dataset_without_rows(session):
    session.run("none = range 1000 | filter id < 0 | map t = string(id) | persist")
    table = session["none"].to_arrow()
    assert table.num_rows == 0 and table.column_names == ["id", "t"]


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.csv")))
def test_files_as_pyarrow_reads_them(session, name):
    session.run(f"file = read --types=string {name} | persist")
    own = session["file"].to_arrow(dictionaries=False)
    theirs = pyarrow.csv.read_csv(
        DATA / name, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={column: pa.string() for column in own.column_names}, strings_can_be_null=True, null_values=[""],
            quoted_strings_can_be_null=False))
    assert own.num_rows == theirs.num_rows and own.num_columns == theirs.num_columns
    # By place: a column whose header is empty has a name here.
    for place, column in enumerate(own.column_names):
        assert own[place].to_pylist() == theirs[place].to_pylist(), column


def test_nested_rows(session, tmp_path):
    table = pa.table({
        "list": [[1, 2], None, [], [3]], "struct": [{"a": 1, "b": "x"}, {"a": None, "b": "y"}, None, {"a": 4, "b": None}],
        "deep": [[{"k": "a"}], [{"k": None}, {"k": "c"}], None, []], "lists": [[["p"], []], None, [None], [["q", "q"]]]})
    pyarrow.parquet.write_table(table, tmp_path / "nested.parquet")
    session.run(f'nested = read "{tmp_path}/nested.parquet" | persist')
    found = session["nested"].to_arrow()
    found.validate(full=True)
    assert found.to_pylist() == table.to_pylist()


def test_nested_codes(session):
    table = pa.table({"words": [[f"w{number % 3}"] * 3 for number in range(20_000)], "pair": [{"w": f"w{number % 3}"} for number in range(20_000)]})
    session.read_arrow("brought", table)
    session.run("nested = brought | persist")
    found = session["nested"].to_arrow()
    found.validate(full=True)
    assert found.to_pylist() == table.to_pylist()


@pytest.mark.parametrize("data", [
    pa.table({"a": [1, None], "b": ["x", None]}), pa.record_batch({"a": [1, None], "b": ["x", None]}),
    pa.table({"a": [1, None], "b": ["x", None]}).to_reader(), {"a": [1, None], "b": ["x", None]},
    pandas.DataFrame({"a": pandas.array([1, None], "Int64"), "b": ["x", None]}), polars.DataFrame({"a": [1, None], "b": ["x", None]}),
    pa.table({"a": [1, None], "b": pa.array(["x", None]).dictionary_encode()}),
    pa.table({"a": [1, None], "b": pa.array(["x", None], pa.large_string())})], ids=lambda data: type(data).__name__)
def test_data_is_brought_in(session, data):
    dataset = session.read_arrow("brought", data)
    assert dataset.count() == 2 and dataset.to_arrow().to_pydict() == {"a": [1, None], "b": ["x", None]}


@pytest.mark.parametrize("array", [
    pa.array([1, None, -3], pa.int8()), pa.array([1, None], pa.uint64()), pa.array([1.5, None], pa.float32()), pa.array([True, None, False]),
    pa.array([1, None], pa.decimal128(10, 2)), pa.array([1, None], pa.time32("s")), pa.array([1, None], pa.time64("us")),
    pa.array([1, None], pa.timestamp("us", "Europe/Berlin")), pa.array([1, None], pa.timestamp("ns")), pa.array([1, None], pa.duration("s")),
    pa.array([1, None], pa.date32()), pa.array([b"a", None, b""]), pa.array([b"ab", None], pa.binary(2)), pa.array([None, None]),
    pa.array(["a", None], pa.string_view()), pa.array([["a", None], None], pa.large_list(pa.large_string())),
    pa.array([[1, 2], [3, 4]], pa.list_(pa.int32(), 2)), pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
    pa.array([{"a": "x"}, None], pa.struct([("a", pa.large_string())]))], ids=lambda array: str(array.type))
def test_types_there_and_back(session, array):
    session.read_arrow("brought", pa.table({"x": array}))
    session.run("kept = brought | persist")
    for name in ("brought", "kept"):
        found = session[name].to_arrow(dictionaries=False)
        found.validate(full=True)
        assert found["x"].to_pylist() == array.to_pylist() and found.schema == session[name].schema


def test_dictionaries_that_change_from_batch_to_batch(session):
    batches = [pa.record_batch({"w": pa.array(words).dictionary_encode()}) for words in (["a", "b", "a"], ["c", "a"], ["z"])]
    for data in (pa.RecordBatchReader.from_batches(batches[0].schema, batches), pa.Table.from_batches(batches)):
        assert session.read_arrow("brought", data).to_arrow()["w"].to_pylist() == ["a", "b", "a", "c", "a", "z"]


def test_much_data_is_brought_in(session):
    table = pa.table({"id": range(400_000), "text": [f"t{number % 3}" for number in range(400_000)], "list": [[number] for number in range(400_000)]})
    assert session.read_arrow("brought", table).to_arrow().to_pydict() == table.to_pydict()
    assert session.run("brought | agg n = count() by text | sort text | take").to_arrow()["n"].to_pylist() == [133_334, 133_333, 133_333]
    session.read_arrow("brought", {"a": [1]})
    assert session["brought"].to_arrow().to_pydict() == {"a": [1]}


def test_what_has_no_rows(session):
    with pytest.raises(TypeError, match="not int"):
        session.read_arrow("number", 5)
    for name in ("no name", "", "x = range 3; y", "a\n!false"):
        with pytest.raises(ValueError, match="name"):
            session.read_arrow(name, {"a": [1]})
        with pytest.raises(dsh.UserMistake, match="no dataset"):
            session[name].count()
