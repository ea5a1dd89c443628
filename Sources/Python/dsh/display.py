"""Outputs as notebooks show them: bundles of the same thing in several forms, of which a front end takes the richest that it knows."""

from __future__ import annotations

import html

from .errors import Error
from .results import Output


def bundle_of(output: Output) -> dict[str, str]:
    """An output by its media types; always with `text/plain`, as the shell prints it."""
    bundle = {"text/plain": output.text.removesuffix("\n")}
    if output.mermaid:
        bundle["text/vnd.mermaid"] = output.mermaid
    if output.svg:
        bundle["image/svg+xml"] = output.svg
        # As a part of the page it has the page's colour of text, dark or light, which an image has not.
        bundle["text/html"] = f"<div>{output.svg}</div>"
    elif output.html:
        bundle["text/html"] = output.html
    return bundle


def mended_bundle_of(error: Error) -> dict[str, str] | None:
    """The text with its mistake mended, to copy; none where nobody can tell how."""
    if error.mended is None:
        return None
    return {
        "text/plain": f"mended:\n{error.mended}",
        "text/html": f"<details open><summary>mended</summary><pre><code>{html.escape(error.mended)}</code></pre></details>",
    }


def traceback_of(error: Error) -> list[str]:
    """The lines that the shell prints, of all mistakes."""
    return [line for one in (error, *error.others) for line in one.text.splitlines()]
