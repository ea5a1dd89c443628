"""Makes a data frame of blocks in the stores of the shell that has opened this Python: what `to_pandas` starts, behind the text of dsh_blocks.py.

The file that it is given has a line of JSON, which is the answer to `blocks` (docs/protocol.md) with the paths of the stores, and behind it what lies
in no store.
"""

import json


class _HandedOver(dict):
    """The answer, as it would come through a connection."""

    def __init__(self, path):
        with open(path, "rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        end = content.find(b"\n") + 1
        super().__init__(json.loads(content[:end]))
        self.data = memoryview(content)[end:]
        self.descriptors = [os.open(store, os.O_RDONLY | os.O_CLOEXEC) for store in self["paths"]]


def data_frame(path):
    """All rows; text is decoded, whatever the blocks have it as."""
    # The shell holds the blocks until this process ends.
    return pandas_frame(SharedBlocks(_HandedOver(path), lambda hold: None, StoreMemories()).table(dictionaries=False))
