"""Ticket numbers that survive being said on the phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.core.numbers import format_number, parse_number

IDS = st.integers(1, 10**13 - 1)


@given(IDS)
def test_what_is_said_is_heard(ticket_id: int):
    assert parse_number(format_number(ticket_id)) == ticket_id


@given(IDS, st.data())
def test_one_wrong_digit_is_noticed(ticket_id: int, data: st.DataObject):
    number = format_number(ticket_id)
    at = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    assert parse_number(number[:at] + other + number[at + 1 :]) is None


@given(st.integers(10, 10**13 - 1), st.data())
def test_two_neighbours_swapped_are_noticed(ticket_id: int, data: st.DataObject):
    number = format_number(ticket_id)
    at = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or parse_number(swapped) is None


@pytest.mark.parametrize("typed", ["{}", "№{}", " {} ", "工单 {}", "#{}。"])
def test_it_may_be_typed_with_anything_around(typed: str):
    assert parse_number(typed.format(format_number(1001))) == 1001


def test_it_may_be_dictated_in_groups():
    number = format_number(1001)
    assert parse_number(f"{number[:2]} {number[2:]}") == parse_number("-".join(number)) == 1001


@pytest.mark.parametrize("junk", ["", "0", "7", "abc", "一二三", "9" * 16, "²³", "1" * 5000])
def test_junk_is_no_number(junk: str):  # F37
    assert parse_number(junk) is None
