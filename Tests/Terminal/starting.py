"""What happens before the first prompt, and settings."""

import os

from bench import LONG_RUN, expect, test


def init_file(bench, text):
    folder = os.path.join(bench.home, ".config", "dsh")
    os.makedirs(folder, exist_ok=True)
    return bench.file(os.path.join(".config", "dsh", "init.dsh"), text)


@test
def init_runs_before_the_first_prompt(bench):
    init_file(bench, "let few = 2\nset timing off\ndef half(x) = x / 2\n")
    shell = bench.shell()
    shell.wait_prompt()
    expect(len(shell.screen.lines) == 2, f"settings and names are silent:\n{shell.screen.text}")
    expect("1.0" in shell.run("range 3 | map h = half(id) | filter id == $few | take"), shell.screen.text)
    expect("range 3" not in open(init_file(bench, "let few = 2\n")).read(), "the file is the person's own")
    for arguments in (["--no-init"], ["--init", bench.file("other.dsh", "let other = 1\n")]):
        without = bench.shell(*arguments)
        expect("few" in without.run("range 3 | filter id == $few | take"), "an error names it")
        expect("error" in without.screen.text, without.screen.text)


@test
def init_elsewhere(bench):
    os.makedirs(os.path.join(bench.home, "config", "dsh"))
    bench.file("config/dsh/init.dsh", "let few = 2\n")
    shell = bench.shell(environment={"XDG_CONFIG_HOME": os.path.join(bench.home, "config")})
    expect("1" in shell.run("range 3 | filter id == $few | count").split("\n"), shell.screen.text)


@test
def mistakes_in_init_are_told_and_passed_over(bench):
    path = init_file(bench, "let few = 2\nset widht 3\nlet more = 5\n")
    shell = bench.shell()
    shell.wait_prompt()
    expect(f"{path}:2:5" in "".join(shell.screen.text.split("\n")) and "width" in shell.screen.text, shell.screen.text)
    expect("1" in shell.run("range 9 | filter id == $more | count").split("\n"), shell.screen.text)


@test
def control_c_ends_a_long_init(bench):
    init_file(bench, LONG_RUN + "\nlet more = 5\n")
    shell = bench.shell()
    shell.pump(0.5)
    shell.send("\x03")
    shell.wait_prompt()
    expect("cancelled" in shell.screen.text, shell.screen.text)
    expect("3" in shell.run("range 3 | count").split("\n"), shell.screen.text)


@test
def init_is_for_people(bench):
    """Scripts give the same everywhere: they don't see it."""
    init_file(bench, "let few = 2\n")
    script = bench.program([bench.binary, "-c", "range 3 | filter id == $few | count"])
    expect(script.wait_end() != 0, script.screen.text)


@test
def wrong_values_are_refused(bench):
    shell = bench.shell()
    expect("on or off" in shell.run("set pager perhaps"), shell.screen.text)
    expect("emacs, vi or auto" in shell.run("set edit ed"), shell.screen.text)
    expect("table, csv, tsv, json, jsonl, md or line" in " ".join(shell.run("set format xml").split()), shell.screen.text)
    expect("pager = on" in shell.run("set pager"), shell.screen.text)


@test
def vi_keys_by_setting(bench):
    shell = bench.shell()
    shell.run("set edit vi")
    shell.send("range 3\x1b0iX")
    shell.wait("an X at the start", lambda screen: screen.cursor_line == "dsh> Xrange 3")
    shell.send("\x1b0x$a | count\r")
    shell.wait("the answer", lambda screen: "3" in screen.lines)
    shell.wait_prompt()
    shell.run("set edit emacs")
    shell.send("range 4\x01X")
    shell.wait("an X at the start", lambda screen: screen.cursor_line == "dsh> Xrange 4")
    shell.send("\x03")
