"""The examples of docs/python.md give what stands there, times aside."""

import doctest
import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TIME = re.compile(r"; [\d.]+ (µs|ms|s)$", re.MULTILINE)


class Checker(doctest.OutputChecker):
    def check_output(self, want, got, flags):
        return super().check_output(TIME.sub("", want), TIME.sub("", got), flags)


def test_examples(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    text = (REPOSITORY / "docs/python.md").read_text()
    test = doctest.DocTestParser().get_doctest(text, {}, "docs/python.md", "docs/python.md", 0)
    report = []
    doctest.DocTestRunner(Checker()).run(test, out=report.append)
    assert not report, "".join(report)
    assert len(test.examples) > 15
