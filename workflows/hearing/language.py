"""The words by which a message is known for what it is, as a value; and what they find in a text.

The signs are those of `workflows.danger`: classes of words near each other in one sentence. The
language's file is read elsewhere (bot/config/hearing_words.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from msgspec import Struct, field

from workflows.danger import signs
from workflows.danger.language import Language

_AROUND = ("polite", "greeting", "thanks", "yes")  # the courtesy around a button's word
_LONGEST = 24  # characters of a message that is a button's word, or nothing but courtesy
_PAUSES = re.compile(r"[\s。，、！？!?,.~～…:：;；\"'“”‘’（）()\[\]【】《》<>|/\\—–_+*#@&=-]+")
_HIDDEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]|[\U0001f3fb-\U0001f3ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


# The same one all along: asked by identity.
class Hearing(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """`whole` messages by what they are, `buttons` by verb, `signs` as in danger's language,
    `topics` by name: what things are spoken of; words that many texts have in `common`.
    """

    whole: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    buttons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signs: Language = Language(words={}, dangers={})
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    common: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()  # what may stand beside a subject's

    @cached_property
    def courtesies(self) -> Mapping[str, re.Pattern[str]]:
        """By kind: a message with a word of it, and nothing else in it but courtesy."""
        every = f"(?:{_any_of(word for words in self.whole.values() for word in words)})*"
        return {
            kind: re.compile(f"{every}(?:{_any_of(words)}){every}")
            for kind, words in self.whole.items()
            if kind != "polite"
        }

    @cached_property
    def short(self) -> re.Pattern[str]:
        """Nothing but courtesy and buttons' words: what most messages are not, in one look."""
        lists = (*self.whole.values(), *self.buttons.values())
        return re.compile(f"(?:{_any_of(word for words in lists for word in words)})+")

    @cached_property
    def shared(self) -> re.Pattern[str]:
        """The words by which two texts are not the same."""
        return re.compile(_any_of(self.common))

    @cached_property
    def beside_number(self) -> re.Pattern[str]:
        """The words beside a subject's number."""
        return re.compile(_any_of(self.numbers))

    @cached_property
    def typed(self) -> Mapping[str, re.Pattern[str]]:
        """By verb: a message that is a button's word, polite words around it."""
        around = (self.whole.get(kind, ()) for kind in _AROUND)
        polite = f"(?:{_any_of(word for words in around for word in words)})*"
        return {
            verb: re.compile(f"{polite}(?:(?:{_any_of(words)}){polite})+")
            for verb, words in self.buttons.items()
        }


def _any_of(words: Iterable[str]) -> str:
    longest_first = sorted(map(squeezed, words), key=len, reverse=True)
    return "|".join(map(re.escape, filter(None, longest_first))) or "(?!)"


@lru_cache(maxsize=512)  # a turn asks several times about the same words
def squeezed(text: str) -> str:
    """A text in one spelling, without its pauses."""
    plain = unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).lower()
    return _PAUSES.sub("", plain)


class Found(Struct, frozen=True, kw_only=True):
    """What a language finds in a text: `signs` that are in it, its topics, the buildings it names,
    its other characters in pairs, how long it is.
    """

    signs: frozenset[str]
    topics: frozenset[str]
    buildings: frozenset[str] = frozenset()  # by whoever can tell them
    pairs: frozenset[str]
    length: int

    def has(self, *names: str) -> bool:
        """Whether it has one of these signs."""
        return not self.signs.isdisjoint(names)

    @property
    def is_well(self) -> bool:
        """Whether it says that all is well again."""
        return self.has("well") and not self.has("bad", "unwell", "unhappy", "asks")


@lru_cache(maxsize=512)
def read(text: str, language: Hearing) -> Found:
    """What a language finds in a text."""
    heard = signs.hear(text, language.signs)
    return Found(
        signs=frozenset(kind for kind, _ in heard.signs()),
        topics=frozenset(
            name for name, words in language.topics.items() if any(w in text for w in words)
        ),
        pairs=frozenset(_pairs(language.shared.sub(" ", text))),
        length=len(squeezed(text)),
    )


def _pairs(text: str) -> Iterable[str]:
    for run in _HAN.findall(text):
        yield from (run[i : i + 2] for i in range(len(run) - 1))


def whole(text: str, language: Hearing) -> frozenset[str]:
    """Which kinds of courtesy a message is made of, where it is made of nothing else."""
    if not (said := _short(text, language)):
        return frozenset()
    return frozenset(k for k, pattern in language.courtesies.items() if pattern.fullmatch(said))


def typed(text: str, language: Hearing) -> frozenset[str]:
    """The verbs of the buttons whose words a message is."""
    if not (said := _short(text, language)):
        return frozenset()
    return frozenset(verb for verb, pattern in language.typed.items() if pattern.fullmatch(said))


def _short(text: str, language: Hearing) -> str:
    """A text's words where they can be courtesy or a button's; "" where they cannot."""
    said = squeezed(text)
    return said if len(said) <= _LONGEST and language.short.fullmatch(said) else ""
