"""What tells who somebody is vanishes from a neighbour's words; what and where stay."""

from collections.abc import Iterator
from pathlib import Path
from re import _parser as sre
from typing import Any

import pytest
from folk import RULES
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import masking as benchmark
from workflows.mask_patterns import compiled
from workflows.masking import HIDDEN, excerpt, masked
from workflows.private_words import PrivateWords

DATA = Path(__file__).parents[1] / "data"
WORDS = RULES.private


@pytest.mark.parametrize("name", ["masking.csv", "masking_fresh.csv", "masking_third.csv"])
def test_whoever_is_named_is_hidden_and_what_names_nobody_stays(name: str):
    found = benchmark.figures(benchmark.judge(DATA / name, WORDS))
    assert found.pieces > 60 and found.hidden >= 0.95 * found.pieces
    assert found.harmless > 70 and found.changed <= 0.05 * found.harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我是张三，微信zhangsan88，楼下灯坏了", "我是•••，微信•••，楼下灯坏了"),
        ("3幢502老李家漏水", "3幢•••家漏水"),
        ("王阿姨家的苏E·12345堵了门", "•••家的•••堵了门"),
        ("手机１３９ １２３４ ５６７８，灯坏了", "手机•••，灯坏了"),
        ("身份证32050119900101123X，灯坏了", "身份证•••，灯坏了"),
        ("邮箱zhang.san@163.com", "邮箱•••"),
        ("一三九一二三四五六七八找我", "•••找我"),
    ],
)
def test_the_name_goes_and_the_sentence_stays(text: str, shown: str):
    assert masked(text, WORDS) == shown


@pytest.mark.parametrize(
    "text",
    [
        "我是3幢的居民", "我是租户", "我叫了物业三次", "车牌识别坏了", "1234路公交", "15号楼",
        "2024-05-06 12:30开始", "罚款3500元", "打12345", "老年活动室", "保安师傅", "小程序",
    ],
)  # fmt: skip
def test_what_and_where_stay(text: str):
    assert masked(text, WORDS) == text


@pytest.mark.parametrize("inside", ["\u200b", "\u2060", "\u202e", "\ufe0f\u20e3"])
def test_what_cannot_be_seen_hides_nothing_from_us(inside: str):
    text = inside.join("13912345678")
    assert HIDDEN in masked(f"电话{text}", WORDS) and text not in masked(text, WORDS)


@pytest.mark.parametrize("number", ["13912345678", "139 1234 5678", "0512-65651234", "502"])
def test_numbers_by_which_people_are_found_are_masked(number: str):
    assert excerpt(f"3幢{number}室，\n灯坏了", 40, WORDS) == "3幢•••室， 灯坏了"


def test_a_long_text_is_cut_after_it_was_masked():
    assert excerpt("坏" * 100, 40, WORDS) == "坏" * 40
    assert excerpt("坏" * 36 + "13912345678", 40, WORDS) == "坏" * 36 + HIDDEN


def test_a_language_without_words_still_hides_numbers():
    assert masked("call 13912345678, flat 502", PrivateWords()) == "call •••, flat •••"


@given(st.text(alphabet=st.characters() | st.sampled_from("我是张三微信vx苏E139@.-号室姓家")))
def test_what_is_shown_of_any_text_stands_in_it_in_its_order(text: str):
    at = 0
    for part in masked(text.replace("•", ""), WORDS).split(HIDDEN):
        at = text.replace("•", "").index(part, at) + len(part)


def test_no_pattern_repeats_without_a_bound_or_it_gives_nothing_back():
    """So the time grows with the text alone, whatever somebody writes to slow us down."""
    for pattern in compiled(WORDS):
        assert list(_endless(sre.parse(pattern.pattern))) == []


def _endless(tree: Any) -> Iterator[str]:
    for kind, told in tree:
        if kind in {sre.MAX_REPEAT, sre.MIN_REPEAT} and told[1] is sre.MAXREPEAT:
            yield f"{kind} without a bound"
        for inner in _inside(told):
            yield from _endless(inner)


def _inside(told: Any) -> Iterator[Any]:
    if isinstance(told, sre.SubPattern):
        yield told
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _inside(one)
