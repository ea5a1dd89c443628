#!/usr/bin/env python3
"""Checks the bytes that receipts call moved against a count of one's own.

    python3 Tests/Comparison/movement.py --dsh .build/release/dsh --data DATA

1. `take N` over persisted blocks moves the slices of the columns and nothing else: 8 bytes a row for int64, float64 and timestamp, 4 for
   date, a bit a row for bool in whole bytes, 4 * (rows + 1) and the UTF-8 bytes for text, and a validity bit a row in whole bytes where the
   slice holds a null. The rows are printed as JSON, and the expected number is computed from what is printed, block by block.
2. What `transfers` shows pair by pair is the sum of the receipts before it, and `nodes` shows the same sums as sent and received; also for
   the exchange between three nodes that `agg … by` and `sort` make.
"""

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

FIXED_BYTES = {"int64": 8, "float64": 8, "timestamp": 8, "date": 4}
TAKES = [1, 3, 10, 64, 65, 1000]
FILES = [
    "csv/seaborn-tips.csv", "csv/seaborn-penguins.csv", "csv/seaborn-titanic.csv", "csv/seaborn-diamonds.csv",
    "csv/vega-birdstrikes.csv", "csv/vega-seattle-weather.csv", "csv/anon-reviews.csv", "csv/userdata1.csv", "csv/country-codes.csv",
    "csv/ourairports-navaids.csv", "csv/538-riddler-castles.csv", "csv/covid-italy-provinces.csv", "csv/gdp.csv"]
EXCHANGES = [
    ("csv/seaborn-diamonds.csv", "agg n = count(), mean(price), max(carat) by cut, color, clarity"),
    ("csv/seaborn-diamonds.csv", "sort price desc, carat"),
    ("csv/anon-reviews.csv", "agg n = count(), mean(rating) by vendorId"),
    ("csv/anon-reviews.csv", "sort date desc"),
    ("csv/covid-italy-provinces.csv", "agg n = count(), max(totale_casi) by denominazione_provincia, note"),
    ("csv/vega-zipcodes.csv", "sort city, zip_code"),
]


def bits(rows: int) -> int:
    return (rows + 7) // 8


def slice_bytes(rows: list, types: dict) -> int:
    """The bytes of the buffers that hold these rows of one block."""
    total = 0
    for name, kind in types.items():
        values = [row[name] for row in rows]
        if kind == "bool":
            total += bits(len(rows))
        elif kind == "string":
            total += 4 * (len(rows) + 1) + sum(len(value.encode()) for value in values if value is not None)
        else:
            total += FIXED_BYTES[kind] * len(rows)
        if None in values:
            total += bits(len(rows))
    return total


def pairs(entries: list, bytes_key: str) -> Counter:
    counted = Counter()
    for entry in entries:
        counted[entry["from"], entry["to"]] += entry[bytes_key]
    return counted


def check_sums(tally: Tally, name: str, receipts: list, transfers: list, nodes: list):
    """Receipts, `transfers` and `nodes` tell the same movement."""
    by_receipts = pairs([moved for receipt in receipts for moved in receipt["moved"]], "bytes")
    by_transfers = pairs(transfers, "moved")
    tally.check(by_receipts == by_transfers, f"{name}: transfers", f"receipts {dict(by_receipts)}\n       transfers {dict(by_transfers)}")
    for receipt in receipts:
        total = sum(moved["bytes"] for moved in receipt["moved"])
        tally.check(receipt["moved_bytes"] == total, f"{name}: moved_bytes of {receipt['action']}", f"{receipt['moved_bytes']} and {total}")
    for node in nodes:
        sent = sum(count for (source, _), count in by_transfers.items() if source == node["node"])
        received = sum(count for (_, target), count in by_transfers.items() if target == node["node"])
        tally.check(
            (node["sent"], node["received"]) == (sent, received), f"{name}: {node['node']} in nodes",
            f"sent {node['sent']}, received {node['received']}; transfers say {sent} and {received}")
    self_moves = [pair for pair in by_transfers if pair[0] == pair[1]]
    tally.check(not self_moves, f"{name}: nothing moves from a store to itself", str(self_moves))


def takes(tally: Tally, binary: str, data: Path, path: str, flags: list):
    statements = [f"t = read --blocks=3 {path}", "t | schema", "t | persist", "blocks"]
    statements += [f"t | take {count}" for count in TAKES] + ["transfers", "nodes"]
    outcome = run(binary, "--format=json", "--report=json", *flags, "-c", "; ".join(statements), folder=data)
    name = " ".join([path, *flags])
    if not tally.check(outcome.status == 0, f"{name}: exit code {outcome.status}", outcome.error_text):
        return
    schema, blocks, *tables, transfers, nodes = outcome.results()
    persist, *receipts = outcome.receipts()
    types = {field["column"]: field["type"] for field in schema}
    tally.check(persist["moved_bytes"] == 0, f"{name}: persist moves nothing", str(persist["moved"]))
    for count, rows, receipt in zip(TAKES, tables, receipts):
        start, by_node, is_exact = 0, Counter(), True
        for block in blocks:
            part = rows[start:start + block["rows"]]
            start += block["rows"]
            if part:
                by_node[block["node"]] += slice_bytes(part, types)
                is_exact = is_exact and (len(part) < block["rows"] or "string" not in types.values())
        found = {moved["from"]: moved["bytes"] for moved in receipt["moved"]}
        # A whole block moves as it is, and its texts may be behind a dictionary, which takes fewer bytes.
        same = found == dict(by_node) if is_exact else all(found[node] <= count for node, count in by_node.items())
        tally.check(
            same and receipt["moved_bytes"] == sum(found.values()), f"{name}: take {count}",
            f"{dict(by_node)} counted, {found} in the receipt")
    check_sums(tally, name, [persist, *receipts], transfers, nodes)


def exchanges(tally: Tally, binary: str, data: Path, path: str, stages: str):
    statements = [f"t = read --blocks=6 {path}", f"t | {stages} | persist", f"t | {stages} | take 10", "t | count", "transfers", "nodes"]
    outcome = run(binary, "--format=json", "--report=json", "--nodes=3", "-c", "; ".join(statements), folder=data)
    name = f"{path} | {stages}"
    if not tally.check(outcome.status == 0, f"{name}: exit code {outcome.status}", outcome.error_text):
        return
    _, _, transfers, nodes = outcome.results()
    check_sums(tally, name, outcome.receipts(), transfers, nodes)
    moved = outcome.receipts()[0]["moved"]
    tally.check(moved and all("head" not in (move["from"], move["to"]) for move in moved), f"{name}: moves from node to node only", str(moved))
    again = run(binary, "--format=json", "--report=json", "--nodes=3", "--deterministic", "-c", "; ".join(statements), folder=data)
    once_more = run(binary, "--format=json", "--report=json", "--nodes=3", "--deterministic", "-c", "; ".join(statements), folder=data)
    first, second = ([receipt["moved"] for receipt in outcome.receipts()] for outcome in (again, once_more))
    tally.check(first == second, f"{name}: the same movement each time with --deterministic", f"{first}\n       {second}")


def main():
    options = arguments(__doc__).parse_args()
    tally = Tally()
    for path in FILES:
        if (options.data / path).exists():
            for flags in ([], ["--nodes=3"], ["--nodes=1"]):
                takes(tally, options.dsh, options.data, path, flags)
    for path, stages in EXCHANGES:
        if (options.data / path).exists():
            exchanges(tally, options.dsh, options.data, path, stages)
    tally.finish()


if __name__ == "__main__":
    main()
