"""Random choices of rows for pipelines.py: `sample`, `shuffle` and `split`, whose rows dsh tells and whose promises are checked.

DuckDB can't make the same choice. dsh is asked which places it chooses of the rows before; whether it keeps what it promises is looked at
by those places, and DuckDB goes on with the rows that stand there, so that every row of the answer is still compared.
"""

import math

from pipeline_queries import Choice, Query, Stage, StageMaker

# So many standard deviations away from its share, a sample comes up less than once in a thousand million times.
GREATEST_DEVIATION = 6


def has_share(places: list, count: int, share: float) -> bool:
    return abs(len(places) - share * count) <= GREATEST_DEVIATION * math.sqrt(count * share * (1 - share)) + 1e-9


def is_part(places: list, count: int) -> bool:
    """Whether they are rows of so many, in their order, none of them twice."""
    return all(1 <= place <= count for place in places) and all(left < right for left, right in zip(places, places[1:]))


class Choices(StageMaker):
    """Makes stages that choose rows as if by chance."""

    def chosen(self, text: str, choice: Choice, definition: str = "") -> Stage:
        select = "select * from (select *, row_number() over (order by n__) as place__ from {t}) join {chosen} using (place__)"
        return Stage(text, lambda now: Query(now, select, "position__"), choice, definition)

    def seed(self) -> str:
        return self.random.choice(["", " --seed=1", f" --seed={self.random.randint(0, 10**9)}"])

    def sample(self, columns: list) -> Stage:
        share = self.random.choice([0.0, 0.1, 0.3, 0.5, 0.9, 1.0])
        text = f"sample {share}{self.seed()}"
        return self.chosen(text, Choice([text], [0], lambda parts, count: is_part(parts[0], count) and has_share(parts[0], count, share)))

    def sample_rows(self, columns: list) -> Stage:
        most = self.random.choice([0, 1, 5, 20, 1000])
        text = f"sample --rows={most}{self.seed()}"
        return self.chosen(text, Choice([text], [0], lambda parts, count: is_part(parts[0], count) and len(parts[0]) == min(most, count)))

    def shuffle(self, columns: list) -> Stage:
        text = f"shuffle{self.seed()}"
        return self.chosen(text, Choice([text], [0], lambda parts, count: sorted(parts[0]) == list(range(1, count + 1))))

    def split(self, columns: list) -> Stage:
        """One of the parts, or two of them put together again."""
        shares = self.random.choice([[0.5], [0.8], [0.1], [0.6, 0.2], [0.3, 0.3, 0.3]])
        text, name = f"split {', '.join(map(str, shares))}{self.seed()}", self.fresh("part")
        names = [f"{name}_{part + 1}_{{script}}" for part in range(len(shares) + 1)]

        def holds(parts: list, count: int) -> bool:
            return (
                all(is_part(part, count) for part in parts) and sorted(sum(parts, [])) == list(range(1, count + 1))
                and all(has_share(part, count, share) for part, share in zip(parts, shares)))

        taken = self.random.sample(range(len(names)), self.random.choice([1, 2, 2]))
        choice = Choice([f"{text} --part={part + 1}" for part in range(len(names))], taken, holds)
        if len(taken) == 1 and self.random.random() < 0.5:
            return self.chosen(choice.questions[taken[0]], choice)
        last = f" | union ({names[taken[1]]})" if len(taken) == 2 else ""
        return self.chosen(names[taken[0]] + last, choice, f"{', '.join(names)} = {{before}} | {text}")
