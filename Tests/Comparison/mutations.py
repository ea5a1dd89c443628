#!/usr/bin/env python3
"""Reads mutated and cut files of every format: an error or rows, never a dead node, a hang, or memory beyond a gigabyte.

    DSH_PYTHON=… python3 Tests/Comparison/mutations.py --dsh .build/release/dsh --data /folder/of/files [--count 20000] [--seed N] [--only parquet]

The files are parts of the real ones, of some kilobytes each, so that a mutation meets what matters. Each has a number of mutations of its own seed: bytes turned, runs
overwritten, cut out, doubled or put elsewhere, and numbers of 4 and 8 bytes made large. Three small files of each format are cut at every byte besides. Needs pyarrow.
"""

import bz2
import gzip
import io
import lzma
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

if os.environ.get("DSH_PYTHON") and not os.environ.get("DSH_PYTHON_USED"):
    os.environ["DSH_PYTHON_USED"] = "1"
    os.execv(os.environ["DSH_PYTHON"], [os.environ["DSH_PYTHON"], *sys.argv])

import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import Tally, arguments

FILES_A_RUN = 250
TIMEOUT_SECONDS = 300
MEMORY_LIMIT_KIB = 1 << 20


def parquet_files(data: Path) -> list:
    made = []
    tables = [pq.read_table(data / "parquet/userdata1.parquet").slice(0, 40), pq.read_table(data / "derived/tate-nested.parquet").slice(0, 12),
              pq.read_table(data / "parquet/oil-and-gas.parquet").slice(0, 300), pq.read_table(data / "derived/diamonds.snappy.v2pages.parquet").slice(0, 200)]
    for number, table in enumerate(tables):
        for codec, version in [("NONE", "1.0"), ("ZSTD", "2.0"), ("SNAPPY", "1.0"), ("GZIP", "2.0"), ("LZ4", "2.0"), ("BROTLI", "1.0")]:
            sink = io.BytesIO()
            pq.write_table(
                table, sink, compression=codec, data_page_version=version, use_dictionary=number % 2 == 0, row_group_size=100,
                data_page_size=2000, write_page_index=number > 1)
            made.append((sink.getvalue(), "parquet"))
    return made


def arrow_files(data: Path) -> list:
    made = []
    tables = [ipc.open_stream(str(data / "derived/tips.plain.arrows")).read_all().slice(0, 60), ipc.open_file(str(data / "derived/diamonds.lz4.arrow")).read_all().slice(0, 90),
              pq.read_table(data / "derived/tate-nested.parquet").slice(0, 8), ipc.open_file(str(data / "arrow/flights-200k.arrow")).read_all().slice(0, 200)]
    for table in tables:
        for codec in [None, "lz4", "zstd"]:
            for is_file in [True, False]:
                sink = io.BytesIO()
                with (ipc.new_file if is_file else ipc.new_stream)(sink, table.schema, options=ipc.IpcWriteOptions(compression=codec)) as writer:
                    writer.write_table(table, 40)
                made.append((sink.getvalue(), "arrow"))
    return made


def heads(data: Path, pattern: str, lines: int, limit: int = 20000) -> list:
    found = []
    for path in sorted(data.glob(pattern)):
        text = b"".join(path.read_bytes().splitlines(keepends=True)[:lines])
        if 0 < len(text) <= limit:
            found.append((text, path.suffix[1:]))
    return found


def json_files(data: Path) -> list:
    whole = [(path.read_bytes(), "json") for path in sorted(data.glob("json/*.json")) if path.stat().st_size < 100_000]
    countries = (data / "json/world-countries.json").read_bytes()
    return [(text[:8000].rsplit(b"},", 1)[0] + b"}]", "json") for text, _ in whole] + [(countries[:4000], "json")]


def compressed_files(data: Path) -> list:
    text = b"".join((data / "csv/seaborn-tips.csv").read_bytes().splitlines(keepends=True)[:120])
    zstd = pa.Codec("zstd").compress(text, asbytes=True)
    lz4 = pa.Codec("lz4").compress(text, asbytes=True)
    return [(gzip.compress(text), "csv.gz"), (gzip.compress(text[:1000]) + gzip.compress(text[1000:]), "csv.gz"), (bz2.compress(text), "csv.bz2"),
            (lzma.compress(text), "csv.xz"), (zstd, "csv.zst"), (lz4, "csv.lz4")]


