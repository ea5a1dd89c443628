"""Random aggregates for pipelines.py: calls of one aggregate, for stages that group rows, with the SQL that means the same."""

import re

from pipeline_expressions import NUMBERS, Expressions, of_type, quoted
from pipeline_queries import SCALARS, NotApplicable, StageMaker

# What DuckDB has no function for, or computes from sums of powers that lose their digits where numbers are large and alike: the mean is
# taken off first, which changes neither result.
MACROS = [
    "create macro present(l) as list_filter(l, lambda v: v is not null)",
    "create macro centred(l) as list_transform(l, lambda v: v - list_avg(l))",
    # Null below so many values, and NaN where all are the same.
    "create macro unless_alike(l, least, result) as "
    "case when len(l) < least then null when list_min(l) = list_max(l) then 'nan'::double else result end",
    "create macro skewness_of_present(l) as unless_alike(l, 3, list_aggregate(centred(l), 'skewness'))",
    "create macro kurtosis_of_present(l) as unless_alike(l, 4, list_aggregate(centred(l), 'kurtosis'))",
    "create macro skewness_of(l) as skewness_of_present(present(l::double[]))",
    "create macro kurtosis_of(l) as kurtosis_of_present(present(l::double[]))",
    "create macro between_bounds(l, low, high) as len(list_filter(coalesce(l, []), lambda v: v >= low and v < high))"]


