#!/usr/bin/env python3
"""Reads folders of very many files, of which only some are looked at when they are named, and one of the others is unlike them.

    python3 Tests/Robustness/folders.py --dsh .build/release/dsh [--only TEXT]

The first lines that dsh prints as JSON are compared with what Python knows it wrote.
"""

import bz2
import gzip
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, run, run_scenarios

FILES = 1500
ROWS = 4
# Neither of these is among the files that are looked at by their places.
ODD = 701


def text_of(number: int, header: str = "id,name,value", delimiter: str = ",") -> str:
    rows = [[number * ROWS + row, f"n{row}", row * 0.5] for row in range(ROWS)]
    lines = [header] if header else []
    return "".join(line + "\n" for line in lines + [delimiter.join(map(str, row)) for row in rows])


def folder(scratch: Path, change=None, suffix=".csv", write=None, make=text_of, count=FILES) -> Path:
    path = scratch / "d"
    path.mkdir()
    for number in range(count):
        text = make(number)
        if change and number == ODD:
            text = change(number)
        data = text if isinstance(text, bytes) else text.encode()
        (path / f"f{number:05}{suffix}").write_bytes(write(data) if write else data)
    return path


def ask(dsh: str, statement: str):
    return run(dsh, "--nodes=2", "--format=json", "-c", statement)


SUM = sum(range(FILES * ROWS))


def check_totals(tally: Tally, dsh: str, read: str, what: str, note: str = "", rows: int = FILES * ROWS, total: int = SUM):
    outcome = ask(dsh, f"{read} | agg n = count(), s = sum(id) | take 1")
    found = outcome.results()[0] if outcome.status == 0 and outcome.results() else None
    tally.check(found == [{"n": rows, "s": total}], f"{what}: all rows, each once", f"{found} {outcome.error_text[-600:]}")
    if note:
        tally.check(note in outcome.error_text + outcome.text, f"{what}: {note}", outcome.error_text[-600:])
    return outcome


def alike(tally, dsh, scratch):
    path = folder(scratch)
    check_totals(tally, dsh, f"read {path}", "alike")
    outcome = ask(dsh, f"read {path} --with-path | filter id == {ODD * ROWS + 2} | take 1")
    tally.check(outcome.results()[:1] == [[{"id": ODD * ROWS + 2, "name": "n2", "value": 1.0, "path": str(path / f"f{ODD:05}.csv")}]],
                "the path of a row", outcome.text + outcome.error_text)
    outcome = ask(dsh, f"read {path} --with-row | filter id % {ROWS} == 3 | agg count = count() by row | take 9")
    tally.check(outcome.results()[:1] == [[{"row": ROWS, "count": FILES}]], "rows are numbered in each file",
                outcome.text + outcome.error_text[-300:])
    outcome = ask(dsh, f"read {path} | sort id | take 3")
    tally.check([row["id"] for row in (outcome.results() or [[]])[0]] == [0, 1, 2], "sorted", outcome.text[:300])
    outcome = ask(dsh, f"x = read {path} | persist; x | count; x | filter id == 5 | count")
    tally.check(outcome.results()[-1:] == [1] or outcome.results()[-1:] == [[{"count": 1}]], "persisted", outcome.text[-300:] + outcome.error_text[-300:])
    outcome = run(dsh, "--nodes=2", "-c", f"read {path} | count")
    blocks = [line for line in outcome.text.splitlines() + outcome.error_text.splitlines() if "blocks run" in line]
    tally.check(bool(blocks) and int(blocks[0].split(" block")[0].split()[-1].replace(",", "")) < 100,
                "many files share a task", outcome.text + outcome.error_text)


def more_columns(tally, dsh, scratch):
    path = folder(scratch, lambda n: "id,name,value,extra\n7,a,1.5,x\n")
    outcome = check_totals(tally, dsh, f"read {path}", "one file with another column", "is not like the files looked at before it",
                           FILES * ROWS - ROWS + 1, SUM - sum(range(ODD * ROWS, ODD * ROWS + ROWS)) + 7)
    outcome = ask(dsh, f"read {path} | filter extra == \"x\" | take 5")
    tally.check(outcome.status != 0 and "extra" in outcome.error_text, "a column that nobody has seen is not known when the statement is typed",
                outcome.text + outcome.error_text)


def another_order(tally, dsh, scratch):
    path = folder(scratch, lambda n: "name,id,value\n" + "".join(f"n{r},{n * ROWS + r},1\n" for r in range(ROWS)))
    check_totals(tally, dsh, f"read {path}", "one file with its columns in another order", "is not like")


def another_separator(tally, dsh, scratch):
    path = folder(scratch, lambda n: text_of(n, "id;name;value", ";"))
    check_totals(tally, dsh, f"read {path}", "one file with another separator", "is not like")


def another_start(tally, dsh, scratch):
    path = folder(scratch, lambda n: "\ufeff\r\n\r\n" + text_of(n).replace("\n", "\r\n"))
    check_totals(tally, dsh, f"read {path}", "one file with a byte-order mark, blank lines and other line ends")


