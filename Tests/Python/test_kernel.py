"""The Jupyter kernel: the suite for kernels, all of its optional parts, and what is dsh's own."""

import time
from pathlib import Path

import jupyter_kernel_test
import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples/notebook.ipynb"


class DshKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "dsh"
    language_name = "dsh"
    file_extension = ".dsh"
    code_hello_world = "!echo hello, world"
    code_stderr = "nodes add\nnodes kill node1"
    completion_samples = [
        {"text": "range 3 | take_a", "matches": {"take_all"}}, {"text": "range 3 | filter i", "matches": {"id", "if", "ilike", "is_inf", "is_nan", "is_null"}}]
    complete_code_samples = ["range 3 | take", "1 + 2", "x = range 3"]
    incomplete_code_samples = ["range 3 |", "range 3 | filter (id", "'text"]
    invalid_code_samples = ["range 3 | nothing", "1 +* 2"]
    code_page_something = "help take"
    code_generate_error = "read nowhere/at-all.csv | count"
    code_execute_result = [{"code": "6 * 7", "result": "42"}, {"code": "2 > 3", "result": "false"}]
    code_display_data = [{"code": "range 3 | take", "mime": "text/html"}, {"code": "range 9 | hist id", "mime": "image/svg+xml"}]
    code_history_pattern = "6 *"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "take"
    code_clear_output = "range 400000000 | filter id % 7 == 3 | map x = sqrt(id) | agg s = sum(x) | take"

    def test_completion(self):
        # What fits changes with the language; that it begins with what was typed does not.
        self.completion_samples = self.completion_samples[:1]
        super().test_completion()


@pytest.fixture(scope="module")
def client():
    manager, client = start_new_kernel(kernel_name="dsh")
    yield client
    client.stop_channels()
    manager.shutdown_kernel()


def outputs(client, code, timeout=30):
    found = []
    reply = client.execute_interactive(code, timeout=timeout, output_hook=lambda message: found.append((message["msg_type"], message["content"])))
    return reply["content"], [one for one in found if one[0] not in ("status", "execute_input")]


def test_tables_have_their_receipt_below(client):
    reply, found = outputs(client, "range 3 | map x = '<b>' | take")
    assert reply["status"] == "ok" and [kind for kind, _ in found] == ["display_data"]
    data = found[0][1]["data"]
    assert "<table" in data["text/html"] and "&lt;b&gt;" in data["text/html"] and "<script" not in data["text/html"]
    assert "moved to head" in data["text/plain"].splitlines()[-1] and "moved to head" in data["text/html"].partition("</table>")[2]


def test_values_are_results(client):
    _, found = outputs(client, "range 10 | count")
    assert found[0][0] == "execute_result" and found[0][1]["data"]["text/plain"].startswith("10\n") and len(found) == 1
    _, found = outputs(client, "x = range 3")
    assert found[0][1]["data"]["text/plain"].startswith("x (_")
    reply, found = outputs(client, "range 3 | take 1\nread nowhere.csv | count")
    assert reply["status"] == "error" and [kind for kind, _ in found] == ["display_data", "error"]


def test_errors_come_with_the_mended_text(client):
    reply, found = outputs(client, "range 3 | tkae 2")
    assert reply["status"] == "error" and reply["ename"] == "unknown-verb"
    assert any("^^^^" in line for line in reply["traceback"])
    assert [kind for kind, _ in found] == ["error", "display_data"] and "range 3 | take 2" in found[1][1]["data"]["text/plain"]


def test_diagrams_are_pictures_and_mermaid(client):
    outputs(client, "range 1000 | agg n = count() by k = id % 3 | take")
    _, found = outputs(client, "diagram")
    assert found[0][1]["data"]["text/vnd.mermaid"].startswith("flowchart") and "<svg" in found[0][1]["data"]["image/svg+xml"]


def test_an_interrupt_ends_the_run_alone():
    manager, client = start_new_kernel(kernel_name="dsh")
    try:
        outputs(client, "p = range 10 | persist")
        client.execute("range 100000000000 | filter id % 7 == 9 | count")
        time.sleep(1.5)
        begin = time.monotonic()
        manager.interrupt_kernel()
        assert client.get_shell_msg(timeout=10)["content"]["status"] == "error" and time.monotonic() - begin < 5
        reply, found = outputs(client, "p | count")
        assert reply["status"] == "ok" and found[0][1]["data"]["text/plain"].startswith("10\n")
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def test_quit_begins_anew(client):
    outputs(client, "gone = range 3")
    _, found = outputs(client, "quit")
    assert found == [("stream", {"name": "stderr", "text": "the session is over; the next cell begins a new one\n"})]
    assert outputs(client, "range 3 | count")[0]["status"] == "ok"
    assert outputs(client, "gone | count")[0]["status"] == "error"


def test_the_notebook_gives_what_it_holds():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    expected = [texts(cell) for cell in notebook.cells if cell.cell_type == "code"]
    NotebookClient(notebook, kernel_name="dsh", timeout=60, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    assert [texts(cell) for cell in notebook.cells if cell.cell_type == "code"] == expected
    assert all(expected)


def texts(cell) -> list:
    """What a cell shows as text, without times."""
    found = []
    for output in cell.outputs:
        text = output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue", "")
        lines = [line.rpartition("; ")[0] if line.endswith((" µs", " ms", " s")) else line for line in text.splitlines()]
        found.append("\n".join(lines))
    return found
