"""What a sentence says of danger: what must be heard, and what must not alarm anybody."""

from __future__ import annotations

import sys

import pytest
from folk import RULES
from hypothesis import given
from hypothesis import strategies as st

from workflows.danger.danger import Danger, find, told
from workflows.danger.language import Language, Sign, read_sign

LANGUAGE = RULES.danger
ALARMING = ("3幢厨房着火了", "电梯里困了两个人", "有人触电了", "老人晕倒了叫不醒", "煤气漏了")
HARMLESS = (
    "楼道的路灯坏了三天", "请把垃圾桶搬远一点", "加装电梯的钱怎么分摊", "楼上漏水滴到我家厨房",
    "物业费涨了也不说一声", "广场舞能不能早点散", "车位划线划了一半", "树枝长到窗户上了",
)  # fmt: skip


def heard(text: str) -> tuple[Danger, ...]:
    return find(text, LANGUAGE)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("天然气泄漏", "gas"), ("煤气漏了", "gas"), ("电梯困人了", "trapped"),
        ("电梯里困了两个人", "trapped"), ("冒黑烟", "fire"), ("着了火", "fire"),
        ("发生火灾", "fire"), ("想跳楼", "self_harm"), ("倒在地上叫不醒", "person_down"),
        ("高压线断了", "electricity"), ("楼要塌了", "collapse"), ("摔倒流血", "person_down"),
        ("水漏到插座上了", "flood_electric"), ("有人拿刀砍人", "violence"),
        ("孩子走丢了", "missing"), ("救命啊", "other"),
    ],
)  # fmt: skip
def test_a_danger_is_heard_as_what_it_is(text: str, kind: str):
    assert Danger(kind) in heard(text)


@pytest.mark.parametrize(
    "text",
    [
        "没有冒烟", "轮胎漏气", "上周着火以后", "空调漏气", "建议装漏电保护", "没着火", "不是触电",
        "电梯里没有人被困", "已经扑灭了，没事了", "去年电梯困过人", "万一着火怎么办",
        "怕电瓶车起火", "老人容易摔倒", "这里存在火灾隐患", "消防演练什么时候", "煤气费怎么交",
        "跳楼价甩卖", "气炸了", "长期被困扰", "钥匙锁在屋里了", "我家狗走丢了", "楼市崩塌",
    ],
)  # fmt: skip
def test_what_is_denied_over_feared_or_harmless_alarms_nobody(text: str):
    assert heard(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "没有人受伤但是还在冒烟", "不是冒烟是着火了", "火还没扑灭", "物业没人管，电线在打火",
        "没电了电梯困人了", "是不是着火了，好大的烟", "上次修过，现在又着火了", "不小心触电了",
        "怕得要命，楼下着火了", "对面阳台上火苗窜出来了",
    ],
)  # fmt: skip
def test_a_denial_or_a_past_of_something_else_takes_nothing_away(text: str):
    assert heard(text)


@pytest.mark.parametrize(
    "text",
    ["着 火 了", "３幢着火了", "着火啦！！！", "電梯困人", "然气露了", "煤气露气", "触 电",
     "电锑困人", "着\u200b火了", "煤气\n漏了"],
)  # fmt: skip
def test_it_is_heard_however_it_is_typed(text: str):
    assert heard(text)


def test_a_cry_for_help_is_no_fear_and_no_past():
    assert heard("担心那边着火") == ()
    assert Danger.FIRE in heard("担心那边着火了快来人")


def test_at_most_two_kinds_are_told_and_none_twice():
    said = "煤气漏了，着火了，有人触电，有人晕倒了"
    assert len(heard(said)) > 2
    assert told(said, "", LANGUAGE) == (Danger.FIRE, Danger.GAS)
    assert told("楼道冒烟\n烟很大", "楼道冒烟", LANGUAGE) == ()
    assert told("楼道冒烟\n有人晕倒了", "楼道冒烟", LANGUAGE) == (Danger.PERSON_DOWN,)


