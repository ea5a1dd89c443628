"""DuckDB's answers to the pipelines of pipelines.py, and what is different in those of dsh."""

import json

from answers import plain, same
from pipeline_aggregates import MACROS
from pipeline_queries import NotApplicable

# Random terms may nearly cancel each other.
ABSOLUTE_TOLERANCE = 1e-9


class BrokenPromise(Exception):
    """Rows that a stage may not choose."""


class Reference:
    """The answers of DuckDB."""

    def __init__(self, duckdb, seed):
        self.connection = duckdb.connect()
        # One thread keeps the order of what has no other.
        self.connection.execute("set threads = 1; set timezone = 'UTC'; set ieee_floating_point_ops = true")
        for macro in MACROS:
            self.connection.execute(macro)
        for table in seed.tables:
            table.load(self.connection)
        self.columns = {table.name: table.columns for table in seed.tables}

    def answer(self, pipeline, choices: dict) -> list:
        """The rows; `choices` are the places that the stages which choose rows have chosen."""
        source, columns = pipeline.table, self.columns[pipeline.table]
        for number, stage in enumerate(pipeline.stages):
            query, table = stage.query(columns), f"s{number}__"
            statement = query.create(table, source)
            if stage.choice:
                self.choose(stage, source, choices.get(number))
                statement = statement.replace("{chosen}", "chosen__")
            self.connection.execute(f"drop table if exists {table}")
            self.connection.execute(statement)
            source, columns = table, query.columns
        rows = self.connection.execute(pipeline.ending.query(columns).replace("{t}", source)).fetchall()
        return [[plain(value) for value in row] for row in rows]

    def choose(self, stage, source: str, parts):
        """Makes a table of the places of the rows that dsh has chosen, if it was right to choose them."""
        if parts is None:
            raise NotApplicable
        [count] = self.connection.execute(f"select count(*) from {source}").fetchone()
        if not stage.choice.holds(parts, count):
            raise BrokenPromise(f"of {count} rows {stage.choice.questions} may not choose {str(parts)[:500]}")
        places = [place for part in stage.choice.taken for place in parts[part]]
        self.connection.execute(
            "create or replace temp table chosen__ as select unnest(?::bigint[]) as place__, unnest(?::bigint[]) as position__",
            [places, list(range(len(places)))])


def difference(expected, printed: str) -> str:
    """What is wrong with an answer; nothing if it is right."""
    try:
        found = [list(row.values()) for row in json.loads(printed)]
    except ValueError:
        return f"no answer: {printed[:300]}"
    if len(expected) != len(found):
        return f"{len(expected)} rows in DuckDB, {len(found)} in dsh\n    DuckDB {expected[:8]}\n    dsh    {found[:8]}"
    row = next((number for number, pair in enumerate(zip(expected, found)) if not same(*pair, ABSOLUTE_TOLERANCE)), None)
    return "" if row is None else f"row {row + 1}\n    DuckDB {expected[row]}\n    dsh    {found[row]}"
