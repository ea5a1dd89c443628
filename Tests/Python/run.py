#!/usr/bin/env python3
"""Runs the tests of the Python package, of its Jupyter kernel and of its magics against a dsh, with pytest.

    python3 Tests/Python/run.py --dsh .build/release/dsh [--only TEXT] [--record]

What is needed comes from PyPI into a virtual environment on first use; the package itself is installed into a folder that goes afterwards.
`--record` writes what examples/notebook.ipynb gives into it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Harness"))
from harness import REPOSITORY, Tally, arguments, reexecute_with

PACKAGES = ["ipykernel", "jupyter_kernel_test", "mypy", "nbclient", "nbformat", "pandas", "pandas-stubs", "polars", "pyarrow", "pytest", "setuptools", "wheel"]


class Counting:
    """A plug-in of pytest that counts, so that this ends as the other scripts do."""

    def __init__(self, tally: Tally):
        self.tally = tally

    def pytest_runtest_logreport(self, report):
        if report.failed or report.when == "call" and report.passed:
            self.tally.check(report.passed, report.nodeid, report.longreprtext)


def install(folder: Path) -> subprocess.CompletedProcess:
    """Installs the package as a person does, but from a copy, as building leaves folders behind."""
    shutil.copytree(REPOSITORY / "Sources/Python", folder / "source")
    return subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target", folder / "site", folder / "source"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--only", default="", help="run the tests whose names hold this text")
    parser.add_argument("--record", action="store_true", help="write the outputs of the notebook instead of comparing them")
    options = parser.parse_args()
    reexecute_with(*PACKAGES)
    import pytest

    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="dsh-python-") as name:
        folder = Path(name)
        installed = install(folder)
        if tally.check(installed.returncode == 0, "the package is installed", installed.stdout):
            sys.path.insert(0, str(folder / "site"))
            os.environ.update({
                "DSH": str(Path(options.dsh).resolve()), "PYTHONPATH": str(folder / "site"), "HOME": name, "IPYTHONDIR": str(folder / "ipython"),
                "JUPYTER_PATH": str(folder / "share/jupyter"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
                **({"DSH_RECORD": "1"} if options.record else {})})
            subprocess.run(
                [sys.executable, "-m", "dsh.kernel", "install", f"--prefix={folder}"], check=True, stdout=subprocess.DEVNULL, timeout=60)
            pytest.main(["-q", "-p", "no:cacheprovider", "-k", options.only, str(HERE)], plugins=[Counting(tally)])
    tally.finish()


if __name__ == "__main__":
    main()
