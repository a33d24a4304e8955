"""What people call themselves in a chat or on a platform."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.masking.parts import LINK, SIGN, any_of, hide, one_of
from workflows.masking.person import given
from workflows.masking.words import Accounts, Names, PrivateWords

_OPEN, _CLOSE = r"[“”\"'‘「『《【<〈(\[]", r"[“”\"'’」』》】>〉)\]]"
_NICK = r"[\u4e00-\u9fffa-z0-9_·~.-]"


def patterns(words: PrivateWords) -> Iterator[str]:
    """All of them."""
    yield from _quoted(words.accounts, words.names)
    yield from _bare(words.accounts, words.names)


def _quoted(a: Accounts, n: Names) -> Iterator[str]:
    """A nickname in quotation marks behind whoever bears it."""
    inside = r"[^“”\"'’」』》】>〉)\]\n]{1,16}"
    bearer = any_of((*a.bearers, *a.platforms, *a.nickname_words))
    person = rf"{any_of((*n.callers, *n.roles))}{any_of(n.calls)}"
    yield rf"(?:{bearer}{_links(a)}|{person})[ :]?{_OPEN}{hide(inside)}{_CLOSE}"


def _bare(a: Accounts, n: Names) -> Iterator[str]:
    """A nickname up to the next sign."""
    nobody = rf"(?!{any_of((*a.not_nicknames, *n.roles))})(?!{one_of(a.not_nickname_behind)})"
    nick = rf"{nobody}{_NICK}{{1,14}}"
    called = rf"(?:{any_of(a.nickname_links)}|[: ]{{1,2}})"
    plain = rf"{nobody}{given(n)}{{2,8}}(?={SIGN})"
    yield rf"(?<![a-z0-9])@ ?{hide(rf'{nobody}{_NICK}{{1,12}}')}"
    yield rf"(?<![a-z]){any_of(a.nickname_words)}{called}{LINK}{hide(nick)}"
    yield rf"{any_of(a.platforms)}{any_of(a.platform_fillers)}{{0,3}}{called}{LINK}{hide(nick)}"
    yield rf"{any_of(a.bearers)}{called}{LINK}{hide(plain)}"
    someone = rf"{given(n)}{{1,4}}{any_of((*n.titles, *n.parents))}"
    sibling = rf"{given(n)}{{2}}{any_of(n.short_titles)}"
    yield rf"{any_of(a.bearers)}{hide(f'{someone}|{sibling}')}"


def _links(a: Accounts) -> str:
    return rf"(?:{any_of((*a.nickname_words, *a.nickname_links, *a.platform_fillers))}|[ :]){{0,3}}"
