"""While a statement runs: progress, Ctrl-C, type-ahead, nodes that die."""

import os
import re
import signal
import time

from bench import LONG_RUN, expect, test, test_at_widths


@test_at_widths
def control_c_while_running(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send(LONG_RUN + "\r")
    shell.wait("a progress line", lambda screen: "Ctrl-C" in screen.cursor_line)
    start = time.monotonic()
    shell.send("\x03")
    shell.wait_for("cancelled")
    shell.wait_prompt()
    seconds = time.monotonic() - start
    expect(seconds < 1.0, f"cancelling took {seconds:.2f} s")
    expect("Ctrl-C cancels" not in shell.screen.text, f"the progress line is gone:\n{shell.screen.text}")
    expect(re.search(r"cancelled after [\d.]+ m?s: \d+ of [\d,]+ blocks done", " ".join(shell.screen.text.split())), shell.screen.text)
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test_at_widths
def control_c_twice_does_not_end_the_shell(bench):
    shell = bench.shell()
    shell.wait_prompt()
    for _ in range(3):
        shell.send(LONG_RUN + "\r")
        shell.pump(0.3)
        shell.send("\x03\x03\x03")
        shell.wait_prompt()
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test_at_widths
def type_ahead_survives(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range 5000000 | filter id % 7 == 8 | count\r")
    shell.pump(0.02)
    shell.send("range 4 | count")
    shell.wait("the text typed ahead at the next prompt", lambda screen: screen.cursor_line == "dsh> range 4 | count")


@test_at_widths
def progress_line(bench):
    """Drawn in one line that fits, with rates, the rest and a lane for each node where there is room, and gone at the end."""
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range --blocks=400 2400000000 | filter id % 7 == 8 | count\r")
    parts = {
        40: r"^\d+ %, [\d.]+ s; Ctrl-C cancels$",
        80: r"^[█▏▎▍▌▋▊▉]* +\d+ of 400 blocks, [\d.]+ s(, about [\d.]+ s left)?(; node1 [▰▱]+ node2 [▰▱]+)?; Ctrl-C cancels$",
        200: r"^[█▏▎▍▌▋▊▉]* +\d+ of 400 blocks, [\d.]+ s; [\d.]+ [MG]? ?rows/s.*; node1 [▰▱]+ node2 [▰▱]+; Ctrl-C cancels$",
    }
    shell.wait("the line", lambda screen: re.search(parts[bench.width], screen.cursor_line))
    before = shell.screen.row
    shell.wait("the rest", lambda screen: bench.width == 40 or " left" in screen.cursor_line)
    expect(shell.screen.row == before, "it stays on one line")
    shell.wait("the answer", lambda screen: "0" in screen.lines)
    shell.wait_prompt()
    expect("Ctrl-C" not in shell.screen.text, f"the line is gone:\n{shell.screen.text}")


@test
def no_progress_line_where_nobody_looks(bench):
    shell = bench.program(["/bin/sh", "-c", f"{bench.binary} -c '{LONG_RUN[:-8].replace('20000000000', '400000000')} | count' 2>err | cat; wc -c < err"])
    shell.wait_end()
    expect("Ctrl-C" not in shell.raw, shell.raw)


@test_at_widths
def control_c_twice_ends_nodes_that_do_not_answer(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.run("range 10 | count")
    shell.send(LONG_RUN + "\r")
    shell.wait("a progress line", lambda screen: "Ctrl-C" in screen.cursor_line)
    victim = node_processes(shell)[-1]
    os.kill(victim, signal.SIGSTOP)
    # Its threads stop one by one.
    shell.pump(0.3)
    shell.send("\x03")
    shell.wait("who does not answer", lambda screen: screen.cursor_line.startswith("cancelling") and screen.cursor_line.endswith("Ctrl-C again ends it"))
    start = time.monotonic()
    shell.send("\x03")
    shell.wait("the end of it", lambda screen: "cancelled" in screen.text and screen.cursor_line == "dsh>")
    expect(time.monotonic() - start < 2, "at once")
    expect(victim not in shell.relatives(), "the node is gone")
    shell.wait_prompt()
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)
    expect(len(re.findall(r"^node\d +up", shell.run("nodes"), re.MULTILINE)) == 2, "another node has its place")


@test
def statements_typed_ahead_run_in_order(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range 500000000 | filter id % 7 == 8 | count\rrange 4 | count\rrange 6 | co")
    shell.wait("both answers and the third statement", lambda screen: screen.cursor_line == "dsh> range 6 | co" and "4" in screen.lines)
    shell.send("unt\r")
    shell.wait("its answer", lambda screen: "6" in screen.lines)


@test
def times_on_the_terminal_only(bench):
    shell = bench.shell()
    expect(re.search(r"; [\d.]+ (µs|ms|s)$", " ".join(shell.run("range 3 | take").split())), shell.screen.text)
    shell.run("timing off")
    expect(not re.search(r"(µs|ms| s)$", shell.run("range 3 | take")), shell.screen.text)
    piped = bench.program(["/bin/sh", "-c", f"{bench.binary} -c 'range 3 | take' 2>&1 | cat"])
    piped.wait_end()
    expect("3 rows" in piped.screen.text and not re.search(r"(µs|ms| s)$", piped.screen.text), piped.screen.text)


def node_processes(shell):
    return sorted(shell.relatives())


@test_at_widths
def node_killed_while_idle(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.run("range 10 | count")
    shell.send("range 3 | co")
    shell.wait("half a statement", lambda screen: screen.cursor_line == "dsh> range 3 | co")
    victims = node_processes(shell)
    expect(len(victims) == 2, "there are node processes")
    os.kill(victims[-1], signal.SIGKILL)
    shell.wait("the news above what is typed", lambda screen: "node" in screen.text.lower().replace("nodes", "") and screen.cursor_line == "dsh> range 3 | co")
    shell.send("unt\r")
    shell.wait("the answer", lambda screen: "3" in screen.lines)
    shell.wait_prompt()


@test_at_widths
def node_killed_while_running(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.run("range 10 | count")
    shell.send("range 3000000000 | filter id % 7 == 8 | count\r")
    shell.pump(0.3)
    victims = node_processes(shell)
    expect(victims, "there are node processes")
    os.kill(victims[-1], signal.SIGKILL)
    shell.wait("news of the node", lambda screen: re.search(r"node\d", screen.text), seconds=60)
    shell.pump(0.2)
    if shell.screen.cursor_line != "dsh>":
        shell.send("\x03")
    shell.wait_prompt()
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)
