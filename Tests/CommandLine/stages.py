"""One story: the stages that `explain` lists are those that `stats` counts, for every dataset of the golden corpus.

Every golden file is run statement by statement; behind each statement that leaves a current dataset stand `explain` and `stats`, and the titles
of their stages are compared.
"""

import argparse
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / "Tests" / "Golden"
# Statements that end the session, leave it waiting, or change what the others are about.
LEFT_OUT = re.compile(r"^\s*(quit|exit|source|history|!|cd|set|nodes|undo|write|stats|explain|read -)\b|\bwrite\b|/dev/|scratch")
STAGE = re.compile(r"^  \d+\. .* → ([^,→]+?)(,.*)?$")


def statements(text):
    """The statements of a golden file that do not fail, those of several lines joined: with one that can't be bound, no other of a script runs."""
    found = []
    for line in text.splitlines():
        if line.startswith("dsh> "):
            found.append(line[5:])
        elif line.startswith("...> ") and found:
            found[-1] += "\n" + line[5:]
        elif line.startswith("!error") and found:
            found[-1] = "quit"
    return [statement for statement in found if not LEFT_OUT.search(statement)]


def explained(lines):
    return [match.group(1) for match in map(STAGE.match, lines) if match]


def counted(lines):
    """The first column of the table that `stats` prints as CSV."""
    rows = [line for line in lines if line]
    if not rows or not rows[0].startswith("stage,"):
        return None
    return [row.split(",")[0].strip('"') for row in rows[1:]]


def check(program, path):
    """Compares all datasets of a file; how many were compared, and what differs."""
    script = []
    texts = statements(path.read_text())
    for number, statement in enumerate(texts):
        script += [statement, f'"@explain {number}"', "_ | explain", f'"@stats {number}"', "_ | stats --format=csv", f'"@end {number}"']
    run = subprocess.run(
        [program, "--deterministic", "--keep-going", "--nodes", "2", "--object-store-memory", "64M", "-"],
        input="\n".join(script) + "\n", cwd=path.parent, capture_output=True, text=True, errors="replace", timeout=600, check=False)
    sections, current = {}, None
    for line in run.stdout.splitlines():
        mark = re.match(r'^"?@(explain|stats|end) (\d+)"?$', line.strip())
        if mark:
            current = (mark.group(1), int(mark.group(2)))
            sections[current] = []
        elif current:
            sections[current].append(line)
    compared, different = 0, []
    for number, statement in enumerate(texts):
        listed = explained(sections.get(("explain", number), []))
        measured = counted(sections.get(("stats", number), []))
        if not listed or measured is None:
            continue
        compared += 1
        # Before the stages of the plan stand those that made lost blocks once more.
        if measured[-len(listed):] != listed:
            different.append(f"{path.name}: {statement!r}: explain {listed}, stats {measured}")
    return compared, different


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dsh", default=str(ROOT / ".build" / "release" / "dsh"))
    arguments = parser.parse_args()
    compared, failed = 0, []
    for path in sorted(CORPUS.glob("*/*.golden")):
        count, different = check(str(pathlib.Path(arguments.dsh).resolve()), path)
        compared += count
        failed += different
    for line in failed:
        print(line)
    if compared < 800:
        failed.append("too few")
        print(f"only {compared} datasets were compared")
    print(f"{compared - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
