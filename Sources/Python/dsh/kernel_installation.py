"""`python -m dsh.kernel install`: makes the kernel known to Jupyter."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Sequence

from jupyter_client.kernelspec import KernelSpecManager

#: What Jupyter takes the kernel by, if no other name is given.
KERNEL_NAME = "dsh"


def specification(display_name: str, program: str | None, options: str) -> dict[str, Any]:
    """The content of `kernel.json`."""
    environment = {name: value for name, value in (("DSH", program), ("DSH_OPTIONS", options)) if value}
    return {
        # This interpreter has the package, whatever else the one of the notebook server has.
        "argv": [sys.executable, "-m", "dsh.kernel", "-f", "{connection_file}"],
        "display_name": display_name, "language": "dsh",
        # The signal reaches the kernel alone; dsh has a group of its own, and is told by message.
        "interrupt_mode": "signal", "env": environment, "metadata": {"debugger": False},
    }


def install(arguments: Sequence[str]) -> None:
    """Writes the kernel's specification where Jupyter looks for it."""
    parser = argparse.ArgumentParser(prog="python -m dsh.kernel install", description="Makes the kernel of dsh known to Jupyter.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help="for you alone; the default")
    where.add_argument("--prefix", help="below a folder, for a Jupyter that is installed there")
    where.add_argument("--sys-prefix", action="store_true", help=f"for this Python's environment, {sys.prefix}")
    parser.add_argument("--name", default=KERNEL_NAME, help="what Jupyter calls it; another one for other options (default: %(default)s)")
    parser.add_argument("--display-name", default="dsh", help="what menus call it (default: %(default)s)")
    parser.add_argument("--dsh", help="the path of dsh, where it is not on PATH")
    parser.add_argument("--options", default="", help='options of its sessions, such as "--nodes=3"')
    chosen = parser.parse_args(arguments)
    prefix = sys.prefix if chosen.sys_prefix else chosen.prefix
    content = specification(chosen.display_name, os.path.abspath(chosen.dsh) if chosen.dsh else None, chosen.options)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(content, indent=1) + "\n")
        found = KernelSpecManager().install_kernel_spec(folder, chosen.name, user=prefix is None, prefix=prefix)
    print(f"installed the kernel {chosen.name} in {found}")
