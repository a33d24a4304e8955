"""Numbers by which somebody is found; dates, amounts and buildings are passed over."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.masking.parts import HIDE, KEPT, LINK, any_of, hide, one_of
from workflows.masking.person import nick, surname
from workflows.masking.words import Names, Numbers, PrivateWords

GAP = r"(?:[ \-–—_.·・•★☆◆●~,、;/()+]{0,3}|\*{1,14})"  # between the digits of one number


def patterns(words: PrivateWords) -> Iterator[str]:
    """What is kept is read first, so that the digits in it are not hidden; a flat never is kept."""
    n = words.numbers
    kept, flats = f"(?P<{KEPT}>{'|'.join(_kept(n))})", "|".join(_flats(n, words.names))
    yield f"(?P<{HIDE}>{flats})|{kept}"
    yield f"{kept}|{hide('|'.join(_numbers(n)))}"
    yield from _plates_apart(n)
    yield from _births(n)
    storeys = any_of(set(n.measures) - set(n.buildings))
    yield rf"(?<![\d-])\d{{1,2}}(?:-\d{{1,2}})?-{hide('[0-9]{3,4}')}(?!\d| ?{storeys})"


def digit(n: Numbers) -> str:
    """One of the characters of each digit."""
    return one_of("".join(n.digits) or "0123456789")


def _kept(n: Numbers) -> Iterator[str]:
    """Dates, times, amounts, buses, the numbers of buildings and of offices."""
    month, day = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
    yield rf"(?<!\d)(?:19|20)\d\d ?[-/.] ?{month}(?: ?[-/.] ?{day})?(?! ?-|\d)"
    yield r"(?<!\d)20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?! ?[-\d])"
    yield r"(?<=[\[(【〔])(?:19|20)\d\d(?=[\])】〕])"
    yield r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)"
    yield rf"(?<![\d*])\d{{1,6}}(?:\.\d{{1,4}})?(?: ?[-~—/] ?\d{{1,6}})?[+ ]?{any_of(n.units)}"
    yield rf"{any_of(n.before)} ?\d{{1,9}}(?:\.\d{{1,2}})?(?![-\d])"
    yield rf"(?<={one_of(n.streets)})\d{{1,5}}(?={any_of(n.street_ends)})"
    yield rf"(?<![\d-]){any_of(n.hotlines)}(?!\d|-\d)"


def _flats(n: Numbers, names: Names) -> Iterator[str]:
    """A flat, whatever is said of it: "502室", "3幢502", "三单元五零二"."""
    d, room = digit(n), any_of(n.rooms)
    yield rf"(?<!\d)\d{{1,4}}(?= ?{room}(?! ?[\d{n.counts}]{one_of(n.halls)}))"
    yield rf"{d}{{3,4}}(?= ?{room})"
    house = rf"(?<=[\da-z{n.counts}{n.before_buildings}]{one_of(n.buildings)})"
    family = rf"(?:{nick(names)}|{surname(names, names.surnames)}){any_of(names.family)}"
    lives = rf"{any_of(n.at_flats)}|{one_of(names.owning)}?{family}"
    yield rf"{d}{{3,4}}(?= ?(?:{lives}))"
    yield rf"{house}[ -]?{d}{{3,4}}(?!{d}| ?{any_of(n.measures)})"


def _numbers(n: Numbers) -> Iterator[str]:
    """Plates; telephones, cards and identity cards in any spelling; any other from three digits."""
    d, last = digit(n), any_of(n.last)
    tail = r"[a-z0-9](?:[ \-·.]?[a-z0-9]){4,5}(?![a-z0-9])"
    yield rf"{one_of(n.plates)} ?[a-z]{GAP}(?=.{{0,9}}\d){tail}{one_of(n.plate_ends)}?"
    more = rf"(?:{GAP}(?:{d}|o(?={GAP}\d))){{6,40}}"
    yield rf"\(?\+?{d}{more}(?:[ \-*]{{0,14}}{last}(?![a-z]))?"
    yield rf"\d{{3,}}+(?: ?{last}(?![a-z]))?"


def _plates_apart(n: Numbers) -> Iterator[str]:
    """The parts of a plate that are told one by one: "前面是苏", "尾号7K3"."""
    part = rf"{any_of(n.plate_links)}? ?{LINK}"
    plate = rf"{one_of(n.plates)} ?[a-z]?(?![a-z0-9])"
    house = any_of((*n.buildings, *n.units))
    mixed = r"(?=[a-z]{0,5}\d)(?=\d{0,5}[a-z])[a-z0-9]{2,6}"
    yield rf"{any_of(n.plate_labels)}{part}{hide(r'(?=[a-z]{0,6}[0-9])[a-z0-9]{2,8}')}"
    yield rf"{any_of(n.plate_starts)}{part}{hide(plate)}(?![\u4e00-\u9fff])"
    yield rf"{hide(plate)}(?={any_of(n.plate_starts)})"
    yield rf"{any_of(n.plate_words)}[^,。]{{0,8}}?{hide(rf'{one_of(n.plates)}[a-z]')}(?![a-z0-9])"
    yield rf"{any_of(n.plate_rests)}{part}{hide(mixed)}(?! ?{house})"


def _births(n: Numbers) -> Iterator[str]:
    """A date that somebody was born on."""
    d = rf"(?:{digit(n)}|{one_of(n.tens)})"
    signs = r"\d{2,4} ?[-/.] ?\d{1,2}(?: ?[-/.] ?\d{1,2})?|(?:19|20)\d{4,6}"
    year, month, day = (any_of(word) for word in (n.year, n.month, n.day))
    said = rf"{d}{{2,4}} ?{year} ?{one_of(n.tens)}?{d}{{1,2}} ?{month}(?: ?{d}{{1,3}} ?{day}?)?"
    yield rf"{any_of(n.births)}{any_of(n.birth_links)}?{LINK}{hide(f'{said}|{signs}')}"
    yield rf"(?<!\d){hide(f'{said}|{signs}')} ?{any_of(n.births)}"
