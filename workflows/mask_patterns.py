"""The patterns of what identifies somebody, made from the words of a language.

Each has a group HIDE for what goes, or one KEPT for what is passed over: a date, an amount, a bus.
None repeats without a bound, so that none is slow on a text made to be slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from re import Pattern

from workflows.private_words import Accounts, Names, Numbers, PrivateWords

HIDE, KEPT = "hide", "kept"
_GAP = r"(?:[ \-–—_.·・•★☆◆●~,、;/()+]{0,3}|\*{1,14})"  # between the digits of one number
_LINK = r"[ :=\-—~·,、>→(\[“\"'《<@]{0,3}"  # between a label and what it labels
_HAN = r"[\u4e00-\u9fff]"
_SIGN = r"$|[^\u4e00-\u9fff]"  # an end, a sign, a digit, a Latin letter


@lru_cache(maxsize=8)
def compiled(words: PrivateWords) -> tuple[Pattern[str], ...]:
    """All patterns of a language, each to be looked for through the whole text."""
    parts = (*_of_numbers(words.numbers), *_of_accounts(words), *_of_names(words.names))
    return tuple(re.compile(part) for part in parts)


def _any(words: Iterable[str]) -> str:
    """One of some words, the longest first; what never matches where there are none."""
    found = sorted({re.escape(word) for word in words if word}, key=lambda w: (-len(w), w))
    return f"(?:{'|'.join(found)})" if found else "(?!)"


def _of(characters: str) -> str:
    """One of some characters; what never matches where there are none."""
    return f"[{re.escape(characters)}]" if characters else "(?!)"


def _hide(pattern: str) -> str:
    return f"(?P<{HIDE}>{pattern})"


# numbers


def _of_numbers(n: Numbers) -> Iterator[str]:
    """What is kept is read first, so that the digits in it are not hidden; a flat never is kept."""
    kept, flats = f"(?P<{KEPT}>{'|'.join(_kept(n))})", "|".join(_flats(n))
    yield f"(?P<{HIDE}>{flats})|{kept}"
    yield f"{kept}|{_hide('|'.join(_numbers(n)))}"
    storeys = _any(set(n.measures) - set(n.buildings))
    yield rf"(?<![\d-])\d{{1,2}}(?:-\d{{1,2}})?-{_hide('[0-9]{3,4}')}(?!\d| ?{storeys})"


def _digit(n: Numbers) -> str:
    return _of("".join(n.digits) or "0123456789")


def _kept(n: Numbers) -> Iterator[str]:
    """Dates, times, amounts, buses, the numbers of buildings and of offices."""
    month, day = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
    yield rf"(?<!\d)(?:19|20)\d\d ?[-/.] ?{month}(?: ?[-/.] ?{day})?(?! ?-|\d)"
    yield r"(?<!\d)20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?! ?[-\d])"
    yield r"(?<=[\[(【〔])(?:19|20)\d\d(?=[\])】〕])"
    yield r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)"
    yield rf"(?<![\d*])\d{{1,6}}(?:\.\d{{1,4}})?(?: ?[-~—/] ?\d{{1,6}})?[+ ]?{_any(n.units)}"
    yield rf"{_any(n.before)} ?\d{{1,9}}(?:\.\d{{1,2}})?(?![-\d])"
    yield rf"(?<={_of(n.streets)})\d{{1,5}}(?={_any(n.street_ends)})"
    yield rf"(?<![\d-]){_any(n.hotlines)}(?!\d|-\d)"


def _flats(n: Numbers) -> Iterator[str]:
    """A flat, whatever is said of it: "502室", "3幢502", "三单元五零二"."""
    digit, room = _digit(n), _any(n.rooms)
    yield rf"(?<!\d)\d{{1,4}}(?= ?{room}(?! ?[\d{n.counts}]{_of(n.halls)}))"
    yield rf"{digit}{{3,4}}(?= ?{room})"
    house = rf"(?<=[\da-z{n.counts}{n.before_buildings}]{_of(n.buildings)})"
    yield rf"{house}[ -]?{digit}{{3,4}}(?!{digit}| ?{_any(n.measures)})"


def _numbers(n: Numbers) -> Iterator[str]:
    """Plates; telephones, cards and identity cards in any spelling; any other from three digits."""
    digit, last = _digit(n), _any(n.last)
    tail = r"[a-z0-9](?:[ \-·.]?[a-z0-9]){4,5}(?![a-z0-9])"
    yield rf"{_of(n.plates)} ?[a-z]{_GAP}(?=.{{0,9}}\d){tail}{_of(n.plate_ends)}?"
    more = rf"(?:{_GAP}(?:{digit}|o(?={_GAP}\d))){{6,40}}"
    yield rf"\(?\+?{digit}{more}(?:[ \-*]{{0,14}}{last}(?![a-z]))?"
    yield rf"\d{{3,}}+(?: ?{last}(?![a-z]))?"


# accounts


def _of_accounts(words: PrivateWords) -> Iterator[str]:
    a, digit = words.accounts, _digit(words.numbers)
    label = rf"{_any(a.labels)}(?:{_LINK}(?:{_any((*a.labels, *a.fillers))})){{0,4}}{_LINK}"
    named = rf"{_any(a.nickname_labels)} ?{_any(a.nicknames)}{_LINK}"
    nickname = rf"(?!{_of(a.not_nickname_behind)})[\u4e00-\u9fffa-z0-9_]{{1,12}}"
    plates = rf"{_any(words.numbers.plate_labels)}{_LINK}"
    spelled = rf"[a-z0-9._-]{{3,40}}{_any(a.spelled_dot)}{_any(a.ends)}(?![a-z])"
    yield _hide(rf"{_mail(a)}|(?<![a-z0-9._-]){spelled}")
    yield rf"(?<![a-z0-9])@{_hide(r'[a-z][a-z0-9_]{3,32}')}"
    yield rf"(?<![a-z]){label}{_hide(_handle(a, digit))}"
    yield rf"(?<![a-z0-9]){_of(a.letters)}[ :]{{1,2}}{_hide(_handle(a, digit))}"
    yield rf"{named}{_hide(nickname)}"
    yield rf"{plates}{_hide(r'(?=[a-z]{0,6}[0-9])[a-z0-9]{3,8}')}"


def _mail(a: Accounts) -> str:
    """The name begins where a word does and gives nothing back, so nothing is read twice."""
    at = rf" {{0,2}}(?:@|#|[(\[] ?at ?[)\]]| at |{_any(a.at)}) {{0,2}}"
    dot = rf" ?(?:\.| dot |{_any(a.dot)}) ?"
    domain = rf"[a-z0-9-]{{1,63}}+(?:{dot}[a-z][a-z0-9-]{{1,62}}+){{1,4}}"
    return rf"(?<![a-z0-9._%+-])[a-z0-9._%+-]++{at}{domain}"


def _handle(a: Accounts, digit: str) -> str:
    """What an account is called: not a word that everybody uses."""
    known = rf"(?!{_any(a.harmless)}(?![a-z0-9_]))"
    latin = rf"{known}(?=[a-z0-9_.-]{{4}}|[a-z]{{1,3}}\d)[a-z][a-z0-9_.-]{{2,40}}(?: \d{{2,12}})?"
    return rf"(?:{latin}|{digit}(?:{_GAP}{digit}){{4,12}}|\d[a-z0-9_-]{{4,40}})"


# names


def _of_names(n: Names) -> Iterator[str]:
    yield from _announced(n)
    yield from _addressed(n)
    yield from _at_home(n)
    yield from _at_the_ends(n)


def _announced(n: Names) -> Iterator[str]:
    """A name behind what announces one: "我是…", "联系人：…", "业主…", "姓…"."""
    behind = rf"(?={_SIGN}|{_any(n.behind)})"
    known = rf"{_name(n)}{_behind(n)}|{_of(n.familiar)}{_given(n)}(?={_SIGN})"
    others = rf"(?:{_LINK}{_any((*n.roles, *n.links))}){{0,2}}"
    lives = rf"[^,。!?;\n]{{1,12}}{_of(n.owning)}"
    no_surname = rf"(?<!{_of(n.not_surname_before + n.surnames)})"
    yield rf"{_any((*n.introductions, *n.roles))}{others}{_LINK}{_hide(known)}"
    yield rf"{_any(n.introductions)}{lives}{_hide(_name(n) + behind)}"
    yield rf"{_any(n.forms)} ?:{_LINK}{_hide(_loose(n))}"
    yield rf"{_any(n.called)} ?{_hide(r'[a-z]{3,20}(?![a-z0-9])')}"
    yield rf"{_hide(_surname(n, n.surnames))}(?={_any(n.surname_words)})"
    yield rf"{no_surname}{_any(n.surname_words)}{_hide(_after_surname_word(n))}"


def _addressed(n: Names) -> Iterator[str]:
    """A name before what addresses somebody: "王阿姨", "李建国先生", "老王"."""
    named = rf"{_given(n)}{{0,2}}"
    yield _hide(rf"{_no_word(n)}{_surname(n, n.plain)}{named}{_title(n)}")
    yield _hide(rf"{_no_word(n)}{_surname(n, n.surnames)}{named}{_any(n.titles)}")
    yield _hide(rf"{_nick(n)}{_any(n.titles)}?")


def _at_home(n: Names) -> Iterator[str]:
    """A name at a flat's number or as a family's: "502王丽", "楼上张家"."""
    family = rf"(?!{_any(n.not_families)}){_any(n.family)}"
    before = rf"(?:{_any((*n.families, *n.rooms))}|^|[^\u4e00-\u9fff]|{_of(n.before_family)})"
    yield rf"\d ?{_any(n.rooms)}{_hide(_name(n) + _behind(n))}"
    yield rf"\d ?{_hide(_name(n))}(?={_SIGN}|{_any(n.at_home)})"
    yield rf"{before}{_hide(rf'{_surname(n, n.plain)}|{_name(n)}')}{family}"


def _at_the_ends(n: Names) -> Iterator[str]:
    """A name with which a sentence begins or the text is signed, or before a telephone."""
    number = r"\+?1[3-9]\d[ -]?\d{4}"
    signed = rf"{_name(n)} ?{_any(n.end)}?"
    yield rf"(?:^|[,。!?;\n ]){_hide(_name(n))}(?={_any(n.speaks)})"
    yield rf"(?:^|[。!?;…~\n ]){_hide(signed)}[。!.~ ]{{0,3}}$"
    yield rf"^{_hide(_name(n))}(?=[ ,、:。]{{0,2}}(?:\d|{_any(n.at_start)}))"
    yield rf"{_hide(_name(n))}(?=[ ,、:(]{{0,2}}(?:{_any(n.reached)}|{number}))"


def _behind(n: Names) -> str:
    """What shows that a name is over."""
    return rf"(?={_SIGN}|{_any(n.behind)}|{_of(n.not_given)})"


def _surname(n: Names, which: str) -> str:
    """A surname that is not the end of a longer word."""
    ending = f"(?<!{'|'.join(map(re.escape, n.endings))})" if n.endings else ""
    return f"(?:{_any(n.compound)}|{_of(which)}{ending})"


def _no_word(n: Names) -> str:
    """No word that only begins like a name; the surname is looked for first, which is quick."""
    first = n.surnames + "".join(name[0] for name in n.compound)
    return rf"(?={_of(first)})(?!{_any(n.words)})"


def _given(n: Names) -> str:
    return rf"(?:(?!{_of(n.not_given)}){_HAN})"


def _name(n: Names) -> str:
    """Surname and given name, and no word that only begins like one."""
    given = _given(n)
    single = rf"(?!{_of(n.rarely_given)}){given}"
    return rf"{_no_word(n)}{_surname(n, n.surnames)}(?:{given}{given}|{single})"


def _nick(n: Names) -> str:
    return rf"(?!{_any(n.not_nicknames)}){_any(n.prefixes)}{_surname(n, n.plain)}"


def _title(n: Names) -> str:
    return rf"(?:{_any(n.titles)}|(?!{_any(n.not_titles)}){_any(n.short_titles)})"


def _after_surname_word(n: Names) -> str:
    return rf"(?!{_of(n.not_surname_behind)})(?:{_any(n.compound)}|{_HAN})"


def _loose(n: Names) -> str:
    """Whatever stands behind a label and a colon, up to the next sign."""
    return rf"(?:[\u4e00-\u9fff·]{{2,5}}|[a-z]{{2,20}}(?: [a-z]{{2,20}})?)(?={_SIGN})"
