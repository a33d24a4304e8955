"""Walks by themselves: what was reached is said once, and each stands where he is."""

from decimal import Decimal

import pytest
from folk import NOW
from msgspec.structs import replace

from workflows.core.kernels.checklist import Checklist, Item, Limits, Mark, Verdict
from workflows.core.kernels.configured import Spot
from workflows.core.kernels.walk import OrderError, UnknownSpotError, Walk
from workflows.core.talk.messages import Attachment

LOOK = Item(key="look", text="看")
GAUGE = Item(key="gauge", text="压力", limits=Limits(low=Decimal(1), high=Decimal(2)))
PHOTO = (Attachment(kind="photo", file_id="p"),)


def walk(*items: Item, is_ordered: bool = False) -> Walk:
    spots = tuple(Spot(code=code, name=code, place="x") for code in "abc")
    known = Checklist(place="x", name="n", items=items or (LOOK,))
    return Walk(checklist=known, spots=spots, is_ordered=is_ordered)


def said(by: int = 1, **more: object) -> Mark:
    return Mark(verdict=Verdict.OK, by=by, at=NOW, **more)  # type: ignore[arg-type]


def test_only_what_was_reached_is_well_by_one_tap():
    reached = walk().touch("a", 1, "scan").touch("b", 1, "tap")
    assert reached.well(1, NOW).left == ("c",)
    assert walk().well(1, NOW) == walk()


def test_nobody_says_it_of_where_another_stands():
    both = replace(walk(), is_shared=True).touch("a", 1, "scan").touch("b", 2, "tap")
    assert both.well(1, NOW).left == ("b", "c")
    assert both.touch("b", 1, "tap").well(1, NOW).left == ("c",)


def test_who_goes_on_with_it_speaks_for_what_was_reached_before():
    assert walk().touch("a", 1, "scan").touch("b", 2, "tap").well(2, NOW).left == ("c",)


def test_each_stands_where_he_is():
    both = walk().touch("a", 1, "scan").touch("b", 2, "tap")
    assert (both.at(1), both.at(2), both.at(3)) == ("a", "b", "")
    assert both.beyond(said(by=2)).sheet("b").beyond and not both.beyond(said(by=2)).marks.get("a")


def test_reached_again_it_stays_as_it_was():
    assert walk().touch("a", 1, "scan").touch("a", 1, "tap").reached == {"a": "scan"}


def test_in_a_fixed_order_the_next_point_is_told():
    with pytest.raises(OrderError) as raised:
        walk(is_ordered=True).touch("b", 1, "tap")
    assert raised.value.spot.code == "a"
    with pytest.raises(UnknownSpotError):
        walk().touch("z", 1, "tap")


def test_where_nobody_was_comes_first():
    assert walk().touch("a", 1, "tap").touch("b", 1, "tap").ahead(1) == ("c", "a")


def test_what_must_be_measured_or_shown_is_not_well_by_a_tap():
    there = walk(LOOK, GAUGE).touch("a", 1, "tap")
    assert there.unmeasured(1) == GAUGE and "a" in there.well(1, NOW).left
    low = there.mark(GAUGE, said(measure=Decimal(0)))
    assert low.unproven(1) == GAUGE and "a" in low.well(1, NOW).left
    shown = low.wrong(GAUGE, said(photos=PHOTO))
    assert "a" not in shown.well(1, NOW).left and shown.faults == 1


def test_a_gauge_that_nobody_can_read_is_out_of_reach():
    there = walk(GAUGE).touch("a", 1, "tap").wrong(GAUGE, said(photos=PHOTO))
    assert there.sheet("a").beyond == (GAUGE,) and there.left == ("b", "c")


def test_one_persons_words_go_and_what_was_found_stays():
    there = walk().touch("a", 1, "tap").wrong(LOOK, said(note="坏了", photos=PHOTO))
    assert there.without(2) == there
    bare = there.without(1).sheet("a").marks["look"]
    assert (bare.note, bare.photos, bare.verdict) == ("", (), Verdict.FAULT)
    assert not there.without(1).here
