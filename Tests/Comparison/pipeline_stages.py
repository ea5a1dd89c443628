"""Random stages over one dataset for pipelines.py, with the SQL that means the same."""

from pipeline_aggregations import Aggregations
from pipeline_detours import Detours
from pipeline_expressions import Column, Expressions, literal, of_type, quoted
from pipeline_multiplications import Multiplications
from pipeline_queries import GREATEST_COLUMN_COUNT, NotApplicable, Query, Stage, list_of, named, require
from pipeline_windows import Windows


class Stages(Aggregations, Windows, Detours, Multiplications):
    """Makes stages over one dataset."""

    def stage(self, columns: list) -> Stage:
        makers = [
            self.filter, self.filter, self.map, self.map_twice, self.select, self.select_computed, self.drop, self.rename, self.distinct,
            self.agg, self.agg, self.sort, self.top, self.top_per, self.window, self.window, self.window, self.unpivot, self.pivot,
            self.fill, self.fill_forward, self.with_row_number, self.limit, self.tail, self.value_counts, self.detour, self.flat_map,
            self.flat_map_parts, self.unnest]
        while True:
            try:
                return self.random.choice(makers)(columns)
            except NotApplicable:
                continue

    def filter(self, columns: list) -> Stage:
        condition = Expressions(self.random, columns).condition()
        return Stage(f"filter {condition.text}", lambda now: Query(now, f"select * from {{t}} where {condition.sql}", "n__"))

    def map(self, columns: list) -> Stage:
        if len(columns) > GREATEST_COLUMN_COUNT:
            raise NotApplicable
        value = Expressions(self.random, columns).value()
        # Now and then a column that is there already.
        name = self.random.choice(columns).name if self.random.random() < 0.2 else self.fresh("m")
        return Stage(f"map {name} = {value.text}", lambda now: self.placed(now, name, value.sql, value.type))

    def map_twice(self, columns: list) -> Stage:
        """Two new columns, of which the second may use the first."""
        if len(columns) > GREATEST_COLUMN_COUNT:
            raise NotApplicable
        value = Expressions(self.random, columns).value()
        first = Column(self.fresh("m"), value.type)
        later, second = Expressions(self.random, [first]).value(), self.fresh("m")
        made = [first, Column(second, later.type)]
        select = f"select *, {later.sql} as {quoted(second)} from (select *, {value.sql} as {quoted(first.name)} from {{t}})"
        return Stage(f"map {first.name} = {value.text}, {second} = {later.text}", lambda now: Query(now + made, select, "n__"))

    def select(self, columns: list) -> Stage:
        names = [column.name for column in self.random.sample(columns, self.random.randint(min(2, len(columns)), len(columns)))]
        return Stage(f"select {', '.join(names)}", lambda now: Query(named(now, names), "select * from {t}", "n__"))

    def select_computed(self, columns: list) -> Stage:
        """Some columns and one that is computed of any."""
        value, made = Expressions(self.random, columns).value(), self.fresh("c")
        names = [column.name for column in self.random.sample(columns, self.random.randint(1, len(columns)))]
        return Stage(
            f"select {', '.join(names)}, {made} = {value.text}",
            lambda now: Query(named(now, names) + [Column(made, value.type)], f"select *, {value.sql} as {quoted(made)} from {{t}}", "n__"))

    def drop(self, columns: list) -> Stage:
        if len(columns) < 3:
            raise NotApplicable
        name = self.random.choice(columns).name
        text = self.random.choice([f"drop {name}", f"select * except {name}"])

        def query(now: list) -> Query:
            require(now, [name])
            return Query([column for column in now if column.name != name], "select * from {t}", "n__")

        return Stage(text, query)

    def rename(self, columns: list) -> Stage:
        old, new = self.random.choice(columns).name, self.fresh("r")

        def query(now: list) -> Query:
            require(now, [old])
            renamed = [Column(new, column.type) if column.name == old else column for column in now]
            return Query(renamed, f"select * rename ({quoted(old)} as {quoted(new)}) from {{t}}", "n__")

        return Stage(f"rename {new} = {old}", query)

    def distinct(self, columns: list) -> Stage:
        if of_type(columns, "list") or self.random.random() < 0.7:
            keys = self.some(columns, 2)
            text, names = "distinct " + ", ".join(key.name for key in keys), [key.name for key in keys]
        else:
            text, names = "distinct", None

        def query(now: list) -> Query:
            keys = now if names is None else named(now, names)
            return Query(now, f"select * from {{t}} qualify row_number() over (partition by {list_of(keys)} order by n__) = 1", "n__")

        return Stage(text, query)

    def sort(self, columns: list) -> Stage:
        text, order = self.order(columns, " desc", "")
        return Stage(f"sort {text}", lambda now: Query(now, "select * from {t}", f"{order}, n__"))

    def top(self, columns: list) -> Stage:
        text, order = self.order(columns, "", " asc")
        count = self.random.choice([0, 1, 3, 10, 1000])
        return Stage(
            f"top {count} by {text}", lambda now: Query(now, f"select * from {{t}} order by {order}, n__ limit {count}", f"{order}, n__"))

    def top_per(self, columns: list) -> Stage:
        text, order = self.order(columns, "", " asc")
        keys = self.some(columns, 2)
        groups, count = list_of(keys), self.random.choice([1, 2, 5])
        by_group = ", ".join(f"{quoted(key.name)} nulls last" for key in keys)
        select = f"select * from {{t}} qualify row_number() over (partition by {groups} order by {order}, n__) <= {count}"
        return Stage(
            f"top {count} by {text} per {', '.join(key.name for key in keys)}", lambda now: Query(now, select, f"{by_group}, {order}, n__"))

    def fill(self, columns: list) -> Stage:
        column = self.random.choice(of_type(columns, "int", "float", "text", "bool", "date", "moment") or columns)
        if column.type == "list":
            raise NotApplicable
        value = literal(self.random, column.type)
        return Stage(
            f"fill {column.name} = {value.text}",
            lambda now: self.placed(now, named(now, [column.name])[0].name, f"coalesce({quoted(column.name)}, {value.sql})", column.type))

    def fill_forward(self, columns: list) -> Stage:
        column = self.some(columns, 1)[0]
        keys = [key for key in self.some(columns, 2) if key != column] if self.random.random() < 0.6 else []
        partition = f"partition by {list_of(keys)} " if keys else ""
        sql = f"last_value({quoted(column.name)} ignore nulls) over ({partition}order by n__ rows unbounded preceding)"
        by = " by " + ", ".join(key.name for key in keys) if keys else ""
        return Stage(
            f"fill --forward {column.name}{by}", lambda now: self.placed(now, named(now, [column.name])[0].name, sql, column.type))

    def with_row_number(self, columns: list) -> Stage:
        name, first = self.fresh("n"), self.random.choice([1, 0, -5])
        sql = f"row_number() over (order by n__) - 1 + {first}"
        return Stage(f"with_row_number --from={first} {name}", lambda now: self.placed(now, name, sql, "int"))

    def limit(self, columns: list) -> Stage:
        count, offset = self.random.choice([1, 5, 20, 1000]), self.random.choice([0, 0, 3, 30])
        return Stage(
            f"limit --offset={offset} {count}",
            lambda now: Query(now, f"select * from {{t}} order by n__ limit {count} offset {offset}", "n__"))

    def tail(self, columns: list) -> Stage:
        count = self.random.choice([0, 1, 5, 20, 1000])
        return Stage(f"tail {count}", lambda now: Query(now, f"select * from {{t}} order by n__ desc limit {count}", "n__"))

    def unnest(self, columns: list) -> Stage:
        if len(columns) > GREATEST_COLUMN_COUNT:
            raise NotApplicable
        values = [Expressions(self.random, columns).value() for _ in range(2)]
        struct, names = self.fresh("o"), [self.fresh("f"), self.fresh("f")]
        text = ", ".join(f"{name}: {value.text}" for name, value in zip(names, values))
        sql = ", ".join(f"{value.sql} as {quoted(name)}" for name, value in zip(names, values))
        made = [Column(name, value.type) for name, value in zip(names, values)]
        return Stage(f"map {struct} = {{{text}}} | unnest {struct}", lambda now: Query(now + made, f"select *, {sql} from {{t}}", "n__"))
