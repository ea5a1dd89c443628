"""Random endings of pipelines for pipelines.py: the actions that give an answer, with the SQL that gives the same."""

from dataclasses import dataclass
from typing import Callable

from pipeline_expressions import of_type, quoted
from pipeline_queries import SCALARS, list_of, named

HALF_SHOWN = 4


@dataclass(frozen=True)
class Ending:
    """An action as a person types it, and the SQL of its answer over `{t}` with some columns."""

    text: str
    query: Callable


def rows(order: str = "order by n__") -> Callable:
    return lambda now: f"select {list_of(now)} from {{t}} {order}"


def shown(now: list) -> str:
    """The first and the last rows."""
    places = f"select *, row_number() over (order by n__) as place__, count(*) over () as count__ from {{t}}"
    return f"select {list_of(now)} from ({places}) where place__ <= {HALF_SHOWN} or place__ > count__ - {HALF_SHOWN} order by n__"


ALL = Ending("take_all --force", rows())
PLAIN = [Ending("take 5", rows("order by n__ limit 5")), Ending("count", lambda now: "select count(*) from {t}")]


def of_column(name: str, sql: str) -> Callable:
    return lambda now: sql.replace("%s", quoted(named(now, [name])[0].name))


def random_ending(random, columns: list) -> Ending:
    """Most often all rows, since they say most."""
    pick = random.random()
    if pick < 0.6:
        return ALL
    if pick < 0.8:
        return random.choice(PLAIN)
    choices = [Ending(f"show {2 * HALF_SHOWN}", shown), Ending("take_batch 3", rows("order by n__ limit 3"))]
    for column in of_type(columns, *SCALARS):
        name = column.name
        choices += [
            Ending(f"min {name}", of_column(name, "select min(%s) from {t}")),
            Ending(f"max {name}", of_column(name, "select max(%s) from {t}")),
            Ending(f"unique {name}", of_column(name, "select distinct %s from {t} order by %s nulls last"))]
        if column.type == "int":
            choices.append(Ending(f"sum {name}", of_column(name, "select sum(%s)::bigint from {t}")))
        if column.type in ["int", "float"]:
            choices += [
                Ending(f"mean {name}", of_column(name, "select avg(%s) from {t}")),
                Ending(f"std {name}", of_column(name, "select stddev_samp(%s) from {t}"))]
        if column.type == "float":
            choices.append(Ending(f"sum {name}", of_column(name, "select sum(%s) from {t}")))
    return random.choice(choices)