def nothing_in_it(tally, dsh, scratch):
    for what, text in [("empty", ""), ("only a header", "id,name,value\n"), ("blank lines", "\n\n")]:
        inner = scratch / what.replace(" ", "_")
        inner.mkdir()
        path = folder(inner, lambda n: text)
        check_totals(tally, dsh, f"read {path}", f"one file that is {what}", "", FILES * ROWS - ROWS,
                     SUM - sum(range(ODD * ROWS, ODD * ROWS + ROWS)))


def without_headers(tally, dsh, scratch):
    path = folder(scratch, lambda n: "1,2\n", make=lambda n: text_of(n, ""))
    outcome = ask(dsh, f"read {path} | count")
    tally.check(outcome.status != 0 or str(FILES * ROWS - ROWS + 1) in outcome.text, "one file of fewer columns: an error or all rows",
                outcome.text + outcome.error_text)
    tally.check("f00701.csv" in outcome.text + outcome.error_text, "it is named", outcome.text + outcome.error_text)


def a_wider_type(tally, dsh, scratch):
    path = folder(scratch, lambda n: "id,name,value\n1,a,much\n")
    outcome = ask(dsh, f"read {path} | filter value == \"much\" | take 3")
    tally.check(outcome.status != 0 or outcome.results()[0] == [{"id": 1, "name": "a", "value": "much"}], "text among numbers",
                outcome.text + outcome.error_text)
    outcome = ask(dsh, f"read {path} | filter id == 1 and name == \"a\" | take 3")
    tally.check(outcome.results()[:1] == [[{"id": 1, "name": "a", "value": "much"}]], "a late text widens the column",
                outcome.text + outcome.error_text)
    tally.check("widened from float64 to string" in outcome.error_text, "and it is told", outcome.error_text)


def broken(tally, dsh, scratch):
    parquet = scratch / "x.parquet"
    run(dsh, "--nodes=1", "-c", f"range 1000 | write {parquet}")
    for what, text in [("a row too long", "id,name,value\n1,a,1\n2,b,2,3,4\n"), ("a quote without end", 'id,name,value\n1,"a,1\n'),
                       ("no text", b"id,name,value\n1,\xff\xfe,2\n"), ("a Parquet file", parquet.read_bytes())]:
        inner = scratch / what.replace(" ", "_")
        inner.mkdir()
        path = folder(inner, lambda n: text)
        outcome = ask(dsh, f"read {path} | agg s = sum(value), m = max(name) | take 1")
        tally.check(outcome.status != 0 and "f00701.csv" in outcome.error_text, f"{what}: an error that names the file",
                    outcome.text + outcome.error_text)


def compressed(tally, dsh, scratch):
    path = folder(scratch, lambda n: text_of(n), suffix=".csv.gz", write=gzip.compress)
    (path / f"f{ODD:05}.csv.gz").write_bytes(bz2.compress(text_of(ODD).encode()))
    (path / f"f{ODD + 1:05}.csv.gz").write_bytes(text_of(ODD + 1).encode("utf-16"))
    check_totals(tally, dsh, f"read {path}", "compressed in two ways, and UTF-16")
    (path / f"f{ODD:05}.csv.gz").write_bytes(gzip.compress(text_of(ODD).encode())[:-9])
    outcome = ask(dsh, f"read {path} | count")
    tally.check(outcome.status != 0 and f"f{ODD:05}" in outcome.error_text, "one that is cut short: an error that names it",
                outcome.text + outcome.error_text)


def json_lines(tally, dsh, scratch):
    def lines(n):
        return "".join(json.dumps({"id": n * ROWS + r, "tags": ["a"] * r}) + "\n" for r in range(ROWS))

    path = folder(scratch, lambda n: '{"id": 1, "late": {"x": 2}}\n', suffix=".jsonl", make=lines)
    check_totals(tally, dsh, f"read {path}", "JSON Lines, one with another member", "", FILES * ROWS - ROWS + 1,
                 SUM - sum(range(ODD * ROWS, ODD * ROWS + ROWS)) + 1)
    outcome = ask(dsh, f"read {path} | filter id == 1 | take 3")
    tally.check(any("late" in row and row["late"] == {"x": 2} for row in (outcome.results() or [[]])[0]), "its values are there",
                outcome.text + outcome.error_text)
    (path / f"f{ODD:05}.jsonl").write_text('{"id": 1}\n{"id": 2\n')
    outcome = ask(dsh, f"read {path} | count")
    tally.check(outcome.status != 0 and f"f{ODD:05}" in outcome.error_text, "one that is broken: an error that names it",
                outcome.text + outcome.error_text)


def json_documents(tally, dsh, scratch):
    path = folder(scratch, lambda n: json.dumps({"id": 9}), suffix=".json",
                  make=lambda n: json.dumps([{"id": n * ROWS + r} for r in range(ROWS)]))
    check_totals(tally, dsh, f"read {path}", "JSON documents, one an object", "is not like", FILES * ROWS - ROWS + 1,
                 SUM - sum(range(ODD * ROWS, ODD * ROWS + ROWS)) + 9)


