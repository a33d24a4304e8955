"""Which open tickets a new petition may repeat: the place first, then category, then words."""

from typing import Any

import pytest
from folk import APPROVED, BUILDING, COMMUNITY, GRID, OTHER_GRID, RULES, STREET
from hypothesis import given
from hypothesis import strategies as st

from workflows.petition.intake.similarity import Said, alike, bigrams, is_near, most_alike, pairs

SAID = "3号楼下充电桩坏了"


def of(number: int = 1001, **changed: Any) -> Said:
    return Said(id=number, place=BUILDING, category=APPROVED, text=SAID)._replace(**changed)


def found(place: str = BUILDING, *tickets: Said, category: str = APPROVED) -> list[int]:
    return [*most_alike(place, category, "充电桩又坏了，充不进电", tickets, RULES)]


def test_bigrams_leave_out_punctuation_and_the_building():
    assert bigrams("3号楼，充 电-桩！") == {"充电", "电桩"}


@given(st.text(), st.text())
def test_likeness_is_between_nothing_and_all_and_the_same_both_ways(one: str, other: str):
    a, b = pairs(one), pairs(other)
    assert 0 <= alike(a, b) == alike(b, a) < 1
    assert alike(a, a) >= alike(a, b) or alike(b, b) >= alike(a, b)


def test_a_short_text_is_found_in_a_long_one():
    long = pairs("您好，我是三楼的。" + "楼下的充电桩坏了，请来看" * 9)
    assert alike(pairs("充电桩坏了"), long) > alike(pairs("充电桩太少"), long) > 0.1


def test_what_a_headline_says_counts_more_than_what_comes_later():
    named = alike(pairs("路灯不亮。您好，打扰了"), pairs("路灯不亮。想说一件事"))
    assert named > alike(pairs("您好，打扰了。路灯不亮"), pairs("想说一件事。路灯不亮"))


@pytest.mark.parametrize(
    ("place", "other", "near"),
    [
        (BUILDING, BUILDING, True),
        (GRID, BUILDING, True),
        (BUILDING, GRID, True),
        (GRID, GRID, True),
        (BUILDING, f"{GRID}/4幢", False),
        (GRID, OTHER_GRID, False),
        (f"{GRID}/1幢", f"{GRID}/11幢", False),
        (GRID, f"{GRID}1", False),
        (COMMUNITY, BUILDING, False),
        (BUILDING, "", False),
    ],
)
def test_near_is_one_building_or_a_grid_that_says_no_building(place: str, other: str, near: bool):
    assert is_near(place, other) is near


@pytest.mark.parametrize("place", [f"{GRID}/4幢", f"{OTHER_GRID}/3幢", f"{STREET}/南环二/1网格"])
def test_the_same_words_elsewhere_never_match(place: str):
    assert found(BUILDING, of(text="充电桩又坏了，充不进电", place=place)) == []


def test_the_same_thing_here_matches():
    assert found(BUILDING, of(text=SAID)) == [1001]
    assert found(GRID, of(text=SAID)) == [1001]


def test_another_category_or_an_unknown_one_needs_more_words():
    ticket = of(text="有人乱停车，堵住消防通道", category="停车")
    for category, ids in (("停车", [1001]), ("消防安全", []), ("其他", [])):
        assert [*most_alike(BUILDING, category, "门口乱停车", [ticket], RULES)] == ids
    assert found(BUILDING, of(text=SAID, category="电梯")) == [1001]


@pytest.mark.parametrize("other", ["楼下电梯坏了", "楼下路灯坏了", "楼下的门坏了"])
def test_that_both_complain_alike_proves_nothing(other: str):
    said = "楼下充电桩坏了"
    assert most_alike(BUILDING, APPROVED, said, [of(text=other, category="其他")], RULES) == ()


def test_people_gather_at_the_oldest_then_come_the_most_alike_and_three_at_most():
    texts = ["充电桩坏了，充不进", "充电桩又坏了", "充电桩又坏了，充不进电", "电桩坏了"]
    tickets = [of(1000 + i, text=text) for i, text in enumerate(texts)]
    assert found(BUILDING, *tickets) == [1000, 1002, 1001]


def test_the_one_most_people_follow_comes_first_unless_it_is_far_less_likely():
    tickets = [of(1000 + i, text="充电桩又坏了，充不进电") for i in range(3)]
    tickets[1] = tickets[1]._replace(followers=2)
    assert found(BUILDING, *tickets) == [1001, 1002, 1000]
    unlike = of(1009, text="充电桩旁边的灯坏了，墙也脏", followers=3)
    assert found(BUILDING, *tickets, unlike)[0] == 1001
