"""Every way in which the shell can end."""

import signal

from bench import LONG_RUN, expect, test


@test
def end_of_file(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("\x04")
    expect(shell.wait_end() == 0, f"exit code {shell.status}")
    expect(shell.state_is_restored(), "the terminal is as it was")
    expect("2004" not in shell.screen.modes, "bracketed paste is off")


@test
def quit_command(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("quit\r")
    expect(shell.wait_end() == 0, f"exit code {shell.status}")
    expect(shell.state_is_restored(), "the terminal is as it was")


@test
def hangup(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.kill(signal.SIGHUP)
    shell.wait_end()


@test
def terminated(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send("half")
    shell.wait("typed text", lambda screen: screen.cursor_line == "dsh> half")
    shell.kill(signal.SIGTERM)
    shell.wait_end()
    expect(shell.state_is_restored(), "the terminal is as it was")


@test
def killed_while_running(bench):
    shell = bench.shell()
    shell.wait_prompt()
    shell.send(LONG_RUN + "\r")
    shell.pump(0.5)
    shell.kill(signal.SIGKILL)
    shell.wait_end()
    shell.wait_relatives_gone(1.0)


@test
def a_crash_restores_the_terminal(bench):
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGILL):
        shell = bench.shell()
        shell.wait_prompt()
        shell.send("half a statement")
        shell.wait("typed text", lambda screen: screen.cursor_line == "dsh> half a statement")
        shell.kill(number)
        expect(shell.wait_end() == -number, f"it ends by signal {number}: {shell.status}")
        expect(shell.state_is_restored(), f"the terminal is as it was after signal {number}")
        expect("2004" not in shell.screen.modes, "bracketed paste is off")
