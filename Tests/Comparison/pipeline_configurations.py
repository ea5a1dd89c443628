"""The configurations in which pipelines.py runs each pipeline, all of which have to print the same bytes."""

from dataclasses import dataclass

RULES = ["compare-years", "push-filter-down", "push-limit-down", "prune-columns", "fuse-projections"]


@dataclass(frozen=True)
class Configuration:
    """Flags of the program, settings, blocks of each file, what is done with the tables first, and whether nodes die meanwhile."""

    flags: tuple = ()
    settings: tuple = ()
    blocks: int = 3
    ending: str = ""
    loses_nodes: bool = False


CONFIGURATIONS = [
    Configuration(),
    # What differs most from the first one comes next, for runs that have no time for all.
    Configuration(flags=("--nodes=4",), settings=("batch-rows 7",), blocks=7),
    Configuration(flags=("--nodes=3",), blocks=4, loses_nodes=True),
    Configuration(flags=("--nodes=3",), blocks=5, ending=" | persist", loses_nodes=True),
    Configuration(flags=("--nodes=1",), blocks=1),
    Configuration(flags=("--nodes=4",), blocks=7),
    Configuration(settings=("batch-rows 7",)),
    Configuration(flags=("--nodes=3",), settings=("batch-rows 1",), blocks=2),
    Configuration(blocks=5, ending=" | persist"),
    Configuration(settings=(f"rules-off {','.join(RULES)}",)),
    *[Configuration(settings=(f"rules-off {rule}",), blocks=4) for rule in RULES]]
