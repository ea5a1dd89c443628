"""The kernel: the suite for kernels with all of its optional parts, and what is dsh's own."""

import os
import signal
import time
from pathlib import Path

import jupyter_kernel_test
import pytest
from jupyter_client.manager import start_new_kernel

SECONDS = 30
#: Statements that take longer than progress stays quiet, and than anybody waits.
LONG = "range 300000000 | filter id % 7 == {} | map x = sqrt(id) | agg s = sum(x) | take"
ENDLESS = "range 1000000000000 | filter id % 7 == 9 | count"


class KernelSuiteTest(jupyter_kernel_test.KernelTests):
    """The suite that all kernels are held to."""

    kernel_name = "dsh"
    language_name = "dsh"
    file_extension = ".dsh"
    code_hello_world = "!echo hello, world"
    code_stderr = "p = range 1000 | persist\nnodes kill node1\np | count"
    completion_samples = [{"text": "range 3 | take_a", "matches": {"take_all"}}, {"text": "range 3 | coun", "matches": {"count"}}]
    complete_code_samples = ["range 3 | take", "1 + 2", "x = range 3", "# words"]
    incomplete_code_samples = ["range 3 |", "range 3 | filter (id", "'text"]
    invalid_code_samples = ["range 3 | nothing", "1 +* 2"]
    code_page_something = "take ?"
    code_generate_error = "read nowhere/at-all.csv | count"
    code_execute_result = [{"code": "6 * 7", "result": "42"}, {"code": "range 10 | count", "result": "10"}]
    code_display_data = [
        {"code": "range 3", "mime": "text/plain"}, {"code": "range 3 | take", "mime": "text/html"}, {"code": "diagram", "mime": "image/svg+xml"}]
    code_history_pattern = "6 [*]*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "take"
    code_clear_output = LONG.format(3)


@pytest.fixture(scope="module")
def client():
    manager, client = start_new_kernel(kernel_name="dsh")
    yield client
    client.stop_channels()
    manager.shutdown_kernel()


@pytest.fixture
def started():
    """A kernel of one test's own: its manager and a client."""
    manager, client = start_new_kernel(kernel_name="dsh")
    yield manager, client
    client.stop_channels()
    if manager.is_alive():
        manager.shutdown_kernel()


def run(client, code, **options):
    """The reply, and what is shown: the type and content of each message."""
    shown = []
    reply = client.execute_interactive(
        code, timeout=SECONDS, output_hook=lambda message: shown.append((message["msg_type"], message["content"])), **options)
    return reply["content"], [one for one in shown if one[0] not in ("status", "execute_input")]


def test_tables_have_their_receipt_below(client):
    reply, shown = run(client, "range 3 | map x = '<b>' | take")
    assert reply["status"] == "ok" and [kind for kind, _ in shown] == ["display_data", "display_data"]
    table, receipt = (content["data"] for _, content in shown)
    assert "<table" in table["text/html"] and "&lt;b&gt;" in table["text/html"] and "<script" not in table["text/html"]
    assert "int64 │ string" in table["text/plain"] and "moved to head" in receipt["text/plain"]


@pytest.mark.parametrize("statement", ["hist id", "plot sqrt(id) by id", "bar count() by id % 3"])
def test_drawings(client, statement):
    _, shown = run(client, f"range 9 | {statement}")
    data = shown[0][1]["data"]
    assert data["image/svg+xml"].startswith("<svg") and data["text/plain"] and data["image/svg+xml"] in data["text/html"]


def test_diagrams_are_pictures_and_mermaid(client):
    run(client, "range 1000 | agg n = count() by k = id % 3 | take")
    _, shown = run(client, "diagram")
    data = shown[0][1]["data"]
    assert data["text/vnd.mermaid"].startswith("flowchart") and "<svg" in data["image/svg+xml"] and data["text/plain"]


def test_values_are_results_in_their_order(client):
    reply, shown = run(client, "1 + 2\nrange 4 | count")
    assert [kind for kind, _ in shown] == ["execute_result", "execute_result", "display_data"]
    assert shown[0][1]["data"]["text/plain"] == "3" and shown[1][1]["execution_count"] == reply["execution_count"]


def test_what_commands_print_is_a_stream(client):
    _, shown = run(client, "!echo one; sleep 0.3; echo two >&2")
    assert {kind for kind, _ in shown} == {"stream"} and "".join(content["text"] for _, content in shown) == "one\ntwo\n"