class Aggregates(StageMaker):
    """Makes calls of aggregates. Each is a text of dsh, the SQL, both with `{where}` for a condition, and the type of the result."""

    def aggregate(self, columns: list) -> tuple:
        """One aggregate, or now and then what is computed of two."""
        text, sql, type = self.call_of_aggregate(columns)
        if type not in ["int", "float"] or self.random.random() < 0.8:
            return text, sql, type
        other_text, other_sql, other_type = self.call_of_aggregate(columns)
        if other_type not in ["int", "float"]:
            return text, sql, type
        if self.random.random() < 0.5:
            return f"({text}) / ({other_text})", f"(({sql})::double / ({other_sql})::double)", "wild"
        # The number of rows is small enough to be added to anything.
        return f"({text}) - (count(){{where}})", f"(({sql}) - (count(*){{where}}))", type

    def call_of_aggregate(self, columns: list) -> tuple:
        if self.random.random() < 0.15:
            return "count(){where}", "count(*){where}", "int"
        column = self.random.choice(of_type(columns, *SCALARS) or columns)
        if column.type == "list":
            raise NotApplicable
        choices = self.of_all_types(columns, column)
        if column.type in NUMBERS:
            choices += [("sum(%s)", "sum(%s){where}" if column.type != "int" else "sum(%s){where}::bigint", column.type)] * 3
        if column.type in ["int", "float"]:
            choices += self.of_numbers(columns, column)
        if column.type == "text":
            choices += [('string_join(%s, ",")', "string_agg(%s, ',' order by n__){where}", "text")] * 2
        if column.type == "bool":
            choices += [("any(%s)", "bool_or(%s){where}", "bool"), ("all(%s)", "bool_and(%s){where}", "bool")]
        text, sql, type = self.random.choice(choices)
        text = text if "{where}" in text else text + "{where}"
        return text.replace("%s", column.name), sql.replace("%s", quoted(column.name)), type

    def of_all_types(self, columns: list, column) -> list:
        x, by = quoted(column.name), Expressions(self.random, columns).column("int", "date", "float")
        # Up to 10,000 different values the summary is exact.
        summary = [("distinct", "count(distinct %s){where}", "int"), ("is_exact", "count(*){where} >= 0", "bool")]
        field, summary_sql, summary_type = self.random.choice(summary)
        return [
            ("count(%s)", "count(%s){where}", "int"), ("min(%s)", "min(%s){where}", column.type),
            ("max(%s)", "max(%s){where}", column.type),
            ("count_distinct(%s)", "count(distinct %s){where}", "int"), ("first(%s)", "first(%s order by n__){where}", column.type),
            ("last(%s)", "last(%s order by n__){where}", column.type), ("mode(%s)", "mode(%s order by n__){where}", column.type),
            ("count_nulls(%s)", "coalesce(sum((%s is null)::int){where}, 0)::bigint", "int"),
            ("null_share(%s)", "avg((%s is null)::int){where}", "float"),
            (f"arg_max(%s, {by.text})", f"list(%s order by {by.sql} desc, n__){{where and {by.sql} is not null}}[1]", column.type),
            (f"arg_min(%s, {by.text})", f"list(%s order by {by.sql}, n__){{where and {by.sql} is not null}}[1]", column.type),
            ("list(%s)", f"list(%s order by n__){{where and {x} is not null}}", "list"),
            (f"(distinct_summary(%s){{where}}).{field}", summary_sql, summary_type),
            # How near it comes is promised, not which number it is.
            ("abs((approx_count_distinct(%s){where}) - (count_distinct(%s){where})) <= 2 + (count_distinct(%s){where}) / 10",
             "count(*){where} >= 0", "bool")]

    def of_numbers(self, columns: list, column) -> list:
        share = self.random.choice(["0.25", "0.5", "0.9", "0.0", "1.0"])
        other = self.random.choice(of_type(columns, "int", "float"))
        both = f"(%s::double, {quoted(other.name)}::double){{where}}"
        pairs = [(f"{name}(%s, {other.name})", sql + both, "float") for name, sql in [("covar", "covar_samp"), ("covar_pop", "covar_pop")]]
        # Null below two rows, and NaN where all of one column are the same: JSON shows both as null, a later condition tells them apart.
        correlation = f"(case when regr_count{both} >= 2 then coalesce(corr{both}, 'nan'::double) end)"
        pairs.append((f"corr(%s, {other.name})", correlation, "wild"))
        low, middle, high = self.random.choice([(0, 1, 5), (-100, 0, 100), (1, 2, 3)])
        values = "list(%s){where}"
        inner = f"between_bounds({values}, {low}, {middle})"
        # The last bin holds its upper bound too.
        outer = f"between_bounds({values}, {middle}, {high}) + coalesce(count(*) {{where and %s = {high}}}, 0)"
        extremes = [("0", "min"), ("1", "max")]
        rank, extreme = self.random.choice(extremes)
        near = (
            f"abs((approx_quantile(%s, {rank}){{where}}) - ({extreme}(%s){{where}})) <= 0.000001 + 0.0041 * abs(({extreme}(%s){{where}}))",
            "case when count(%s){where} > 0 then true end", "bool")
        product = ("product(%s)", "product(%s){where}", "wild")
        if column.type == "int":
            # Products of larger numbers overflow; dsh does not notice where nothing needs the column later, and DuckDB does.
            product = ("product(%s % 3 - 1)", "product(((%s % 3) + 3) % 3 - 1){where}::bigint", "int")
        return pairs + [
            product, near,
            ("mean(%s)", "avg(%s){where}", "float"), ("std(%s)", "stddev_samp(%s){where}", "float"),
            ("std_pop(%s)", "stddev_pop(%s){where}", "float"), ("var(%s)", "var_samp(%s){where}", "float"),
            ("var_pop(%s)", "var_pop(%s){where}", "float"), ("median(%s)", "median(%s){where}::double", "float"),
            (f"quantile(%s, {share})", f"quantile_cont(%s, {share}){{where}}::double", "float"),
            ("skew(%s)", f"skewness_of({values})", "wild"), ("kurtosis(%s)", f"kurtosis_of({values})", "wild"),
            (f"histogram(%s, [{low}, {middle}, {high}])", f"[{inner}, {outer}]", "list")]

    @staticmethod
    def conditioned(sql: str, condition: str) -> str:
        """The SQL of an aggregate over the rows for which a condition holds; all rows if it is empty."""

        def clause(match) -> str:
            both = " and ".join(filter(None, [condition, match[1]]))
            return f" filter (where {both})" if both else ""

        return re.sub(r"\{where(?: and ([^{}]*))?\}", clause, sql)

    @staticmethod
    def conditioned_text(text: str, condition: str) -> str:
        """The same in dsh."""
        return text.replace("{where}", f" where {condition}" if condition else "")
