#!/usr/bin/env python3
"""Checks that dsh reads compressed text as Python decompresses it, and that Python reads what dsh compresses.

    python3 Tests/Comparison/compressed.py --dsh .build/release/dsh [--mutations 200] [--seed 1]

gzip, bzip2 and xz are Python's own; zstd and lz4 are compared where pyarrow is there. Files have one member, several, empty
ones, tiny and large ones; small files are cut at every byte and changed at random (the seed is printed): rows or an error, never
a signal, a time-out, or a gigabyte of memory.
"""

import bz2
import gzip
import lzma
import random
import resource
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments, run

try:
    import pyarrow
except ImportError:
    pyarrow = None

MEMORY_LIMIT_KILOBYTES = 1 << 20


def with_pyarrow(codec: str):
    """How pyarrow compresses and decompresses a stream."""

    def compress(data: bytes) -> bytes:
        sink = pyarrow.BufferOutputStream()
        with pyarrow.CompressedOutputStream(sink, codec) as stream:
            stream.write(data)
        return sink.getvalue().to_pybytes()

    def decompress(data: bytes) -> bytes:
        result = b""
        source = pyarrow.BufferReader(data)
        with pyarrow.CompressedInputStream(source, codec) as stream:
            while piece := stream.read(1 << 20):
                result += piece
        return result

    return compress, decompress


def codecs() -> dict:
    """By the ending of file names: compress and decompress."""
    known = {
        "gz": (gzip.compress, gzip.decompress), "bz2": (bz2.compress, bz2.decompress), "xz": (lzma.compress, lzma.decompress)}
    if pyarrow:
        known["zst"] = with_pyarrow("zstd")
        known["lz4"] = with_pyarrow("lz4")
    else:
        print("without pyarrow: zstd and lz4 are not compared")
    return known


def table(rows: int, generator: random.Random) -> bytes:
    return b"id,name,value\n" + b"".join(
        b"%d,n%d,%.3f\n" % (row, generator.randrange(50), generator.random() * 1000) for row in range(rows))


def check_reading(tally: Tally, binary: str, folder: Path, ending: str, codec: tuple, generator: random.Random):
    compress, decompress = codec
    for rows in (1, 100, 200_000):
        text = table(rows, generator)
        third = len(text) // 3
        members = {
            "one member": compress(text),
            "several": compress(text[:third]) + compress(text[third:2 * third]) + compress(text[2 * third:]),
            "empty ones": compress(b"") + compress(text) + compress(b""),
        }
        if rows <= 100:
            members["a member for each byte"] = b"".join(compress(text[i:i + 1]) for i in range(len(text)))
        for name, data in members.items():
            (folder / f"x.csv.{ending}").write_bytes(data)
            (folder / "x.csv").write_bytes(data)
            for path, arguments, input in (
                    (f"x.csv.{ending}", "", b""), ("x.csv", "", b""), ("-", "--format=csv", data)):
                outcome = run(
                    binary, "--format=csv", "-c", f"read {arguments} {path} --types=string | take_all --force", folder=folder, input=input)
                tally.check(
                    outcome.status == 0 and outcome.output == text, f"{ending}, {rows} rows, {name}, {path}",
                    outcome.error_text.strip()[:300])
    # And back.
    for rows in (0, 1, 100_000):
        (folder / "plain.csv").write_bytes(table(rows, generator))
        outcome = run(
            binary, "-c", f"read --types=string plain.csv | write --force back.csv.{ending}", folder=folder)
        tally.check(outcome.status == 0, f"{ending}: writing {rows} rows", outcome.error_text.strip()[:300])
        written = (folder / f"back.csv.{ending}").read_bytes()
        if ending in ("zst", "lz4"):
            # pyarrow reads one frame; dsh wrote one for the header and one for each part.
            again = run(binary, "--format=csv", "-c", f"read --types=string back.csv.{ending} | take_all --force", folder=folder)
            tally.check(again.output == (folder / "plain.csv").read_bytes(), f"{ending}: {rows} rows read back")
            tally.check(decompress(written).startswith(b"id,name,value\n"), f"{ending}: pyarrow reads the first frame")
        else:
            tally.check(decompress(written) == (folder / "plain.csv").read_bytes(), f"{ending}: Python reads {rows} rows")


def check_damage(tally: Tally, binary: str, folder: Path, ending: str, codec: tuple, generator: random.Random, mutations: int):
    text = table(20, generator)
    member = codec[0](text)
    path = folder / f"x.csv.{ending}"
    statement = f"read --types=string x.csv.{ending} | take_all --force"
    # A cut is an error wherever it is; many statements in one run, as each start of the program takes longer than the reading.
    names = []
    for length in range(1, len(member)):
        names.append(f"cut{length}.csv.{ending}")
        (folder / names[-1]).write_bytes(member[:length])
    for name in names:
        outcome = run(binary, "--format=csv", "--nodes=2", "-c", f"read --types=string {name} | count", folder=folder, timeout=30)
        tally.check(outcome.status == 1 and b"bad-file" in outcome.errors, f"{name}: exit code {outcome.status}", outcome.error_text.strip()[:300])
    for number in range(mutations):
        data = bytearray(member * generator.randrange(1, 3))
        for _ in range(generator.randrange(1, 4)):
            data[generator.randrange(len(data))] = generator.randrange(256)
        path.write_bytes(data)
        outcome = run(binary, "--format=csv", "--nodes=2", "-c", statement, folder=folder, timeout=30)
        tally.check(outcome.status in (0, 1), f"{ending}, change {number}: exit code {outcome.status}", outcome.error_text.strip()[:300])
    # Something that grows beyond measure.
    path.write_bytes(codec[0](b"1\n" * (16 << 20)))
    outcome = run(binary, "-c", f"read --max-decompressed=1M x.csv.{ending} | count", folder=folder)
    tally.check(outcome.status == 1 and b"decompression-limit" in outcome.errors, f"{ending}: growth", outcome.error_text.strip()[:300])


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--mutations", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    tally = Tally()
    for ending, codec in codecs().items():
        generator = random.Random(options.seed)
        with tempfile.TemporaryDirectory(prefix="dsh-compressed-") as folder:
            check_reading(tally, options.dsh, Path(folder), ending, codec, generator)
            check_damage(tally, options.dsh, Path(folder), ending, codec, generator, options.mutations)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    tally.check(peak < MEMORY_LIMIT_KILOBYTES, f"memory: {peak >> 10} MiB")
    tally.finish()


if __name__ == "__main__":
    main()
