"""Who gets a ticket."""

from datetime import datetime

import pytest
from folk import (
    APPROVED,
    BUILDING,
    COMMITTEE,
    COMMUNITY,
    DAY,
    GRID,
    HOUR,
    LEAD,
    LI,
    NOW,
    OTHER_PIONEER,
    RULES,
    SUN,
    WANG,
    filed,
    person,
    settled,
)
from msgspec.structs import replace

from workflows.core.people import Membership, Person, Role
from workflows.petition.rules.routing import (
    Candidate,
    Load,
    Offer,
    candidate,
    choices,
    next_offer,
    rank,
)

ZHAO = person(14, "赵兰", (Role.PIONEER, GRID))
NEIGHBOUR = person(15, "邻幢先锋", (Role.PIONEER, f"{GRID}/4幢"))
STAFF = (COMMITTEE, LEAD, SUN, LI, OTHER_PIONEER, WANG)


def candidates(*people: Person) -> list[Candidate]:
    return [Candidate(person=p) for p in people]


def ids(*people: Person) -> list[int]:
    return [p.id for p in people]


def ranked(*found: Candidate, **ticket: object) -> list[int]:
    return [c.person.id for c in rank(filed(**ticket), found)]


def test_the_building_then_the_grid_then_its_workers_and_nobody_else():
    assert ranked(*candidates(*STAFF)) == ids(WANG, LI, SUN)


def test_a_worker_of_the_whole_community_is_a_worker_of_the_grid():
    everywhere = person(16, "社区网格员", (Role.WORKER, COMMUNITY))
    assert ranked(*candidates(everywhere, LI)) == ids(LI, everywhere)


def test_another_buildings_pioneer_comes_with_the_grids():
    assert ranked(*candidates(NEIGHBOUR, WANG)) == ids(WANG, NEIGHBOUR)


def test_a_ticket_of_the_whole_grid_has_no_building_pioneer():
    assert ranked(*candidates(WANG, LI), place=GRID) == ids(WANG, LI)  # by id: both are second
    busy = Candidate(person=WANG, load=Load(open=1))
    assert ranked(busy, Candidate(person=LI), place=GRID) == ids(LI, WANG)


def test_fewest_open_tickets_first():
    found = (Candidate(person=LI, load=Load(open=2)), Candidate(person=ZHAO, load=Load(open=1)))
    assert ranked(*found) == ids(ZHAO, LI)


def test_then_the_longest_idle_and_who_never_had_one_first():
    lately, before = Load(last_at=NOW), Load(last_at=NOW - HOUR)
    found = (
        Candidate(person=LI, load=lately),
        Candidate(person=ZHAO, load=before),
        Candidate(person=NEIGHBOUR),
    )
    assert ranked(*found) == ids(NEIGHBOUR, ZHAO, LI)


def test_being_near_counts_more_than_being_idle():
    busy = Candidate(person=WANG, load=Load(open=9, last_at=NOW))
    assert ranked(busy, Candidate(person=LI)) == ids(WANG, LI)


def test_who_is_off_duty_gets_nothing():
    assert ranked(*candidates(replace(WANG, on_duty=False), LI)) == ids(LI)


@pytest.mark.parametrize(("limit", "fits"), [(APPROVED, True), ("电梯", False)])
def test_a_membership_can_be_limited_to_categories(limit: str, fits: bool):
    member = Membership(role=Role.PIONEER, place=BUILDING, categories=(limit,))
    limited = replace(WANG, memberships=(member,))
    assert ranked(*candidates(limited)) == (ids(WANG) if fits else [])


def offered(*people: Person, has_group: bool = True, **ticket: object) -> Offer:
    return next_offer(filed(**ticket), candidates(*people), has_group=has_group)


def test_the_first_in_line_is_offered_it():
    assert offered(*STAFF) == Offer(to=WANG)


def test_who_was_asked_is_not_asked_again_this_round():
    assert offered(*STAFF, offers=(WANG.id,)) == Offer(to=LI)
    assert offered(*STAFF, offers=(WANG.id, LI.id)) == Offer(to=SUN)


def test_nobody_is_offered_his_own_petition():
    assert offered(*STAFF, resident=WANG.id) == Offer(to=LI)


def test_after_everybody_comes_the_group():
    assert offered(*STAFF, offers=(WANG.id, LI.id, SUN.id)) == Offer(to_group=True)
    assert offered() == Offer(to_group=True)


def test_without_a_group_nobody_is_left():
    assert offered(has_group=False) == Offer()


def test_after_the_group_nobody_is_left():
    assert offered(*STAFF, open_to_grid=True) == Offer()


# away, full, or not


FULL = settled(RULES, most_open=3)


def considered(who: Person, load: int = 0, now: datetime = NOW) -> Candidate:
    return candidate(who, Load(open=load), now, FULL)


def test_who_is_away_is_asked_again_from_the_very_moment_he_is_back():
    away = replace(WANG, away_until=NOW + DAY, stand_in=LI.id)
    assert ranked(considered(away), considered(LI)) == ids(LI)
    assert ranked(considered(away, now=NOW + DAY), considered(LI)) == ids(WANG, LI)


def test_a_stand_in_is_asked_in_his_own_place():
    stands_in = replace(SUN, stands_for=frozenset({WANG.id}))
    away = replace(WANG, away_until=NOW + DAY, stand_in=SUN.id)
    assert ranked(considered(away), considered(stands_in), considered(LI)) == ids(LI, SUN)


@pytest.mark.parametrize(("load", "fits"), [(2, True), (3, False), (4, False)])
def test_who_has_as_much_as_the_config_allows_is_offered_no_more(load: int, fits: bool):
    assert ranked(considered(WANG, load)) == (ids(WANG) if fits else [])


def test_what_is_urgent_goes_to_who_is_full():
    assert ranked(considered(WANG, 9), urgent=True) == ids(WANG)


def test_without_a_limit_nobody_is_full():
    endless = candidate(WANG, Load(open=99), NOW, settled(RULES, most_open=0))
    assert ranked(endless) == ids(WANG)


@pytest.mark.parametrize("has_group", [True, False])
def test_when_all_are_full_it_is_as_when_nobody_is_there(has_group: bool):
    staff = [considered(WANG, 3), considered(LI, 3)]
    assert next_offer(filed(), staff, has_group=has_group) == Offer(to_group=has_group)


def test_a_lead_still_chooses_from_everybody():
    away = replace(LI, away_until=NOW + DAY)
    found = choices(filed(), [considered(WANG, 5), considered(away, 1), considered(SUN, 2)])
    assert [(c.person.id, c.load.open) for c in found] == [(SUN.id, 2), (WANG.id, 5), (LI.id, 1)]
