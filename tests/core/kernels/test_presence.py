"""Presence by itself: a picture of a code is not presence, and nobody is there twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from effort import examples
from folk import CHEN, MA, NOW, WANG, ZHOU
from hypothesis import given
from hypothesis import strategies as st

from workflows.core.kernels import presence
from workflows.core.kernels.presence import Datum, Position, Presence, Way

KEY, OTHER = b"k" * 32, b"o" * 32
SECOND = timedelta(seconds=1)
COUNTER = presence.counter_at(NOW)
CODE = presence.code(KEY, COUNTER)
GATE = Position(latitude=31.2700, longitude=120.6200)
BESIDE = Position(latitude=31.2703, longitude=120.6200)  # some 33 metres north
FAR = Position(latitude=31.2800, longitude=120.6200)


def scanned(said: str = CODE, at: datetime = NOW, **more: Any) -> Presence:
    return presence.by_code(KEY, said, **({"subject": 1001, "person": CHEN.id, "at": at} | more))


def at_gate(said: str, here: Position | None, **more: Any) -> Presence:
    known = {"subject": 1001, "person": CHEN.id, "at": NOW, "point": "gate", "there": GATE}
    return presence.by_point(KEY, said, here=here, **(known | more))


@pytest.mark.parametrize("seconds", [0, 29, 30, 59])
def test_a_code_counts_while_it_is_shown_and_half_a_minute_more(seconds: int):
    found = scanned(f" {CODE} ", NOW + seconds * SECOND)
    assert (found.way, found.counter, found.is_doubtful) == (Way.CODE, COUNTER, False)


@pytest.mark.parametrize("minutes", [1, 5, 19])
def test_a_picture_of_an_old_code_is_refused_and_said_to_be_old(minutes: int):
    with pytest.raises(presence.OldCodeError):
        scanned(at=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("", NOW), ("1234", NOW), ("十", NOW), (presence.code(OTHER, COUNTER), NOW),
        (presence.code(KEY, COUNTER + 1), NOW), (CODE, NOW + timedelta(hours=2)),
        (presence.code(KEY, COUNTER, CHEN.id), NOW),
    ],
)  # fmt: skip
def test_what_was_never_shown_there_is_refused(said: str, at: datetime):
    with pytest.raises(presence.WrongCodeError):
        scanned(said, at)


def test_a_code_that_somebody_shows_himself_is_his_alone():
    own = presence.code(KEY, COUNTER, CHEN.id)
    assert scanned(own, is_own=True).person == CHEN.id
    with pytest.raises(presence.WrongCodeError):
        scanned(own, is_own=True, person=ZHOU.id)
    with pytest.raises(presence.WrongCodeError):
        scanned(CODE, is_own=True)


@pytest.mark.parametrize(
    ("here", "is_doubtful"),
    [
        (GATE, False),
        (BESIDE, False),
        (FAR, True),
        (None, True),
        (Position(latitude=31.27, longitude=120.62, datum=Datum.GCJ02), True),
    ],
)
def test_a_printed_code_without_its_place_is_looked_at_by_a_person(
    here: Position | None, is_doubtful: bool
):
    assert at_gate(presence.printed(KEY, "gate").lower(), here).is_doubtful is is_doubtful


def test_a_printed_code_is_of_one_point_and_one_edition():
    for said in (presence.printed(KEY, "lift"), presence.printed(OTHER, "gate"), CODE, "门口"):
        with pytest.raises(presence.WrongCodeError):
            at_gate(said, GATE)
    with pytest.raises(presence.WrongCodeError):
        at_gate(presence.printed(KEY, "gate", 1), GATE, edition=2)


def test_somebody_else_is_the_witness_and_his_own_household_is_doubtful():
    seen = presence.by_witness(subject=1001, person=MA.id, witness=WANG.id, at=NOW)
    assert (seen.way, seen.witness, seen.is_doubtful) == (Way.WITNESS, WANG.id, False)
    for witness in (MA.id, 0, -100):
        with pytest.raises(presence.WitnessError):
            presence.by_witness(subject=1001, person=MA.id, witness=witness, at=NOW)
    assert presence.by_witness(
        subject=1001, person=MA.id, witness=WANG.id, at=NOW, is_same_household=True
    ).is_doubtful


def test_seen_four_times_he_is_there_once_and_no_code_is_used_twice():
    there = scanned()
    presence.admit([there], scanned(person=ZHOU.id))  # all scan the same one
    with pytest.raises(presence.ThereAlreadyError):
        presence.admit([there], scanned(presence.code(KEY, COUNTER + 4), NOW + 120 * SECOND))
    with pytest.raises(presence.UsedCodeError):
        presence.admit([there], scanned(name="out"))
    later = scanned(presence.code(KEY, COUNTER + 4), NOW + 120 * SECOND, name="out")
    presence.admit([there], later)
    presence.admit([there], presence.by_witness(subject=1002, person=1, witness=11, at=NOW))


@given(
    shown=st.integers(0, 10**6), sent=st.integers(-90, 3000), key=st.binary(min_size=16),
    person=st.integers(0, 2**53),
)  # fmt: skip
@examples(change=200, night=5000)
def test_whatever_the_key_a_code_counts_for_a_minute_at_most(
    shown: int, sent: int, key: bytes, person: int
):
    began = NOW + shown * presence.STEP * SECOND
    said = presence.code(key, presence.counter_at(began), person)
    try:
        found = presence.read_code(key, said, began + sent * SECOND, person)
    except presence.PresenceError:
        assert not 0 <= sent < presence.STEP
    else:
        assert found == presence.counter_at(began) and 0 <= sent < 2 * presence.STEP


SOMEWHERE = st.builds(Position, latitude=st.floats(-89, 89), longitude=st.floats(-180, 180))


@given(one=SOMEWHERE, other=SOMEWHERE)
@examples(change=100, night=2000)
def test_it_is_as_far_there_as_back(one: Position, other: Position):
    there, back = presence.distance(one, other), presence.distance(other, one)
    assert there == pytest.approx(back) and 0 <= there <= 20_100_000
    assert presence.distance(one, one) == 0


def test_a_thousandth_of_a_degree_north_is_a_hundred_metres():
    north = Position(latitude=GATE.latitude + 0.001, longitude=GATE.longitude)
    assert presence.distance(GATE, north) == pytest.approx(111, abs=1)
