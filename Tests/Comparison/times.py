#!/usr/bin/env python3
"""Compares dates and times that dsh reads and writes in formats with those of Python's datetime, over a table of formats and dates.

    python3 Tests/Comparison/times.py --dsh .build/release/dsh [--dates 60] [--seed N]

Every format is tried with every date, both where the format is a constant and where it comes from a column. A text with a zone has to come
out in UTC. Python writes the texts; it reads them back, too, so that what a format leaves out is left out on both sides.
"""

import csv
import random
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

DAYS = [
    "%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%m/%d/%Y", "%d %B %Y", "%b %d, %Y", "%d-%b-%y", "%y%m%d", "%Y%j", "%Y-%j", "%j/%Y", "%y%j", "%Y%m", "%Y-%m",
    "%B %Y", "%Y", "%G-W%V-%u", "%G%V%u", "%GW%V%u", "%u/%V/%G", "%A %V %G", "%G %V %w", "%Y %U %w", "%Y%U%w", "%Y %W %u", "%a %W %Y", "%A, %d %B %Y",
    "%a %Y-%m-%d", "%Y-%m-%d (%j)", "%Y-%m-%d %U %W", "%Y-%m-%d %u%w", "%m/%Y", "%d%m%Y", "%h %d %Y".replace("%h", "%b"), "day %d of month %m in %Y, 100%%"]
TIMES = ["", " %H:%M", "T%H:%M:%S", " %H%M%S", " %I:%M %p", " %I:%M:%S%p", " %H:%M:%S.%f", " %H:%M:%S,%f", "T%H", " %H:%M %p"]
ZONES = ["", "%z", " %z"]
OFFSETS = [0, 60, 120, -300, -210, 330, 345, 765, -720, 840, -1439, 1439]


def dates(count: int, source: random.Random) -> list:
    """Dates around the turns of years, leap days, and anywhere; with a distance from UTC each."""
    edges = [datetime(year, month, day, 23, 59, 59, 999999) for year in (1970, 1999, 2000, 2004, 2015, 2020, 2024, 2026, 2038)
             for month, day in ((1, 1), (1, 3), (12, 28), (12, 31), (2, 28), (3, 1))] + [datetime(2024, 2, 29), datetime(2000, 2, 29, 0, 0, 1)]
    anywhere = [datetime(1970, 1, 1) + timedelta(seconds=source.randrange(0, 3_000_000_000), microseconds=source.randrange(10**6)) for _ in range(count)]
    chosen = source.sample(edges, min(len(edges), count // 2)) + anywhere
    return [moment.replace(tzinfo=timezone(timedelta(minutes=source.choice(OFFSETS)))) for moment in chosen[:count]]


def plain(moment: datetime) -> str:
    """As dsh shows a timestamp."""
    text = moment.strftime("%Y-%m-%d %H:%M:%S")
    return text + (f".{moment.microsecond:06}" if moment.microsecond else "")


def table(moments: list) -> list:
    """Format, text, the time read from it, and whether Python reads it at all."""
    rows = []
    for day in DAYS:
        for time in TIMES:
            for zone in ZONES if time and "%p" not in time else [""]:
                # Digits that follow digits without a break are no question of formats.
                form = day + time + zone
                for moment in moments:
                    text = moment.strftime(form)
                    read = datetime.strptime(text, form)
                    rows.append((form, text, plain(read.astimezone(timezone.utc) if read.tzinfo else read), plain(moment.replace(tzinfo=None))))
    for form in ("%s", "%s.%f"):
        for moment in moments:
            seconds = int(moment.timestamp() // 1)
            whole = moment.astimezone(timezone.utc)
            rows.append((form, form.replace("%s", str(seconds)).replace("%f", f"{moment.microsecond:06}"),
                         plain(whole if "%f" in form else whole.replace(microsecond=0)), plain(whole.replace(tzinfo=None))))
    return rows


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--dates", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    tally = Tally()
    moments = dates(options.dates, random.Random(options.seed))
    rows = table(moments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open(folder / "times.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["format", "text", "expected", "local"])
            writer.writerows(rows)
        forms = sorted({row[0] for row in rows})
        read = "all = read --types=string --header=true --delim=\",\" times.csv"
        outcome = run(
            options.dsh, "--format", "csv", "-c",
            f"{read}; all | map got = try_parse_timestamp(text, format)::string, day = try_parse_date(text, format)::string"
            " | filter got == null or got != expected or day != left(expected, 10) | select format, text, expected, got, day | take_all",
            folder=folder)
        wrong = list(csv.reader(outcome.text.splitlines()))[1:]
        bad = {row[0] for row in wrong}
        for form in forms:
            tally.check(outcome.status == 0 and form not in bad, f"a column of formats reads {form}",
                        outcome.error_text[-300:] if outcome.status else str([row for row in wrong if row[0] == form][:2]))
        # Constant formats, and writing: the text that Python wrote, but for formats whose zone is the text's own.
        script = [read]
        for form in forms:
            script.append(f'all | filter format == "{form}" and parse_timestamp(text, "{form}")::string != expected | count')
            if "%z" not in form:
                script.append(f'all | filter format == "{form}" and format_time(local::timestamp, "{form}") != text | count')
        (folder / "constant.dsh").write_text("\n".join(script) + "\n")
        outcome = run(options.dsh, "--format", "csv", "constant.dsh", folder=folder)
        counts = [line for line in outcome.text.splitlines() if line != "count"]
        expected = sum(1 if "%z" in form else 2 for form in forms)
        tally.check(outcome.status == 0 and counts == ["0"] * expected, "constant formats read and write as Python does",
                    outcome.error_text[-600:] or str([number for number, count in enumerate(counts) if count != "0"][:5]))
        print(f"{len(rows)} texts in {len(forms)} formats")
    tally.finish()


if __name__ == "__main__":
    main()
