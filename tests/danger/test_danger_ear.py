"""The second judge of danger: what it hears, what it doubts, and what it may not bring back."""

from __future__ import annotations

import pytest
from folk import RULES
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workflows.danger.danger import Danger, find
from workflows.danger.ear import (
    AT_ONCE,
    Ear,
    Weights,
    grams,
    likeliest,
    likelihood,
    pieces,
    sure_of_one,
    windows,
)  # fmt: skip
from workflows.danger.language import Language
from workflows.danger.text import listen

LANGUAGE = RULES.danger
SIGNS = replace(LANGUAGE, ear=None)
HARMLESS = ("路灯坏了三天", "垃圾没人收", "楼道堆着杂物", "广场舞能不能早点散", "想装充电桩")
ALARMING = ("厨房着火了", "电梯里困了两个人", "有人触电了", "老人晕倒了叫不醒", "煤气漏了")


def ear(*, kinds: dict[str, Weights] | None = None, **weights: int) -> Ear:
    return Ear(
        danger=Weights(bias=-100, grams=weights), kinds=kinds or {}, doubt=0.3, sure=0.7, clear=0.5
    )  # fmt: skip


def hearing(one: Ear) -> Language:
    return replace(LANGUAGE, ear=one)


@pytest.mark.parametrize(
    "text",
    [
        "一转身推车里就空了，问了一圈没人看见",
        "粗管子被挖断了，呼呼往外喷",
        "校车到站了，就我家娃没下来",
    ],
)
def test_a_danger_that_no_sign_names_is_heard(text: str):
    assert find(text, SIGNS) == () and find(text, LANGUAGE)


@pytest.mark.parametrize("text", ["卡点抢菜，手速快到起火", "看到账单我当场晕倒", "保安帅到我触电"])
def test_a_sign_that_sounds_like_no_danger_alarms_nobody(text: str):
    assert find(text, SIGNS) and find(text, LANGUAGE) == ()


def test_what_is_set_aside_is_not_brought_back():
    keen = hearing(ear(烟=9000, 雾=9000))
    assert find("烟囱歪着，雾", keen) == (Danger.OTHER,)
    assert find("没有冒烟，雾", keen) == find("去年冒烟，雾", keen) == ()
    assert find("没有冒烟。雾", keen) == (Danger.OTHER,)


def test_a_communitys_own_words_need_no_ear():
    deaf = hearing(ear())
    assert find("着火了", deaf) == ()
    assert find("红灯亮了", deaf.with_own(("红灯亮",))) == (Danger.OTHER,)
    assert find("没有红灯亮", deaf.with_own(("红灯亮",))) == ()


def test_the_kind_is_told_where_it_is_clear():
    kinds = {"gas": Weights(bias=0, grams={"雾": 500}), "fire": Weights(bias=0, grams={"红": 500})}
    one = ear(kinds=kinds, 雾=9000, 红=9000)
    assert likeliest("白雾", one) == "gas" and likeliest("雾红", one) is None
    assert find("白雾", hearing(one)) == (Danger.GAS,)
    assert find("雾红", hearing(one)) == (Danger.OTHER,)


def test_an_ear_without_kinds_names_none():
    assert likeliest("白雾", ear()) is None


def test_every_n_gram_weighs_once_over_the_root_of_how_many_there_are():
    assert grams("ab\na") == {"a", "b", "，", "ab", "b，", "，a", "ab，", "b，a"}
    one = ear(雾=400)
    assert likelihood("雾", one) > likelihood("雾中", one) > likelihood("大雾中的路", one) > 0.25


def test_nothing_is_surer_than_sure():
    assert likelihood("雾", ear(雾=10**9)) == pytest.approx(1)
    assert likelihood("", ear(雾=10**9)) == pytest.approx(0.27, abs=0.01)


@given(st.text(st.sampled_from("火，。\n a水"), max_size=200))
def test_every_character_is_judged_and_no_stretch_is_long(text: str):
    said = listen(text, LANGUAGE.letters, LANGUAGE.spelling)
    whole = pieces(said)
    assert "".join(said.text[slice(*one)] for one in whole) == said.text
    for one in whole:
        stretches = windows(said, one)
        assert {at for span in stretches for at in range(*span)} == set(range(*one))
        assert all(0 < end - start <= AT_ONCE for start, end in stretches)


def test_a_long_sentence_is_judged_by_its_clauses():
    said = listen("，".join("一二三四五六七八九" * 5), {}, {})
    [one] = pieces(said)
    stretches = windows(said, one)
    assert len(stretches) > 1
    assert all(start in {0, *said.pauses} for start, _ in stretches)


def test_the_more_stretches_the_surer_it_must_be():
    assert sure_of_one(ear(), 1) == pytest.approx(0.7)
    assert 0.7 < sure_of_one(ear(), 4) < sure_of_one(ear(), 100) < 1


@pytest.mark.parametrize("between", ["，", " ", "。", "\n"])
@pytest.mark.parametrize("danger", ALARMING)
def test_a_danger_among_other_matters_is_heard(danger: str, between: str):
    assert find(between.join([*HARMLESS, danger, *HARMLESS]), LANGUAGE)


@given(st.lists(st.sampled_from(HARMLESS), max_size=40), st.sampled_from(("，", "。", "\n")))
def test_a_long_harmless_text_does_not_add_up(said: list[str], between: str):
    assert find(between.join(said), LANGUAGE) == ()


@given(st.sampled_from(ALARMING), st.lists(st.sampled_from(HARMLESS), max_size=40))
def test_what_is_said_in_further_messages_drowns_no_danger(danger: str, more: list[str]):
    assert set(find(danger, LANGUAGE)) <= set(find("\n".join([danger, *more]), LANGUAGE))
