"""The audit of what is installed finds what it is for."""

import hashlib
from base64 import urlsafe_b64encode
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest
from dependencies import ROOT, asked_for, changed, is_free, own, pinned, strangers, undeclared

WHOLE = b"answer = 42\n"


@pytest.fixture
def found(tmp_path: Path) -> PathDistribution:
    """A distribution of one module, just installed."""
    digest = urlsafe_b64encode(hashlib.sha256(WHOLE).digest()).decode().rstrip("=")
    (tmp_path / "lib.py").write_bytes(WHOLE)
    info = tmp_path / "lib-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: lib\nVersion: 1.0\n", "utf-8")
    (info / "RECORD").write_text(f"lib.py,sha256={digest},{len(WHOLE)}\n", "utf-8")
    return PathDistribution(info)


def test_what_nobody_pinned_and_what_is_pinned_otherwise_is_named():
    known = pinned("Jinja2==3.1.6  # templates\npytest_cov==7.1.0\n\n")
    there = {"jinja2": "3.1.5", "pytest-cov": "7.1.0", "leftover": "1.0", "pip": "1"}
    assert [*strangers(there, known)] == ["jinja2 3.1.5: pinned is 3.1.6",
                                          "leftover 1.0: nobody pinned it"]  # fmt: skip


def test_a_range_pins_nothing():
    with pytest.raises(ValueError, match="httpx"):
        pinned("httpx>=0.27\n")


def test_a_file_that_was_changed_or_is_gone_is_named(found: PathDistribution):
    assert [*changed(found)] == []
    module = Path(str(found.locate_file("lib.py")))
    module.write_bytes(WHOLE + b"import os\n")
    assert len([*changed(found)]) == 1
    module.unlink()
    assert len([*changed(found)]) == 1


@pytest.mark.parametrize(
    ("told", "free"),
    [("MIT", True), ("LGPL-3.0-only", True), ("GPL-3.0-only", False), ("AGPL-3.0", False),
     ("", False), ("Proprietary, MIT on request", False)],
)  # fmt: skip
def test_a_licence_is_free_or_to_be_looked_at(told: str, free: bool):
    assert is_free(told) is free


def test_everything_imported_is_asked_for_and_else_it_is_named():
    assert [*undeclared(asked_for())] == []
    assert any("jinja2" in told for told in undeclared(asked_for() - {"jinja2"}))


def test_the_constraints_pin_everything_that_is_asked_for():
    assert own() <= {*pinned((ROOT / "constraints.txt").read_text("utf-8"))}