FORMATS = {
    "parquet": parquet_files,
    "arrow": arrow_files,
    "jsonl": lambda data: heads(data, "jsonl/*.jsonl", 6),
    "json": json_files,
    "csv": lambda data: heads(data, "csv/*.csv", 25),
    "tsv": lambda data: heads(data, "tsv/*.tsv", 25),
    "compressed": compressed_files,
    "text": lambda data: heads(data, "text/*", 30),
}


def mutate(source: random.Random, content: bytes) -> bytes:
    made = bytearray(content)
    for _ in range(source.choice([1, 1, 1, 2, 4, 10])):
        if not made:
            break
        place = source.randrange(len(made))
        length = source.choice([1, 2, 4, 8, 16, 100])
        kind = source.randrange(8)
        if kind < 2:
            made[place] ^= 1 << source.randrange(8)
        elif kind == 2:
            made[place:place + length] = bytes(source.choices(range(256), k=len(made[place:place + length])))
        elif kind == 3:
            del made[place:place + length]
        elif kind == 4:
            made[place:place] = made[place:place + length]
        elif kind == 5:
            width = source.choice([4, 8])
            number = source.choice([0, 1, 2 ** (8 * width) - 1, 2 ** (8 * width - 1) - 1, 2 ** (8 * width - 1), 2 ** 31 - 1, 2 ** 24, source.getrandbits(8 * width)])
            made[place:place + width] = number.to_bytes(width, "little")
        elif kind == 6:
            other = source.randrange(len(made))
            made[place:place + length] = made[other:other + length]
        else:
            del made[place:]
    return bytes(made)


def read_all(tally: Tally, binary: str, folder: Path, files: list, name: str):
    """Files as names and contents, in one run of the program."""
    script = []
    for number, (ending, content) in enumerate(files):
        (folder / f"m{number}.{ending}").write_bytes(content)
        script.append(f"read{' --format=text' if ending in ('txt', 'log') else ''} m{number}.{ending} | write --force out.jsonl")
    (folder / "all.dsh").write_text("\n".join(script) + "\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    try:
        result = subprocess.run(
            [binary, "--nodes=2", "--keep-going", "all.dsh"], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        tally.check(False, f"{name}: ends", f"not within {TIMEOUT_SECONDS} s")
        return 0, 0
    errors = result.stderr.decode(errors="replace")
    wrong = [line for line in (errors + result.stdout.decode(errors="replace")).splitlines() if " died" in line or "task-kills" in line or "internal" in line]
    tally.check(result.returncode in (0, 1) and not wrong, f"{name}: nobody dies", f"status {result.returncode}: {wrong[:3]} {errors[-200:] if result.returncode not in (0, 1) else ''}")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    tally.check(memory <= MEMORY_LIMIT_KIB or memory == before, f"{name}: memory", f"{memory} KiB")
    refused = errors.count("\nerror[") + errors.startswith("error[")
    for number, (ending, _) in enumerate(files):
        (folder / f"m{number}.{ending}").unlink()
    return len(files) - refused, refused


def main():
    parser = arguments(__doc__)
    parser.add_argument("--count", type=int, default=20000, help="mutated files of each format (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (default: %(default)s)")
    parser.add_argument("--only", help="one format")
    options = parser.parse_args()
    tally = Tally()
    data = Path(options.data).resolve()
    for name, files_of in FORMATS.items():
        if options.only and options.only != name:
            continue
        files = files_of(data)
        with tempfile.TemporaryDirectory() as folder:
            rows = errors = 0
            for first in range(0, options.count, FILES_A_RUN):
                seeds = range(options.seed + first, options.seed + min(options.count, first + FILES_A_RUN))
                mutated = []
                for seed in seeds:
                    source = random.Random(f"{name} {seed}")
                    content, ending = source.choice(files)
                    mutated.append((ending, mutate(source, content)))
                read, refused = read_all(tally, options.dsh, Path(folder), mutated, f"{name}, seeds {seeds[0]} to {seeds[-1]}")
                rows, errors = rows + read, errors + refused
            print(f"{name}: {options.count} mutated files from seed {options.seed}: {rows} read, {errors} refused")
            rows = errors = 0
            for content, ending in sorted(files, key=lambda file: len(file[0]))[:3]:
                cut = [(ending, content[:length]) for length in range(len(content))]
                for first in range(0, len(cut), FILES_A_RUN):
                    read, refused = read_all(tally, options.dsh, Path(folder), cut[first:first + FILES_A_RUN], f"{name}, cut from {first} on")
                    rows, errors = rows + read, errors + refused
            print(f"{name}: three files cut at every byte: {rows} read, {errors} refused")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
