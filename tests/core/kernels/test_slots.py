"""Places that are few, by themselves: the first who fits, families whole, nothing cut unseen."""

from datetime import timedelta
from typing import Any

import pytest
from effort import examples
from folk import NOW
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.core.kernels import slots
from workflows.core.kernels.slots import Claim, Slot, Standing, Waits

LATER = NOW + timedelta(hours=4)
EMPTY = Slot(subject=1001, capacity=4)
CHEN, ZHOU, MA, LIN = 1, 2, 3, 4


def filled(*sizes: int, capacity: int = 4, **more: Any) -> Slot:
    """With 1, 2, … who came one after the other with so many."""
    slot = Slot(subject=1001, capacity=capacity, **more)
    for person, size in enumerate(sizes, 1):
        slot = slots.claim(slot, person, NOW, size=size)
    return slot


def inside(slot: Slot) -> list[int]:
    return [one.person for one in slot.claims if one.standing is Standing.IN]


def test_who_comes_is_in_while_there_is_room_then_waits_and_knows_his_place():
    slot = filled(3, 1, 1, 2)
    assert inside(slot) == [CHEN, ZHOU]
    assert [slot.position(person) for person in (CHEN, MA, LIN)] == [None, 1, 2]
    assert [slot.waits(person) for person in (CHEN, MA)] == [None, Waits.FULL]


def test_a_family_gets_all_or_none_and_keeps_its_rank_while_a_smaller_one_is_let_in():
    slot = slots.release(filled(3, 1, 3, 1), ZHOU, NOW)
    assert inside(slot) == [CHEN, LIN]  # a place for one
    assert (slot.position(MA), slot.waits(MA)) == (1, Waits.FULL)
    slot = slots.release(slot, CHEN, NOW)
    assert inside(slot) == [MA, LIN]


def test_who_comes_does_not_pass_by_somebody_who_would_fit():
    slot = slots.hold(filled(4, 1), is_held=True, now=NOW)
    slot = slots.claim(slots.release(slot, CHEN, NOW), MA, NOW)
    assert inside(slot) == [] and slot.waits(ZHOU) is Waits.HELD
    assert inside(slots.hold(slot, is_held=False, now=NOW)) == [ZHOU, MA]


def test_who_cancels_is_not_offered_his_own_place():
    slot = slots.release(filled(4), CHEN, NOW, LATER)
    assert slot.claims == ()
    with pytest.raises(slots.NotInLineError):
        slots.release(slot, CHEN, NOW)


def test_an_offer_holds_the_place_until_it_is_taken_or_its_time_is_over():
    slot = slots.release(filled(4, 2, 3, 1), CHEN, NOW, LATER)
    assert slot.of(ZHOU).until == LATER and slot.waits(MA) is Waits.TOO_MANY
    assert inside(slots.take(slot, ZHOU, NOW)) == [ZHOU]
    with pytest.raises(slots.NotInLineError):
        slots.take(slot, ZHOU, LATER)
    assert slots.expire(slot, NOW, LATER) == slot
    over = slots.expire(slot, LATER, LATER + timedelta(hours=4))
    assert over.of(ZHOU) is None and over.of(MA).standing is Standing.OFFERED


def test_who_is_asked_whether_he_comes_keeps_his_place_until_his_time_is_over():
    asked = slots.ask(filled(4, 1), CHEN, NOW, LATER)
    assert inside(slots.take(asked, CHEN, NOW)) == [CHEN]
    assert inside(slots.expire(asked, LATER)) == [ZHOU]
    with pytest.raises(slots.NotInLineError):
        slots.ask(asked, ZHOU, NOW, LATER)


def test_nobody_is_in_it_twice_or_with_more_than_there_are():
    for wrong, size in ((slots.InLineError, 1), (slots.OverfullError, 5), (slots.OverfullError, 0)):
        with pytest.raises(wrong):
            slots.claim(filled(1), CHEN if size == 1 else ZHOU, NOW, size=size)


def test_it_is_not_cut_below_those_in_unless_somebody_says_who_waits():
    slot = filled(1, 2, 1)
    with pytest.raises(slots.OverfullError):
        slots.resize(slot, 2, NOW)
    cut = slots.resize(slot, 2, NOW, back={ZHOU})
    assert inside(cut) == [CHEN, MA] and cut.position(ZHOU) == 1
    assert inside(slots.resize(cut, 4, NOW)) == [CHEN, ZHOU, MA]


