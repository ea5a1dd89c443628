"""Random detours for pipelines.py: stages that take rows through files, programs or other blocks and give them back as they were."""

from pipeline_expressions import of_type
from pipeline_queries import NotApplicable, Query, Stage, StageMaker
from pipeline_tables import DSH_TYPES


def types(columns: list) -> str:
    """The columns for options of dsh; only those of types that texts can hold."""
    if of_type(columns, "list", "wild"):
        raise NotApplicable
    return ",".join(f"{column.name}:{DSH_TYPES[column.type]}" for column in columns)


class Detours(StageMaker):
    """Makes stages after which everything is as before."""

    @staticmethod
    def same(text: str, definition: str = "", names: tuple = ()) -> Stage:
        def query(now: list) -> Query:
            # A text names columns with their types: with others, after a stage before is left out, it would not be the same.
            if names and types(now) != names[0]:
                raise NotApplicable
            return Query(now, "select * from {t}", "n__")

        return Stage(text, query, definition=definition)

    def detour(self, columns: list) -> Stage:
        makers = [self.repartition, self.repartition_by_bytes, self.repartition_by_keys, self.through_program]
        return self.random.choice(makers)(columns)

    def long_detour(self, columns: list) -> Stage:
        """One with a statement of its own, which can't stand inside of another pipeline."""
        return self.random.choice([self.pin, self.through_file, self.through_folder])(columns)

    def repartition(self, columns: list) -> Stage:
        return self.same(f"repartition {self.random.choice([1, 3, 8])}")

    def repartition_by_bytes(self, columns: list) -> Stage:
        return self.same(f"repartition --bytes={self.random.choice(['100', '1K', '1M'])}")

    def repartition_by_keys(self, columns: list) -> Stage:
        """The blocks give the rows another order, which is taken back."""
        place, keys = self.fresh("place"), self.some(columns, 2)
        by = ",".join(key.name for key in keys)
        text = f"with_row_number {place} | repartition {self.random.choice([1, 3, 8])} --by={by} | sort {place} | drop {place}"
        return self.same(text)

    def pin(self, columns: list) -> Stage:
        name = self.fresh("pinned") + "_{script}"
        return self.same(name, f"{name} = {{before}} | {self.random.choice(['persist', 'materialize'])}")

    def through_file(self, columns: list) -> Stage:
        listed, path = types(columns), self.fresh("written") + "_{script}." + self.random.choice(["csv", "tsv"])
        blocks = self.random.choice(["", " --blocks=5"])
        return self.same(f"read --header --types={listed}{blocks} {path}", f"{{before}} | write --force {path}", (listed,))

    def through_folder(self, columns: list) -> Stage:
        listed, path = types(columns), self.fresh("written") + "_{script}"
        files = self.random.choice(["", " --files=2"])
        return self.same(
            f"read --header --types={listed} {path}/*.csv", f"{{before}} | write --force --format=csv{files} {path}/", (listed,))

    def through_program(self, columns: list) -> Stage:
        listed, format = types(columns), self.random.choice(["csv", "jsonl", "arrow"])
        rows = self.random.choice(["", " --batch-rows=10"])
        return self.same(f'map_batches --format={format}{rows} --schema="{listed}" "cat"', names=(listed,))
