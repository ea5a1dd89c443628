"""Random zips for pipelines.py: two datasets with as many rows side by side, as texts of dsh and as SQL."""

from pipeline_expressions import quoted
from pipeline_queries import GREATEST_COLUMN_COUNT, NotApplicable, Query, Stage, beside
from pipeline_stages import Stages

GREATEST_STAGE_COUNT = 3


class Zips(Stages):
    """Makes stages that put a dataset beside what was made of it without another number of rows."""

    def zip(self, columns: list) -> Stage:
        makers = [
            self.map, self.select, self.drop, self.rename, self.sort, self.sort, self.window, self.fill, self.fill_forward,
            self.with_row_number, self.repartition, self.repartition_by_keys]
        stages, right = [], columns
        for _ in range(self.random.randint(0, GREATEST_STAGE_COUNT)):
            stage = self.random.choice(makers)(right)
            right = stage.query(right).columns
            stages.append(stage)

        def query(now: list) -> Query:
            right, sql = now, "select * from {t}"
            for stage in stages:
                made = stage.query(right)
                names = ", ".join(quoted(column.name) for column in made.columns)
                rows = made.select.replace("{t}", f"({sql})")
                right, sql = made.columns, f"select row_number() over (order by {made.order}) as n__, {names} from ({rows})"
            behind, selected = beside(now, right)
            listed = ", ".join([f"l.{quoted(column.name)}" for column in now] + selected)
            numbered = "(select *, row_number() over (order by n__) as place__ from ({}))"
            select = (
                f"select l.n__ as left__, {listed} from {numbered.format('select * from {t}')} l "
                f"join {numbered.format(sql)} r using (place__)")
            return Query(now + behind, select, "left__")

        if len(query(columns).columns) > 2 * GREATEST_COLUMN_COUNT:
            raise NotApplicable
        # The same rows once more: whatever stands before the stage is what it is put beside.
        return Stage(f"zip ({' | '.join(['{before}', *(stage.text for stage in stages)])})", query)
