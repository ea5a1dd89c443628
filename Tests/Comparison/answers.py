"""Answers of DuckDB and dsh side by side: what the scripts that compare them share."""

import datetime
import decimal
import math

# Sums of floating point numbers depend on their order in the last digits.
RELATIVE_TOLERANCE = 1e-9
SHOWN_DIFFERENCES = 3


def plain(value):
    """A value of DuckDB as it stands in dsh's JSON."""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") + (f".{value.microsecond:06d}".rstrip("0") if value.microsecond else "")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, decimal.Decimal):
        return float(value)  # a sum of integers is a decimal of 38 digits
    return [plain(element) for element in value] if isinstance(value, list) else value


def same(left, right, absolute_tolerance: float = 1e-12) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(*pair, absolute_tolerance) for pair in zip(left, right))
    if left is None or right is None or isinstance(left, (bool, str)) or isinstance(right, (bool, str)):
        return left == right and type(left) is type(right)
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    return math.isclose(left, right, rel_tol=RELATIVE_TOLERANCE, abs_tol=absolute_tolerance)


def sort_key(row: list):
    return [(value is not None, str(type(value)), round(value, 6) if isinstance(value, float) else value) for value in row]


def differences(expected: list, found: list) -> list:
    messages = [f"{len(expected)} rows expected, {len(found)} found"] if len(expected) != len(found) else []
    for number, (left, right) in enumerate(zip(expected, found), 1):
        if len(left) != len(right) or not all(map(same, left, right)):
            messages.append(f"row {number}: expected {left}\n       found    {right}")
    return messages


def order_places(sql: str, columns: list) -> list:
    """The places of the columns that a statement as a whole is ordered by: that of its last line that begins with `order by`."""
    lines = [line for line in sql.splitlines() if line.startswith("order by ")]
    keys = lines[-1].removeprefix("order by ").rstrip(";").split(",") if lines else []
    return [columns.index(key.split()[0]) for key in keys]


def ordered_differences(expected: list, found: list, order: list) -> list:
    """Rows that are alike in what they are ordered by may stand in any order among themselves."""
    keys = differences([[row[place] for place in order] for row in expected], [[row[place] for place in order] for row in found])
    return keys + differences(sorted(expected, key=sort_key), sorted(found, key=sort_key))
