#!/usr/bin/env python3
"""Makes reports of scripts: pages are well-formed, need nothing from elsewhere, and hold what the script says; failures write nothing.

    python3 Tests/CommandLine/report.py --dsh .build/release/dsh
"""

import html.parser
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Harness"))
from harness import REPOSITORY, Tally, arguments, run

VOID = {"meta", "br", "hr"}


class Page(html.parser.HTMLParser):
    """The elements of a page, and whether they are closed as they were opened."""

    def __init__(self, text: str):
        super().__init__()
        self.open, self.mistakes, self.elements, self.text, self.addresses = [], [], [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "href", "xlink:href") and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(tag)

    def handle_data(self, data):
        self.text += data


def example(tally: Tally, options, folder: Path):
    script = REPOSITORY / "examples/report.dsh"
    done = run(options.dsh, "report", "report.dsh", "-o", str(folder / "a.html"), "--deterministic", folder=REPOSITORY / "examples")
    text = (folder / "a.html").read_text() if (folder / "a.html").exists() else ""
    page = Page(text)
    tally.check(done.status == 0 and not done.text, "the example makes a page", done.text + done.error_text)
    tally.check(not page.open and not page.mistakes, "its elements are closed", f"{page.open} {page.mistakes}")
    tally.check("<title>Where flights went from</title>" in text, "its title is the first heading")
    statements = [line for line in script.read_text().splitlines() if line and not line.startswith("#")]
    tally.check(all(line in page.text for line in statements), "every statement is there", page.text)
    tally.check(page.elements.count("svg") == 2 and "table" in page.elements and "ul" in page.elements, "tables, pictures and prose", page.elements)
    tally.check("script" not in page.elements and "link" not in page.elements and page.addresses == ["data/README.md"], "nothing from elsewhere", page.addresses)
    tally.check("url(" not in text and "@import" not in text, "nor by its style")
    tally.check("B moved to head" in page.text, "receipts are there")
    again = run(options.dsh, "report", "report.dsh", "-o", str(folder / "b.html"), "--deterministic", folder=REPOSITORY / "examples")
    tally.check(again.status == 0 and (folder / "b.html").read_text() == text, "the same page every time")
    done = run(options.dsh, "report", "report.dsh", "-o", str(folder / "a.md"), folder=REPOSITORY / "examples")
    text = (folder / "a.md").read_text()
    tally.check(done.status == 0 and text.startswith("# Where flights went from\n"), "Markdown, too", done.error_text)
    tally.check("```mermaid\nflowchart" in text and "| origin |" in text and re.search(r"Made by dsh .* UTC\n$", text), "with tables and diagrams", text)


def settings(tally: Tally, options, folder: Path):
    """Each statement is shown as the session was set when it began."""
    (folder / "set.dsh").write_text("rows {x: 2.0} | map third = x / 3 | take\nset digits 2\nrows {x: 2.0} | map third = x / 3 | take\n")
    done = run(options.dsh, "report", "set.dsh", "-o", "set.html", folder=folder)
    text = (folder / "set.html").read_text()
    tally.check(">0.666667<" in text and ">0.67<" in text, "digits are those of their statement", text + done.error_text)
    tally.check("default-src 'none'" in text, "browsers load nothing for a page", text)
    done = run(options.dsh, "report", "set.dsh", "-o", "set.md", folder=folder)
    tally.check((folder / "set.md").read_text().count("0.6666666666666666") == 2, "Markdown has values in full", done.error_text)


def failures(tally: Tally, options, folder: Path):
    (folder / "bad.dsh").write_text("# Prose\nrange 3 | count\nread nowhere.csv | count\n1 + 1\n")
    (folder / "late.dsh").write_text("range 3 | count\nrange 3 | map x = 1 / (id - 1) | map y = cast(x, int64) | take\n1 + 1\n")
    (folder / "old.html").write_text("old")
    done = run(options.dsh, "report", "bad.dsh", "-o", "old.html", folder=folder)
    tally.check(done.status == 1 and "error[file-not-found]" in done.error_text, "a failure is told", done.error_text)
    tally.check((folder / "old.html").read_text() == "old", "and nothing is written")
    done = run(options.dsh, "report", "bad.dsh", "-o", "new.html", "--keep-going", folder=folder)
    page = Page((folder / "new.html").read_text())
    tally.check(done.status == 1 and "error[file-not-found]" in page.text and not page.mistakes, "with --keep-going the page has the error", page.text)
    for wrong, words in ((["bad.dsh"], "-o"), (["bad.dsh", "-o", "x.pdf"], ".html or .md"), (["-o", "x.html"], "one script"),
                         (["none.dsh", "-o", "x.html"], "none.dsh"), (["bad.dsh", "-o", "nowhere/x.html", "--keep-going"], "nowhere")):
        done = run(options.dsh, "report", *wrong, folder=folder)
        tally.check(done.status in (1, 2) and words in done.error_text, f"what is said of {wrong}", f"{done.status} {done.error_text}")
    (folder / "mark.dsh").write_text("!touch ran\n")
    for place in ("nowhere/x.html", "/proc/x.md"):
        done = run(options.dsh, "report", "mark.dsh", "-o", place, folder=folder)
        tally.check(done.status != 0 and not (folder / "ran").exists(), f"nothing runs where {place} can't be written", done.error_text)
    odd = "# </main><script>alert(1)</script> & *x*\nrows {a: '</pre><script>'}, {a: '&'} | take\n"
    (folder / "odd.dsh").write_text(odd)
    done = run(options.dsh, "report", "odd.dsh", "-o", "odd.html", folder=folder)
    if done.status == 0:
        page = Page((folder / "odd.html").read_text())
        tally.check(not page.open and not page.mistakes and "script" not in page.elements, "markup in data is text", page.elements)
    else:
        tally.check(False, "odd texts are reported", done.error_text)


def main():
    options = arguments(__doc__, data=False).parse_args()
    tally = Tally()
    for scenario in (example, settings, failures):
        with tempfile.TemporaryDirectory() as name:
            scenario(tally, options, Path(name))
    tally.finish()


if __name__ == "__main__":
    main()
