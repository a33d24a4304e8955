"""Every fault of docs/failures.md is tried, and what defends from it can be taken out."""

import re
from pathlib import Path

import pytest
from defences import Defence, read

ROOT = Path(__file__).parents[2]
FAULTS = [f"F{n}" for n in (*range(1, 66), 78)]
DEFENCES = read()


def test_the_page_has_every_fault_once():
    page = (ROOT / "docs/failures.md").read_text("utf-8")
    assert re.findall(r"^\| (F\d+) \|", page, re.M) == FAULTS


def test_every_fault_is_tried_by_a_test_that_names_it():
    tests = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = {fault for text in tests for fault in re.findall(r"\bF\d+\b", text)}
    assert [fault for fault in FAULTS if fault not in named] == []


def test_every_fault_has_a_defence_that_can_be_taken_out():
    defended = {defence.fault for defence in DEFENCES}
    assert [fault for fault in FAULTS if fault not in defended] == []


def _id(defence: Defence) -> str:
    return f"{defence.fault} {defence.what}"


@pytest.mark.parametrize("defence", DEFENCES, ids=_id)
def test_a_defence_stands_where_the_table_says_and_its_test_is_there(defence: Defence):
    text = (ROOT / defence.file).read_text("utf-8")
    assert defence.fault in FAULTS
    assert defence.taken_out(text) != text
    path, name = defence.test.split("::")
    assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.M)


def test_without_a_defence_python_still_reads_the_file():
    for defence in (one for one in DEFENCES if one.file.endswith(".py")):
        text = (ROOT / defence.file).read_text("utf-8")
        compile(defence.taken_out(text), defence.file, "exec")
