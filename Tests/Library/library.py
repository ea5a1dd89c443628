#!/usr/bin/env python3
"""Calls every function of libdsh.so as a process of somebody else does: good requests, bad ones, and bytes at random.

    library.py --library .build/release/libdsh.so

The requests are those of requests.txt, in hexadecimal; a unit test (LibraryRequestsTests) looks whether dsh writes the same.
"""

import argparse
import ctypes
import pathlib
import random
import resource
import struct
import sys
import threading
import time

REQUESTS = pathlib.Path(__file__).resolve().parent / "requests.txt"
FUNCTIONS = ["dsh_version", "dsh_run", "dsh_outcome", "dsh_segment_count", "dsh_segment", "dsh_free",
             "dsh_use_remote_files"]
# What lies in the library too, and must not be seen: the process may have another version of it.
HIDDEN = ["ZSTD_versionNumber", "LZ4_versionNumber", "zlibVersion", "BrotliDecoderVersion", "BZ2_bzlibVersion", "lzma_version_number",
          "snappy_compress", "pcre2_compile_8", "swift_retain", "dsh_take_buffer"]
DONE, FAILED, INSPECTED = 1, 2, 3


class Library:
    """The functions, with bytes for arguments and results."""

    def __init__(self, path):
        self.functions = ctypes.CDLL(path)
        pointer, size = ctypes.c_void_p, ctypes.c_size_t
        self.functions.dsh_version.restype = ctypes.c_char_p
        self.functions.dsh_run.restype = pointer
        self.functions.dsh_run.argtypes = [pointer, size, pointer, pointer, size, pointer]
        self.functions.dsh_outcome.restype = None
        self.functions.dsh_outcome.argtypes = [pointer, pointer, pointer]
        self.functions.dsh_segment_count.restype = size
        self.functions.dsh_segment_count.argtypes = [pointer]
        self.functions.dsh_segment.restype = None
        self.functions.dsh_segment.argtypes = [pointer, size, pointer, pointer]
        self.functions.dsh_free.restype = None
        self.functions.dsh_free.argtypes = [pointer]

    def run(self, request, memories=(), cancelled=None):
        """The bytes of the outcome, and those of each segment."""
        # An alignment of 64, as Ray's store has.
        kept = [ctypes.create_string_buffer(len(memory) + 64) for memory in memories]
        addresses = [(ctypes.addressof(buffer) + 63) // 64 * 64 for buffer in kept]
        for address, memory in zip(addresses, memories):
            ctypes.memmove(address, memory, len(memory))
        count = len(memories)
        result = self.functions.dsh_run(
            request, len(request), (ctypes.c_void_p * count)(*addresses), (ctypes.c_size_t * count)(*map(len, memories)), count,
            ctypes.byref(cancelled) if cancelled is not None else None)
        assert result
        address, size = ctypes.c_void_p(), ctypes.c_size_t()
        self.functions.dsh_outcome(result, ctypes.byref(address), ctypes.byref(size))
        outcome = ctypes.string_at(address.value, size.value)
        segments = []
        for index in range(self.functions.dsh_segment_count(result)):
            self.functions.dsh_segment(result, index, ctypes.byref(address), ctypes.byref(size))
            segments.append(ctypes.string_at(address.value, size.value))
        self.functions.dsh_segment(result, len(segments), ctypes.byref(address), ctypes.byref(size))
        assert address.value is None and size.value == 0
        self.functions.dsh_free(result)
        return outcome, segments


def made(outcome):
    """The rows and the bytes that an outcome says were made."""
    assert outcome[0] == DONE, outcome
    return struct.unpack_from("<qq", outcome, 10) if outcome[9] else None


def code(outcome):
    """The code of the error of a failed outcome."""
    assert outcome[0] == FAILED, outcome
    (length,) = struct.unpack_from("<I", outcome, 9)
    return outcome[13:13 + length].decode()


def mutated(data, source):
    """The bytes with something changed, cut out or put in."""
    data = bytearray(data)
    for _ in range(source.randint(1, 3)):
        place = source.randrange(len(data))
        kind = source.randrange(4)
        if kind == 0:
            data[place] ^= 1 << source.randrange(8)
        elif kind == 1:
            data[place] = source.choice([0, 1, 2, 3, 8, 9, 0x7F, 0x80, 0xFF])
        elif kind == 2 and len(data) > 10:
            del data[place:place + source.randint(1, 8)]
        else:
            data[place:place] = source.randbytes(source.randint(1, 8))
    return bytes(data)


class Tests:
    def __init__(self, library):
        self.library = library
        lines = (line.split(": ") for line in REQUESTS.read_text().splitlines())
        self.requests = {name: bytes.fromhex(text) for name, text in lines}
        _, segments = library.run(self.requests["numbers"])
        self.block = b"".join(segments)

    def test_version(self):
        assert self.library.functions.dsh_version().startswith(b"dsh "), self.library.functions.dsh_version()

    def test_only_its_functions_are_seen(self):
        for name in FUNCTIONS:
            assert hasattr(self.library.functions, name), name
        for name in HIDDEN:
            assert not hasattr(self.library.functions, name), name

    def test_a_block(self):
        outcome, segments = self.library.run(self.requests["numbers"])
        rows, byte_count = made(outcome)
        assert rows == 100_000 and byte_count > 800_000
        sizes = [len(segment) for segment in segments]
        assert all(size % 64 == 0 and size >= 2048 for size in sizes[:-1]), sizes
        whole = b"".join(segments)
        assert len(whole) == byte_count
        assert not any(whole[byte_count:])
        assert struct.pack("<3q", 99_997, 99_998, 99_999) in whole

    def test_inspection(self):
        outcome, segments = self.library.run(self.requests["ends"], [self.block, self.block])
        # A list of answers of rows of values, each with a count in front; a whole number has the tag 2.
        answer = struct.pack("<I", 2) + b"".join(struct.pack("<IBq", 1, 2, value) for value in (0, 99_999))
        assert outcome == bytes([INSPECTED]) + struct.pack("<I", 2) + answer * 2, outcome
        assert segments == []

    def test_rows_of_a_block_and_of_a_bundle(self):
        outcome, segments = self.library.run(self.requests["text"], [self.block])
        assert b"".join(segments)[:made(outcome)[1]].split() == [b"11", b"12", b"13"], segments
        outcome, bundle = self.library.run(self.requests["cut"], [self.block])
        assert made(outcome)[0] == 50_005
        outcome, segments = self.library.run(self.requests["bundled text"], [b"".join(bundle)])
        assert b"".join(segments)[:made(outcome)[1]].split() == [b"11", b"12", b"13", b"600", b"601"], segments

    def test_failures(self):
        assert code(self.library.run(self.requests["full"])[0]) == "store-full"
        assert code(self.library.run(b"")[0]) == "bad-task"
        assert code(self.library.run(b"nonsense")[0]) == "bad-task"
        assert code(self.library.run(self.requests["text"])[0]) == "bad-task"
        for memory in (b"", b"\0" * 64, self.block[:100], b"x" * 5000):
            for name in ("text", "cut", "ends", "bundled text"):
                assert code(self.library.run(self.requests[name], [memory])[0]) == "bad-block", name
        bundle = b"".join(self.library.run(self.requests["cut"], [self.block])[1])
        lost = self.requests["bundled text"].replace(struct.pack("<qq", 600, 602), struct.pack("<qq", 60_000, 60_002))
        assert code(self.library.run(lost, [bundle])[0]) == "block-lost"
        self.library.functions.dsh_free(None)

    def test_cancelling(self):
        word = ctypes.c_uint32(0)
        outcomes = []
        thread = threading.Thread(target=lambda: outcomes.append(self.library.run(self.requests["endless"], (), word)))
        thread.start()
        time.sleep(0.2)
        assert not outcomes
        word.value = 1
        thread.join(10)
        assert outcomes and code(outcomes[0][0]) == "cancelled"

    def test_threads_at_the_same_time(self):
        expected = self.library.run(self.requests["numbers"])[1]
        same = []

        def work():
            for _ in range(20):
                same.append(self.library.run(self.requests["numbers"])[1] == expected)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert same == [True] * 80

    def test_random_requests(self):
        source = random.Random(1)
        bundle = b"".join(self.library.run(self.requests["cut"], [self.block])[1])
        # Nobody wants to wait for a task that was made an endless one.
        word = ctypes.c_uint32(1)
        for _ in range(300):
            for name, request in self.requests.items():
                memories = [] if name in ("numbers", "full", "endless") else [bundle if name == "bundled text" else self.block]
                outcome, _ = self.library.run(mutated(request, source), memories, word)
                assert outcome[0] in (DONE, FAILED, INSPECTED)
            outcome, _ = self.library.run(source.randbytes(source.randrange(200)), [source.randbytes(100)])
            assert outcome[0] == FAILED

    def test_random_memories(self):
        source = random.Random(2)
        bundle = b"".join(self.library.run(self.requests["cut"], [self.block])[1])[:4096]
        for _ in range(1000):
            for name in ("text", "cut", "ends"):
                memory = mutated(self.block[:64], source) + self.block[64:4096]
                assert self.library.run(self.requests[name], [memory])[0][0] in (DONE, FAILED, INSPECTED)
            memory = mutated(bundle[:320], source) + bundle[320:]
            assert self.library.run(self.requests["bundled text"], [memory])[0][0] in (DONE, FAILED)

    def test_nothing_is_left_behind(self):
        def run():
            for _ in range(200):
                self.library.run(self.requests["numbers"])
                self.library.run(self.requests["full"])
        run()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        run()
        # Kibibytes; the blocks of the second round have 160 MB.
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", required=True, help="the path of libdsh.so")
    tests = Tests(Library(str(pathlib.Path(parser.parse_args().library).resolve())))
    passed = failed = 0
    for name in sorted(name for name in dir(tests) if name.startswith("test_")):
        try:
            getattr(tests, name)()
            passed += 1
        except Exception as error:
            failed += 1
            print(f"{name}: {type(error).__name__}: {error}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
