"""What came of what: a subject is the cause of another, of whatever kind.

A chain has five links at most and never comes back to where it began.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct, field

from workflows.core.errors import HaitangError
from workflows.core.people import Person
from workflows.core.talk.messages import Attachment

LONGEST = 5  # links from the first cause to the last effect


class ChainError(HaitangError):
    """One would be the cause of itself, or the chain too long."""


class Link(Struct, frozen=True, kw_only=True):
    """Because of one subject there is another, or it was joined: since when, and by whom."""

    cause: int
    effect: int
    at: datetime
    by: int


class Seed(Struct, frozen=True, kw_only=True):
    """What a subject begins with that another one causes.

    It is `person`'s as if he had brought it himself, `on_behalf` of somebody by his words, who has
    agreed or not. `facts` are what more it may be told by name (`minutes`, `urgent`). What
    the kind does not know it leaves.
    """

    cause: int
    place: str
    text: str
    person: Person
    category: str = ""
    on_behalf: str = ""
    has_consent: bool = False
    attachments: tuple[Attachment, ...] = ()
    facts: Mapping[str, int | str] = field(default_factory=dict)


def check(links: Collection[Link], cause: int, effect: int) -> None:
    """Whether one may be the cause of the other, given all links around both. Raises ChainError."""
    above, below = _reach(links, cause, up=True), _reach(links, effect, up=False)
    if effect == cause or effect in above:
        raise ChainError(f"{effect} is a cause of {cause}")
    if max(above.values(), default=0) + 1 + max(below.values(), default=0) > LONGEST:
        raise ChainError(f"too long a chain over {cause}")


def _reach(links: Collection[Link], start: int, *, up: bool) -> dict[int, int]:
    """What is reached from one, going up to causes or down, and by how many links at most."""
    pairs = [(one.effect, one.cause) if up else (one.cause, one.effect) for one in links]
    found, here = dict[int, int](), {start}
    for distance in range(1, LONGEST + 1):
        here = {there for known, there in pairs if known in here}
        found |= dict.fromkeys(here, distance)
    return found
