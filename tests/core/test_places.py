"""Finding a place in what a person wrote or shared."""

import pytest
from folk import BUILDING, COMMUNITY, GRID, OTHER_GRID, RULES, STREET
from hypothesis import given
from hypothesis import strategies as st

from workflows.core.places import Place, Places, UnknownPlaceError, covers
from workflows.core.placing.buildings import building_numbers
from workflows.core.placing.finding import find, places_named
from workflows.core.placing.numerals import numeral

PLACES = RULES.places
TWINS = Places(
    {
        p.path: p
        for p in (
            Place(path="街"),
            Place(path="街/甲"),
            Place(path="街/甲/1网格", names=("东苑",)),
            Place(path="街/甲/1网格/3幢"),
            Place(path="街/甲/2网格", names=("西苑",)),
            Place(path="街/甲/2网格/3幢"),
            Place(path="街/乙"),
            Place(path="街/乙/1网格", names=("北苑",)),
            Place(path="街/乙/1网格/3幢"),
            Place(path="街/乙/1网格/8幢"),
        )
    }
)


def chinese(number: int) -> str:
    ones = "零一二三四五六七八九"
    if number < 10:
        return ones[number]
    tens, rest = divmod(number, 10)
    return ("" if tens == 1 else ones[tens]) + "十" + (ones[rest] if rest else "")


@given(st.integers(1, 99))
def test_a_chinese_numeral_is_its_number(number: int):
    assert numeral(chinese(number)) == numeral(str(number)) == number
    assert building_numbers(f"我住{chinese(number)}号楼") == (number,)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3号楼下充电桩坏了", (3,)),
        ("12幢2单元", (12,)),
        ("三栋", (3,)),
        ("第两幢", (2,)),
        ("二十一座", (21,)),
        ("5 號樓", (5,)),
        ("7#楼", (7,)),
        ("3号楼和十二栋之间", (3, 12)),
        ("3单元302室", ()),
        ("5号线地铁", ()),
        ("拨打110", ()),
        ("2024号楼", (2024,)),  # wherever that is: it is asked
        ("一百二十号楼", (120,)),
        ("", ()),
    ],
)
def test_which_buildings_a_text_names(text: str, numbers: tuple[int, ...]):
    assert building_numbers(text) == numbers


@pytest.mark.parametrize("said", ["3号楼", "3幢", "3栋", "三号楼", "3座"])
def test_a_building_goes_by_every_word_for_building(said: str):
    assert places_named(f"{said}的灯坏了", PLACES) == (BUILDING,)


def test_a_number_that_several_have_is_a_question():
    assert places_named("3幢漏水", TWINS) == (
        "街/甲/1网格/3幢",
        "街/甲/2网格/3幢",
        "街/乙/1网格/3幢",
    )


def test_the_estate_narrows_it():
    assert places_named("西苑3幢漏水", TWINS) == ("街/甲/2网格/3幢",)


def test_where_one_was_narrows_it_to_the_grid_then_to_the_community():
    assert places_named("3幢", TWINS, near="街/乙/1网格/8幢") == ("街/乙/1网格/3幢",)
    near_community = places_named("3幢", TWINS, near="街/甲/9网格")
    assert near_community == ("街/甲/1网格/3幢", "街/甲/2网格/3幢")


def test_the_estate_said_beats_where_one_was():
    assert places_named("北苑3幢", TWINS, near="街/甲/1网格/3幢") == ("街/乙/1网格/3幢",)


def test_an_estate_alone_is_its_grid():
    assert places_named("南环新村路灯不亮", PLACES) == (OTHER_GRID,)
    assert places_named("1网格路灯不亮", PLACES) == (GRID,)


def test_an_alias_is_its_building_and_the_deepest_wins():
    assert places_named("幼儿园旁边那幢漏水", PLACES) == (f"{OTHER_GRID}/7幢",)
    assert places_named("南环新村幼儿园旁边那幢", PLACES) == (f"{OTHER_GRID}/7幢",)


