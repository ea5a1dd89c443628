"""Random aggregations for pipelines.py: agg, pivot and value_counts, with the SQL that means the same."""

from pipeline_aggregates import Aggregates
from pipeline_expressions import Column, Expression, Expressions, of_type, quoted
from pipeline_queries import SCALARS, NotApplicable, Query, Stage, list_of, named


class Aggregations(Aggregates):
    """Makes stages that put rows together."""

    def keys(self, columns: list, most: int = 2) -> list:
        """Keys for groups, as pairs of a text and an expression under a name."""
        result = []
        for _ in range(self.random.randint(1, most)):
            if self.random.random() < 0.3:
                value = Expressions(self.random, columns).value()
                name = self.fresh("k")
                result.append((f"{name} = {value.text}", Expression(name, value.sql, value.type)))
            else:
                column = self.random.choice(of_type(columns, *SCALARS) or columns)
                if column.type == "list" or column.name in [key.text for _, key in result]:
                    raise NotApplicable
                result.append((column.name, Expression(column.name, quoted(column.name), column.type)))
        return result

    def agg(self, columns: list) -> Stage:
        texts, selected, made = [], [], []
        for _ in range(self.random.randint(1, 5)):
            text, sql, type = self.aggregate(columns)
            condition = Expressions(self.random, columns).condition() if self.random.random() < 0.3 else None
            name = self.fresh("a")
            texts.append(f"{name} = {self.conditioned_text(text, condition.text if condition else '')}")
            selected.append(f"{self.conditioned(sql, condition.sql if condition else '')} as {quoted(name)}")
            made.append(Column(name, type))
        keys = self.keys(columns) if self.random.random() < 0.8 else []
        text = "agg " + ", ".join(texts) + (" by " + ", ".join(key for key, _ in keys) if keys else "")
        return Stage(text, lambda now: self.grouped(keys, selected, made))

    @staticmethod
    def grouped(keys: list, selected: list, made: list) -> Query:
        columns = [Column(key.text, key.type) for _, key in keys] + made
        if not keys:
            return Query(columns, f"select {', '.join(selected)} from {{t}}", "1")
        # The keys are columns first, so that an alias can't be taken for a column of the same name.
        renamed = ", ".join(f"{key.sql} as key__{number}" for number, (_, key) in enumerate(keys))
        shown = ", ".join(f"key__{number} as {quoted(key.text)}" for number, (_, key) in enumerate(keys))
        groups = ", ".join(f"key__{number}" for number in range(len(keys)))
        order = ", ".join(f"{quoted(key.text)} nulls last" for _, key in keys)
        return Query(columns, f"select {shown}, {', '.join(selected)} from (select *, {renamed} from {{t}}) group by {groups}", order)

    def pivot(self, columns: list) -> Stage:
        by = self.random.choice(of_type(columns, "int", "text") or columns)
        if by.type not in ["int", "text"]:
            raise NotApplicable
        values = ["1", "2", "null"] if by.type == "int" else ["a", "b", "null"]
        keys = self.keys(columns) if self.random.random() < 0.8 else []
        aggregates = [(self.fresh("p"), *self.aggregate(columns)) for _ in range(2)]
        shown = [value if value == "null" or by.type == "int" else f'"{value}"' for value in values]
        selected, made = [], []
        for value in values:
            literal = value if by.type == "int" else f"'{value}'"
            holds = f"{quoted(by.name)} is null" if value == "null" else f"{quoted(by.name)} = {literal}"
            for name, _, sql, type in aggregates:
                selected.append(f"{self.conditioned(sql, holds)} as {quoted(f'{name}_{value}')}")
                made.append(Column(f"{name}_{value}", type))
        text = "pivot " + ", ".join(f"{name} = {self.conditioned_text(text, '')}" for name, text, _, _ in aggregates)
        text += f" by {by.name} in [{', '.join(shown)}]" + (" per " + ", ".join(key for key, _ in keys) if keys else "")
        return Stage(text, lambda now: self.grouped(keys, selected, made))

    def value_counts(self, columns: list) -> Stage:
        keys = self.some(columns, 2)
        if "n" in [key.name for key in keys]:
            raise NotApplicable
        names = [key.name for key in keys]

        def query(now: list) -> Query:
            kept = named(now, names)
            order = ", ".join(f"{quoted(name)} nulls last" for name in names)
            select = f"select {list_of(kept)}, count(*) as n from {{t}} group by {list_of(kept)}"
            return Query(kept + [Column("n", "int")], select, f"n desc, {order}")

        return Stage(f"value_counts {', '.join(names)}", query)
