"""What the scripts under Tests share: running the dsh binary, counting checks, and a virtual environment for the tools dsh is compared with.

Python 3.9 or newer, standard library only.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# Git ignores folders that begin with `.build-`.
ENVIRONMENT_FOLDER = REPOSITORY / ".build-python"


def default_binary() -> str:
    """$DSH, the release or debug build of this tree, or the `dsh` on the search path: the first there is."""
    candidates = [os.environ.get("DSH"), REPOSITORY / ".build/release/dsh", REPOSITORY / ".build/debug/dsh", shutil.which("dsh")]
    return str(next((path for path in candidates if path and Path(path).exists()), "dsh"))


def program_path(path: str) -> str:
    """The path from the root on, as tests run in folders of their own; a bare name is left to the search path."""
    return os.path.abspath(path) if os.path.exists(path) else path


def default_data() -> str:
    """$DSH_DATA, or the data of the examples."""
    return os.environ.get("DSH_DATA", str(REPOSITORY / "examples/data"))


def arguments(description: str, data: bool = True) -> argparse.ArgumentParser:
    """A parser that knows `--dsh`, and `--data` where the script needs files."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsh", default=default_binary(), type=program_path, help="the binary under test (default: %(default)s)")
    if data:
        parser.add_argument("--data", type=Path, default=Path(default_data()), help="the folder of real files (default: %(default)s)")
    return parser


@dataclass
class Outcome:
    """How one run of dsh ended."""

    status: int
    output: bytes
    errors: bytes

    @property
    def text(self) -> str:
        return self.output.decode("utf-8", "replace")

    @property
    def error_text(self) -> str:
        return self.errors.decode("utf-8", "replace")

    def results(self) -> list:
        """The JSON values on standard output, one for each action or command."""
        return json_values(self.text)

    def receipts(self) -> list:
        """The receipts that `--report=json` wrote."""
        return [json.loads(line) for line in self.error_text.splitlines() if line.startswith('{"action"')]


def json_values(text: str) -> list:
    decoder = json.JSONDecoder()
    values, position = [], 0
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if position >= len(text):
            return values
        value, position = decoder.raw_decode(text, position)
        values.append(value)


def run(binary: str, *options: str, folder=None, timeout: float = 120, input: bytes = b"", environment=None) -> Outcome:
    """Runs dsh to its end; a run that does not end in time has status 124."""
    try:
        process = subprocess.run(
            [binary, *options], cwd=folder, input=input, capture_output=True, timeout=timeout, env=environment)
    except subprocess.TimeoutExpired as late:
        return Outcome(124, late.stdout or b"", late.stderr or b"")
    return Outcome(process.returncode, process.stdout, process.stderr)


class Tally:
    """Counts checks, prints each that fails, and ends the script."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, holds: bool, name: str, detail: str = "") -> bool:
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {name}" + (f"\n       {detail}" if detail else ""), flush=True)
        return bool(holds)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        # Nothing checked is no success.
        sys.exit(1 if self.failed or not self.passed else 0)


def run_scenarios(description: str, scenarios: list, name: str, prepare=None):
    """The main function of a script of scenarios: each gets a tally, the program and a folder of its own, which `prepare` fills."""
    parser = arguments(description, data=False)
    parser.add_argument("--only", default="", help="run the scenarios whose names hold this text")
    options = parser.parse_args()
    tally = Tally()
    for scenario in scenarios:
        if options.only in scenario.__name__:
            with tempfile.TemporaryDirectory(prefix=f"dsh-{name}-") as folder:
                scratch = Path(folder)
                if prepare:
                    prepare(scratch)
                scenario(tally, options.dsh, scratch)
    tally.finish()


def reexecute_with(*packages: str):
    """Goes on in a virtual environment that has these packages of PyPI, which it makes the first time.

    `$DSH_PYTHON` names an interpreter that has them already.
    """
    if os.environ.get("DSH_IN_ENVIRONMENT"):
        return
    interpreter = os.environ.get("DSH_PYTHON")
    if not interpreter:
        interpreter = str(ENVIRONMENT_FOLDER / "bin/python")
        stamp = ENVIRONMENT_FOLDER / ("installed-" + "-".join(sorted(packages)))
        if not stamp.exists():
            print(f"installing {', '.join(packages)} in {ENVIRONMENT_FOLDER}", file=sys.stderr)
            if not Path(interpreter).exists():
                venv.create(ENVIRONMENT_FOLDER, with_pip=True)
            subprocess.run([interpreter, "-m", "pip", "install", "--quiet", *packages], check=True)
            stamp.touch()
    os.environ["DSH_IN_ENVIRONMENT"] = "1"
    os.execv(interpreter, [interpreter, *sys.argv])
