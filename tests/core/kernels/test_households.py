"""Households by themselves: a status per household and person, and only what is verified counts."""

from typing import Any

import pytest
from effort import examples
from folk import CHEN, HOUR, MA, NOW, WANG, ZHOU
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.kernels import households
from workflows.core.kernels.households import Household, Residence, Standing, Tie
from workflows.council import doors

PLACE = "友新街道/南环一/1网格/3幢"
CLAIM = households.claim([], 7, CHEN.id, Tie.TENANT, CHEN.id, NOW)
VERIFIED = households.verify([CLAIM], CLAIM, WANG.id, NOW)
ENDED = households.end(VERIFIED, WANG.id, NOW + HOUR)


def lives(person: int, household: int = 7) -> Residence:
    return replace(CLAIM, person=person, household=household)


def test_he_says_it_somebody_verifies_it_and_it_ends():
    stands = [one.standing for one in (CLAIM, VERIFIED, ENDED)]
    assert stands == [Standing.CLAIMED, Standing.VERIFIED, Standing.ENDED]
    assert [one.counts for one in (CLAIM, VERIFIED, ENDED)] == [False, True, False]
    assert (ENDED.claimed_by, ENDED.verified_by, ENDED.ended_by) == (CHEN.id, WANG.id, WANG.id)


@pytest.mark.parametrize("by", [CHEN.id, ZHOU.id, 0, -100])
def test_nobody_verifies_himself_or_who_lives_behind_his_own_door(by: int):
    with pytest.raises(households.OwnWordError):
        households.verify([CLAIM, lives(ZHOU.id)], CLAIM, by, NOW)
    moved_out = households.end(lives(ZHOU.id), ZHOU.id, NOW)
    assert households.verify([CLAIM, moved_out, lives(MA.id, 8)], CLAIM, MA.id, NOW).counts


@pytest.mark.parametrize("done", [VERIFIED, ENDED])
def test_what_is_verified_or_ended_is_not_verified_again(done: Residence):
    with pytest.raises(households.StandsOtherwiseError):
        households.verify([done], done, WANG.id, NOW)


def test_what_has_ended_is_said_anew():
    with pytest.raises(households.StandsOtherwiseError):
        households.end(ENDED, WANG.id, NOW)
    for current in (CLAIM, VERIFIED):
        with pytest.raises(households.LivesThereError):
            households.claim([current], 7, CHEN.id, Tie.OWNER, CHEN.id, NOW)
    again = households.claim([ENDED], 7, CHEN.id, Tie.OWNER, CHEN.id, NOW)
    assert again.standing is Standing.CLAIMED


def test_a_household_has_one_voice_however_many_live_there():
    known = [
        VERIFIED,
        replace(VERIFIED, person=ZHOU.id),
        lives(MA.id, 8),
        replace(ENDED, household=9),
    ]
    assert households.electorate(known) == {7}


@pytest.mark.parametrize(
    ("known", "together"),
    [
        ([CLAIM, lives(ZHOU.id)], True),
        ([VERIFIED, lives(ZHOU.id), lives(ZHOU.id, 8)], True),
        ([CLAIM, lives(ZHOU.id, 8)], False),
        ([ENDED, lives(ZHOU.id)], False),
        ([], False),
    ],
)
def test_for_who_may_not_vouch_for_whom_a_claim_is_enough(known: list, together: bool):
    assert households.are_together(known, CHEN.id, ZHOU.id) is together
    assert households.are_together(known, CHEN.id, CHEN.id)


def at(*known: str) -> list[Household]:
    return [Household(id=i, place=PLACE, door=door) for i, door in enumerate(known, 1)]


def test_who_left_out_the_staircase_is_the_same_as_the_first_that_names_it():
    assert households.found(at("301"), "2-301").id == 1
    assert households.named(at("301")[0], "2-301").door == "2-301"
    assert households.named(at("2-301")[0], "301").door == "2-301"
    assert households.found(at("2-301"), "2-301").id == 1
    assert households.found(at("2-301", "302"), "1-301") is None
    with pytest.raises(households.UnclearDoorError):
        households.found(at("2-301"), "301")


ROOMS = st.sampled_from(["301", "302", "1-301", "2-301", "2-302", "A-301"])


@given(said=st.lists(ROOMS, max_size=12))
@examples(change=150, night=3000)
def test_the_councils_doors_are_the_same_households(said: list):
    """So that the council can take them from here."""
    known, theirs = list[Household](), dict[str, tuple[int, ...]]()
    for person, door in enumerate(said):
        try:
            after = doors.placed(theirs, door, person)
        except Refusal:
            with pytest.raises(households.UnclearDoorError):
                households.found(known, door)
            continue
        theirs, known = after, _with(known, door)
        assert sorted(one.door for one in known) == sorted(theirs)


def _with(known: list[Household], door: str) -> list[Household]:
    same = households.found(known, door) or Household(id=len(known), place=PLACE, door=door)
    return [*(one for one in known if one.id != same.id), households.named(same, door)]


MOVES = st.tuples(st.sampled_from(["claim", "verify", "end"]), st.integers(7, 8),
                  st.integers(1, 4), st.integers(0, 4))  # fmt: skip


@given(moves=st.lists(MOVES, max_size=30))
@examples(change=150, night=4000)
def test_whatever_is_said_each_stands_once_and_nobody_vouches_for_his_own(moves: list):
    known: list[Residence] = []
    for move in moves:
        try:
            known = _moved(known, *move)
        except households.HouseholdError:
            continue
        current = [(one.household, one.person) for one in known if one.is_current]
        assert len(set(current)) == len(current)
        assert all(one.verified_by != one.person for one in known)
        assert all(one.verified_at or not one.counts for one in known)


def _moved(known: list[Residence], move: str, household: int, person: int, by: int) -> Any:
    if move == "claim":
        return [*known, households.claim(known, household, person, Tie.FAMILY, by, NOW)]
    his = [x for x in known if (x.household, x.person) == (household, person)]
    if not his:
        return known
    was = his[-1]
    now = households.end(was, by, NOW) if move == "end" else households.verify(known, was, by, NOW)
    return [now if one is was else one for one in known]
