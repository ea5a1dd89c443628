#!/usr/bin/env python3
"""Compares functions of time over timestamps for zones with Python's zoneinfo, at instants around changes of clocks and at random ones.

    DSH_PYTHON=… python3 Tests/Comparison/zones.py --dsh .build/release/dsh [--zones 40] [--instants 500] [--seed N]

The zones are chosen from all that the system has. Needs pyarrow.
"""

import os
import random
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

if os.environ.get("DSH_PYTHON") and not os.environ.get("DSH_PYTHON_USED"):
    os.environ["DSH_PYTHON_USED"] = "1"
    os.execv(os.environ["DSH_PYTHON"], [os.environ["DSH_PYTHON"], *sys.argv])

import pyarrow as pa
import pyarrow.ipc as ipc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
FIRST, LAST = datetime(1880, 1, 1, tzinfo=timezone.utc), datetime(2300, 1, 1, tzinfo=timezone.utc)


def changes(zone: ZoneInfo, source: random.Random, count: int) -> list:
    """Instants at and beside changes of a zone's distance from UTC, found by halving days whose ends differ."""
    found = []
    for year in source.sample(range(1880, 2300), count):
        low = datetime(year, 1, 1, tzinfo=timezone.utc)
        for _ in range(12):
            high = low + timedelta(days=31)
            if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
                a, b = low, high
                while b - a > timedelta(seconds=1):
                    middle = a + timedelta(seconds=int((b - a).total_seconds()) // 2)
                    if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
                        a = middle
                    else:
                        b = middle
                found += [a, b, b + timedelta(minutes=30), b - timedelta(hours=5), b + timedelta(hours=7)]
            low = high
    return found


def instants(zone: ZoneInfo, source: random.Random, count: int) -> list:
    made = changes(zone, source, max(1, count // 50))[:count]
    while len(made) < count:
        made.append(FIRST + timedelta(microseconds=source.randrange((LAST - FIRST) // timedelta(microseconds=1))))
    return made


def utc(local: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which clocks show a time."""
    return local.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)


def offset_text(local: datetime) -> str:
    minutes = abs(local.utcoffset()) // timedelta(minutes=1)
    return ("-" if local.utcoffset() < timedelta(0) else "+") + f"{minutes // 60 * 100 + minutes % 60:04}"


def midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


# What dsh computes of a column, and what Python says it is.
QUERIES = {
    "year({t})": lambda instant, local, zone: local.year,
    "month({t})": lambda instant, local, zone: local.month,
    "day({t})": lambda instant, local, zone: local.day,
    "hour({t})": lambda instant, local, zone: local.hour,
    "minute({t})": lambda instant, local, zone: local.minute,
    "second({t})": lambda instant, local, zone: local.second,
    "weekday({t})": lambda instant, local, zone: local.isoweekday(),
    "date({t})": lambda instant, local, zone: local.date(),
    "{t}::time": lambda instant, local, zone: local.time(),
    "epoch_us({t})": lambda instant, local, zone: (instant - EPOCH) // timedelta(microseconds=1),
    'date_trunc("day", {t})': lambda instant, local, zone: utc(midnight(local), zone),
    'date_trunc("month", {t})': lambda instant, local, zone: utc(midnight(local).replace(day=1), zone),
    'date_trunc("minute", {t})': lambda instant, local, zone: instant - timedelta(seconds=local.second, microseconds=local.microsecond),
    'date_add("day", 1, {t})': lambda instant, local, zone: utc(local.replace(tzinfo=None) + timedelta(days=1), zone),
    'date_add("hour", 3, {t})': lambda instant, local, zone: instant + timedelta(hours=3),
    'format_time({t}, "%Y-%m-%d %H:%M:%S %z %s")': lambda instant, local, zone:
        f"{local:%Y-%m-%d %H:%M:%S} {offset_text(local)} {(instant - EPOCH) // timedelta(seconds=1)}",
}


def check(tally: Tally, binary: str, folder: Path, name: str, source: random.Random, count: int):
    zone = ZoneInfo(name)
    made = instants(zone, source, count)
    table = pa.table({"t": pa.array([(instant - EPOCH) // timedelta(microseconds=1) for instant in made], pa.timestamp("us", name))})
    with ipc.new_file(str(folder / "t.arrow"), table.schema) as writer:
        writer.write_table(table)
    columns = ", ".join(f"c{number} = {query.format(t='t')}" for number, query in enumerate(QUERIES))
    result = run(binary, "-c", f"read t.arrow | select {columns} | write --force c.arrow", folder=folder)
    if not tally.check(result.status == 0, f"{name}: computed", result.error_text.strip()[:500]):
        return
    found = ipc.open_file(str(folder / "c.arrow")).read_all()
    for number, (query, expected) in enumerate(QUERIES.items()):
        column = found[f"c{number}"]
        problem = ""
        if pa.types.is_timestamp(column.type):
            problem = "" if column.type == pa.timestamp("us", name) else f"the type is {column.type}"
            # Python takes no two times for equal where clocks show one twice.
            column = column.cast(pa.timestamp("us", "UTC"))
        for instant, value in zip(made, column.to_pylist()):
            local = instant.astimezone(zone)
            wanted = expected(instant, local, zone)
            if value != wanted and not problem:
                problem = f"at {instant}: {value!r} found, {wanted!r} expected"
        tally.check(not problem, f"{name}: {query.format(t='t')}", problem)


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--zones", type=int, default=40, help="how many zones (default: %(default)s)")
    parser.add_argument("--instants", type=int, default=500, help="how many instants for each (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the choice (default: %(default)s)")
    options = parser.parse_args()
    source = random.Random(options.seed)
    names = sorted(name for name in available_timezones() if name[0].isupper())
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for name in source.sample(names, min(options.zones, len(names))):
            check(tally, options.dsh, Path(folder), name, source, options.instants)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
