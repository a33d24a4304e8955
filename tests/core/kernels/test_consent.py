"""Consent by itself: an event for one purpose, with an end, and it can be taken back."""

from datetime import timedelta
from typing import Any

import pytest
from effort import examples
from folk import CHEN, DAY, HOUR, MA, NOW, WANG
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.core.kernels import consent
from workflows.core.kernels.consent import Event, Given, How, Who, Withdrawn

HIM, NAMED = Who(CHEN.id), Who(name="张奶奶，3幢301")
PHOTO, NOTES = "photo", "visit.notes"


def gave(who: Who = HIM, purpose: str = PHOTO, **more: Any) -> Given:
    known = {"at": NOW, "until": NOW + 30 * DAY, "how": How.TAP, "by": who.person or WANG.id}
    return Given(who=who, purpose=purpose, **(known | more))


def took_back(who: Who = HIM, purpose: str = PHOTO, **more: Any) -> Withdrawn:
    known = {"at": NOW + HOUR, "how": How.SAID, "by": WANG.id}
    return Withdrawn(who=who, purpose=purpose, **(known | more))


ASKED = gave(NAMED, NOTES, how=How.SAID, subject=1001)


@pytest.mark.parametrize("well", [gave(), took_back(), ASKED, gave(how=How.GUARDIAN, by=MA.id)])
def test_who_said_what_for_until_when_and_how(well: Event):
    consent.check(well)


@pytest.mark.parametrize(
    "unclear",
    [
        gave(Who()),
        gave(Who(CHEN.id, "陈师傅"), how=How.SAID, by=WANG.id),
        gave(Who(name="  "), how=How.SAID),
        gave(purpose=""),
        gave(by=0),
        gave(by=WANG.id),  # a tap is his own
        gave(how=How.SAID),  # who heard it is another
        gave(NAMED, how=How.TAP),  # who has no account taps nothing
        took_back(by=0),
    ],
)
def test_what_does_not_say_it_is_no_consent(unclear: Event):
    with pytest.raises(consent.UnclearError):
        consent.check(unclear)


@pytest.mark.parametrize("until", [NOW, NOW - DAY, NOW + consent.LONGEST + timedelta(seconds=1)])
def test_without_an_end_within_reach_it_is_none(until: Any):
    with pytest.raises(consent.EndlessError):
        consent.check(gave(until=until))


def test_it_holds_from_when_it_is_given_until_its_end():
    told = [gave()]
    for moment, holds in ((NOW - HOUR, False), (NOW, True), (NOW + 29 * DAY, True),
                          (NOW + 30 * DAY, False)):  # fmt: skip
        assert bool(consent.standing(told, HIM, PHOTO, moment)) is holds


def test_it_is_for_one_purpose_and_of_one_person():
    told = [gave(), ASKED]
    assert consent.standing(told, HIM, NOTES, NOW) is None
    assert consent.standing(told, Who(MA.id), PHOTO, NOW) is None
    assert consent.standing(told, NAMED, NOTES, NOW, 1001) is ASKED
    assert consent.standing(told, NAMED, NOTES, NOW, 1002) is None
    assert consent.standing(told, NAMED, NOTES, NOW) is None


def test_withdrawn_it_holds_no_more_and_can_be_given_anew():
    told: list[Event] = [gave(), took_back()]
    assert consent.standing(told, HIM, PHOTO, NOW) == gave()  # as it was then
    assert consent.standing(told, HIM, PHOTO, NOW + HOUR) is None
    again = gave(at=NOW + 2 * HOUR)
    assert consent.standing([*told, again], HIM, PHOTO, NOW + DAY) is again


def test_of_one_subject_it_can_be_taken_back_alone():
    told: list[Event] = [gave(), took_back(subject=1001)]
    assert consent.standing(told, HIM, PHOTO, NOW + DAY, 1001) is None
    assert consent.standing(told, HIM, PHOTO, NOW + DAY, 1002) == gave()
    everything = [gave(subject=1001), took_back()]
    assert consent.standing(everything, HIM, PHOTO, NOW + DAY, 1001) is None


def test_what_is_in_force_is_what_holds_of_all_that_was_given():
    told: list[Event] = [gave(), ASKED, took_back(), gave(purpose=NOTES)]
    assert consent.in_force(told, NOW + DAY) == [ASKED, gave(purpose=NOTES)]
    assert consent.in_force(told, NOW + 31 * DAY) == []


EVENTS = st.builds(
    lambda make, days, **more: make(at=NOW + days * DAY, **more),
    st.sampled_from([gave, took_back]), st.integers(0, 20),
    purpose=st.sampled_from([PHOTO, NOTES]), subject=st.sampled_from([0, 1001, 1002]),
)  # fmt: skip


@given(events=st.lists(EVENTS, max_size=25), purpose=st.sampled_from([PHOTO, NOTES]),
       subject=st.sampled_from([0, 1001]), days=st.integers(0, 60))  # fmt: skip
@examples(change=200, night=5000)
def test_nothing_holds_that_was_taken_back_or_is_over(
    events: list, purpose: str, subject: int, days: int
):
    told = [replace(x, until=x.at + 30 * DAY) if isinstance(x, Given) else x for x in events]
    told.sort(key=lambda event: event.at)
    now = NOW + days * DAY
    found = consent.standing(told, HIM, purpose, now, subject)
    if found is None:
        return
    assert found.at <= now < found.until and found.subject in {0, subject}
    later = told[_last(told, found) + 1 :]
    assert not any(
        isinstance(x, Withdrawn) and x.purpose == purpose and x.subject in {0, subject}
        and x.at <= now for x in later
    )  # fmt: skip
    silenced = [*told, consent.withdrawal(found, at=now, how=How.SAID, by=WANG.id)]
    assert consent.standing(silenced, HIM, purpose, now, found.subject) is None


def _last(told: list[Event], event: Event) -> int:
    return max(i for i, one in enumerate(told) if one == event)
