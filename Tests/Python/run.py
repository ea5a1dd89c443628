#!/usr/bin/env python3
"""Runs the tests of the Python package and of the Jupyter kernel against a dsh, with pytest.

    python3 Tests/Python/run.py --dsh .build/release/dsh [--only TEXT]

What is needed is installed from PyPI into a virtual environment on first use, the package itself into a folder that goes afterwards.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Harness"))
from harness import REPOSITORY, Tally, arguments, reexecute_with

PACKAGES = ["pyarrow", "pandas", "polars", "pytest", "ipykernel", "jupyter_kernel_test", "nbclient", "nbformat"]


class Counting:
    """A plug-in of pytest that counts, so that this ends as the other scripts do."""

    def __init__(self, tally: Tally):
        self.tally = tally

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and not report.skipped or report.failed:
            self.tally.check(report.passed, report.nodeid, report.longreprtext)


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    reexecute_with(*PACKAGES)
    import pytest

    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="dsh-python-") as name:
        folder = Path(name)
        # Installed as a person does it, from a copy, as building leaves things behind.
        subprocess.run(["cp", "-r", REPOSITORY / "Sources/Python", folder / "source"], check=True)
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder / "site", folder / "source"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if tally.check(done.returncode == 0, "the package is installed", done.stdout):
            sys.path.insert(0, str(folder / "site"))
            os.environ.update({
                "PYTHONPATH": str(folder / "site"), "DSH": str(Path(options.dsh).resolve()), "JUPYTER_PATH": str(folder / "share/jupyter"),
                "HOME": name, "IPYTHONDIR": str(folder / "ipython"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime")})
            subprocess.run(
                [sys.executable, "-m", "dsh.kernel", "install", f"--prefix={folder}"], check=True, stdout=subprocess.DEVNULL)
            pytest.main(
                ["-q", "-p", "no:cacheprovider", "-k", options.only, str(HERE)], plugins=[Counting(tally)])
    tally.finish()


if __name__ == "__main__":
    main()
