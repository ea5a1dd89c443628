#!/usr/bin/env python3
"""Tries what `dsh completions` and `dsh help` write: each shell of the system that is installed reads its script, and bash completes with it.

    python3 Tests/CommandLine/completions.py --dsh .build/release/dsh

A shell that is not installed is passed over and said so.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

CHECKS = {"bash": ["bash", "-n"], "zsh": ["zsh", "-n"], "fish": ["fish", "--no-execute"]}
# Words typed behind dsh, and what completing the last of them must offer, among others.
BASH_CASES = [
    (["--form"], {"--format"}), (["--format", ""], {"table", "csv", "jsonl"}), (["--format", "js"], {"json", "jsonl"}),
    (["comp"], {"completions"}), (["completions", ""], {"bash", "zsh", "fish"}), (["re"], {"reference", "report.dsh"}),
    (["--nodes", ""], set()), (["--no"], {"--nodes", "--no-init"}), (["--color", "a"], {"auto", "always"}),
    (["test", "--"], {"--update", "--matrix", "--allow-status-change"}), (["test", "re"], {"report.golden"}), (["test", "no"], {"notes.md"}),
]


def main() -> None:
    dsh = arguments(__doc__, data=False).parse_args().dsh
    tally = Tally()
    # Options begin a line, or stand behind a short name.
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", run(dsh, "--help").text, re.MULTILINE))
    tally.check(len(options) > 15, "--help lists options", str(options))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("report.dsh", "data.csv", "report.golden", "notes.md"):
            (Path(folder) / name).touch()
        for shell, check in CHECKS.items():
            outcome = run(dsh, "completions", shell)
            script = Path(folder) / f"completions.{shell}"
            script.write_bytes(outcome.output)
            tally.check(outcome.status == 0, f"completions {shell}")
            words = outcome.text.replace("-l ", "--")
            tally.check(all(option in words for option in options), f"{shell} knows every option")
            if shutil.which(shell):
                read = subprocess.run([*check, str(script)], capture_output=True, text=True)
                tally.check(read.returncode == 0, f"{shell} reads its script", read.stderr)
            else:
                print(f"{shell} is not installed: its script is not tried")
        for words, expected in BASH_CASES:
            found = bash_completions(Path(folder) / "completions.bash", words, folder)
            holds = expected <= found if expected else not found
            tally.check(holds, f"bash completes: dsh {' '.join(words)}", f"found {sorted(found)}")
        tally.check("data.csv" not in bash_completions(Path(folder) / "completions.bash", [""], folder), "only scripts are offered")
    for words in (["--search", "pins"], ["--search=pins"]):
        tally.check("unpersist" in run(dsh, "help", *words).text, f"dsh help {' '.join(words)}")
    tally.check(run(dsh, "help", "zork").status == 1, "help on nothing is refused")
    tally.check(run(dsh, "completions", "csh").status == 2, "an unknown shell is refused")
    tally.finish()


def bash_completions(script: Path, words: list, folder: str) -> set:
    quoted = " ".join(f"'{word}'" for word in ["dsh", *words])
    program = f"source {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _dsh; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    outcome = subprocess.run(["bash", "--norc", "-c", program], capture_output=True, text=True, cwd=folder)
    return set(outcome.stdout.split())


if __name__ == "__main__":
    main()