def test_a_mere_cry_is_told_only_where_nothing_else_is_known():
    assert told("救命啊", "", LANGUAGE) == (Danger.OTHER,)
    assert told("着火了，救命啊", "", LANGUAGE) == (Danger.FIRE,)
    assert told("着火了\n救命啊", "着火了", LANGUAGE) == ()


# a community's own words


def test_own_words_are_judged_like_all_others():
    own = LANGUAGE.with_own(("红灯亮", "漏气"))
    assert find("锅炉红灯亮了", own) == (Danger.OTHER,) and heard("锅炉红灯亮了") == ()
    for harmless in ("锅炉没有红灯亮", "去年红灯亮以后", "万一红灯亮怎么办", "轮胎漏气"):
        assert find(harmless, own) == ()


def test_no_own_words_change_nothing():
    assert LANGUAGE.with_own(()) is LANGUAGE


# signs


def test_a_sign_is_read_as_it_is_written():
    assert read_sign("A + B - C @6") == Sign(words=("A", "B"), without=("C",), near=6)
    assert read_sign("A > B") == Sign(words=("A", "B"), is_ordered=True)


@pytest.mark.parametrize("wrong", ["", "A +", "- C", "A @near"])
def test_what_is_no_sign_is_refused(wrong: str):
    with pytest.raises(ValueError, match="is no sign"):
        read_sign(wrong)


def language(sign: str) -> Language:
    words = {"A": ("水管",), "B": ("爆了",), "C": ("昨天",)}
    judged = dict.fromkeys(
        ("denial", "adjacent", "undenied", "past", "lately", "present", "present_after",
         "past_after", "imagined", "supposed", "imagined_after", "urgent"), "none",
    )  # fmt: skip
    return Language(words=words, dangers={"other": (read_sign(sign),)}, judged=judged)


@pytest.mark.parametrize(
    ("sign", "text", "is_there"),
    [
        ("A + B", "爆了水管", True), ("A > B", "爆了水管", False), ("A > B", "水管爆了", True),
        ("A + B @1", "水管它真爆了", False), ("A + B", "水管。爆了", False),
        ("A + B", "水管，爆了", True), ("A + B - C", "昨天水管爆了", False),
    ],
)  # fmt: skip
def test_words_of_a_sign_stand_together(sign: str, text: str, is_there: bool):
    assert bool(find(text, language(sign))) == is_there


# whatever is written


@given(st.lists(st.sampled_from(HARMLESS)), st.sampled_from(ALARMING), st.data())
def test_a_danger_within_a_long_harmless_text_is_heard(
    around: list[str], danger: str, data: st.DataObject
):
    at = data.draw(st.integers(0, len(around)))
    said = "。".join([*around[:at], danger, *around[at:]])
    assert heard("。".join(around)) == () and heard(said)


@given(
    st.sampled_from(("没有", "没", "并没有", "没看到", "没有发生")),
    st.sampled_from(("着火", "冒烟", "漏煤气", "触电", "人被困", "人晕倒")),
    st.sampled_from(HARMLESS),
)
def test_a_denied_one_is_not(denial: str, danger: str, around: str):
    assert heard(f"{around}，{denial}{danger}。{around}") == ()


@given(st.text())
def test_no_text_makes_it_stumble(text: str):
    assert set(heard(text)) <= set(Danger)


_SNIPPETS = st.sampled_from(
    ("没", "着火", "去年", "，", " ", "。", "万一", "漏气", "轮胎", "火", "救命")
)


@given(st.lists(_SNIPPETS, max_size=60).map("".join))
def test_no_order_of_words_makes_it_stumble(text: str):
    assert set(heard(text)) <= set(Danger)


@pytest.mark.parametrize("part", ["没着火", "漏气轮胎", "没", " 着 ", "去年着火。", "电梯困人过"])
def test_a_long_message_costs_what_it_is_long(part: str):
    """Every look is bounded: twice as long a message makes at most some twice as many looks."""
    few, many = (_looks(part * n) for n in (500, 1000))
    assert many <= 2.5 * few + 100


def _looks(text: str) -> int:
    """How many calls it takes."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        find.__wrapped__(text, LANGUAGE)
    finally:
        sys.setprofile(None)
    return calls