def test_errors_come_with_the_mended_text(client):
    reply, shown = run(client, "range 3 | filtr '<' == '<'")
    assert reply["status"] == "error" and reply["ename"] == "unknown-verb"
    assert any("^^^^" in line for line in reply["traceback"])
    assert [kind for kind, _ in shown] == ["error", "display_data"]
    data = shown[1][1]["data"]
    assert "range 3 | filter '<' == '<'" in data["text/plain"] and "filter &#x27;&lt;&#x27; ==" in data["text/html"]


def test_silent_cells_show_nothing(client):
    reply, shown = run(client, "range 3 | take", silent=True)
    assert reply["status"] == "ok" and shown == []
    reply, shown = run(client, "no such thing", silent=True)
    assert reply["status"] == "error" and shown == []


def test_inspection_shows_columns_and_help(client):
    run(client, "seen = range 3 | map doubled = id * 2")
    for text, place, expected in (("seen | take", 2, "doubled"), ("seen | take", 9, "first rows"), ("é | take", 6, "first rows")):
        client.inspect(text, place)
        content = client.get_shell_msg(timeout=SECONDS)["content"]
        assert content["found"] and expected in content["data"]["text/plain"]
    client.inspect("zzzz", 2)
    assert not client.get_shell_msg(timeout=SECONDS)["content"]["found"]


def test_completion_knows_columns_and_places(client):
    run(client, "seen = range 3 | map doubled = id * 2")
    client.complete("'é' == 'é'; seen | filter doub > 2", 30)
    content = client.get_shell_msg(timeout=SECONDS)["content"]
    assert content["matches"] == ["doubled"] and (content["cursor_start"], content["cursor_end"]) == (26, 30)
    assert content["metadata"]["_jupyter_types_experimental"][0]["signature"] == "int64"


def test_progress_changes_in_place_and_goes(client):
    _, shown = run(client, LONG.format(4))
    kinds = [kind for kind, _ in shown]
    assert kinds[0] == "display_data" and "tasks" in shown[0][1]["data"]["text/plain"]
    updates = [content for kind, content in shown if kind == "update_display_data"]
    assert all(content["transient"] == shown[0][1]["transient"] for content in updates)
    assert kinds[-3:] == ["clear_output", "display_data", "display_data"]
    # Below an output it leaves that where it is.
    _, shown = run(client, f"1 + 1\n{LONG.format(5)}")
    assert "clear_output" not in [kind for kind, _ in shown]
    assert [content["data"] for kind, content in shown if kind == "update_display_data"][-1] == {"text/plain": ""}


def test_an_interrupt_ends_the_run_alone(started):
    manager, client = started
    run(client, "p = range 10 | persist")
    client.execute(ENDLESS)
    time.sleep(1.5)
    begin = time.monotonic()
    manager.interrupt_kernel()
    content = client.get_shell_msg(timeout=SECONDS)["content"]
    assert content["status"] == "error" and content["ename"] == "cancelled" and time.monotonic() - begin < 5
    # Where nothing runs it does nothing.
    manager.interrupt_kernel()
    reply, shown = run(client, "p | count")
    assert reply["status"] == "ok" and shown[0][1]["data"]["text/plain"] == "10"


def test_quit_asks_the_front_end_to_end_it(started):
    _, client = started
    reply, _ = run(client, "quit")
    assert reply["payload"][0]["source"] == "ask_exit"
    reply, shown = run(client, "1 + 1")
    assert reply["status"] == "ok" and shown[0][1]["data"]["text/plain"] == "2"


def test_a_session_that_died_is_told_and_begun_again(started):
    _, client = started
    run(client, "p = range 10 | persist")
    _, shown = run(client, "!echo $PPID")
    os.kill(int(shown[0][1]["text"]), signal.SIGKILL)
    reply, _ = run(client, "p | count")
    assert reply["ename"] == "connection-lost" and "another session" in reply["traceback"][-1]
    assert run(client, "p | count")[0]["ename"] == "unknown-dataset" and run(client, "1 + 1")[0]["status"] == "ok"


def test_a_kernel_that_is_killed_leaves_nothing(started):
    manager, client = started
    _, shown = run(client, "!echo $PPID")
    server = int(shown[0][1]["text"])
    client.execute(ENDLESS)
    time.sleep(0.5)
    manager.provisioner.process.kill()
    assert gone(server)


def gone(process: int) -> bool:
    """Whether a process has ended within some seconds."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False
