"""The values of the domain."""

from inspect import Parameter, signature

import pytest
from folk import (
    BUILDING,
    CHEN,
    COMMUNITY,
    GRID,
    LEAD,
    LI,
    NOW,
    OTHER_GRID,
    OTHER_LEAD,
    STREET,
    STREETMAN,
    SUN,
    WANG,
    filed,
    person,
)
from msgspec import Struct

from workflows.core import people
from workflows.core.engine.subject import Timer
from workflows.core.errors import HaitangError, Refusal
from workflows.core.people import Role
from workflows.core.places import community_of, covers, grid_of
from workflows.core.talk import messages
from workflows.petition import model
from workflows.petition.model import Ticket
from workflows.petition.stages import ENDED
from workflows.petition.words import ClockName, State


@pytest.mark.parametrize(
    ("place", "inner", "covered"),
    [
        (GRID, GRID, True),
        (GRID, BUILDING, True),
        (STREET, BUILDING, True),
        ("", BUILDING, True),
        (BUILDING, GRID, False),
        (OTHER_GRID, BUILDING, False),
        (f"{COMMUNITY}/1", GRID, False),  # "1网格" begins with "1", but is not inside it
        (f"{GRID}/1幢", f"{GRID}/1幢东", False),
    ],
)
def test_a_place_covers_itself_and_what_lies_inside(place: str, inner: str, covered: bool):
    assert covers(place, inner) == covered


def test_the_grid_and_the_community_of_a_building():
    assert (grid_of(BUILDING), community_of(BUILDING)) == (GRID, COMMUNITY)
    assert (grid_of(COMMUNITY), community_of(STREET)) == (COMMUNITY, STREET)


def test_a_role_holds_at_its_place_and_inside():
    assert LEAD.has_role(Role.LEAD, BUILDING)
    assert STREETMAN.has_role(Role.STREET, BUILDING)
    assert not LEAD.has_role(Role.LEAD, OTHER_GRID)
    assert not LEAD.has_role(Role.COMMITTEE, BUILDING)


def test_handlers_of_a_grid_are_its_pioneers_workers_and_lead():
    assert all(p.is_handler_in(BUILDING) for p in (WANG, LI, SUN, LEAD))
    assert not any(p.is_handler_in(BUILDING) for p in (CHEN, STREETMAN, OTHER_LEAD))


def test_a_buildings_pioneer_handles_the_whole_grid():
    assert WANG.is_handler_in(f"{GRID}/1幢") and WANG.is_handler_in(GRID)
    assert not WANG.is_handler_in(f"{OTHER_GRID}/5幢")


def test_one_person_can_be_two_things_at_two_places():
    both = person(9, "甲", (Role.PIONEER, GRID), (Role.LEAD, OTHER_GRID))
    assert both.is_handler_in(GRID) and both.has_role(Role.LEAD, OTHER_GRID)
    assert not both.has_role(Role.LEAD, GRID)


def test_who_has_no_membership_is_a_resident():
    assert not CHEN.is_staff and WANG.is_staff


def test_the_holder_has_it_in_hand_or_on_offer():
    assert filed().holder is None
    assert filed(offered_to=1).holder == 1
    assert filed(handler=2).holder == 2


def test_a_ticket_is_open_until_its_end():
    assert {s for s in State if not filed_in(s).is_open} == ENDED


def filed_in(state: State) -> Ticket:
    return Ticket(
        id=1,
        draft_id="d",
        resident=1,
        author=1,
        place=GRID,
        category="",
        text="",
        filed_at=NOW,
        state=state,
    )


def test_a_timers_kind_names_clock_and_mark():
    timer = Timer(ticket_id=1, clock=ClockName.RESPONSE, mark="50", due_at=NOW)
    assert timer.kind == "response.50"


def test_a_refusal_carries_its_template():
    refusal = Refusal("refused_taken", handler=3)
    assert (refusal.template, refusal.values) == ("refused_taken", {"handler": 3})
    assert isinstance(refusal, HaitangError)


def test_values_are_frozen_and_named():
    values = [v for m in (messages, people, model) for v in vars(m).values()]
    rows = {Struct, model.Stage}  # a table's row is read by its place
    found = [c for c in values if isinstance(c, type) and issubclass(c, Struct) and c not in rows]
    assert len(found) > 10
    assert all(c.__struct_config__.frozen for c in found)
    named = [p.kind for c in found for p in signature(c).parameters.values()]
    assert set(named) == {Parameter.KEYWORD_ONLY}
    with pytest.raises(AttributeError):
        CHEN.name = "x"  # type: ignore[misc]
