#!/usr/bin/env python3
"""Checks the arrows between modules, and those between the folders of a module.

Modules: what a module imports is what the table "Modules" of docs/ARCHITECTURE.md says that it may use, no more and no less, and
every arrow points up that table.

Folders: no circles. A folder below a folder is part of it; files at the top of a module, such as its registry or its entry, may use
all folders and be used by them. A file uses another if it names what that one declares at its top level; members and nested types are
not followed.

    structure.py            check
    structure.py --print    print what uses what
"""

import argparse
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "Sources"
TABLE = ROOT / "docs" / "ARCHITECTURE.md"

# Arrows against the order of a module's folders that are meant, with the reason. They are left out when circles are looked for.
MEANT = {
    ("DshEngine", "Expression", "Functions"): "compiling a call finds its kernel in the registry, and a cast is a kernel",
    ("DshEngine", "Aggregation", "Aggregates"): "the table of groups asks the registry how the states of an aggregate are kept",
    ("DshEngine", "Sorting", "Aggregation"): "sorting and extremes order values by the same words",
}


def code(path):
    """The text of a Swift file without comments and without what stands in string literals, interpolations aside."""
    text = path.read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"#/.*?/#", "", text)
    result = []
    for line in text.split("\n"):
        line = re.sub(r'"(?:[^"\\]|\\[^(])*"', '""', line)
        result.append(re.sub(r"//.*", "", line))
    return "\n".join(result)


def swift_files(folder):
    return sorted(folder.rglob("*.swift"))


def imports():
    """For each Swift module of ours, the modules of ours that it imports, with a file for each."""
    ours = {path.name for path in SOURCES.iterdir() if path.is_dir()}
    result = {}
    for module in sorted(ours):
        files = swift_files(SOURCES / module)
        if not files:
            continue
        used = {}
        for path in files:
            for name in re.findall(r"^(?:@\w+ )*(?:\w+ )?import (\w+)", path.read_text(), flags=re.M):
                if name in ours and name != module:
                    used.setdefault(name, path.relative_to(ROOT))
        result[module] = used
    return result


def table():
    """The rows of the table "Modules", in order: the names of a row, and what they may use (None: everything above)."""
    section = TABLE.read_text().split("\n## Modules\n", 1)[1].split("\n## ", 1)[0]
    rows = []
    for line in section.split("\n"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 3 or not cells[0].startswith("`"):
            continue
        names = re.findall(r"`(\w+)`", cells[0])
        if cells[2] == "all":
            may = None
        else:
            may = {full(name.strip().strip("`")) for name in cells[2].split(",") if name.strip() not in ("", "–")}
        rows.append((names, may))
    return rows


def full(name):
    """`Columns` is `DshColumns`; the C modules are called by their names."""
    return "Dsh" + name if (SOURCES / ("Dsh" + name)).is_dir() else name


def check_modules(used):
    """What is wrong with the arrows between modules, a line for each."""
    problems = []
    place = {}
    rows = table()
    for number, (names, _) in enumerate(rows):
        for name in names:
            place[name] = number
    for module in used:
        if module not in place:
            problems.append(f"{module} is not in the table of modules")
    for number, (names, may) in enumerate(rows):
        for module in names:
            for name in sorted(may or ()):
                if name not in place:
                    problems.append(f"the table lets {module} use {name}, which it doesn't list")
                elif place[name] >= number:
                    problems.append(f"the table lets {module} use {name}, which doesn't stand above it")
                elif module in used and name not in used[module]:
                    problems.append(f"the table lets {module} use {name}, and no file does")
            for name, path in used.get(module, {}).items():
                if may is not None and name not in may:
                    problems.append(f"{path} imports {name}, which the table of modules does not let {module} use")
                elif may is None and place.get(name, number) >= number:
                    problems.append(f"{path} imports {name}, which doesn't stand above {module} in the table of modules")
    return problems


# Attributes and modifiers before a declaration at the top level; what is private to a file is used by no other.
DECLARATION = re.compile(
    r"^(?:@\w+(?:\([^)]*\))?\s+)*(?P<modifiers>(?:(?:public|internal|package|final|indirect|nonisolated(?:\(unsafe\))?)\s+)*)"
    r"(?P<kind>struct|class|enum|protocol|actor|typealias|func|let|var)\s+`?(?P<name>\w+)",
    flags=re.M,
)
NESTED = re.compile(r"^\s+(?:[\w@()]+\s+)*?(?:struct|class|enum|protocol|actor|typealias|case|func|let|var)\s+`?(\w+)", flags=re.M)


def folder_uses(module):
    """For each folder of a module, the folders it uses, with examples of each."""
    top = SOURCES / module
    texts = {path: code(path) for path in swift_files(top)}
    folder = {}
    declared = collections.defaultdict(set)
    for path, text in texts.items():
        folder[path] = path.relative_to(top).parts[0] if path.parent != top else None
        for match in DECLARATION.finditer(text):
            declared[match["name"], match["kind"] in ("func", "let", "var")].add(path)
    uses = collections.defaultdict(dict)
    for path, text in texts.items():
        called = set(re.findall(r"(?<![\w.`])(\w+)\(", text))
        words = set(re.findall(r"(?<![\w.`])([A-Z]\w*)", text))
        own = set(NESTED.findall(text))
        for (name, isValue), places in declared.items():
            if name in own or path in places or name not in (called if isValue else words):
                continue
            for place in places:
                if folder[place] != folder[path] and None not in (folder[place], folder[path]):
                    example = f"{path.relative_to(top)} uses {name} of {place.relative_to(top)}"
                    uses[folder[path]].setdefault(folder[place], []).append(example)
    return uses


def circles(uses):
    """The groups of folders that use each other, directly or by way of others."""
    def reach(start):
        seen, todo = set(), [start]
        while todo:
            for name in uses.get(todo.pop(), {}):
                if name not in seen:
                    seen.add(name)
                    todo.append(name)
        return seen

    reached = {name: reach(name) for name in uses}
    groups = set()
    for name in uses:
        group = frozenset(other for other in reached[name] if name in reached.get(other, ()))
        if len(group) > 1:
            groups.add(group)
    return sorted(groups, key=sorted)


def check_folders(module):
    """What is wrong with the arrows between the folders of a module, a line for each."""
    problems = []
    uses = folder_uses(module)
    for owner, start, end in MEANT:
        if owner == module and uses.get(start, {}).pop(end, None) is None:
            problems.append(f"{module}: {start} doesn't use {end} any more; take it out of MEANT")
    for group in circles(uses):
        problems.append(f"{module}: a circle of {', '.join(sorted(group))}")
        for name in sorted(group):
            for other in sorted(uses[name].keys() & group):
                problems += [f"    {example}" for example in uses[name][other]]
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--print", action="store_true", help="print what uses what")
    arguments = parser.parse_args()
    used = imports()
    if arguments.print:
        for module, names in used.items():
            print(f"{module}: {', '.join(sorted(names)) or '–'}")
            for name, others in sorted(folder_uses(module).items()):
                print(f"    {name}: {', '.join(sorted(others))}")
        return 0
    wrong = 0
    problems = check_modules(used)
    wrong += bool(problems)
    for module in used:
        found = check_folders(module)
        problems += found
        wrong += bool(found)
    for line in problems:
        print(line)
    print(f"{1 + len(used) - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


sys.exit(main())
