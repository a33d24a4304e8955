"""Chains of causes, by themselves: five links, and no way back."""

import pytest
from effort import examples
from folk import NOW
from hypothesis import given
from hypothesis import strategies as st

from workflows.core.kernels import causes
from workflows.core.kernels.causes import LONGEST, ChainError, Link


def links(*pairs: tuple[int, int]) -> list[Link]:
    return [Link(cause=cause, effect=effect, at=NOW, by=1) for cause, effect in pairs]


CHAIN = links((1, 2), (2, 3), (3, 4), (4, 5))


def test_a_chain_has_five_links_wherever_it_is_lengthened():
    causes.check(CHAIN, 5, 6)
    causes.check(CHAIN, 0, 1)
    for cause, effect in ((6, 7), (0, 1), (5, 9)):
        with pytest.raises(ChainError):
            causes.check([*CHAIN, *links((5, 6), (9, 10))], cause, effect)


@pytest.mark.parametrize("pair", [(1, 1), (5, 1), (3, 2)])
def test_nothing_is_the_cause_of_itself(pair: tuple[int, int]):
    with pytest.raises(ChainError):
        causes.check(CHAIN, *pair)


@given(pairs=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=30))
@examples(change=100, night=3000)
def test_whatever_is_linked_no_chain_is_longer_or_comes_back(pairs: list):
    stands: list[Link] = []
    for cause, effect in pairs:
        try:
            causes.check(stands, cause, effect)
        except ChainError:
            continue
        stands += links((cause, effect))
    assert max((_longest(stands, one.cause) for one in stands), default=0) <= LONGEST


def _longest(stands: list[Link], start: int, before: tuple[int, ...] = ()) -> int:
    assert start not in before
    ahead = [one.effect for one in stands if one.cause == start]
    return max((1 + _longest(stands, one, (*before, start)) for one in ahead), default=0)
