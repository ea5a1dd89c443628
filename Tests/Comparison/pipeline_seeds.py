"""The tables and pipelines of a seed for pipelines.py, and what dsh answers to them."""

import json
import random
import shutil
from pathlib import Path

from harness import run
from pipeline_combinations import Combinations
from pipeline_configurations import Configuration
from pipeline_deaths import run_with_deaths
from pipeline_endings import random_ending
from pipeline_queries import NotApplicable
from pipeline_tables import Table, random_rows, real_files, real_rows

PIPELINES_OF_A_SEED = 12
GREATEST_STAGE_COUNT = 6
SEEDS_OF_ONE_WITH_REAL_ROWS = 4
TIMEOUT_SECONDS = 600
MARK = '"next pipeline"'
MARK_OUTPUT = '[\n{"\\"next pipeline\\"":"next pipeline"}\n]\n'


class Pipeline:
    def __init__(self, table: str, stages: list, ending):
        self.table, self.stages, self.ending = table, stages, ending

    def statements(self, stage_count=None) -> list:
        """The definitions, and as the last one the pipeline without its ending, of all stages or of the first ones."""
        definitions, text = [], self.table
        for stage in self.stages[:stage_count]:
            if stage.definition:
                definitions.append(stage.definition.replace("{before}", text))
                text = stage.text
            else:
                text += " | " + stage.text.replace("{before}", text)
        return definitions + [text]

    def ended(self, ending: str, stage_count=None) -> list:
        *definitions, text = self.statements(stage_count)
        return definitions + [f"{text} | {ending}"]

    @property
    def lines(self) -> list:
        return self.ended(self.ending.text)

    @property
    def text(self) -> str:
        return "\n    ".join(self.lines).replace("_{script}", "")

    @property
    def questions(self) -> dict:
        """For each stage that chooses rows, the statements that tell which."""
        return {
            number: [
                self.ended(f"with_row_number place__ | {question} | select place__ | take_all --force", number)
                for question in stage.choice.questions]
            for number, stage in enumerate(self.stages) if stage.choice}

    def without(self, number: int) -> "Pipeline":
        return Pipeline(self.table, self.stages[:number] + self.stages[number + 1:], self.ending)


class Seed:
    """The tables and pipelines of a seed."""

    def __init__(self, number: int, folder: Path, data: Path, is_real: bool):
        source = random.Random(number)
        self.number, self.folder, self.deaths = number, folder, 0
        files = real_files(data) if data and (is_real or number % SEEDS_OF_ONE_WITH_REAL_ROWS == 0) else []
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
            self.pipelines.append(Pipeline(name, made, random_ending(source, now)))

    def script(self, pipelines: list, configuration: Configuration) -> list:
        """The statements that make the tables, and the lines of each pipeline behind a text that tells their outputs apart."""
        lines = [f"set {setting}" for setting in configuration.settings]
        lines += [table.statement(configuration.blocks, configuration.ending) for table in self.tables]
        for number, pipeline in enumerate(pipelines):
            lines += [MARK] + [line.replace("{script}", str(number)) for line in pipeline]
        return lines

    def answers(self, binary: str, pipelines: list, configuration: Configuration) -> list:
        """What dsh prints for each pipeline, which is a list of statements; nothing for an error."""
        for path in self.folder.glob("written*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()  # of a run before: one that writes nothing must not find it
        script = self.folder / "pipelines.dsh"
        script.write_text("\n".join(self.script(pipelines, configuration)) + "\n", "utf-8")
        options = ["--format=json", "--report=none", "--keep-going", *configuration.flags, script.name]
        if configuration.loses_nodes:
            outcome, deaths = run_with_deaths(binary, *options, folder=self.folder, timeout=TIMEOUT_SECONDS, seed=self.number)
            self.deaths += deaths
        else:
            outcome = run(binary, *options, folder=self.folder, timeout=TIMEOUT_SECONDS)
        parts = outcome.text.split(MARK_OUTPUT)[1:]
        if len(parts) != len(pipelines):
            return [f"exit code {outcome.status}: {outcome.error_text[:2000]}"] * len(pipelines)
        # take_all prints rows as they come, so that an error may stand behind the first ones; how many is up to the configuration.
        return [part if part.endswith("]\n") else "" for part in parts]

    def choices(self, binary: str, pipelines: list) -> list:
        """For each pipeline the places that each of its stages chooses, by the numbers of the stages; those that fail are left out."""
        asked = [(pipeline, number, lines) for pipeline in pipelines for number, all in pipeline.questions.items() for lines in all]
        answers = iter(self.answers(binary, [lines for _, _, lines in asked], Configuration()) if asked else [])
        result = []
        for pipeline in pipelines:
            chosen = {}
            for number, questions in pipeline.questions.items():
                parts = [next(answers) for _ in questions]
                if all(part.startswith("[") for part in parts):
                    chosen[number] = [[row["place__"] for row in json.loads(part)] for part in parts]
            result.append(chosen)
        return result

    def error(self, binary: str, pipeline: Pipeline) -> str:
        script = "\n".join(self.script([pipeline.lines], Configuration()))
        return run(binary, "--format=json", "--report=none", "-c", script, folder=self.folder).error_text
