"""The notebook of the examples gives what it holds. `run.py --record` writes what it gives instead."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples/notebook.ipynb"
SECONDS = 60
#: So that blocks lie on the same nodes each time.
OPTIONS = "--nodes=2 --slots=1 --deterministic"
#: How long something took, at the end of a receipt.
TIME = re.compile(r"; [\d.]+ (µs|ms|s)$", re.MULTILINE)


def executed(notebook):
    """The notebook as a front end would leave it."""
    kernel_options = {"env": {**os.environ, "DSH_OPTIONS": OPTIONS}}
    client = NotebookClient(notebook, kernel_name="dsh", timeout=SECONDS, resources={"metadata": {"path": str(NOTEBOOK.parent)}})
    with client.setup_kernel(**kernel_options):
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
    for cell in notebook.cells:
        # Times of the execution.
        cell.metadata.pop("execution", None)
    return notebook


def shown(notebook) -> list:
    """What each output shows as text, and in what other forms it comes."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = data.get("text/plain") or output.get("text") or "\n".join(output.get("traceback", []))
            # What a progress line leaves on a machine that is busy.
            if data == {"text/plain": ""}:
                continue
            found.append((output.output_type, sorted(data), TIME.sub("", text).rstrip("\n")))
    return found


def test_the_notebook_gives_what_it_holds():
    assert "dsh" in KernelSpecManager().find_kernel_specs()
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    expected = shown(notebook)
    found = shown(executed(notebook))
    if os.environ.get("DSH_RECORD"):
        nbformat.write(notebook, NOTEBOOK)
        pytest.fail("recorded; look at what changed before you commit it")
    assert found == expected and len(expected) > 10
