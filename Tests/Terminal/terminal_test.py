#!/usr/bin/env python3
"""Tests of the interactive shell: the real program in a pseudo-terminal, looked at as a person would.

    python3 Tests/Terminal/terminal_test.py .build/release/dsh [part of a test's name]

With DSH_UPDATE_SCREENS=1 the screens in the folder `screens` are written anew. Needs nothing but Python. Every test runs in a fresh home folder and ends with a check that no process and no shared memory is left.
"""

import os
import signal
import sys
import traceback

import completion  # noqa: F401
import editing  # noqa: F401
import ending  # noqa: F401
import history  # noqa: F401
import reading  # noqa: F401
import running  # noqa: F401
import scenes  # noqa: F401
import starting  # noqa: F401
from bench import Bench, tests
from terminal import Failure


def run(name, function, width, binary):
    bench = Bench(binary, width)
    try:
        function(bench)
        bench.finish()
        return None
    except Exception as failure:
        bench.abandon()
        return str(failure) if isinstance(failure, Failure) else traceback.format_exc()
    finally:
        bench.remove()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    # Whoever runs this without a terminal may ignore it, and programs inherit that.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    passed = failed = 0
    for name, function, width in tests:
        if wanted not in name:
            continue
        problem = run(name, function, width, binary)
        if problem:
            failed += 1
            print(f"FAIL {name}: {problem}", flush=True)
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
