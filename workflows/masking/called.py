"""Names of whoever is called so, in lists, in other tongues, and amid a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.masking.parts import HAN, LINK, SIGN, any_of, hide, one_of
from workflows.masking.person import (
    doubled,
    foreign,
    given,
    likely,
    members,
    name,
    nick,
    no_word,
    parent,
    sure,
    surname,
)
from workflows.masking.words import Names, PrivateWords


def patterns(words: PrivateWords) -> Iterator[str]:
    """All of them."""
    n = words.names
    yield from _called(n)
    yield from _listed(n)
    yield from _latin(n)
    yield from _amid(n)


def _called(n: Names) -> Iterator[str]:
    """A name behind "叫", whoever is called so: a person, that is; dogs and streets are not."""
    person = any_of((*n.callers, *n.roles))
    known = rf"{name(n)}(?={SIGN}|{any_of(n.behind)})|{sure(n)}|{doubled(n)}|{foreign(n)}|{nick(n)}"
    unknown = rf"(?!{any_of((*n.not_called, *n.roles))}){given(n)}{{2,4}}(?={SIGN})"
    yield rf"{person}{any_of(n.calls)}{LINK}{hide(rf'(?:{known}|{unknown}){members(n)}')}"
    yield rf"{any_of(n.named)}{LINK}{hide(unknown)}"


def _listed(n: Names) -> Iterator[str]:
    """Several names behind what says that people signed or saw something."""
    between = rf"[ ,]{{0,2}}(?:{any_of(n.between)}|[ ,/;&+]) ?"
    end = rf"(?={SIGN}|{any_of((*n.behind, *n.between))})"
    first = rf"(?:{name(n)}|{nick(n)}){end}"
    unknown = rf"(?!{any_of(n.roles)}){given(n)}{{2,3}}(?=$|[ ,、/;。&+\n])"
    bounded = rf"{no_word(n)}{surname(n, n.surnames)}{HAN}{{1,2}}(?=$|[ ,、/;。&+\n])"
    others = rf"(?:{between}(?:{first}|{bounded}|{unknown})){{0,15}}"
    listed = rf"(?:{first}|{bounded}){others}"
    yield rf"{any_of(n.lists)}{LINK}{any_of(n.list_links)}?{LINK}{hide(listed)}"
    one = rf"(?:{sure(n)}|{sure(n, 1)})"
    yield hide(rf"{one}(?:、{one}){{1,15}}{end}")
    yield hide(rf"{name(n, n.plain)}(?:、(?:{name(n, n.plain)}|{bounded})){{2,15}}{end}")


def _latin(n: Names) -> Iterator[str]:
    """A name in Latin letters: "I am Linda Gu", "英文名Kevin"."""
    word = rf"(?!{any_of(n.not_latin)}(?![a-z]))[a-z]{{2,20}}(?![a-z0-9])"
    names = rf"{word}(?: {word}){{0,2}}"
    yield rf"(?<![a-z]){any_of(n.latin)}{LINK}{hide(names)}"
    yield rf"{any_of((*n.callers, *n.roles))}{any_of(n.calls)} ?{hide(names)}"


def _amid(n: Names) -> Iterator[str]:
    """A name amid a sentence where a clue stands near."""
    full = sure(n)
    either = rf"(?:{full}|{sure(n, 1)})"
    start = rf"(?:^|[^\u4e00-\u9fff]|{any_of(n.before_name)})"
    yield rf"{start}{hide(f'{full}|{likely(n)}')}"
    yield rf"{start}{hide(name(n, n.plain))}(?={any_of(n.clues)})"
    yield rf"{start}{hide(sure(n, 1))}(?={any_of(n.speaks)})"
    yield rf"{hide(either)}(?={any_of(n.clues)})"
    yield rf"{hide(rf'{doubled(n)}{any_of(n.parents)}')}"
    yield rf"@{hide(parent(n))}"
    yield rf"{hide(rf'{one_of(n.sounds)}{{3,8}}{any_of(n.titles)}')}"
    yield rf"{any_of(n.roles)}{hide(nick(n, n.surnames))}"
