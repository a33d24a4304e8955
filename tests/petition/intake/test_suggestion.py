"""What a petition's words suggest: two categories, and whether others decide such matters."""

import pytest
from folk import RULES, settled
from msgspec.structs import replace

from workflows.petition.intake.suggestion import headline, suggest
from workflows.petition.settings import Elsewhere


def first(text: str) -> str:
    return suggest(text, RULES).categories[0]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("3号楼下充电桩坏了", "充电设施"),
        ("楼道灯不亮", "公共照明"),
        ("电梯停了两天", "电梯"),
        ("垃圾桶满了没人管，垃圾臭味很大", "环境卫生"),
        ("想问一件事", "其他"),
        ("", "其他"),
    ],
)
def test_the_category_whose_words_weigh_most_is_suggested(text: str, category: str):
    assert first(text) == category


def test_the_second_likeliest_comes_second_and_else_the_fallback():
    assert suggest("有人乱停车，堵住消防通道", RULES).categories == ("消防安全", "停车")
    assert suggest("路灯不亮", RULES).categories == ("公共照明", "其他")
    assert suggest("想问一件事", RULES).categories == ("其他",)


def test_without_categories_the_fallback_is_suggested():
    assert suggest("电梯", replace(RULES, categories={})).categories == ("其他",)


def test_a_headline_weighs_more_than_what_is_told_after_it():
    told = "物业来过一次，没有修好。电梯厅也看过"
    assert first(f"楼上漏水。{told}") == "渗漏水"
    assert first(f"物业不管事。楼上漏水，{told}") == "物业服务"


def test_a_headline_is_the_first_sentence_and_not_endless():
    assert headline("  路灯不亮。已经三天") == headline("路灯不亮\n已经三天") == "路灯不亮"
    assert headline("长" * 99) == "长" * 40


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("开发商不给办房产证", "买房和房屋质量"),
        ("孩子上学没有学位，幼儿园也不收", "学校和教育"),
        ("809路公交车太少了", "公交、地铁和道路"),
        ("医保和养老保险怎么转", "社保、医保和公积金"),
        ("老板拖欠工资", "工资和劳动"),
        ("有人在楼里赌博", "治安和诈骗"),
    ],
)
def test_what_others_decide_is_recognised_and_falls_into_the_fallback(text: str, key: str):
    suggestion = suggest(text, RULES)
    assert suggestion.elsewhere and suggestion.elsewhere.key == key
    assert suggestion.categories[0] == "其他"


@pytest.mark.parametrize(
    "text",
    ["幼儿园门口积水了", "小学旁边的垃圾没人收", "公交站的路灯不亮", "物业说开发商没修，楼顶漏水"],
)
def test_where_something_is_does_not_send_it_away(text: str):
    suggestion = suggest(text, RULES)
    assert suggestion.elsewhere is None and suggestion.categories[0] != "其他"


def test_the_own_category_stays_the_second_suggestion():
    assert suggest("开发商不办房产证，车位也要捆绑买", RULES).categories == ("其他", "停车")


def test_whoever_lists_nothing_sends_nobody_anywhere():
    assert suggest("老板拖欠工资", settled(RULES, elsewhere=())).elsewhere is None
    own = Elsewhere(key="婚姻", words=("离婚",), where="民政局")
    assert suggest("离婚怎么办", settled(RULES, elsewhere=(own,))).elsewhere == own
