"""How long a text is as chat clients count it, and what may go on in the next message."""

import pytest
from folk import said
from msgspec.structs import replace

from workflows.core.talk.lengths import is_long, utf16_units


@pytest.mark.parametrize(
    ("text", "units"), [("a", 1), ("中", 1), ("😀", 2), ("", 0), ("\ud800", 1)]
)
def test_length_is_counted_as_telegram_counts(text: str, units: int):  # F36
    assert utf16_units(text) == units


def test_a_text_is_long_from_where_a_client_may_cut():
    assert is_long("长" * 2048) and not is_long("长" * 2047)
    assert is_long("😀" * 1024)


def test_more_may_follow_an_albums_file_and_a_text_that_was_cut():
    assert said("长" * 2048).may_go_on and replace(said("灯坏了"), album="9").may_go_on
    assert not said("灯坏了").may_go_on