def test_more_come_along_where_there_is_room_and_fewer_make_room():
    slot = filled(2, 2, 1)
    with pytest.raises(slots.OverfullError):
        slots.regroup(slot, CHEN, 3, NOW)
    assert inside(slots.regroup(slot, CHEN, 1, NOW)) == [CHEN, ZHOU, MA]
    assert slots.regroup(slot, MA, 3, NOW).of(MA).size == 3


def test_whoever_stands_otherwise_than_before_is_told():
    before = filled(4, 1, 1)
    after = slots.release(before, CHEN, NOW)
    told = [(was and was.person, now and now.standing) for was, now in slots.changes(before, after)]
    assert told == [(CHEN, None), (ZHOU, Standing.IN), (MA, Standing.IN)]


WAYS = ["claim", "release", "take", "expire", "resize", "hold", "regroup"]
MOVES = st.tuples(st.sampled_from(WAYS), st.integers(1, 8), st.integers(0, 5), st.booleans())


def moved(slot: Slot, move: str, person: int, size: int, flag: bool, hours: int) -> Slot:
    now, until = NOW + timedelta(hours=hours), NOW + timedelta(hours=hours + 3) if flag else None
    return {
        "claim": lambda: slots.claim(slot, person, now, size=size),
        "release": lambda: slots.release(slot, person, now, until),
        "take": lambda: slots.take(slot, person, now),
        "expire": lambda: slots.expire(slot, now, until),
        "resize": lambda: slots.resize(slot, size + 2, now, until, back={person} if flag else ()),
        "hold": lambda: slots.hold(slot, is_held=flag, now=now),
        "regroup": lambda: slots.regroup(slot, person, size, now, until),
    }[move]()


@given(moves=st.lists(MOVES, max_size=40))
@examples(change=150, night=5000)
def test_nobody_is_passed_by_and_nothing_is_overfull_whatever_is_done(moves: list):  # invariant 17
    slot = EMPTY
    for hours, move in enumerate(moves):
        before = slot
        try:
            slot = moved(slot, *move, hours)
        except slots.SlotError:
            continue
        assert 0 <= slot.taken <= slot.capacity
        assert len({one.person for one in slot.claims}) == len(slot.claims)
        ranks = [one.rank for one in slot.claims]
        assert ranks == sorted(ranks) and set(ranks) <= set(range(1, slot.last + 1))
        assert slot.is_held or not any(one.size <= slot.free for one in slot.line)
        _lets_in_in_order(before, slot)


def _lets_in_in_order(before: Slot, after: Slot) -> None:
    """Who waits on would not have fitted even into what those behind him got."""
    came = [now for was, now in slots.changes(before, after) if _has_come(was, now)]
    for ahead in after.line:
        behind = [one.size for one in came if one.rank > ahead.rank]
        assert not behind or ahead.size > after.free + sum(behind)


def _has_come(was: Claim | None, now: Claim | None) -> bool:
    had = was is not None and was.standing is not Standing.WAITING
    return now is not None and now.standing is not Standing.WAITING and not had


def test_a_slot_of_nothing_lets_nobody_in():
    with pytest.raises(slots.OverfullError):
        slots.claim(replace(EMPTY, capacity=0), CHEN, NOW)


# several of one subject


def test_at_the_start_nothing_is_held_and_the_line_stands_still():
    offered = slots.release(filled(4, 1), CHEN, NOW, LATER)
    closed = slots.close(offered, NOW)
    assert [one.standing for one in closed.claims] == [Standing.WAITING] and closed.free == 4
    assert slots.first_end([offered]) == LATER and slots.first_end([closed]) is None


def test_who_has_no_account_is_not_asked_but_in():
    line = slots.claim(filled(4), -1, NOW)
    offered = slots.release(line, CHEN, NOW, LATER)
    [settled] = slots.settled([offered], [line], NOW)
    assert inside(settled) == [-1] and settled.version == line.version + 1


def test_one_of_several_is_changed_and_what_did_not_change_is_not_counted():
    several = (filled(1), Slot(subject=1001, name="help", capacity=1))
    moved = slots.with_one(several, "help", lambda one: slots.claim(one, MA, NOW))
    settled = slots.settled(moved, several, NOW)
    assert [one.version for one in settled] == [0, 1]
    assert slots.holding(settled, MA) == settled[1] and slots.holding(settled, LIN) is None
