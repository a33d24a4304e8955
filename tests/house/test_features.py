"""The list of what people can do names tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
NAMED = re.compile(r"`(test_\w+)`")


def test_every_feature_names_tests_that_exist():
    page = (TESTS.parent / "docs/features.md").read_text("utf-8")
    written = "".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    defined = set(re.findall(r"def (test_\w+)\(", written))
    rows = [line for line in page.splitlines() if line.startswith("| ") and "what |" not in line]
    assert len(rows) > 50 and all(NAMED.search(row) for row in rows)
    assert sorted(set(NAMED.findall(page)) - defined) == []
