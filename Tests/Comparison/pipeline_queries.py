"""What pipelines.py makes stages of: each a text of dsh and the SQL that makes the same rows in the same order.

Every relation in DuckDB has a column `n__` with the place of its rows; a stage is a query over the relation before it, `{t}`, and its
order. Nulls are last in both directions, and rows that an order leaves equal stay in the order that they had.
"""

import random
from dataclasses import dataclass
from typing import Callable, Optional

from pipeline_expressions import Column, Expression, Expressions, of_type, quoted

SCALARS = ["int", "float", "wild", "text", "bool", "date", "moment"]
# A dataset with very wide rows says nothing that one with fewer columns would not.
GREATEST_COLUMN_COUNT = 12


class NotApplicable(Exception):
    """A stage that these columns have nothing for."""


@dataclass(frozen=True)
class Query:
    """The columns that a stage makes, what they are selected from, and the order of the rows."""

    columns: list
    select: str
    order: str

    def create(self, table: str, source: str) -> str:
        names = ", ".join(quoted(column.name) for column in self.columns)
        rows = self.select.replace("{t}", source)
        return f"create temp table {table} as select row_number() over (order by {self.order}) as n__, {names} from ({rows})"


@dataclass(frozen=True)
class Choice:
    """Stages of dsh that choose rows, as which DuckDB is told; those whose rows are taken, and what their places have to hold.

    `holds` gets the places that each of them chose, counted from 1, and how many rows there were.
    """

    questions: list
    taken: list
    holds: Callable


@dataclass(frozen=True)
class Stage:
    """A stage as a person types it, and what it makes of columns.

    `{before}` in the text stands for all of the pipeline before the stage. With a definition, which is a statement of its own, the text
    begins a new pipeline; `{script}` in both tells the pipelines of a script apart. The rows of a choice are `{chosen}` in the query.
    """

    text: str
    query: Callable
    choice: Optional[Choice] = None
    definition: str = ""


def list_of(columns: list) -> str:
    return ", ".join(quoted(column.name) for column in columns)


def require(columns: list, names: list):
    if not set(names) <= {column.name for column in columns}:
        raise NotApplicable


def named(columns: list, names: list) -> list:
    require(columns, names)
    return [next(column for column in columns if column.name == name) for name in names]


def beside(columns: list, right: list, taken: set = frozenset(), suffix: str = "_right") -> tuple:
    """The columns of `r`, but for those taken, behind others: under which names, and the SQL that selects them."""
    made, selected, names = [], [], {column.name for column in columns}
    for column in right:
        if column.name in taken:
            continue
        name = column.name + suffix if column.name in names else column.name
        if name in names or name in [before.name for before in made]:
            raise NotApplicable
        made.append(Column(name, column.type))
        selected.append(f"r.{quoted(column.name)} as {quoted(name)}")
    return made, selected


class StageMaker:
    """What all stages are made with; the names it gives to columns are new each time."""

    def __init__(self, random: random.Random):
        self.random = random
        self.last = 0

    def fresh(self, prefix: str) -> str:
        self.last += 1
        return f"{prefix}{self.last}"

    def some(self, columns: list, most: int, least: int = 1) -> list:
        scalars = of_type(columns, *SCALARS)
        if len(scalars) < least:
            raise NotApplicable
        return self.random.sample(scalars, self.random.randint(least, min(most, len(scalars))))

    def order(self, columns: list, falling: str, rising: str) -> tuple:
        """Keys of an order, and how dsh says that they fall or rise."""
        texts, sql = [], []
        for column in self.some(columns, 2):
            falls, key = self.random.random() < 0.5, Expression(column.name, quoted(column.name), column.type)
            if self.random.random() < 0.2:
                key = Expressions(self.random, columns).value()
            texts.append(key.text + (falling if falls else rising))
            # A number in an order would be the place of a column.
            sql.append(f"({key.sql}) {'desc' if falls else 'asc'} nulls last")
        return ", ".join(texts), ", ".join(sql)

    @staticmethod
    def placed(now: list, name: str, sql: str, type: str) -> Query:
        """A column in the place of the one with the same name, or behind all."""
        column = Column(name, type)
        if name in [before.name for before in now]:
            replaced = [column if before.name == name else before for before in now]
            return Query(replaced, f"select * replace ({sql} as {quoted(name)}) from {{t}}", "n__")
        return Query(now + [column], f"select *, {sql} as {quoted(name)} from {{t}}", "n__")
