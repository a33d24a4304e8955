"""Numbers as people answer them."""

from decimal import Decimal

import pytest
from folk import NOW, RULES

from workflows.core.errors import Refusal
from workflows.core.talk.amounts import number, whole


@pytest.mark.parametrize(
    ("said", "meant"),
    [("0.8", "0.8"), ("0.8MPa", "0.8"), ("０.８", "0.8"), ("压力 1", "1"), ("-3", "-3")],
)
def test_one_number_is_read_with_or_without_its_unit(said: str, meant: str):
    assert number(said, NOW, RULES) == Decimal(meant)


@pytest.mark.parametrize("said", ["", "很低", "1 到 2", "3-5"])
def test_none_or_several_are_asked_again(said: str):
    with pytest.raises(Refusal, match="form_no_number"):
        number(said, NOW, RULES)


def test_what_it_cost_is_whole_and_never_less_than_nothing():
    assert whole("花了120元", NOW, RULES) == 120 and whole("-5", NOW, RULES) == 0
