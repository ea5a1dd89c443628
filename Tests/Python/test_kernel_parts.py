"""Parts of the kernel that need no kernel: history, progress, what outputs become, and its specification."""

import json
import subprocess
import sys

import pytest
from dsh.display import bundle_of, mended_bundle_of
from dsh.errors import error_from
from dsh.kernel_history import History
from dsh.kernel_progress import ProgressLine
from dsh.results import Output, Progress


@pytest.fixture
def history():
    one = History()
    for number, text in enumerate(["range 3", "count", "range 3", "1 + 2"], start=1):
        one.append(number, text, f"output {number}")
    return one


def test_history(history):
    assert history.tail(2, False) == [(1, 3, "range 3"), (1, 4, "1 + 2")] and len(history.tail(None, False)) == 4
    assert history.tail(1, True) == [(1, 4, ("1 + 2", "output 4"))]
    assert [entry[1] for entry in history.range(0, 2, 4, False)] == [2, 3] and history.range(5, 1, None, False) == []
    assert [entry[1] for entry in history.search("range*", None, False, False)] == [1, 3]
    assert [entry[1] for entry in history.search("range*", None, True, False)] == [3]
    assert [entry[1] for entry in history.search("*", 2, True, False)] == [3, 4]
    assert history.search("zzz", 5, False, False) == [] and History().tail(5, False) == []


class Screen:
    """What a progress line sends, and a clock that is set."""

    def __init__(self):
        self.sent, self.seconds = [], 100.0
        self.line = ProgressLine(lambda kind, content: self.sent.append((kind, content)), lambda: self.seconds)

    def show(self, *times):
        for self.seconds in times:
            self.line.show(Progress(4, 1, self.seconds - 100, 1000, 0, ()))

    @property
    def kinds(self) -> list:
        return [kind for kind, _ in self.sent]


def test_short_runs_show_no_progress():
    screen = Screen()
    screen.show(100.1, 100.4)
    screen.line.give_way()
    # Another action begins.
    screen.show(100.0, 100.3)
    screen.line.end()
    assert screen.sent == []


def test_progress_changes_in_place():
    screen = Screen()
    screen.show(100.6, 100.7, 100.9, 100.95, 101.2)
    assert screen.kinds == ["display_data", "update_display_data", "update_display_data"]
    assert len({content["transient"]["display_id"] for _, content in screen.sent}) == 1
    assert screen.sent[0][1]["data"]["text/plain"] == "1 of 4 tasks; 1,000 rows read; 0.6 s"


def test_progress_gives_way():
    screen = Screen()
    screen.show(100.6)
    # The first output takes its place.
    screen.line.give_way()
    assert screen.sent[-1] == ("clear_output", {"wait": True})
    # Below an output only the line itself may go.
    screen.show(101.5)
    screen.line.end()
    assert screen.sent[-1][0] == "update_display_data" and screen.sent[-1][1]["data"] == {"text/plain": ""}
    count = len(screen.sent)
    screen.line.end()
    assert len(screen.sent) == count


def test_progress_goes_where_nothing_follows():
    screen = Screen()
    screen.show(100.6)
    screen.line.end()
    assert screen.sent[-1] == ("clear_output", {"wait": False})


def test_bundles():
    assert bundle_of(Output("lines", "x\n")) == {"text/plain": "x"}
    assert bundle_of(Output("rows", "x\n", html="<b>")) == {"text/plain": "x", "text/html": "<b>"}
    assert bundle_of(Output("diagram", "x", html="<b>", svg="<svg>", mermaid="m")) == {
        "text/plain": "x", "text/html": "<div><svg></div>", "image/svg+xml": "<svg>", "text/vnd.mermaid": "m"}
    assert mended_bundle_of(error_from({"message": "m"})) is None
    assert "&lt;a&gt;" in mended_bundle_of(error_from({"message": "m", "mended": "<a>"}))["text/html"]


def test_installation(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "dsh.kernel", "install", f"--prefix={tmp_path}", "--name=other", "--display-name=dsh, 3 nodes", "--dsh=bin/dsh",
         "--options=--nodes=3"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "share/jupyter/kernels/other/kernel.json").read_text())
    assert found["argv"] == [sys.executable, "-m", "dsh.kernel", "-f", "{connection_file}"] and found["display_name"] == "dsh, 3 nodes"
    assert found["env"]["DSH"].endswith("/bin/dsh") and found["env"]["DSH_OPTIONS"] == "--nodes=3" and found["interrupt_mode"] == "signal"
    refused = subprocess.run(
        [sys.executable, "-m", "dsh.kernel", "install", "--user", "--sys-prefix"], capture_output=True, text=True, timeout=60)
    assert refused.returncode == 2 and "not allowed with" in refused.stderr