def plain_text(tally, dsh, scratch):
    path = folder(scratch, suffix=".txt")
    outcome = ask(dsh, f"read --format=text {path} | count")
    tally.check(str(FILES * (ROWS + 1)) in outcome.text.replace(",", ""), "lines of text", outcome.text + outcome.error_text)


def columnar(tally, dsh, scratch):
    for suffix in ["parquet", "arrow"]:
        path = scratch / suffix
        path.mkdir()
        one, two, odd = scratch / f"1.{suffix}", scratch / f"2.{suffix}", scratch / f"3.{suffix}"
        run(dsh, "--nodes=1", "-c",
            f"range 4 | write {one}; range 100 | write {two}; range 3 | map x = \"a\" | write {odd}")
        data = [one.read_bytes(), two.read_bytes()]
        for number in range(FILES):
            (path / f"f{number:05}.{suffix}").write_bytes(data[number % 2])
        outcome = ask(dsh, f"read {path} | agg n = count(), s = sum(id) | take 1")
        expected = {"n": FILES // 2 * 104, "s": FILES // 2 * (6 + 4950)}
        tally.check(outcome.results()[:1] == [[expected]], f"{suffix} files of several sizes", outcome.text + outcome.error_text)
        (path / f"f{ODD:05}.{suffix}").write_bytes(odd.read_bytes())
        outcome = ask(dsh, f"read {path} | agg n = count(), s = sum(id) | take 1")
        expected = {"n": FILES // 2 * 104 - 97, "s": FILES // 2 * (6 + 4950) - 4947}
        tally.check(outcome.results()[:1] == [[expected]], f"one {suffix} file with another column", outcome.text + outcome.error_text)
        (path / f"f{ODD:05}.{suffix}").write_bytes(odd.read_bytes()[:-20])
        outcome = ask(dsh, f"read {path} | agg n = count(), s = sum(id) | take 1")
        tally.check(outcome.status != 0 and f"f{ODD:05}" in outcome.error_text, f"one {suffix} file cut short: an error that names it",
                    outcome.text + outcome.error_text)


def evolution(tally, dsh, scratch):
    """Files that get a column at some time, and lose another later."""
    def text(n):
        if n < 400:
            return "id\n" + "".join(f"{n * ROWS + r}\n" for r in range(ROWS))
        if n < 1111:
            return "id,extra\n" + "".join(f"{n * ROWS + r},e\n" for r in range(ROWS))
        return "extra,id\n" + "".join(f"e,{n * ROWS + r}\n" for r in range(ROWS))

    path = folder(scratch, make=text)
    outcome = check_totals(tally, dsh, f"read {path}", "columns that come and go")
    tally.check("is not like" not in outcome.error_text, "where they change is found by halves", outcome.error_text)
    outcome = ask(dsh, f"read {path} | filter extra == null | count")
    tally.check("1600" in outcome.text.replace(",", ""), "files without a column give null", outcome.text + outcome.error_text)


def partitions(tally, dsh, scratch):
    path = scratch / "d"
    for number in range(FILES):
        inner = path / f"day={number % 5}"
        inner.mkdir(parents=True, exist_ok=True)
        (inner / f"f{number:05}.csv").write_text(text_of(number))
    check_totals(tally, dsh, f"read {path}", "in folders of partitions")
    outcome = ask(dsh, f"read {path} | filter day == 3 | agg n = count(), d = sum(day) | take 1")
    tally.check(outcome.results()[:1] == [[{"n": FILES // 5 * ROWS, "d": FILES // 5 * ROWS * 3}]], "a partition alone",
                outcome.text + outcome.error_text)
    outcome = ask(dsh, f"read {path} | agg count = count() by day | sort day | take 9")
    tally.check([row["count"] for row in outcome.results()[0]] == [FILES // 5 * ROWS] * 5, "grouped by partition", outcome.text)


def a_change(tally, dsh, scratch):
    path = folder(scratch)
    other = scratch / "other"
    other.write_text(text_of(ODD).replace("n1", "n1x"))
    script = scratch / "s.dsh"
    script.write_text(f"x = read {path}\nx | count\n!cp {other} {path}/f{ODD:05}.csv\nx | filter name == \"n1x\" | count\n")
    outcome = run(dsh, "--nodes=2", "--format=json", str(script))
    tally.check("has changed" in outcome.error_text and outcome.results()[-1:] in ([1], [[{"count": 1}]]),
                "a file that nobody looked at changes", outcome.text + outcome.error_text)


SCENARIOS = [alike, more_columns, another_order, another_separator, another_start, nothing_in_it, without_headers, a_wider_type, broken,
             compressed, json_lines, json_documents, plain_text, columnar, evolution, partitions, a_change]

if __name__ == "__main__":
    run_scenarios(__doc__, SCENARIOS, "folders")