@pytest.mark.parametrize("text", ["路灯不亮", "友新街道南环一", ""])
def test_what_names_no_place_below_a_community_says_nothing(text: str):
    assert places_named(text, PLACES) == ()


def test_a_shared_location_is_the_nearest_building():
    assert PLACES.nearest((31.2851, 120.6214)) == BUILDING


@pytest.mark.parametrize("position", [(31.2975, 120.6215), (0.0, 0.0), (-90.0, 180.0)])
def test_beyond_a_kilometre_a_location_says_nothing(position: tuple[float, float]):
    assert PLACES.nearest(position) == ""


def test_just_within_a_kilometre_counts():
    assert PLACES.nearest((31.2862 + 0.99 / 111.2, 120.6215)) == f"{GRID}/1幢"
    assert PLACES.nearest((31.2862 + 1.01 / 111.2, 120.6215)) == ""


@pytest.mark.parametrize(
    ("name", "path"),
    [("南环一/1网格", GRID), ("3幢", BUILDING), (GRID, GRID), ("友新街道", STREET)],
)
def test_a_path_may_leave_out_its_beginning(name: str, path: str):
    assert PLACES.resolve(name) == path


@pytest.mark.parametrize("name", ["", "9网格", "网格", "环一", "南环一/", "/南环一"])
def test_an_unknown_place_is_an_error(name: str):
    with pytest.raises(UnknownPlaceError):
        PLACES.resolve(name)


def test_an_ambiguous_place_is_an_error():
    with pytest.raises(UnknownPlaceError, match="3幢"):
        TWINS.resolve("3幢")


def test_inside_gives_the_places_of_one_depth():
    assert [p.name for p in PLACES.inside(COMMUNITY, 3)] == ["1网格", "2网格", "3网格"]
    assert len(PLACES.inside("", 4)) == 23  # 14 buildings, 9 spots
    assert PLACES.inside("友新街道/南环", 3) == ()  # a prefix of a name is no place


PARTS = st.sampled_from(["1", "2", "1网格", "西苑", "3幢", "13幢"])
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


@given(st.lists(PATHS, unique=True), PATHS | st.just(""), st.integers(1, 4))
def test_what_lies_inside_is_what_a_look_at_every_place_finds(paths, scope, depth):
    places = Places({path: Place(path=path) for path in paths})
    looked = [p for p in paths if p.count("/") + 1 == depth and covers(scope, p)]
    assert [p.path for p in places.inside(scope, depth)] == looked


@given(st.lists(PATHS, unique=True), st.text("13幢网格西苑和", max_size=12), PATHS | st.just(""))
def test_only_what_was_said_is_named(paths, text, near):
    places, numbers = Places({path: Place(path=path) for path in paths}), building_numbers(text)
    for path in find(text, places, near).candidates:
        place = places.by_path.get(path)
        assert place is None or place.name in text or place.number in numbers or place.depth == 3


@given(st.lists(PATHS, unique=True), st.integers(1, 99), PATHS | st.just(""))
def test_a_building_named_is_that_one_or_a_question(paths, number, near):
    """Whatever lies near, no other is taken in its stead."""
    places = Places({path: Place(path=path) for path in paths})
    found = find(f"{number}幢的灯坏了", places, near)
    assert found.is_question or places.by_path[found.place].number == number


def test_the_nearest_of_many_is_found_without_looking_at_all():
    spots = [(31 + n / 500, 120 + m / 500) for n in range(40) for m in range(40)]
    places = Places({f"街/社/格/{i}幢": Place(path=f"街/社/格/{i}幢", position=spot)
                     for i, spot in enumerate(spots)})  # fmt: skip
    for i in (0, 7, 811, 1599):
        assert places.nearest((spots[i][0] + 0.0003, spots[i][1] - 0.0003)) == f"街/社/格/{i}幢"
