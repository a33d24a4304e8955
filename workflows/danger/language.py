"""The words of one language by which dangers are known, as a value: classes of words and signs.

A sign is written as "煤气 + 漏 - 费 @6": classes that stand within so many characters of the first
in one sentence, on either side, without any of those after a minus nearby. With ">" for "+" they
follow it. A # in a word is any digit. The language's file is read elsewhere
(bot/config/danger_words.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from workflows.danger.ear import Ear
from workflows.danger.text import spell

OWN = "own"  # the class of a community's own words
OTHER = "other"  # the kind of danger they are a sign of
_NEAR = 10  # characters between two words of a sign, unless it says its own
_SIGN = re.compile(r"(\w+(?:\s*[+>]\s*\w+)*)((?:\s*-\s*\w+)*)(?:\s*@(\d+))?")


class Sign(Struct, frozen=True, kw_only=True):
    """Classes of words that mean something together: all `near` the first, none of `without`."""

    words: tuple[str, ...]
    without: tuple[str, ...] = ()
    near: int = _NEAR
    is_ordered: bool = False


# The same one all along: asked by identity.
class Language(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """`words` by class, `dangers` and what is `harmless` as signs, how a sign is `judged`.

    `letters` and `spelling` put a character or a word in the place of another. `over` names by
    kind of danger the class of words that end it; `lasting` are kinds that are not over because
    they began yesterday, `threatened` those where an "if" is as serious as a "now". The `ear` is
    the second judge: without one the signs alone decide, as they do where a word is a community's
    `own`.
    """

    words: Mapping[str, tuple[str, ...]]
    dangers: Mapping[str, tuple[Sign, ...]]
    harmless: tuple[Sign, ...] = ()
    judged: Mapping[str, str] = field(default_factory=dict)
    over: Mapping[str, str] = field(default_factory=dict)
    lasting: frozenset[str] = frozenset()
    threatened: frozenset[str] = frozenset()
    letters: Mapping[int, int] = field(default_factory=dict)
    spelling: Mapping[str, str] = field(default_factory=dict)
    ear: Ear | None = None
    own: frozenset[str] = frozenset()

    @cached_property
    def index(self) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """By first character: the words that begin with it, and the classes each is in."""
        classes: dict[str, list[str]] = defaultdict(list)
        for name, words in self.words.items():
            for word in {spell(word, self.letters) for word in words}:
                classes[word].append(name)
        index: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for word, names in classes.items():
            index[word[:1]].append((word, tuple(names)))
        return {char: tuple(words) for char, words in index.items()}

    @cached_property
    def alarming(self) -> frozenset[str]:
        """The classes that a sign of danger begins with."""
        return frozenset(sign.words[0] for signs in self.dangers.values() for sign in signs)

    @property
    def classes(self) -> frozenset[str]:
        """Every class that a sign or a judgement names."""
        signs = (*self.harmless, *(s for signs in self.dangers.values() for s in signs))
        named = {name for sign in signs for name in (*sign.words, *sign.without)}
        return frozenset(named | set(self.judged.values()) | set(self.over.values()))

    def with_own(self, words: Iterable[str]) -> Language:
        """The same with a community's own words, each a danger of no particular kind."""
        own = tuple(words)
        signs = (*self.dangers.get(OTHER, ()), Sign(words=(OWN,)))
        if not own:
            return self
        known = replace(
            self, words={**self.words, OWN: own}, dangers={**self.dangers, OTHER: signs}
        )  # fmt: skip
        return known.trusting(own)

    def trusting(self, words: Iterable[str]) -> Language:
        """The same, these of its words being a community's own."""
        return replace(self, own=self.own | {spell(word, self.letters) for word in words})


def read_sign(written: str) -> Sign:
    """A sign as the language's file writes it. Raises ValueError when it is none."""
    found = _SIGN.fullmatch(written)
    if found is None:
        raise ValueError(f'"{written}" is no sign: write it like "A + B - C @6"')
    words, without, near = found.groups()
    return Sign(
        words=tuple(re.split(r"\s*[+>]\s*", words)),
        without=tuple(re.split(r"\s*-\s*", without)[1:]),
        near=int(near or _NEAR),
        is_ordered=">" in words,
    )
