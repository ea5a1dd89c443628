#!/usr/bin/env python3
"""Times how a persisted dataset comes to Python: mapped as an Arrow table, and converted to a data frame of pandas.

    python3 Tests/Comparison/to_arrow.py --dsh .build/release/dsh [--megabytes 600]

What is told: bytes mapped and moved, the time of `to_arrow`, how much the resident memory of this process has grown, whether each buffer lies in a mapped store, and
the time of `to_pandas` beside that of pyarrow for a table of its own with the same values (medians of five).
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import REPOSITORY, Tally, arguments, reexecute_with

ROW_BYTES = 4 * 8


def resident() -> int:
    """The memory of this process that is its own, in bytes: mapped pages of the stores are the stores'."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) << 10
    return 0


def median(action) -> float:
    times = []
    for _ in range(5):
        begin = time.monotonic()
        action()
        times.append(time.monotonic() - begin)
    return statistics.median(times)


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--megabytes", type=int, default=600)
    options = parser.parse_args()
    reexecute_with("pyarrow", "pandas")
    sys.path.insert(0, str(REPOSITORY / "Sources/Python"))
    import dsh
    import pyarrow as pa
    from dsh.blocks import SharedBlocks

    tally, rows = Tally(), options.megabytes * 1_000_000 // ROW_BYTES
    with dsh.Session(program=options.dsh, nodes=2, object_store_memory="2G") as session:
        session.run(f"p = range {rows} | map a = id * 2, b = id / 3, c = id % 1000 | persist")
        dataset = session["p"]
        dataset.schema
        before, begin = resident(), time.monotonic()
        table = dataset.to_arrow()
        seconds, grown = time.monotonic() - begin, resident() - before
        print(f"to_arrow: {dataset.transfer}; {seconds * 1000:.1f} ms, {grown / 1e6:.1f} MB more of own memory")
        tally.check(seconds < 0.05, "to_arrow takes less than 50 ms", f"{seconds:.3f} s")
        tally.check(grown < 20e6, "and less than 20 MB of memory", f"{grown:,} bytes")
        shared = SharedBlocks(session.ask({"do": "blocks", "name": "p"}), session.connection.link.release, session.memories)
        places = [buffer for column in shared.table().columns for chunk in column.chunks for buffer in chunk.buffers() if buffer]
        tally.check(bool(places) and all(buffer in shared.stores for buffer in places), "all buffers lie in stores")
        own = pa.table({name: pa.concat_arrays(table[name].chunks) for name in table.column_names})
        tally.check(own.equals(table.combine_chunks()), "the values are the same")
        theirs, ours = median(own.to_pandas), median(dataset.to_pandas)
        print(f"to_pandas: {ours * 1000:.0f} ms, pyarrow's own table {theirs * 1000:.0f} ms, ratio {ours / theirs:.2f}")
    tally.finish()


if __name__ == "__main__":
    main()
