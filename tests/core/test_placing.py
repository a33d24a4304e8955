"""What people say of where something is, as the bot reads it: found, not there, or asked."""

from pathlib import Path

import pytest
from folk import BUILDING, COMMUNITY, GRID, OTHER_GRID, RULES
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import places as measured
from benchmarks.places import Verdict
from workflows.core.placing.bare import is_bare
from workflows.core.placing.buildings import building_numbers, without_buildings
from workflows.core.placing.finding import Found, find
from workflows.core.placing.flats import flat_in, spelled
from workflows.core.placing.numerals import numerals

DATA = Path(__file__).parents[1] / "data"
THIRD_GRID = f"{COMMUNITY}/3网格"
UNITS = st.sampled_from(["号楼", "幢", "栋", "號樓", "棟", " 号楼", "#楼"])


def found(text: str, near: str = "", *, is_answer: bool = False) -> Found:
    return find(text, RULES.places, near, is_answer=is_answer)


@pytest.mark.parametrize("part", ["seen", "held"])
def test_the_labelled_places_are_found_or_asked(part: str):
    rows = measured.read(DATA / "places_said.csv")
    judged = [one for one in measured.places(rows, RULES) if one.is_held is (part == "held")]
    assert len(judged) >= 100
    heard = measured.share(judged, Verdict.RIGHT, Verdict.ASKED)
    assert heard.part >= 0.95 * heard.whole
    assert measured.share(judged, Verdict.WRONG).part <= 0.01 * len(judged)


@given(st.integers(1, 12), UNITS)
def test_a_buildings_number_is_found_whatever_the_unit_and_the_width(number: int, unit: str):
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for said in (f"{number}{unit}漏水", f"{wide}{unit}漏水"):
        assert found(said).place.endswith(f"/{number}幢")


@given(st.integers(23, 999), UNITS)
def test_a_building_that_is_not_there_is_asked_whatever_is_near(number: int, unit: str):
    asked = found(f"{number}{unit}漏水", near=BUILDING)
    assert asked.is_question and str(number) in asked.unknown[0]


@given(st.integers(1, 60), st.integers(1, 30))
def test_a_range_has_every_number_between_its_ends(first: int, more: int):
    expected = tuple(range(first, first + more + 1))
    for sign in ("-", "到", "至", "~"):
        assert building_numbers(f"{first}{sign}{first + more}号楼停水") == expected


@pytest.mark.parametrize(("text", "numbers"), [("三四", (3, 4)), ("两三", (2, 3)), ("十二", (12,))])
def test_two_ones_in_a_row_are_two_numbers(text: str, numbers: tuple[int, ...]):
    assert numerals(text) == numbers


def test_what_is_said_in_one_go_and_lies_in_one_grid_is_the_grid():
    assert found("2幢和3幢之间的路灯").place == GRID
    assert found("3幢也漏，2幢也漏").candidates == (f"{GRID}/3幢", f"{GRID}/2幢", GRID)


def test_a_name_of_a_spot_is_found_and_its_neighbour_words_are_not():
    assert found("小区东门口的地砖翘起来了").place == f"{GRID}/东门"
    for text in ("城东门诊不报销", "东门店太吵", "跳广场舞太吵", "西门子冰箱坏了"):
        assert not found(text).place, text


def test_a_spot_beside_a_building_is_that_buildings_own_and_apart_from_it_a_question():
    assert found("3幢楼下的快递柜坏了").place == BUILDING
    assert found("我住3幢，东门口的地砖翘起来了").is_question


def test_a_public_place_that_the_config_does_not_name_is_no_buildings():
    assert found("南门口的地砖翘起来了").is_public and not found("我家大门坏了").is_public


def test_an_answer_may_be_short():
    assert found("3", is_answer=True).place == BUILDING
    assert found("三号", is_answer=True).place == BUILDING
    assert not found("3").place and found("13", is_answer=True).is_question


def test_an_estate_of_somebody_else_is_asked():
    assert found("翡翠花园3幢太吵", near=BUILDING).is_question
    assert found("南环西苑3幢漏水", near=BUILDING).is_question
    assert found("我们小区3幢太吵").place == BUILDING


def test_what_is_taken_back_is_not_meant():
    assert found("不是3幢，是5幢漏水").place == f"{OTHER_GRID}/5幢"
    assert found("3幢说错了，是5幢").is_correction


def test_a_text_without_its_buildings_says_what_is_wrong():
    assert without_buildings("3号楼和五幢的灯坏了") == "的灯坏了"


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("3幢2单元301室漏水", "2单元301室"),
        ("三幢一单元502", "一单元502"),
        ("5幢302漏水", "302"),
        ("3-301滴水", "3-301"),
        ("厨房漏水", ""),
        ("电话68001234", ""),
        ("花了300元", ""),
        ("等了3天", ""),
    ],
)
def test_a_flat_is_found_where_it_was_said(text: str, flat: str):
    assert flat_in(text) == flat


def test_a_bare_answer_says_that_it_is_a_flat():
    assert spelled("301") == "301室" and spelled("2单元301") == "2单元301"
    assert spelled("谢谢") == "谢谢" and spelled("13912345678") == "13912345678"


@given(st.text(max_size=60), st.booleans())
def test_no_text_breaks_it_and_a_place_found_is_one_of_the_configs(text: str, is_answer: bool):
    said = found(text, near=BUILDING, is_answer=is_answer)
    assert {said.place, *said.candidates} - {""} <= RULES.places.by_path.keys()


@given(st.text("0123456789一二三十两廿百幢栋座号楼#-、和到至是不家门东3单元室", max_size=40))
def test_no_text_of_numbers_and_units_breaks_it(text: str):
    assert found(text).place in {"", *RULES.places.by_path}


@pytest.mark.parametrize(
    "text",
    [
        "4号楼",
        "4",
        "是四幢",
        "不是3幢，是4幢",
        "我住4幢楼下",
        "小区东门口",
        "3、5号楼",
        "地点是4幢",
    ],
)
def test_what_only_says_where_is_bare(text: str):
    assert is_bare(text, RULES.places)


@pytest.mark.parametrize(
    "text", ["4号楼2单元", "4幢漏水", "东门口的地砖翘了", "不知道", "楼下", "4号楼停电了", "3个桩"]
)
def test_what_says_more_or_names_no_place_is_not(text: str):
    assert not is_bare(text, RULES.places)
