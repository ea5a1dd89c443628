#!/usr/bin/env python3
"""Times how a CSV file comes to Python as a data frame or a table of Arrow: dsh beside DuckDB, Polars and pyarrow, in turn, in one process.

    DSH_PYTHON=… python3 Tests/Comparison/frames.py --dsh .build/release/dsh --data FOLDER [--runs 5]

FOLDER holds lineitem.csv of TPC-H, as `tpchgen-cli csv -s 1 --tables lineitem` makes it. What is told are medians in milliseconds of the wall. Each run of dsh
makes a dataset of the file that no run before has made, so that the text is read anew; its session has started before, as the others have. Answers are compared.
"""

import gc
import math
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import REPOSITORY, Tally, arguments, reexecute_with

WANTED = ["l_orderkey", "l_quantity", "l_extendedprice", "l_shipmode"]
LEAST = 45


def tasks(session, file: Path) -> dict:
    """What is asked of each program: a table of Arrow, or a frame of pandas."""
    import duckdb
    import polars
    import pyarrow.compute as compute
    import pyarrow.csv as csv

    names, number = ", ".join(WANTED), [0]

    def ours(stages: str):
        # A dataset of the file as if it were another one: what was made of it before is not found again.
        number[0] += 1
        session.run(f"d{number[0]} = read {file} | filter l_linenumber != {-number[0]}{stages}")
        return session[f"d{number[0]}"]

    def read_by_pyarrow(columns=None):
        return csv.read_csv(file, convert_options=csv.ConvertOptions(include_columns=columns))

    def some_by_pyarrow():
        table = read_by_pyarrow(WANTED)
        return table.filter(compute.greater(table["l_quantity"], LEAST))

    some = f" | filter l_quantity > {LEAST} | select {names}"
    query = f"select {names} from read_csv('{file}') where l_quantity > {LEAST}"
    lazy = polars.scan_csv(file).filter(polars.col("l_quantity") > LEAST).select(WANTED)
    return {
        "all rows to Arrow": {
            "dsh": lambda: ours("").to_arrow(),
            "duckdb": lambda: duckdb.sql(f"select * from read_csv('{file}')").to_arrow_table(),
            "polars": lambda: polars.read_csv(file).to_arrow(),
            "pyarrow": read_by_pyarrow,
        },
        "some rows and columns to Arrow": {
            "dsh": lambda: ours(some).to_arrow(),
            "duckdb": lambda: duckdb.sql(query).to_arrow_table(),
            "polars": lambda: lazy.collect().to_arrow(),
            "pyarrow": some_by_pyarrow,
        },
        "some rows and columns to pandas": {
            "dsh": lambda: ours(some).to_pandas(),
            "duckdb": lambda: duckdb.sql(query).df(),
            "polars": lambda: lazy.collect().to_pandas(),
        },
    }


def size(result) -> tuple:
    """How many rows there are, and the sum of the quantities."""
    quantities = result["l_quantity"]
    total = quantities.sum() if hasattr(quantities, "sum") else sum(chunk.to_numpy(zero_copy_only=False).sum() for chunk in quantities.chunks)
    return len(result), float(total)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    reexecute_with("duckdb", "polars", "pandas", "pyarrow")
    sys.path.insert(0, str(REPOSITORY / "Sources/Python"))
    import dsh

    tally, file = Tally(), (options.data / "lineitem.csv").resolve()
    with dsh.Session(program=options.dsh) as session:
        session.run("range 10 | count")
        for name, programs in tasks(session, file).items():
            seconds, sizes = {program: [] for program in programs}, {}
            for _ in range(options.runs):
                for program, run in programs.items():
                    gc.collect()
                    begin = time.perf_counter()
                    result = run()
                    seconds[program].append(time.perf_counter() - begin)
                    sizes[program] = size(result)
                    del result
            medians = {program: statistics.median(times) for program, times in seconds.items()}
            print(f"{name}: " + ", ".join(f"{program} {value * 1000:.0f} ms" for program, value in medians.items())
                  + "; beside dsh " + ", ".join(f"{program} {value / medians['dsh']:.1f}" for program, value in medians.items() if program != "dsh"))
            rows, total = sizes["dsh"]
            tally.check(all(other[0] == rows and math.isclose(other[1], total) for other in sizes.values()), f"{name}: the same rows", str(sizes))
    tally.finish()


if __name__ == "__main__":
    main()
