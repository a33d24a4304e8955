"""What a service is worth, who may say that it was so, and what is odd: values in, values out."""

from datetime import date, timedelta
from typing import Any

import pytest
from bank import RATES
from entries import DAY, begun, gift, service
from folk import CHEN, COMMITTEE, LEAD, NOW, RULES
from msgspec.structs import replace

from workflows.core.people import Person
from workflows.passbook.anomalies import odd
from workflows.passbook.credit import credited
from workflows.passbook.lifecycle import GIFT, SERVICE
from workflows.passbook.relations import attempt
from workflows.passbook.settings import Goods, PassbookSettings
from workflows.passbook.words import Action, State

USUAL = PassbookSettings(rates=RATES)


def worth(settings: PassbookSettings = USUAL, *others: Any, **more: Any) -> tuple[int, int, int]:
    found = credited(service(**more), others, settings)
    return found.counted, found.per_hour, found.points


def test_minutes_and_factor_are_kept_apart_and_a_part_of_an_hour_counts():
    assert worth(minutes=45) == (45, 10, 7)


def test_the_rate_of_the_day_of_the_service_counts_whenever_it_is_verified():
    newer = replace(RATES[0], since=DAY, per_hour=20)
    settings = PassbookSettings(rates=(*RATES, newer))
    assert worth(settings)[2] == 20
    assert worth(settings, day=DAY - timedelta(days=1))[2] == 10
    assert worth(settings, day=date(2025, 12, 31))[2] == 0


@pytest.mark.parametrize("what", ["recruit", "share", ""])
def test_what_has_no_rate_earns_nothing(what: str):
    assert worth(what=what) == (60, 0, 0)


def test_one_service_a_day_and_a_week_have_their_caps():
    assert worth(minutes=500)[0] == USUAL.service_minutes
    today, monday = service(counted=200), service(counted=880, day=DAY + timedelta(days=3))
    assert worth(USUAL, today, minutes=100)[0] == 40
    assert worth(USUAL, monday, minutes=100)[0] == 20
    assert worth(USUAL, service(counted=880, day=DAY - timedelta(days=1)), minutes=100)[0] == 100


def may(who: Person, entry: Any, action: Action = Action.CONFIRM) -> bool:
    flow = SERVICE if entry.kind == "service" else GIFT
    return flow.may(attempt(entry, action, who, NOW, RULES))


def test_neither_he_nor_who_lives_with_him_says_that_it_was_so():
    assert not may(CHEN, begun(service(witness=CHEN.id)))
    assert not may(LEAD, begun(service(kin=(LEAD.id,))))
    assert may(LEAD, begun(service())) and may(COMMITTEE, begun(service()))


def test_what_was_entered_afterwards_is_approved_by_another_role_alone():
    entered = begun(service(asked_by=LEAD.id, asked_as="lead"))
    other = replace(LEAD, id=22)
    assert not may(LEAD, entered) and not may(other, entered) and may(COMMITTEE, entered)
    assert may(LEAD, begun(service(asked_by=COMMITTEE.id, asked_as="committee")))


def test_of_two_who_undo_it_neither_has_had_a_say_before():
    ruled = replace(service(done_by=LEAD.id, ruled_by=COMMITTEE.id), state=State.RULED)
    assert not may(LEAD, ruled, Action.UNDO) and not may(COMMITTEE, ruled, Action.UNDO)
    assert may(replace(COMMITTEE, id=32), ruled, Action.UNDO)


def test_who_chose_a_gift_does_not_hand_it_to_himself():
    assert not may(LEAD, begun(gift(person=LEAD.id))) and may(LEAD, begun(gift()))


def test_more_gifts_than_the_fund_has_set_aside_for_are_a_mistake_of_the_config():
    rice = Goods(name="大米", points=10, yuan=30, payer="基金", bought=10)
    with pytest.raises(ValueError, match="300 yuan, but fund_yuan is 299"):
        PassbookSettings(gifts=(rice,), fund_yuan=299)
    assert PassbookSettings(gifts=(rice,), fund_yuan=300).promised == 300


def sorts(*services: Any) -> list[str]:
    return [one.sort for one in odd(services)]


def test_two_who_verify_each_other_are_odd_and_one_way_is_not():
    one, other = service(person=1, done_by=2), service(person=2, done_by=1, account=2)
    assert sorts(one) == [] and sorts(one, other) == ["pair"]


def test_too_long_a_day_is_odd_and_two_places_at_once():
    morning, noon = service(done_by=9, starts=540), service(id=2, done_by=9, starts=599)
    assert sorts(morning, noon) == ["twice"]
    assert sorts(morning, replace(noon, starts=600)) == []
    assert sorts(replace(morning, minutes=400, starts=None), replace(noon, minutes=100)) == ["long"]


def test_who_enters_much_afterwards_is_odd():
    entered = [service(id=i, account=i, done_by=9, asked_by=21, asked_as="lead") for i in range(3)]
    usual = [service(id=i, account=i, done_by=9) for i in range(10, 22)]
    assert sorts(*entered, *usual[:11]) == ["hand"] and sorts(*entered, *usual) == []
