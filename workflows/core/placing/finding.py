"""Where a text is about: the one place it names, or what has to be asked, and nothing guessed."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.places import Place, Places, covers, grid_of
from workflows.core.placing.buildings import Mention, letters, mentions
from workflows.core.placing.numerals import fold
from workflows.core.placing.public import public_word

_BREAK = re.compile(r"[,，。;；!！?？\n]")
_CORRECTS = re.compile(r"[说写打讲弄]错|不对|应该是|改成|更正|不是")
_BESIDE = 8  # characters: "3幢旁边的车棚" is at building 3
# An estate that is none of the config's, right before a building's number.
_ESTATE = re.compile(
    r"[\u4e00-\u9fff]{2,5}(?:花园|家园|苑|新村|公寓|华庭|名邸|雅居|山庄)$"
    r"|[\u4e00-\u9fff]{1,4}[^们个本该的在是住老全到于我你他这整\W]小区$"
)
_NAME = 10  # characters of an estate's name


class Found(Struct, frozen=True, kw_only=True):
    """What a text says of where it is.

    `place` is the one it names. Without it `candidates` are what it can mean, and `unknown` what it
    names that is not there; `is_public` says that it speaks of no building's own, `is_correction`
    that it takes back what was said before.
    """

    place: str = ""
    candidates: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    is_public: bool = False
    is_correction: bool = False

    @property
    def is_question(self) -> bool:
        """Whether only its resident can say which place is meant."""
        return not self.place and bool(self.candidates or self.unknown)


class _Said(Struct, frozen=True, kw_only=True):
    """One thing a text names: the places that it can be, and where it stands."""

    paths: tuple[str, ...]
    start: int
    end: int
    is_sure: bool = True


def find(text: str, places: Places, near: str = "", *, is_answer: bool = False) -> Found:
    """What a text says of where it is, narrowed by where one is `near` (a station, the last place).

    Where it `is_answer` to that question, "3" is a building.
    """
    folded = fold(text)
    estates, spots = _named(folded, places, near)
    named = mentions(folded, is_answer=is_answer)
    meant = [m for m in named if not m.is_denied] or list(named)
    buildings = [_building(m, folded, places, estates, near) for m in meant]
    unknown = [folded[m.start : m.end] for m, b in zip(meant, buildings, strict=True) if not b]
    unknown += [m[0] for m in letters(folded) if not _is_inside(m.start(), spots)]
    known = [b for b in buildings if b]
    said = [*known, *(s for s in spots if not _is_beside(s, known, folded))]
    if unknown or said:
        is_correction = len(meant) < len(named) or bool(_CORRECTS.search(folded))
        return replace(_judged(said, tuple(unknown)), is_correction=is_correction)
    if estates:
        return Found(place=estates[0]) if len(estates) == 1 else Found(candidates=tuple(estates))
    return Found(is_public=bool(public_word(folded)))


def places_named(text: str, places: Places, near: str = "") -> tuple[str, ...]:
    """Every place that a text can mean."""
    found = find(text, places, near)
    return (found.place,) if found.place else found.candidates


def _judged(said: list[_Said], unknown: tuple[str, ...]) -> Found:
    """One place if everything said is it, or if what is said in one go lies in one grid."""
    paths = tuple(dict.fromkeys(path for one in said for path in one.paths))
    grids = tuple(dict.fromkeys(grid_of(path) for path in paths))
    is_sure = not unknown and all(one.is_sure for one in said)
    if is_sure and len(paths) == 1:
        return Found(place=paths[0])
    if is_sure and len(said) == 1 and len(grids) == 1:
        return Found(place=grids[0])
    whole = grids if len(grids) == 1 and grids[0] not in paths else ()
    return Found(candidates=(*paths, *whole), unknown=unknown)


def _building(
    mention: Mention, text: str, places: Places, estates: list[str], near: str
) -> _Said | None:
    """The buildings of a mention; None where one of its numbers is nowhere."""
    if not estates and _ESTATE.search(text[max(0, mention.start - _NAME) : mention.start]):
        return None
    found = [places.numbered(number, estates, near) for number in mention.numbers]
    if not all(found):
        return None
    paths = tuple(path for each in found for path in each)
    is_sure = mention.is_sure and all(len(each) == 1 for each in found)
    return _Said(paths=paths, start=mention.start, end=mention.end, is_sure=is_sure)


def _named(text: str, places: Places, near: str) -> tuple[list[str], list[_Said]]:
    """The estates a text names, and what else goes by a name of its own."""
    named = places.named(text)
    grids = [place.path for place, _ in named if place.depth == 3]
    below = [(place, name) for place, name in named if place.depth > 3]
    names = dict.fromkeys(name for _, name in below)
    spots = [_spot(name, [p for p, n in below if n == name], text, grids, near) for name in names]
    known = {path for spot in spots for path in spot.paths}
    return [g for g in grids if not any(covers(g, path) for path in known)], spots


def _spot(name: str, named: list[Place], text: str, estates: list[str], near: str) -> _Said:
    """Where a name is: in an estate that is named too, else around where one is."""
    paths = [place.path for place in named]
    for scope in (*estates, grid_of(near), "/".join(near.split("/")[:2])):
        if here := [path for path in paths if scope and covers(scope, path)]:
            paths = here
            break
    start = text.find(name)
    return _Said(
        paths=tuple(paths), start=start, end=start + len(name), is_sure=len(paths) == 1
    )  # fmt: skip


def _is_inside(at: int, spots: list[_Said]) -> bool:
    return any(spot.start <= at < spot.end for spot in spots)


def _is_beside(spot: _Said, buildings: list[_Said], text: str) -> bool:
    """Whether it is some building's own: "3幢东门", "3幢旁边的车棚"."""
    for one in buildings:
        low, high = sorted((one, spot), key=lambda each: each.start)
        between = text[low.end : high.start]
        if one is low and len(between) <= _BESIDE and not _BREAK.search(between):
            return True
        if one is high and low.end >= high.start:
            return True
    return False
