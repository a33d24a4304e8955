"""A tap: what a button means, in the domain's own words. Its text is tap_text's business."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from workflows.core.errors import ForgedError

_DIGITS = 18  # of a number in an argument: what a 64-bit column holds
_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=StrEnum)


class Tap(Struct, frozen=True, kw_only=True):
    """What to do (`verb`) with what (`subject`, a number or a short id) in which room (`kind`).

    Built by whoever offers the button, read by the room of its kind. Anybody can forge one: what
    does not fit raises ForgedError as it is read.
    """

    kind: str = ""
    subject: int | str | None = None
    verb: str = ""
    args: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The subject, where that is a number. Raises ForgedError."""
        return self._sure(self.subject if isinstance(self.subject, int) else None)

    def room(self, rooms: Mapping[str, _T]) -> _T:
        """What a table has for its kind. Raises ForgedError."""
        return self._sure(rooms.get(self.kind))

    def meant(self, verbs: Mapping[str, _T]) -> _T:
        """What a table has for its verb. Raises ForgedError."""
        return self._sure(verbs.get(self.verb))

    def word(self, words: type[_Word]) -> _Word:
        """The verb as a word of the domain. Raises ForgedError."""
        return self._sure(_word(words, self.verb))

    def word_at(self, index: int, words: type[_Word]) -> _Word:
        """An argument as a word of the domain. Raises ForgedError."""
        return self._sure(_word(words, self.at(index)))

    def number_at(self, index: int, digits: int = _DIGITS) -> int:
        """An argument that is a number, with no more digits than make sense. Raises ForgedError."""
        text = self.at(index)
        return self._sure(int(text[:digits]) if text.isdecimal() else None)

    def at(self, index: int) -> str:
        """An argument; "" where there is none."""
        return self.args[index] if index < len(self.args) else ""

    def _sure(self, found: _T | None) -> _T:
        if found is None:
            raise ForgedError(self)
        return found


def _word(words: type[_Word], text: str) -> _Word | None:
    return next((word for word in words if word.value == text), None)


NO_TAP = Tap()
