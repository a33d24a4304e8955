"""Random walks through every workflow: what holds whoever does whatever whenever."""

from datetime import timedelta

import pytest
from effort import examples
from hypothesis import event, given
from hypothesis import strategies as st
from trials import REGISTERED, Trial
from unregistered import TOPIC
from walks import Walk

every = pytest.mark.parametrize("trial", [*REGISTERED, TOPIC], ids=repr)
HOURS = (0, 0, 0.2, 3, 30, 200)
KINDS = (Walk.lead_on, Walk.do_something, Walk.try_anything)
MOVES = st.tuples(st.sampled_from(HOURS), st.integers(0, 10**6), st.sampled_from(KINDS))


@every
@given(first=st.integers(0, 9), moves=st.lists(MOVES, min_size=20, max_size=40))
@examples(change=60, night=600)
def test_a_random_walk_keeps_every_invariant(trial: Trial, first: int, moves: list):
    walk = Walk(trial, first)
    for hours, luck, move in moves:
        walk.wait(timedelta(hours=hours))
        move(walk, luck)
    event(f"ends {walk.subject.state}")
    assert [e.source for e in walk.events[1:]] == [e.target for e in walk.events[:-1]]
    assert sorted(e.at for e in walk.events) == [e.at for e in walk.events]


@every
@given(first=st.integers(0, 9), hours=st.lists(st.sampled_from(HOURS), min_size=20, max_size=40))
@examples(change=10, night=100)
def test_what_nobody_touches_rings_each_mark_once(trial: Trial, first: int, hours: list):  # F28
    walk = Walk(trial, first)
    for some in hours:
        walk.wait(timedelta(hours=some))
    assert walk.events or sum(hours) < 24
