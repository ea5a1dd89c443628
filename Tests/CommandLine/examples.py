#!/usr/bin/env python3
"""Runs every example that the help of verbs, commands and topics shows, each in a dsh of its own, in a copy of the examples' folder.

    python3 Tests/CommandLine/examples.py --dsh .build/release/dsh

What the examples speak of is there first: a named dataset `late` that is kept, as is `trips`, a current dataset, an action that ran. An example fails if it reports an
error. That each verb and command has two, and that help shows them, is tested here as well.
"""

import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import REPOSITORY, Tally, arguments, run

PRELUDE = "late = read data/flights.csv | filter count > 500 | persist --keep; late | persist trips; late | persist; range 3 | persist; take 1"


def main() -> None:
    dsh = arguments(__doc__, data=False).parse_args().dsh
    tally = Tally()
    listed = [line.split("\t") for line in run(dsh, "reference", "--examples").text.splitlines()]
    counts = Counter(topic for topic, *_ in listed)
    for topic, count in counts.items():
        tally.check(count >= 2, f"{topic} has two examples", str(count))
    with tempfile.TemporaryDirectory() as folder:
        for number, (topic, example, *answer) in enumerate(listed):
            work = Path(folder) / str(number)
            shutil.copytree(REPOSITORY / "examples", work)
            outcome = run(dsh, "--nodes", "2", f"--dataset-directory={work}/kept", "-c", PRELUDE, "-c", example, folder=work)
            tally.check(outcome.status == 0, example, f"exit code {outcome.status}: {outcome.error_text}")
            if answer:
                tally.check(outcome.text.splitlines()[-1:] == answer, f"{example} answers {answer[0]}", outcome.text)
            tally.check(example in run(dsh, "help", topic).text, f"help {topic} shows: {example}")
    tally.check(len(counts) > 50, "there are verbs and commands", str(len(counts)))
    tally.finish()


if __name__ == "__main__":
    main()
