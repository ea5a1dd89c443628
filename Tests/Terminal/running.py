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
    expect("tasks," not in shell.screen.text, f"the progress line is gone:\n{shell.screen.text}")
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def control_c_twice_does_not_end_the_shell(bench):
    shell = bench.shell()
    shell.wait_prompt()
    for _ in range(3):
        shell.send(LONG_RUN + "\r")
        shell.pump(0.3)
        shell.send("\x03\x03\x03")
        shell.wait_prompt()
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def type_ahead_survives(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("range 5000000 | filter id % 7 == 8 | count\r")
    shell.pump(0.02)
    shell.send("range 4 | count")
    shell.wait("the text typed ahead at the next prompt", lambda screen: screen.cursor_line == "dsh> range 4 | count")


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
    expect(victims, "there are node processes")
    os.kill(victims[-1], signal.SIGKILL)
    shell.wait("the news above what is typed", lambda screen: "node" in screen.text.lower().replace("nodes", "") and screen.cursor_line == "dsh> range 3 | co")
    shell.send("unt\r")
    shell.wait("the answer", lambda screen: "3" in screen.lines)
    shell.wait_prompt()


@test
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
