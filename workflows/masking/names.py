"""Names behind what announces them, before what addresses somebody, at home and at the ends."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.masking.parts import HAN, LINK, SIGN, any_of, hide, one_of
from workflows.masking.person import (
    behind,
    doubled,
    expected,
    foreign,
    given,
    loose,
    members,
    name,
    nick,
    no_place,
    no_word,
    parent,
    sure,
    surname,
)
from workflows.masking.words import Names, PrivateWords


def patterns(words: PrivateWords) -> Iterator[str]:
    """All of them."""
    n = words.names
    yield from _announced(n)
    yield from _surnames(n)
    yield from _addressed(n)
    yield from _at_home(n)
    yield from _at_the_ends(n)


def _announced(n: Names) -> Iterator[str]:
    """A name behind what announces one: "我是…", "联系人：…", "业主…", "姓…"."""
    over = rf"(?={SIGN}|{any_of(n.behind)})"
    familiar = rf"{one_of(n.familiar)}{given(n)}(?={SIGN})"
    known = rf"{name(n)}{behind(n)}|{sure(n)}|{expected(n)}"
    whoever = rf"(?:{known}|{familiar}|{doubled(n)}|{foreign(n)}){members(n)}"
    others = rf"(?:{LINK}{any_of((*n.roles, *n.links))}){{0,2}}"
    lives = rf"[^,。!?;\n]{{1,12}}{one_of(n.owning)}"
    yield rf"{any_of((*n.introductions, *n.roles))}{others}{LINK}{hide(whoever)}"
    yield rf"{any_of(n.introductions)}(?:{lives})?{hide(parent(n))}"
    yield rf"{any_of(n.introductions)}{lives}{hide(rf'{name(n)}{over}|{doubled(n)}|{foreign(n)}')}"
    yield rf"{any_of(n.forms)} ?:{LINK}{hide(loose(n))}"


def _surnames(n: Names) -> Iterator[str]:
    """A surname alone: "姓王", "王姓", "姓阿卜杜名热合曼"."""
    pairs = any_of(word for word in n.endings if len(word) == 2)
    before = rf"(?<!{one_of(n.not_surname_before)})"
    no_surname = rf"{before}(?:(?<!{one_of(n.surnames)})|(?<={pairs}))"
    behind_word = rf"{no_surname}{any_of(n.surname_words)}(?!{one_of(n.not_surname_behind)})"
    then = rf"[, ]?{any_of(n.given_words)}"
    yield rf"{hide(surname(n, n.surnames))}(?={any_of(n.surname_words)})"
    yield rf"{behind_word}{hide(rf'(?:{any_of(n.compound)}|{HAN})')}"
    yield rf"{behind_word}{hide(rf'{HAN}{{1,4}}')}(?={then})"
    yield rf"{behind_word}{HAN}{{1,4}}{then}{hide(rf'{given(n)}{{1,5}}')}"


def _addressed(n: Names) -> Iterator[str]:
    """A name before what addresses somebody: "王阿姨", "李建国先生", "老王"."""
    named = rf"{given(n)}{{0,2}}"
    yield hide(rf"{no_word(n)}{surname(n, n.plain)}{named}{_title(n)}{no_place(n)}")
    yield hide(rf"{no_word(n)}{surname(n, n.surnames)}{named}{any_of(n.titles)}{no_place(n)}")
    yield hide(rf"{nick(n)}{any_of(n.titles)}?{no_place(n)}")


def _at_home(n: Names) -> Iterator[str]:
    """A name at a flat's number or as a family's: "502王丽", "楼上张家"."""
    family = rf"(?!{any_of(n.not_families)}){any_of(n.family)}"
    before = rf"(?:{any_of((*n.families, *n.rooms))}|^|[^\u4e00-\u9fff]|{one_of(n.before_family)})"
    flat = rf"\d{{3}} ?(?!{one_of(n.counted)})"
    yield rf"\d ?{any_of(n.rooms)}{hide(name(n) + behind(n))}"
    yield rf"{flat}{hide(name(n))}(?={SIGN}|{any_of(n.at_home)})"
    yield rf"{before}{hide(rf'{surname(n, n.plain)}|{name(n)}')}{family}{no_place(n)}"
    yield rf"{flat}{any_of(n.rooms)}?{hide(surname(n, n.surnames))}{any_of(n.family)}"
    yield rf"\d{{3}} ?{hide(nick(n, n.surnames))}(?={any_of((*n.family, *n.titles))})"


def _at_the_ends(n: Names) -> Iterator[str]:
    """A name with which a sentence begins or the text is signed, or before a telephone."""
    number = r"\+?1[3-9]\d[ -]?\d{4}"
    signed = rf"{name(n)} ?{any_of(n.end)}?"
    yield rf"(?:^|[,。!?;\n ]){hide(name(n))}(?={any_of(n.speaks)})"
    yield rf"(?:^|[。!?;…~\n ]){hide(signed)}[。!.~ ]{{0,3}}$"
    yield rf"^{hide(name(n))}(?=[ ,、:。]{{0,2}}(?:\d|{any_of(n.at_start)}))"
    yield rf"{hide(name(n))}(?=[ ,、:(]{{0,2}}(?:{any_of(n.reached)}|{number}))"


def _title(n: Names) -> str:
    return rf"(?:{any_of(n.titles)}|(?!{any_of(n.not_titles)}){any_of(n.short_titles)})"
