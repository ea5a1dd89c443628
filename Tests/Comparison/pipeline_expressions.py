"""Random expressions for pipelines.py: each is a text of dsh, the SQL that means the same in DuckDB, and a type."""

import random
from dataclasses import dataclass

from pipeline_functions import FUNCTIONS

# Floats that were divided may be infinite or NaN: `wild` columns get no aggregates that DuckDB refuses to compute over them.
NUMBERS = ["int", "float", "wild"]
TEXTS = ["a", "c", "Ångström", "", "ø", "zz"]


@dataclass(frozen=True)
class Column:
    name: str
    type: str


@dataclass(frozen=True)
class Expression:
    text: str
    sql: str
    type: str


def quoted(name: str) -> str:
    return '"' + name + '"'


def of_type(columns: list, *types: str) -> list:
    return [column for column in columns if column.type in types]


def literal(random: random.Random, type: str) -> Expression:
    if type == "int":
        value = str(random.choice([0, 1, 2, 3, 5, 7, 100]))
        return Expression(value, value, type)
    if type == "float":
        value = random.choice(["0.0", "0.5", "1.25", "100.0"])
        return Expression(value, value + "::double", type)
    if type == "text":
        value = random.choice(TEXTS)
        return Expression(f'"{value}"', f"'{value}'", type)
    if type == "bool":
        value = random.choice(["true", "false"])
        return Expression(value, value, type)
    if type == "date":
        value = random.choice(["2024-01-31", "2023-12-31", "1969-07-20"])
        return Expression(f'date("{value}")', f"date '{value}'", type)
    value = random.choice(["2024-01-31 10:00:00", "1969-07-20 20:17:40"])
    return Expression(f'timestamp("{value}")', f"timestamp '{value}'", type)


