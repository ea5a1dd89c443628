"""Random windows for pipelines.py: calls with `over`, with the SQL that means the same."""

from pipeline_expressions import NUMBERS, of_type, quoted
from pipeline_queries import GREATEST_COLUMN_COUNT, SCALARS, NotApplicable, Stage, StageMaker, list_of


class Windows(StageMaker):
    """Makes stages that look at other rows as well."""

    def window(self, columns: list) -> Stage:
        if len(columns) > GREATEST_COLUMN_COUNT:
            raise NotApplicable
        keys = self.some(columns, 2) if self.random.random() < 0.7 else []
        order = self.order(columns, " desc", "") if self.random.random() < 0.7 else None
        partition = f"partition by {list_of(keys)} " if keys else ""
        by = "by " + ", ".join(key.name for key in keys) if keys else ""
        inside = " ".join(filter(None, [by, f"sort {order[0]}" if order else ""]))
        total_order = f"{order[1]}, n__" if order else "n__"
        column = self.random.choice(of_type(columns, *SCALARS) or columns)
        if column.type == "list":
            raise NotApplicable
        x, name, step, result = quoted(column.name), column.name, self.random.choice([1, 1, 2, 5]), self.fresh("w")
        pick = self.random.randrange(4)
        if pick == 0 and order:
            function = self.random.choice(["rank", "dense_rank", "percent_rank", "cume_dist"])
            type = "int" if "rank" in function and "percent" not in function else "float"
            text, sql = f"{function}() over ({inside})", f"{function}() over ({partition}order by {order[1]})"
        elif pick == 1:
            text, sql, type = self.random.choice([
                (f"row_number() over ({inside})", f"row_number() over ({partition}order by {total_order})", "int"),
                (f"ntile({step}) over ({inside})", f"ntile({step}) over ({partition}order by {total_order})", "int")])
        elif pick == 2:
            function = self.random.choice(["lag", "lead"])
            text = f"{function}({name}, {step}) over ({inside})"
            sql, type = f"{function}({x}, {step}) over ({partition}order by {total_order})", column.type
        else:
            frame, between = self.random.choice([
                ("", "unbounded preceding and current row" if order else "unbounded preceding and unbounded following"),
                (f"rows {step} before", f"{step} preceding and current row"),
                (f"rows {step} before 1 after", f"{step} preceding and 1 following"),
                ("rows all before", "unbounded preceding and current row"), ("rows all", "unbounded preceding and unbounded following")])
            choices = [("count", "count", "int"), ("min", "min", column.type), ("max", "max", column.type)]
            choices += [("first", "first_value", column.type), ("last", "last_value", column.type)]
            if column.type in NUMBERS:
                choices += [("sum", "sum", column.type)] * 3
            if column.type in ["int", "float"]:
                choices += [("mean", "avg", "float"), ("std", "stddev_samp", "float"), ("var_pop", "var_pop", "float")]
                choices += [("median", "median", "float")]
            if column.type == "bool":
                choices += [("any", "bool_or", "bool"), ("all", "bool_and", "bool")]
            function, counterpart, type = self.random.choice(choices)
            if function in ["first", "last"] and not frame:
                between = "unbounded preceding and unbounded following"  # of the whole partition, with an order too
            text = f"{function}({name}) over ({' '.join(filter(None, [inside, frame]))})"
            sql = f"{counterpart}({x}) over ({partition}order by {total_order} rows between {between})"
            sql += "::bigint" if function == "sum" and type == "int" else "::double" if function == "median" else ""
        return Stage(f"map {result} = {text}", lambda now: self.placed(now, result, sql, type))
