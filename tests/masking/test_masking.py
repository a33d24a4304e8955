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
from workflows.masking.masking import HIDDEN, excerpt, masked
from workflows.masking.patterns import compiled
from workflows.masking.words import PrivateWords

DATA = Path(__file__).parents[1] / "data"
WORDS = RULES.private


LISTS = sorted(path.name for path in DATA.glob("masking*.csv"))


@pytest.mark.parametrize("name", LISTS)
def test_whoever_is_named_is_hidden_and_what_names_nobody_stays(name: str):
    found = benchmark.figures(benchmark.judge(DATA / name, WORDS))
    assert found.pieces > 60 and found.hidden >= 0.95 * found.pieces
    assert found.harmless > 50 and found.changed <= 0.05 * found.harmless


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我老公叫郑海波，睡不着", "我老公叫•••，睡不着"),
        ("俺叫阿依古丽，没水", "俺叫•••，没水"),
        ("姓裴名文轩", "姓•••名•••"),
        ("I am Linda Gu, no water", "I am •••, no water"),
        ("大家好我是3幢的陶小桃", "大家好我是3幢的•••"),
        ("孩子叶子涵摔了", "孩子•••摔了"),
        ("昨天碰到陈晓玲，她也停水", "昨天碰到•••，她也停水"),
    ],
)
def test_whoever_is_called_so_is_hidden(text: str, shown: str):
    assert masked(text, WORDS) == shown


@pytest.mark.parametrize(
    "text",
    [
        "签字人：陶然、范小雨、程冰",
        "业主代表王振宇和林淑芬",
        "落款 武大伟 常玉梅",
        "证人涂志强，柯美玲",
    ],
)
def test_every_name_of_a_list_is_hidden(text: str):
    shown = masked(text, WORDS)
    assert HIDDEN in shown and not set(shown) & set("陶然范雨冰振宇淑芬玉梅志强柯玲")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("群主“桃子妈妈”踢人", "群主“•••”踢人"),
        ("@静水流深 来修", "@••• 来修"),
        ("网名叫听雨轩主，发广告", "网名叫•••，发广告"),
        ("抖音搜老李钓鱼 有视频", "抖音搜••• 有视频"),
        ("群主不让说话，@物业 来看", "群主不让说话，@物业 来看"),
        ("支付宝搜物业费能交吗", "支付宝搜物业费能交吗"),
    ],
)
def test_what_somebody_is_called_elsewhere_is_hidden(text: str, shown: str):
    assert masked(text, WORDS) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("前面是苏，尾号是7K3", "前面是•••，尾号是•••"),
        ("前面是苏果超市", "前面是苏果超市"),
        ("本人1962年11月5日出生", "本人•••出生"),
        ("1998年5月建的楼", "1998年5月建的楼"),
        ("1203室许家、302那户姓王的", "•••室•••家、•••那户姓•••的"),
        ("八零二的姜家", "•••的•••家"),
        ("二零一九年国家规定", "二零一九年国家规定"),
    ],
)
def test_parts_of_plates_births_and_families_are_hidden(text: str, shown: str):
    assert masked(text, WORDS) == shown


@pytest.mark.parametrize(
    "text",
    [
        "王府井百货", "老王头饭店", "张家港来车", "宋庆龄路口", "李先生牛肉面", "我叫了物业",
        "小区叫海棠花园", "儿子叫外卖", "业主代表和物业谈过", "I am a tenant, very angry",
    ],
)  # fmt: skip
def test_what_is_called_after_somebody_stays(text: str):
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
