#!/usr/bin/env python3
"""Runs random pipelines over random tables with dsh in many configurations and with DuckDB, and prints each difference.

    python3 Tests/Comparison/pipelines.py --dsh .build/release/dsh [--seeds FIRST LAST] [--seconds N] [--data DATA] [--without-duckdb]

Each seed makes three tables and some pipelines over them. What dsh prints must be the same to the byte however many nodes, blocks and rows
in a batch there are, with rules switched off and with tables persisted; and it must be what DuckDB answers: numbers with fractions
but for the last digits, all else exactly, rows in their order. A pipeline that fails is printed with the fewest stages that still fail.
"""

import datetime
import json
import math
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import arguments, reexecute_with, run
from pipeline_aggregates import MACROS
from pipeline_combinations import Combinations
from pipeline_queries import NotApplicable
from pipeline_tables import Table, random_rows, real_files, real_rows

PIPELINES_OF_A_SEED = 12
GREATEST_STAGE_COUNT = 6
SEEDS_OF_ONE_WITH_REAL_ROWS = 4
RELATIVE_TOLERANCE = 1e-9
RULES = ["push-filter-down", "push-limit-down", "prune-columns", "fuse-projections"]
# Flags of the program, settings, blocks of each file, and what is done with the tables first.
CONFIGURATIONS = [
    ([], [], 3, ""), (["--nodes=1"], [], 1, ""), (["--nodes=4"], [], 7, ""), ([], ["batch-rows 7"], 3, ""),
    (["--nodes=3"], ["batch-rows 1"], 2, ""), ([], [], 5, " | persist"), ([], [f"rules-off {','.join(RULES)}"], 3, ""),
    *[([], [f"rules-off {rule}"], 4, "") for rule in RULES]]
MARK = '"next pipeline"'
MARK_OUTPUT = '[\n{"\\"next pipeline\\"":"next pipeline"}\n]\n'
ENDINGS = ["take_all --force", "take_all --force", "take_all --force", "take 5", "count"]


class Pipeline:
    def __init__(self, table: str, stages: list, ending: str):
        self.table, self.stages, self.ending = table, stages, ending

    @property
    def text(self) -> str:
        return " | ".join([self.table, *(stage.text for stage in self.stages), self.ending])

    def without(self, number: int) -> "Pipeline":
        return Pipeline(self.table, self.stages[:number] + self.stages[number + 1:], self.ending)


class Seed:
    """The tables and pipelines of a seed."""

    def __init__(self, number: int, folder: Path, data: Path):
        source = random.Random(number)
        self.folder = folder
        files = real_files(data) if data and number % SEEDS_OF_ONE_WITH_REAL_ROWS == 0 else []
        self.tables = []
        for name in ["t1", "t2", "t3"]:
            columns, rows = real_rows(source, source.choice(files)) if files else random_rows(source)
            self.tables.append(Table(name, folder, columns, rows))
        columns = {table.name: table.columns for table in self.tables}
        self.pipelines = []
        while len(self.pipelines) < PIPELINES_OF_A_SEED:
            stages = Combinations(source, columns)
            name = source.choice(list(columns))
            now, made = columns[name], []
            for _ in range(source.randint(1, GREATEST_STAGE_COUNT)):
                try:
                    stage = stages.any_stage(now)
                    now = stage.query(now).columns
                except NotApplicable:
                    continue
                made.append(stage)
            self.pipelines.append(Pipeline(name, made, source.choice(ENDINGS)))

    def answers(self, binary: str, pipelines: list, configuration: tuple) -> list:
        """What dsh prints for each pipeline, an error included."""
        flags, settings, blocks, ending = configuration
        head = [f"set {setting}" for setting in settings] + [table.statement(blocks, ending) for table in self.tables]
        # A text between the statements tells their outputs apart.
        lines = [line for pipeline in pipelines for line in [MARK, pipeline.text]]
        script = self.folder / "pipelines.dsh"
        script.write_text("\n".join(head + lines) + "\n", "utf-8")
        outcome = run(binary, "--format=json", "--report=none", "--keep-going", *flags, script.name, folder=self.folder, timeout=600)
        parts = outcome.text.split(MARK_OUTPUT)[1:]
        if len(parts) != len(pipelines):
            return [f"exit code {outcome.status}: {outcome.error_text[:2000]}"] * len(pipelines)
        return parts

    def error(self, binary: str, pipeline: Pipeline) -> str:
        script = "\n".join([table.statement(3, "") for table in self.tables] + [pipeline.text])
        return run(binary, "--format=json", "--report=none", "-c", script, folder=self.folder).error_text


def plain(value):
    """A value of DuckDB as it stands in dsh's JSON."""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") + (f".{value.microsecond:06d}".rstrip("0") if value.microsecond else "")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return [plain(element) for element in value] if isinstance(value, list) else value


def same(left, right) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if left is None or right is None or isinstance(left, (bool, str)) or isinstance(right, (bool, str)):
        return left == right and type(left) is type(right)
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    return math.isclose(left, right, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-9)


