"""A tap as text: what the columns keep, and what a button carries through a channel.

A kind is spelt by its word, then subject, verb and arguments: "council:12:second". The kinds that
were there before have a letter instead, and some an order of their own; buttons in people's chats
and rows that are owed are spelt so, and go on meaning what they meant.
"""

from __future__ import annotations

from msgspec import Struct

from workflows.core.talk.tap import Tap

LONGEST = 64  # bytes: the narrowest channel carries no more
_DIGITS = 18  # of a subject that is a number: what a 64-bit column holds


class Spelling(Struct, frozen=True, kw_only=True):
    """How a kind is spelt: subject and verb, either first; then arguments.

    There are `parts` at most after the head, so that the last one may hold colons. Where the verb
    leads, a subject follows it: always, or after the verbs `about` one.
    """

    kind: str
    parts: int = LONGEST
    has_verb: bool = True
    verb_leads: bool = False
    about: frozenset[str] | None = None  # None: after all of them
    is_numbered: bool = True  # a subject of digits is a number, not a name

    def follows(self, verb: str) -> bool:
        """Whether a subject stands after this verb."""
        return self.verb_leads and (self.about is None or verb in self.about)


def _verb_leads(kind: str, parts: int, about: frozenset[str] | None) -> Spelling:
    return Spelling(kind=kind, parts=parts, verb_leads=True, about=about)


_NOTHING: frozenset[str] = frozenset()
_PLAIN = Spelling(kind="")
LETTERS: dict[str, Spelling] = {
    "t": Spelling(kind="petition", parts=3),
    "d": Spelling(kind="draft", parts=3, is_numbered=False),
    "f": Spelling(kind="form", parts=4),
    "v": Spelling(kind="view", parts=2),
    "k": Spelling(kind="alike", parts=3),
    "s": Spelling(kind="skills", parts=2, has_verb=False),
    "u": Spelling(kind="audit", parts=2, has_verb=False),
    "q": _verb_leads("decision", 3, None),
    "r": _verb_leads("member", 6, None),
    "a": _verb_leads("absence", 4, frozenset({"back", "leave", "who"})),
    "g": _verb_leads("roster", 4, frozenset({"remove"})),
    "j": _verb_leads("joining", 3, frozenset({"yes", "no"})),
    "b": _verb_leads("board", 3, _NOTHING),
    "m": _verb_leads("mine", 2, _NOTHING),
    "p": _verb_leads("privacy", 1, _NOTHING),
}
_HEADS = {spelling.kind: (letter, spelling) for letter, spelling in LETTERS.items()}


def fitted(tap: Tap) -> str:
    """The text of a tap that is offered. Raises ValueError where no button has room for it."""
    text = write(tap)
    if len(text.encode()) > LONGEST:
        raise ValueError(f"a button has room for {LONGEST} bytes: {text}")
    return text


def write(tap: Tap) -> str:
    """The text of a tap, however long; "" of none."""
    head, spelling = _HEADS.get(tap.kind) or (tap.kind, _PLAIN)
    subject = "" if tap.subject is None else str(tap.subject)
    parts = [head] if spelling.verb_leads else [head, subject]
    if spelling.has_verb:
        parts.append(tap.verb)
    if spelling.follows(tap.verb):
        parts.append(subject)
    text = ":".join((*parts, *tap.args))
    return text if tap.args else text.rstrip(":")


def read(text: str) -> Tap:
    """What a text means, whatever it is: whether there is such a tap, its room says."""
    head, _, rest = text.partition(":")
    spelling = LETTERS.get(head, _PLAIN)
    left = iter(rest.split(":", spelling.parts - 1))
    subject = "" if spelling.verb_leads else next(left, "")
    verb = next(left, "") if spelling.has_verb else ""
    if spelling.follows(verb):
        subject = next(left, "")
    return Tap(
        kind=spelling.kind or head, subject=_subject(subject, spelling), verb=verb,
        args=tuple(left),
    )  # fmt: skip


def _subject(text: str, spelling: Spelling) -> int | str | None:
    """A number only where it is written as one is: what is read is written as it was."""
    is_number = spelling.is_numbered and text.isdecimal() and text.isascii()
    if is_number and len(text) <= _DIGITS and (text[0] != "0" or text == "0"):
        return int(text)
    return text or None
