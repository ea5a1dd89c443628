#!/usr/bin/env python3
"""Runs random pipelines over random tables with dsh in many configurations and with DuckDB, and prints each difference.

    python3 Tests/Comparison/pipelines.py --dsh .build/release/dsh [--seeds FIRST LAST] [--seconds N] [--data DATA [--real]]
        [--configurations N] [--chaos SEED …] [--without-duckdb]

Each seed makes three tables and some pipelines over them. What dsh prints must be the same to the byte however many nodes, blocks and rows
in a batch there are, with rules switched off, with tables persisted and while nodes are killed; and it must be what DuckDB answers: numbers
with fractions but for the last digits, all else exactly, rows in their order. A pipeline that fails is printed with the fewest stages that
still fail.
"""

import argparse
import math
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import arguments, reexecute_with
from pipeline_answers import BrokenPromise, Reference, difference
from pipeline_configurations import CONFIGURATIONS
from pipeline_queries import NotApplicable
from pipeline_seeds import Pipeline, Seed
from pipeline_transcripts import chaos_difference


class Comparison:
    def __init__(self, options: argparse.Namespace, duckdb):
        self.binary, self.duckdb, self.data, self.is_real = options.dsh, duckdb, options.data, options.real
        self.chaos = options.chaos
        self.configurations = CONFIGURATIONS[:options.configurations]
        self.passed = self.failed = self.refused = self.deaths = 0

    def wrong(self, seed: Seed, reference, pipelines: list) -> list:
        """What is wrong with each pipeline; None where dsh and DuckDB both refuse it."""
        lines = [pipeline.lines for pipeline in pipelines]
        answers = [seed.answers(self.binary, lines, configuration) for configuration in self.configurations]
        choices = seed.choices(self.binary, pipelines) if reference else []
        verdicts = []
        for number, pipeline in enumerate(pipelines):
            printed = [answer[number] for answer in answers]
            odd = next((index for index, text in enumerate(printed) if text != printed[0]), None)
            if odd is not None:
                verdicts.append(f"not the same with {self.configurations[odd]}\n    {printed[0][:600]}\n    {printed[odd][:600]}")
                continue
            try:
                expected = reference.answer(pipeline, choices[number]) if reference else None
            except NotApplicable:
                verdicts.append(None)
                continue
            except BrokenPromise as broken:
                verdicts.append(str(broken))
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
            seed = Seed(number, Path(name), self.data, self.is_real)
            reference = Reference(self.duckdb, seed) if self.duckdb else None
            for pipeline, verdict in zip(seed.pipelines, self.wrong(seed, reference, seed.pipelines)):
                self.passed += verdict == ""
                self.refused += verdict is None
                if verdict:
                    self.failed += 1
                    smallest, verdict = self.smallest(seed, reference, pipeline, verdict)
                    print(f"FAILED seed {number}: {smallest.text}\n    {verdict}", flush=True)
            chaos = chaos_difference(self.binary, seed, self.chaos) if self.chaos else ""
            if chaos:
                self.failed += 1
                print(f"FAILED seed {number} with chaos\n    {chaos}", flush=True)
            self.deaths += seed.deaths


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--data", type=Path, help="a folder whose csv/*.csv give the rows of every fourth seed")
    parser.add_argument("--real", action="store_true", help="with --data: the rows of every seed are from those files")
    parser.add_argument(
        "--configurations", type=int, metavar="N", default=len(CONFIGURATIONS), help="only the first ones (default: all %(default)s)")
    parser.add_argument("--chaos", type=int, nargs="+", metavar="SEED", help="run each seed under dsh test too, while nodes die by these")
    parser.add_argument("--seeds", type=int, nargs=2, default=[1, 20], metavar=("FIRST", "LAST"), help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=math.inf, help="no further seed is begun after so long")
    parser.add_argument("--without-duckdb", action="store_true", help="compare dsh with itself only")
    options = parser.parse_args()
    if options.real and not options.data:
        parser.error("--real needs --data")
    if not options.without_duckdb:
        reexecute_with("duckdb")
    duckdb = None if options.without_duckdb else __import__("duckdb")
    comparison, end, last = Comparison(options, duckdb), time.monotonic() + options.seconds, options.seeds[0]
    for number in range(options.seeds[0], options.seeds[1] + 1):
        if time.monotonic() > end:
            break
        comparison.run(number)
        last = number
    tally = f"{comparison.passed} passed, {comparison.failed} failed, {comparison.refused} refused by both"
    print(f"seeds {options.seeds[0]} to {last}: {tally}; {comparison.deaths} nodes died meanwhile")
    sys.exit(1 if comparison.failed or not comparison.passed else 0)


if __name__ == "__main__":
    main()
