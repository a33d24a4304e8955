"""What speaks for a reading of free words: that it is new, or about what is there already.

Certain is only what speaks for one reading alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workflows.hearing.language import Found, Hearing
from workflows.petition.hearing.meaning import Guess, Matter, Meaning, Understood
from workflows.petition.hearing.reading import read
from workflows.petition.words import State

M, S = Meaning, State
DONE = {S.RESOLVED, S.UNHAPPY, S.CLOSED}
OPEN = frozenset(S) - {S.RESOLVED, S.CLOSED, S.DECLINED, S.WITHDRAWN, S.MERGED}
HEARD = OPEN | {S.MERGED}  # what he says of it reaches who works on it
REFUSED = {S.DECLINED, S.MERGED}  # who has something to say of that wishes for something, too
NEW = Guess(M.PETITION)
TALK = Guess(M.HUMAN)
SHORT = 14  # characters: too short to say what is wrong and where
LONG = 30
_STORY = 80
_WISH = 8  # characters: 我想问个事
_WORD = 8  # characters: too short to say anything without a word that is known
_FAULTS = ("problem", "fails", "lack")
_SAYS = {*_FAULTS, "where", "wish", "chase", "again"}
_ENOUGH = 2  # signs of a petition, beside those of wanting to talk
_TALK = 18  # characters: who only wants to talk says no more
_FEW = 6  # characters: no more than a building
_MOST = 2  # matters to ask about, beside what is new


def is_told(found: Found) -> bool:
    """Whether it says what is wrong and where: a petition whole."""
    return found.has(*_FAULTS) and (found.has("where") or bool(found.buildings))


def is_story(text: str, found: Found) -> bool:
    """Whether it is long, or has a heading: its preview shows what it may repeat."""
    is_headed = "\n" in text.strip() and found.has("problem")
    return found.length >= (SHORT if is_headed else _STORY)


def is_another(found: Found) -> bool:
    """Whether it says itself that it is something else, or for somebody else; and what."""
    is_of_something = bool(found.signs & _SAYS or found.topics or found.buildings)
    is_other = found.has("another") and (is_of_something or found.has("brings"))
    return is_other or (found.has("brings") and found.has("problem"))


def is_something(found: Found) -> bool:
    """Whether it can be a petition, of somebody who has none: it says more than who wants to talk
    does.
    """
    says = found.signs & _SAYS - ({"lack"} if found.has("asks") else set())  # 有没有
    is_named = bool(found.topics or found.buildings)
    is_bare = says <= {"wish"} if found.length < _WISH else len(says) < _ENOUGH and is_talk(found)
    if is_bare and not is_named and not found.has("brings"):
        return found.length >= _TALK
    return bool(says) or is_named or found.length >= _WORD


def is_talk(found: Found) -> bool:
    """Whether it may want nothing done: greet, thank, or talk to somebody."""
    return found.has("talks", "greets", "kind")


def is_certainly_new(found: Found, matters: Sequence[Matter], language: Hearing) -> bool:
    """Whether it tells what is wrong, or wishes for something, at a place or of a thing that none
    of these is about, and points back to none.
    """
    is_apart = all(_is_apart(found, m, language) for m in matters)
    is_beside = found.has("also") and not found.topics
    if not is_apart or is_beside or found.has("was", "amends", "move"):
        return False
    if found.buildings:
        return found.has("problem") or found.length > _FEW
    is_placed = found.has(*_FAULTS) and found.has("afar", "home") and not found.has("also")
    is_wish = found.has("wish") and bool(found.topics)
    return (is_placed or is_wish) and not found.has("chase", "unwell")


def _is_apart(found: Found, matter: Matter, language: Hearing) -> bool:
    """Whether it names another place, or another thing."""
    of = read(matter.text, language)
    if found.buildings and of.buildings:
        return not found.buildings & of.buildings or is_of_another_thing(found, matter, language)
    is_alike = bool(found.topics & of.topics or found.pairs & of.pairs)
    is_placed = found.has("afar") or (found.has("home") and not of.has("home"))
    return bool(found.topics or found.buildings or is_placed) and not is_alike


def is_repeated(found: Found, matters: Iterable[Matter]) -> bool:
    """Whether it tells in full, with the building, what may be open: its preview shows that. What
    was said to be done a moment ago may not be so.
    """
    is_whole = found.has("problem") and bool(found.buildings)
    known = OPEN if found.has("again", "unwell") else OPEN | {S.CLOSED}
    is_known = all(m.state in known for m in matters)
    return is_whole and is_known and not found.has("was", "amends", "move", "also")


def is_same(found: Found, matter: Matter, language: Hearing) -> bool:
    """Whether both speak of one thing."""
    of = read(matter.text, language)
    if found.buildings and of.buildings and not found.buildings & of.buildings:
        return False
    if found.topics and of.topics:
        return bool(found.topics & of.topics)
    return len(found.pairs & of.pairs) > 1


def spoken_of(found: Found, matters: Sequence[Matter], language: Hearing) -> list[Matter]:
    """Those that it speaks of: the same thing, or else the only one with a word of it."""
    if same := [m for m in matters if is_same(found, m, language)]:
        return same
    akin = [m for m in matters if found.pairs & read(m.text, language).pairs]
    return akin if len(akin) == 1 else []


def is_of_another_thing(found: Found, matter: Matter, language: Hearing) -> bool:
    """Whether both name a thing, and not the same."""
    of = read(matter.text, language)
    return bool(found.topics and of.topics) and not found.topics & of.topics


def nearest(found: Found, matters: Iterable[Matter], language: Hearing) -> list[Matter]:
    """The same, first those that the words have more in common with."""

    def apart(matter: Matter) -> tuple[int, int]:
        of = read(matter.text, language)
        return -len(found.topics & of.topics), -len(found.pairs & of.pairs)

    return sorted(matters, key=apart)


def asked(meaning: Meaning, matters: Iterable[Matter], *also: Meaning) -> Understood:
    """Whether it is this, of which of them, or something new."""
    unique = list({m.id: m for m in matters}.values())[:_MOST]
    ways = [Guess(way, m.id) for m in unique for way in (*_ways(meaning, m), *also)]
    return Understood((*dict.fromkeys(ways), NEW))


def _ways(meaning: Meaning, matter: Matter) -> tuple[Meaning, ...]:
    """Of what was said to be done, both are asked: that it is well, and that it is not. Of what was
    merged, that it is more of it, and that it should not have been.
    """
    if matter.state is S.MERGED and meaning is M.ADDITION:
        return (M.ADDITION, M.OBJECTION)
    is_either = matter.state is S.RESOLVED and meaning in {M.SOLVED, M.UNHAPPY, M.UNSOLVED}
    other = M.SOLVED if meaning is M.UNSOLVED else M.UNSOLVED
    return (meaning, other) if is_either else (meaning,)