class Reference:
    """The answers of DuckDB."""

    def __init__(self, duckdb, seed: Seed):
        self.connection = duckdb.connect()
        # One thread keeps the order of what has no other.
        self.connection.execute("set threads = 1; set timezone = 'UTC'; set ieee_floating_point_ops = true")
        for macro in MACROS:
            self.connection.execute(macro)
        for table in seed.tables:
            table.load(self.connection)
        self.columns = {table.name: table.columns for table in seed.tables}

    def answer(self, pipeline: Pipeline):
        source, columns = pipeline.table, self.columns[pipeline.table]
        for number, stage in enumerate(pipeline.stages):
            query = stage.query(columns)
            table = f"s{number}__"
            self.connection.execute(f"drop table if exists {table}")
            self.connection.execute(query.create(table, source))
            source, columns = table, query.columns
        if pipeline.ending == "count":
            return [list(self.connection.execute(f"select count(*) from {source}").fetchone())]
        names = ", ".join('"' + column.name + '"' for column in columns)
        limit = " limit 5" if pipeline.ending == "take 5" else ""
        rows = self.connection.execute(f"select {names} from {source} order by n__{limit}").fetchall()
        return [[plain(value) for value in row] for row in rows]


def difference(expected, printed: str) -> str:
    """What is wrong with an answer; nothing if it is right."""
    try:
        found = [list(row.values()) for row in json.loads(printed)]
    except ValueError:
        return f"no answer: {printed[:300]}"
    if len(expected) != len(found):
        return f"{len(expected)} rows in DuckDB, {len(found)} in dsh\n    DuckDB {expected[:8]}\n    dsh    {found[:8]}"
    row = next((number for number, pair in enumerate(zip(expected, found)) if not same(*pair)), None)
    return "" if row is None else f"row {row + 1}\n    DuckDB {expected[row]}\n    dsh    {found[row]}"


class Comparison:
    def __init__(self, binary: str, duckdb, data: Path):
        self.binary, self.duckdb, self.data = binary, duckdb, data
        self.passed = self.failed = self.refused = 0

    def wrong(self, seed: Seed, reference, pipelines: list) -> list:
        """What is wrong with each pipeline; None where dsh and DuckDB both refuse it."""
        answers = [seed.answers(self.binary, pipelines, configuration) for configuration in CONFIGURATIONS]
        verdicts = []
        for number, pipeline in enumerate(pipelines):
            printed = [answer[number] for answer in answers]
            odd = next((index for index, text in enumerate(printed) if text != printed[0]), None)
            if odd is not None:
                verdicts.append(f"not the same with {CONFIGURATIONS[odd]}\n    {printed[0][:600]}\n    {printed[odd][:600]}")
                continue
            try:
                expected = reference.answer(pipeline) if reference else None
            except NotApplicable:
                verdicts.append(None)
                continue
            except self.duckdb.Error as refusal:
                verdicts.append(None if not printed[0].strip() else f"DuckDB refuses: {refusal}")
                continue
            if not printed[0].strip():
                error = seed.error(self.binary, pipeline)
                verdicts.append(None if "integer-overflow" in error.splitlines()[0] else error)
            else:
                verdicts.append(difference(expected, printed[0]) if reference else "")
        return verdicts

    def smallest(self, seed: Seed, reference, pipeline: Pipeline, verdict: str) -> tuple:
        is_refusal = verdict.startswith(("error", "DuckDB refuses"))
        while True:
            shorter = [pipeline.without(number) for number in range(len(pipeline.stages))]
            verdicts = self.wrong(seed, reference, shorter) if shorter else []
            still = [pair for pair in zip(shorter, verdicts) if pair[1] and pair[1].startswith(("error", "DuckDB refuses")) == is_refusal]
            if not still:
                return pipeline, verdict
            pipeline, verdict = still[0]

    def run(self, number: int):
        with tempfile.TemporaryDirectory(prefix="dsh-pipelines-") as name:
            seed = Seed(number, Path(name), self.data)
            reference = Reference(self.duckdb, seed) if self.duckdb else None
            for pipeline, verdict in zip(seed.pipelines, self.wrong(seed, reference, seed.pipelines)):
                self.passed += verdict == ""
                self.refused += verdict is None
                if verdict:
                    self.failed += 1
                    smallest, verdict = self.smallest(seed, reference, pipeline, verdict)
                    print(f"FAILED seed {number}: {smallest.text}\n    {verdict}", flush=True)


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--data", type=Path, help="a folder whose csv/*.csv give the rows of every fourth seed")
    parser.add_argument("--seeds", type=int, nargs=2, default=[1, 20], metavar=("FIRST", "LAST"), help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=math.inf, help="no further seed is begun after so long")
    parser.add_argument("--without-duckdb", action="store_true", help="compare dsh with itself only")
    options = parser.parse_args()
    if not options.without_duckdb:
        reexecute_with("duckdb")
    duckdb = None if options.without_duckdb else __import__("duckdb")
    comparison, end, last = Comparison(options.dsh, duckdb, options.data), time.monotonic() + options.seconds, options.seeds[0]
    for number in range(options.seeds[0], options.seeds[1] + 1):
        if time.monotonic() > end:
            break
        comparison.run(number)
        last = number
    tally = f"{comparison.passed} passed, {comparison.failed} failed, {comparison.refused} refused by both"
    print(f"seeds {options.seeds[0]} to {last}: {tally}")
    sys.exit(1 if comparison.failed or not comparison.passed else 0)


if __name__ == "__main__":
    main()
