"""`%dsh` and `%%dsh` in an IPython of the tests' own."""

import dsh
import pytest
from conftest import DATA
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config


@pytest.fixture
def shell(monkeypatch):
    monkeypatch.chdir(DATA)
    # The one that displaying asks for; without a history, which would be a file.
    one = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    one.run_line_magic("load_ext", "dsh")
    yield one
    one.run_line_magic("unload_ext", "dsh")
    InteractiveShell.clear_instance()


def run(shell, text):
    """The result of a cell of IPython, and what it shows."""
    with capture_output() as captured:
        result = shell.run_cell(text)
    return result, captured


def test_a_line_is_its_value(shell):
    result, _ = run(shell, "%dsh 1 + 2")
    assert result.result == 3
    run(shell, "n = %dsh read penguins.csv | count")
    assert shell.user_ns["n"] == 344
    run(shell, "shown = %dsh read penguins.csv | take 2")
    assert shell.user_ns["shown"].to_arrow().num_rows == 2 and "<table" in shell.user_ns["shown"]._repr_html_()
    run(shell, "session = %dsh")
    assert isinstance(shell.user_ns["session"], dsh.Session)


def test_python_values_go_into_statements(shell):
    run(shell, "least = 50")
    result, _ = run(shell, "%dsh read penguins.csv | filter bill_length_mm > {least} | count")
    assert result.result == 52


def test_a_cell_shows_what_it_gives(shell):
    result, captured = run(shell, "%%dsh\nread penguins.csv | take 2\n!echo hello\nrange 9 | hist id\n")
    assert result.success and result.result is None and captured.stdout == "hello\n"
    kinds = [sorted(output.data) for output in captured.outputs]
    assert ["text/html", "text/plain"] in kinds and ["image/svg+xml", "text/html", "text/plain"] in kinds


def test_out_is_a_dataset(shell):
    result, _ = run(shell, "%%dsh --out late --nodes=2\nread penguins.csv | filter bill_length_mm > 50 | persist")
    assert result.success
    late = shell.user_ns["late"]
    assert isinstance(late, dsh.Dataset) and late.count() == 52 and late.to_arrow().num_rows == 52 and late.transfer.mapped_bytes > 0
    # It stays the same when the current dataset is another, and is known by its name in dsh too.
    run(shell, "%dsh range 7")
    assert late.count() == 52 and run(shell, "%dsh late | count")[0].result == 52


def test_one_session(shell):
    run(shell, "%%dsh --nodes=2\nkept = range 3")
    assert run(shell, "%dsh kept | count")[0].result == 3 and run(shell, "%%dsh --nodes=2\nkept | count")[0].success
    refused, captured = run(shell, "%%dsh --nodes=1\nkept | count")
    assert not refused.success and "--restart" in captured.stdout + captured.stderr
    assert run(shell, "%%dsh --restart --nodes=1\nnodes")[0].success
    assert not run(shell, "%dsh kept | count")[0].success


def test_errors_are_what_the_shell_prints(shell):
    result, captured = run(shell, "%dsh range 3 | tkae 2")
    assert isinstance(result.error_in_exec, dsh.SyntaxMistake)
    assert "^^^^" in captured.stdout + captured.stderr and "Traceback" not in captured.stdout + captured.stderr
    assert captured.outputs[0].data["text/plain"] == "mended:\nrange 3 | take 2"
    assert not run(shell, "%%dsh --keep-going\nread nowhere.csv | count\n1 + 1")[0].success
    for line in ("--out", "--out=a-b"):
        refused, captured = run(shell, f"%%dsh {line}\n1")
        assert not refused.success and "UsageError" in captured.stdout + captured.stderr


def test_it_ends_with_the_extension(shell):
    session = run(shell, "%dsh")[0].result
    process = session.connection.process
    shell.run_line_magic("unload_ext", "dsh")
    assert process.poll() == 0
    shell.run_line_magic("load_ext", "dsh")
    assert run(shell, "%dsh 1 + 1")[0].result == 2
