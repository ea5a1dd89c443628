"""Runs the pipelines of a seed as a transcript of `dsh test`, which stops and kills nodes at chosen steps of a statement.

A thread beside dsh (pipeline_deaths.py) comes at any moment, and the same one only by luck; the chaos of dsh comes before each step that
needs a node, and a seed brings it back. The program knows it in tests alone.
"""

from harness import run
from pipeline_configurations import Configuration

BLOCKS = 5
NODE_COUNTS = "2,4"
GREATEST_MESSAGE_LENGTH = 3000
TIMEOUT_SECONDS = 600


def chaos_difference(binary: str, seed, chaos_seeds: list) -> str:
    """What is not as in a quiet run; nothing if all is."""
    path = seed.folder / f"pipelines-{seed.number}.golden"
    lines = ["set width 0", *seed.script([pipeline.lines for pipeline in seed.pipelines], Configuration(blocks=BLOCKS))]
    path.write_text("".join(f"dsh> {line}\n" for line in lines), "utf-8")
    outcome = run(binary, "test", "--update", "--allow-status-change", path.name, folder=seed.folder, timeout=TIMEOUT_SECONDS)
    if outcome.status == 0:
        matrix = ["--matrix", "chaos=" + ",".join(map(str, chaos_seeds)), "--matrix", f"nodes={NODE_COUNTS}"]
        outcome = run(binary, "test", *matrix, path.name, folder=seed.folder, timeout=TIMEOUT_SECONDS)
    return "" if outcome.status == 0 else (outcome.text + outcome.error_text)[-GREATEST_MESSAGE_LENGTH:]
