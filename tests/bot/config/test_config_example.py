"""The example config, the words it knows, and the quick replies that go with it."""

from __future__ import annotations

import re

import pytest
from configuring import TOKEN
from folk import EXAMPLE

from bot.config.settings import ConfigError, Settings, load, load_choices
from workflows.core.policy import Rules
from workflows.danger import danger
from workflows.petition.intake.suggestion import suggest
from workflows.petition.lifecycle import STEPS
from workflows.petition.words import Action
from workflows.registry import CLOCKS, REPLY_KEYS


@pytest.fixture(scope="module")
def example() -> Rules:
    return load(EXAMPLE, TOKEN).rules(load_choices("zh"))


# the example


def test_the_example_loads_as_it_is_except_for_the_token() -> None:
    with pytest.raises(ConfigError) as raised:
        load(EXAMPLE, {})
    assert [m.key for m in raised.value.mistakes] == ["telegram.token"]
    assert "HAITANG_TELEGRAM__TOKEN" in str(raised.value)


def test_a_command_without_telegram_needs_no_token() -> None:
    assert load(EXAMPLE, {}, needs_token=False).communities[0].name == "南环一"


def test_the_example_is_two_communities_with_all_they_need(example: Rules) -> None:
    inside = [len(example.places.inside("友新街道/南环一", depth)) for depth in (2, 3, 4)]
    assert inside == [1, 3, 20]  # 12 buildings, 8 spots
    assert len(example.places.inside("友新街道/南环二", 4)) == 3
    assert len({p.number for p in example.places.inside("", 4)} - {None}) == 14
    assert all(p.position or p.is_spot for p in example.places.inside("友新街道/南环一", 4))
    assert (len(example.stations), len(example.categories)) == (2, 12)
    assert example.stations["nanhuan-east"].place == "友新街道/南环一/1网格"
    assert example.categories["充电设施"].needs_approval


def test_the_example_says_exactly_the_defaults() -> None:
    written = load(EXAMPLE, {}, needs_token=False)
    own = {"communities", "stations", "categories", "elsewhere", "partners"}
    for kind in CLOCKS:
        assert written.clocks_of(kind).policies() == Settings().clocks_of(kind).policies()
    left_out = dict.fromkeys((*own, "sla"), True)
    left_out |= {kind: {"clocks", "rates"} for kind in CLOCKS if kind in Settings.model_fields}
    assert written.model_dump(exclude=left_out) == Settings().model_dump(exclude=left_out)


@pytest.mark.parametrize("kind", CLOCKS)
def test_every_clock_has_its_table_in_the_example(kind: str) -> None:
    written = load(EXAMPLE, {}, needs_token=False).clocks_of(kind)
    assert written.changes().keys() == CLOCKS[kind].usual.keys()


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("3号楼下充电桩坏了", "充电设施"),
        ("5幢电梯又停了，困了人", "电梯"),
        ("楼上漏水，滴到我家厨房", "渗漏水"),
        ("楼下的路灯好几天不亮了", "公共照明"),
        ("垃圾桶满了没有人收，很臭", "环境卫生"),
        ("楼道里堆杂物，把消防通道堵了", "消防安全"),
        ("半夜还在跳广场舞，吵得睡不着", "噪音"),
        ("树枝长到窗户上了，请来修剪", "绿化"),
        ("想请人来看看", "其他"),
    ],
)
def test_plain_words_suggest_the_right_category(example: Rules, said: str, category: str) -> None:
    assert suggest(said, example).categories[0] == category


@pytest.mark.parametrize(
    "said", ["3幢起火，快来", "厨房有煤气味", "有人被困在电梯里", "电线在冒烟"]
)
def test_danger_is_heard_as_urgent(example: Rules, said: str) -> None:
    assert danger.find(said, example.danger)


def test_the_example_names_no_secret_and_every_setting() -> None:
    text = EXAMPLE.read_text("utf-8")
    assert not re.search(r"\d{5,}:[\w-]{10,}", text)
    for name in (*Settings.model_fields, *type(Settings().telegram).model_fields):
        assert re.search(rf"\b{name}\b", text)


# the quick replies


def test_quick_replies_are_few_and_short() -> None:
    choices = load_choices("zh")["petition"]
    for key, replies in choices.items():
        shown = {*replies, *choices.get(key.rpartition(".")[2], ())}
        assert len(shown) <= 8
        assert 2 <= len(replies) <= 5
        assert len(set(replies)) == len(replies)
        assert all(0 < len(reply) <= 30 for reply in replies)


def test_every_question_for_words_has_quick_replies_and_none_is_idle() -> None:
    worded = {s.action for s in STEPS if any(need.is_words for need in s.needs)}
    general = {key for key in load_choices("zh")["petition"] if "." not in key}
    assert general == {*map(str, worded), "where"}
    assert Action.RETURN in worded


def test_the_workflows_say_what_their_quick_replies_are_for() -> None:
    assert {"propose", "note", "where"} <= REPLY_KEYS["petition"]
    assert not {"accept", "partner", "contact", "text"} & REPLY_KEYS["petition"]


@pytest.mark.parametrize("kind", REPLY_KEYS)
def test_every_built_in_quick_reply_is_for_something_that_is_asked(kind: str) -> None:
    assert {key.rpartition(".")[2] for key in load_choices("zh")[kind]} <= REPLY_KEYS[kind]


def test_every_table_of_quick_replies_is_for_a_category_of_the_example(example: Rules) -> None:
    choices = load_choices("zh")["petition"]
    own = [key.split(".") for key in choices if "." in key]
    assert len({category for category, _ in own}) >= 4
    assert {category for category, _ in own} <= set(example.categories)
    assert {action for _, action in own} <= set(choices)


def test_an_unknown_locale_has_no_quick_replies() -> None:
    with pytest.raises(ConfigError, match="no quick replies"):
        load_choices("fr")
