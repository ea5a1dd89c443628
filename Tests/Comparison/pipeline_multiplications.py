"""Random stages for pipelines.py that make several rows of one, with the SQL that means the same."""

from pipeline_expressions import Column, of_type, quoted
from pipeline_queries import NotApplicable, Query, Stage, StageMaker, list_of, require


class Multiplications(StageMaker):
    """Makes stages of columns' and lists' elements."""

    def unpivot(self, columns: list) -> Stage:
        type = self.random.choice(["int", "float", "text", "bool"])
        chosen = of_type(columns, *(["int", "float"] if type == "float" else [type]))[:3]
        if len(chosen) < 2 or len(chosen) == len(columns):
            raise NotApplicable
        names, name, value = [column.name for column in chosen], self.fresh("u"), self.fresh("v")
        value_type = "int" if all(column.type == "int" for column in chosen) else type

        def query(now: list) -> Query:
            require(now, names)
            kept = [column for column in now if column.name not in names]
            parts = [
                f"select {list_of(kept)}, '{part}' as {quoted(name)}, {quoted(part)}{'::double' if value_type == 'float' else ''} "
                f"as {quoted(value)}, n__ * 10 + {number} as n__ from {{t}}" for number, part in enumerate(names)]
            return Query(kept + [Column(name, "text"), Column(value, value_type)], " union all ".join(parts), "n__")

        return Stage(f"unpivot --name={name} --value={value} {', '.join(names)}", query)

    def flat_map(self, columns: list) -> Stage:
        chosen = of_type(columns, "int")[:2]
        if len(chosen) < 2:
            raise NotApplicable
        name, names = self.fresh("e"), [column.name for column in chosen]

        def query(now: list) -> Query:
            require(now, names)
            parts = [
                f"select * replace (n__ * 10 + {number} as n__), {quoted(part)} as {quoted(name)} from {{t}}"
                for number, part in enumerate(names)]
            return Query(now + [Column(name, "int")], " union all ".join(parts), "n__")

        return Stage(f"flat_map {name} = [{', '.join(names)}]", query)

    def flat_map_parts(self, columns: list) -> Stage:
        """As many rows as there are parts, which differs from row to row."""
        chosen = of_type(columns, "text")
        if not chosen:
            raise NotApplicable
        name, old = self.fresh("e"), self.random.choice(chosen).name
        parts = f"string_split({quoted(old)}, 'a')"
        select = f"select *, unnest({parts}) as {quoted(name)}, generate_subscripts({parts}, 1) as part__ from {{t}}"

        def query(now: list) -> Query:
            require(now, [old])
            return Query(now + [Column(name, "text")], select, "n__, part__")

        return Stage(f'flat_map {name} = split({old}, "a")', query)