class Expressions:
    """Expressions over some columns."""

    def __init__(self, random: random.Random, columns: list):
        self.random = random
        self.columns = columns

    def column(self, *types: str) -> Expression:
        """A column of one of the types, or a literal where there is none."""
        choices = of_type(self.columns, *types)
        if not choices:
            return literal(self.random, self.random.choice([type for type in types if type != "wild"]))
        chosen = self.random.choice(choices)
        return Expression(chosen.name, quoted(chosen.name), chosen.type)

    def call(self, type: str) -> Expression:
        """A function of columns."""
        text, sql, *types = self.random.choice(FUNCTIONS[type])
        arguments = [self.column(*(["float", "wild"] if one == "wild" else [one])) for one in types]
        return Expression(
            text.format(*(one.text for one in arguments)), sql.format(*(one.sql for one in arguments)), type)

    def value(self) -> Expression:
        if self.random.random() < 0.4:
            return self.call(self.random.choice(list(FUNCTIONS)))
        makers = [self.integer, self.float, self.text, self.condition, self.date, self.moment]
        return self.random.choice(makers)()

    def integer(self) -> Expression:
        a, number = self.column("int"), self.random.choice([2, 3, 7])
        pick = self.random.randrange(9)
        if pick == 0:
            b = self.column("int")
            return Expression(f"({a.text} + {b.text})", f"({a.sql} + {b.sql})", "int")
        if pick == 1:
            b = self.column("int")
            return Expression(f"({a.text} - {b.text})", f"({a.sql} - {b.sql})", "int")
        if pick == 2:
            return Expression(f"({a.text} * {number})", f"({a.sql} * {number})", "int")
        if pick == 3:
            remainder = f"((({a.sql} % {number}) + {number}) % {number})"
            return Expression(f"({a.text} // {number})", f"(({a.sql} - {remainder}) // {number})", "int")
        if pick == 4:
            return Expression(f"({a.text} % {number})", f"((({a.sql} % {number}) + {number}) % {number})", "int")
        if pick == 5:
            text = self.column("text")
            return Expression(f"length({text.text})", f"length({text.sql})", "int")
        if pick == 6:
            day = self.column("date")
            part = self.random.choice(["year", "month", "day"])
            return Expression(f"{part}({day.text})", f"{part}({day.sql})", "int")
        if pick == 7:
            condition, b = self.condition(), self.column("int")
            return Expression(
                f"if({condition.text}, {a.text}, {b.text})", f"(case when {condition.sql} then {a.sql} else {b.sql} end)", "int")
        return Expression(f"({a.text} ?? {number})", f"coalesce({a.sql}, {number})", "int")

    def float(self) -> Expression:
        a = self.column("float")
        pick = self.random.randrange(5)
        if pick == 0:
            b = self.column("int", "float")
            return Expression(f"({a.text} + {b.text})", f"({a.sql} + {b.sql})", "float")
        if pick == 1:
            return Expression(f"({a.text} * 0.5)", f"({a.sql} * 0.5::double)", "float")
        if pick == 2:
            b = self.column("int", "float")
            return Expression(f"({b.text} / 8)", f"({b.sql}::double / 8::double)", "float")
        if pick == 3:
            b = self.column("int", "float")
            return Expression(f"({a.text} / {b.text})", f"({a.sql}::double / {b.sql}::double)", "wild")
        return Expression(f"-{a.text}", f"(-{a.sql})", "float")

    def text(self) -> Expression:
        a = self.column("text")
        pick = self.random.randrange(4)
        if pick == 0:
            b = self.column("text")
            return Expression(f"({a.text} ++ {b.text})", f"({a.sql} || {b.sql})", "text")
        if pick == 1:
            return Expression(f"left({a.text}, 1)", f"left({a.sql}, 1)", "text")
        if pick == 2:
            b = self.column("int")
            return Expression(f"string({b.text})", f"{b.sql}::varchar", "text")
        return Expression(f'({a.text} ?? "none")', f"coalesce({a.sql}, 'none')", "text")

    def date(self) -> Expression:
        a = self.column("date")
        if self.random.random() < 0.5:
            return Expression(f"({a.text} + 3)", f"({a.sql} + 3)", "date")
        return Expression(f'date_trunc("month", {a.text})', f"date_trunc('month', {a.sql})::date", "date")

    def moment(self) -> Expression:
        a = self.column("moment")
        return Expression(f'date_trunc("hour", {a.text})', f"date_trunc('hour', {a.sql})", "moment")

    def comparison(self) -> Expression:
        type = self.random.choice(["int", "float", "text", "date", "moment"])
        types = ["float", "wild"] if type == "float" else [type]
        a = self.column(*types)
        b = self.column(*types) if self.random.random() < 0.2 else literal(self.random, type)
        operator = self.random.choice(["<", "<=", ">", ">="] + (["==", "!="] if type != "float" else []))
        sql = f"({a.sql} {'=' if operator == '==' else operator} {b.sql})"
        if type == "float":
            # NaN is greater than all in DuckDB, and compares with nothing in dsh.
            sql = (
                f"(case when {a.sql} is null or {b.sql} is null then null "
                f"else {sql} and not isnan({a.sql}::double) and not isnan({b.sql}::double) end)")
        return Expression(f"({a.text} {operator} {b.text})", sql, "bool")

    def condition(self, depth: int = 2) -> Expression:
        pick = self.random.randrange(10)
        if pick == 9:
            return self.call("bool")
        if pick == 0 and depth:
            a, b = self.condition(depth - 1), self.condition(depth - 1)
            word = self.random.choice(["and", "or"])
            return Expression(f"({a.text} {word} {b.text})", f"({a.sql} {word} {b.sql})", "bool")
        if pick == 1 and depth:
            a = self.condition(depth - 1)
            return Expression(f"(not {a.text})", f"(not {a.sql})", "bool")
        if pick == 2:
            a = self.random.choice(self.columns)
            word = self.random.choice(["==", "!="])
            return Expression(f"({a.name} {word} null)", f"({quoted(a.name)} is {'not ' if word == '!=' else ''}null)", "bool")
        if pick == 3:
            a, b, c = self.column("int"), literal(self.random, "int"), literal(self.random, "int")
            return Expression(f"({a.text} in [{b.text}, {c.text}])", f"({a.sql} in ({b.sql}, {c.sql}))", "bool")
        if pick == 4:
            a, b, c = self.column("int"), literal(self.random, "int"), literal(self.random, "int")
            return Expression(f"({a.text} between {b.text} and {c.text})", f"({a.sql} between {b.sql} and {c.sql})", "bool")
        if pick == 5:
            a, b = self.column("bool"), literal(self.random, "bool")
            return Expression(f"({a.text} == {b.text})", f"({a.sql} = {b.sql})", "bool")
        return self.comparison()
