"""Accounts and mail addresses."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.masking.numbers import GAP, digit
from workflows.masking.parts import LINK, any_of, hide, one_of
from workflows.masking.words import Accounts, PrivateWords


def patterns(words: PrivateWords) -> Iterator[str]:
    """All of them."""
    a, d = words.accounts, digit(words.numbers)
    label = rf"{any_of(a.labels)}(?:{LINK}(?:{any_of((*a.labels, *a.fillers))})){{0,4}}{LINK}"
    named = rf"{any_of(a.nickname_labels)} ?{any_of(a.nicknames)}{LINK}"
    nickname = rf"(?!{one_of(a.not_nickname_behind)})[\u4e00-\u9fffa-z0-9_]{{1,12}}"
    spelled = rf"[a-z0-9._-]{{3,40}}{any_of(a.spelled_dot)}{any_of(a.ends)}(?![a-z])"
    yield hide(rf"{_mail(a)}|(?<![a-z0-9._-]){spelled}")
    yield rf"(?<![a-z0-9])@{hide(r'[a-z][a-z0-9_]{3,32}')}"
    yield rf"(?<![a-z]){label}{hide(_handle(a, d))}"
    yield rf"(?<![a-z0-9]){one_of(a.letters)}[ :]{{1,2}}{hide(_handle(a, d))}"
    yield rf"{named}{hide(nickname)}"


def _mail(a: Accounts) -> str:
    """The name begins where a word does and gives nothing back, so nothing is read twice."""
    at = rf" {{0,2}}(?:@|#|[(\[] ?at ?[)\]]| at |{any_of(a.at)}) {{0,2}}"
    dot = rf" ?(?:\.| dot |{any_of(a.dot)}) ?"
    domain = rf"[a-z0-9-]{{1,63}}+(?:{dot}[a-z][a-z0-9-]{{1,62}}+){{1,4}}"
    return rf"(?<![a-z0-9._%+-])[a-z0-9._%+-]++{at}{domain}"


def _handle(a: Accounts, d: str) -> str:
    """What an account is called: not a word that everybody uses."""
    known = rf"(?!{any_of(a.harmless)}(?![a-z0-9_]))"
    latin = rf"{known}(?=[a-z0-9_.-]{{4}}|[a-z]{{1,3}}\d)[a-z][a-z0-9_.-]{{2,40}}(?: \d{{2,12}})?"
    return rf"(?:{latin}|{d}(?:{GAP}{d}){{4,12}}|\d[a-z0-9_-]{{4,40}})"
