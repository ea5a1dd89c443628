"""Random joins and unions for pipelines.py: the stages that read a second dataset, as texts of dsh and as SQL; and which one is next."""

from pipeline_choices import Choices
from pipeline_expressions import NUMBERS, Column, Expressions, of_type, quoted
from pipeline_queries import GREATEST_COLUMN_COUNT, SCALARS, NotApplicable, Query, Stage, beside, require
from pipeline_zips import Zips

KINDS = ["inner", "left", "right", "full", "semi", "anti"]
# A join of everything with everything takes long and shows nothing.
GREATEST_STAGE_COUNT = 2


class Combinations(Choices, Zips):
    """Makes stages over one or two datasets; `tables` are the columns of those that can be read, by their names."""

    def __init__(self, random, tables: dict):
        super().__init__(random)
        self.tables = tables

    def any_stage(self, columns: list) -> Stage:
        try:
            pick = self.random.random()
            if pick < 0.04:
                return self.asof(columns)
            if pick < 0.18:
                return self.join(columns)
            if pick < 0.25:
                return self.union(columns)
            if pick < 0.3:
                return self.zip(columns)
            if pick < 0.4:
                return self.random.choice([self.sample, self.sample_rows, self.shuffle, self.split])(columns)
            if pick < 0.45:
                return self.long_detour(columns)
        except NotApplicable:
            pass
        return self.stage(columns)

    def other(self) -> tuple:
        """A pipeline over one of the tables: its text, the columns it makes and the SQL of its rows with their places."""
        name = self.random.choice(list(self.tables))
        text, columns, sql = name, self.tables[name], f"select * from {name}"
        for _ in range(self.random.randint(0, GREATEST_STAGE_COUNT)):
            stage = self.stage(columns)
            query = stage.query(columns)
            names = ", ".join(quoted(column.name) for column in query.columns)
            rows = query.select.replace("{t}", f"({sql})")
            text, columns = f"{text} | {stage.text}", query.columns
            sql = f"select row_number() over (order by {query.order}) as n__, {names} from ({rows})"
        return text, columns, sql

    def join(self, columns: list) -> Stage:
        text, right, sql = self.other()
        pairs = []
        for _ in range(self.random.randint(1, 3)):
            left_key = self.random.choice(of_type(columns, *SCALARS) or columns)
            same = NUMBERS if left_key.type in NUMBERS else [left_key.type]
            matching = [column for column in of_type(right, *same) if column.name not in [key.name for _, key in pairs]]
            if not matching or left_key.type == "list" or left_key.name in [key.name for key, _ in pairs]:
                continue
            by_name = [column for column in matching if column.name == left_key.name]
            pairs.append((left_key, by_name[0] if by_name and self.random.random() < 0.7 else self.random.choice(matching)))
        if not pairs:
            raise NotApplicable
        how = self.random.choice(KINDS)
        has_both = how not in ["semi", "anti"]
        suffix = self.fresh("_s") if has_both and self.random.random() < 0.2 else ""
        keeps = has_both and self.random.random() < 0.2
        shown = [left.name if left.name == key.name else f"{left.name} == {key.name}" for left, key in pairs]
        meetings = [f"l.{quoted(left.name)} = r.{quoted(key.name)}" for left, key in pairs]
        source, whole = "{t}", of_type(right, "int")
        if whole and self.random.random() < 0.2:
            # A computed key is no column, so that the column it meets stays one.
            value, met = Expressions(self.random, of_type(columns, *SCALARS)).integer(), self.random.choice(whole)
            if met.name not in [key.name for _, key in pairs]:
                shown.append(f"{value.text} == {met.name}")
                meetings.append(f"l.computed__ = r.{quoted(met.name)}")
                source = f"(select *, {value.sql} as computed__ from {{t}})"

        def query(now: list) -> Query:
            require(now, [left.name for left, _ in pairs])
            on = " and ".join(meetings)
            if how in ["semi", "anti"]:
                exists = f"exists (select 1 from ({sql}) r where {on})"
                return Query(now, f"select * from {source} l where {'not ' if how == 'anti' else ''}{exists}", "n__")
            keys = {left.name: key for left, key in pairs}
            made, selected = [], []
            for column in now:
                key, x = keys.get(column.name), f"l.{quoted(column.name)}"
                type = column.type
                if key:
                    x = f"coalesce({x}, r.{quoted(key.name)})" if how in ["right", "full"] else x
                    type = next(one for one in ["wild", "float", type] if one in [type, key.type])
                    x = f"{x}::double" if type in ["wild", "float"] else x
                made.append(Column(column.name, type))
                selected.append(f"{x} as {quoted(column.name)}")
            taken = set() if keeps else {key.name for _, key in pairs}
            behind, selected_behind = beside(now, right, taken, suffix or "_right")
            listed = ", ".join(selected + selected_behind)
            select = f"select l.n__ as left__, r.n__ as right__, {listed} from {source} l {how} join ({sql}) r on {on}"
            return Query(made + behind, select, "left__ nulls last, right__")

        if len(query(columns).columns) > 2 * GREATEST_COLUMN_COUNT:
            raise NotApplicable
        options = f" --how={how}" + (f" --suffix={suffix}" if suffix else "") + (" --keep" if keeps else "")
        return Stage(f"join ({text}) on {', '.join(shown)}{options}", query)

    def asof(self, columns: list) -> Stage:
        """Each row beside the nearest one; DuckDB takes any of several that are as near, so that only the last of them is left to it."""
        text, right, sql = self.other()
        pairs = []
        for _ in range(self.random.randint(1, 3)):
            left_key = self.random.choice(of_type(columns, *SCALARS) or columns)
            # Numbers are compared as what they are.
            same = ["float", "wild"] if left_key.type in ["float", "wild"] else [left_key.type]
            matching = [column for column in of_type(right, *same) if column.name not in [key.name for _, key in pairs]]
            if matching and left_key.type != "list" and left_key.name not in [key.name for key, _ in pairs]:
                pairs.append((left_key, self.random.choice(matching)))
        if not pairs:
            raise NotApplicable
        comparison = self.random.choice([">=", ">", "<=", "<"])
        signs = ["=="] * (len(pairs) - 1) + [comparison]
        shown = [f"{left.name} {sign} {key.name}" for (left, key), sign in zip(pairs, signs)]
        meetings = [f"l.{quoted(left.name)} {sign.replace('==', '=')} r.{quoted(key.name)}" for (left, key), sign in zip(pairs, signs)]
        alike = ", ".join(quoted(key.name) for _, key in pairs)
        last = f"select * from ({sql}) qualify row_number() over (partition by {alike} order by n__ desc) = 1"

        def query(now: list) -> Query:
            require(now, [left.name for left, _ in pairs])
            behind, selected = beside(now, right, {key.name for _, key in pairs})
            listed = ", ".join([f"l.{quoted(column.name)}" for column in now] + selected)
            select = f"select l.n__ as left__, {listed} from {{t}} l asof left join ({last}) r on {' and '.join(meetings)}"
            return Query(now + behind, select, "left__")

        if len(query(columns).columns) > 2 * GREATEST_COLUMN_COUNT:
            raise NotApplicable
        return Stage(f"join --how=asof ({text}) on {', '.join(shown)}", query)

    def union(self, columns: list) -> Stage:
        text, right, sql = self.other()

        def query(now: list) -> Query:
            made, left_sql, right_sql = [], [], []
            theirs = {column.name: column for column in right}
            for column in now:
                other = theirs.pop(column.name, None)
                type = column.type
                if other and other.type != type:
                    if not {type, other.type} <= set(NUMBERS):
                        raise NotApplicable
                    type = "wild" if "wild" in [type, other.type] else "float"
                made.append(Column(column.name, type))
                left_sql.append(quoted(column.name))
                right_sql.append(f"{quoted(column.name) if other else 'null'} as {quoted(column.name)}")
            for column in theirs.values():
                made.append(column)
                left_sql.append(f"null as {quoted(column.name)}")
                right_sql.append(quoted(column.name))
            select = (
                f"select 0 as side__, n__ as place__, {', '.join(left_sql)} from {{t}} union all "
                f"select 1, n__, {', '.join(right_sql)} from ({sql})")
            return Query(made, select, "side__, place__")

        query(columns)
        return Stage(f"union ({text})", query)
