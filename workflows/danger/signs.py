"""Where the signs of danger stand in a message, and which of its words are harmless after all."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct

from workflows.danger.language import Language, Sign
from workflows.danger.text import Said, listen

Span = tuple[int, int]
Parts = tuple[Span, ...]  # where the words of a sign stand, in order
_SPOILS = 16  # characters within which a word spoils a sign


class Heard(Struct, frozen=True, kw_only=True):
    """A message with the words found in it, by class and in order."""

    said: Said
    language: Language
    found: Mapping[str, list[Span]]

    def within(self, name: str, start: int, end: int) -> list[Span]:
        """The words of a class that lie wholly in a stretch of the text."""
        spans = self.found.get(name, [])
        first, last = bisect_left(spans, (start, 0)), bisect_left(spans, (end, 0))
        return [span for span in spans[first:last] if span[1] <= end]

    def signs(self) -> Iterator[tuple[str, Parts]]:
        """Every sign of danger, with its kind and where its words stand."""
        for kind, signs in self.language.dangers.items():
            for sign in signs:
                if sign.words[0] in self.found:  # most are not
                    yield from ((kind, parts) for parts in self.parts(sign))

    def parts(self, sign: Sign) -> Iterator[Parts]:
        """Each place where a sign's words stand together."""
        first, *others = sign.words
        if not all(name in self.found for name in sign.words):
            return
        for anchor in self.found[first]:
            near = [self._beside(anchor, name, sign) for name in others]
            if None not in near and not self._is_spoilt(anchor, sign):
                yield tuple(sorted({anchor, *(span for span in near if span)}))

    def _beside(self, anchor: Span, name: str, sign: Sign) -> Span | None:
        """The closest word of a class that a sign wants beside its first one."""
        found = self._nearest(anchor, name, sign.near)
        return None if found and sign.is_ordered and found < anchor else found

    def _is_spoilt(self, anchor: Span, sign: Sign) -> bool:
        return any(self._nearest(anchor, name, _SPOILS) for name in sign.without)

    def _nearest(self, anchor: Span, name: str, near: int) -> Span | None:
        """The closest and longest word of a class in the same sentence, beside the anchor."""
        spans = self.found.get(name, [])
        start, end = self.said.sentence(anchor[0])
        at = bisect_left(spans, anchor)
        fit = [
            span for span in spans[max(at - 3, 0) : at + 4]  # some of the closest may overlap it
            if start <= span[0] < end and 0 <= _gap(anchor, span) <= near
        ]  # fmt: skip
        return min(fit, key=lambda span: (_gap(anchor, span), -span[1]), default=None)


def hear(text: str, language: Language) -> Heard:
    """The words of a message, without those that are harmless where they stand."""
    said = listen(text, language.letters, language.spelling)
    heard = Heard(said=said, language=language, found=_search(said.text, language))
    if language.alarming.isdisjoint(heard.found):
        return heard
    harmless = {span for sign in language.harmless for p in heard.parts(sign) for span in p}
    alarms = _alarms(heard)
    struck = {at for span in harmless if not _is_crossed(span, alarms) for at in range(*span)}
    return _without(heard, struck) if struck else heard


def _search(text: str, language: Language) -> dict[str, list[Span]]:
    """Every word of every class, in one pass."""
    found: dict[str, list[Span]] = defaultdict(list)
    for at, char in enumerate(text):
        for word, names in language.index.get(char, ()):
            if text.startswith(word, at):
                for name in names:
                    found[name].append((at, at + len(word)))
    return {name: sorted(spans) for name, spans in found.items()}


def _without(heard: Heard, struck: set[int]) -> Heard:
    kept = {
        name: [span for span in spans if struck.isdisjoint(range(*span))]
        for name, spans in heard.found.items()
    }
    found = {name: spans for name, spans in kept.items() if spans}
    return Heard(said=heard.said, language=heard.language, found=found)


def _alarms(heard: Heard) -> list[Span]:
    """The words that a sign of danger begins with; single characters are no words."""
    spans = {
        span for name in heard.language.alarming for span in heard.found.get(name, ())
        if span[1] - span[0] > 1
    }  # fmt: skip
    return sorted(spans)


def _is_crossed(span: Span, alarms: list[Span]) -> bool:
    """Whether an alarming word reaches out of a harmless one."""
    start, end = span
    beside = alarms[max(bisect_left(alarms, span) - 8, 0) : bisect_left(alarms, (end, 0))]
    return any(b > start and (a < start or b > end) for a, b in beside)


def _gap(one: Span, other: Span) -> int:
    """The characters between two words; negative where they overlap."""
    first, second = sorted((one, other))
    return second[0] - first[1]
