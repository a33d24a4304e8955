"""Consent: who agreed, to what, until when, and how; and that he withdrew it.

Consent is an event, not a tick: what holds now follows from what was said, and all of it stays on
record. It is for one purpose, it ends by itself, and it can be withdrawn at any time by anybody
who hears it from him.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from workflows.core.errors import HaitangError

LONGEST = timedelta(days=2 * 366)  # then he is asked again


class ConsentError(HaitangError):
    """It is no consent; nothing was written."""


class EndlessError(ConsentError):
    """It has no end, an end that is over, or one too far away."""


class UnclearError(ConsentError):
    """Whose it is, or what for, or who heard it, is not said."""


class How(StrEnum):
    """How he said it."""

    TAP = "tap"  # himself, here
    SAID = "said"  # to somebody, who is named
    PAPER = "paper"  # signed, and somebody has the sheet
    GUARDIAN = "guardian"  # for a child, by whoever may


class Who(Struct, frozen=True, order=True):
    """Whose it is: somebody by his number, or by a name where he has no account here."""

    person: int = 0
    name: str = ""


class Given(Struct, frozen=True, kw_only=True):
    """He agrees to a `purpose` until a moment. `by` heard it, who is he himself where he tapped;
    `subject` is at which visit, petition or photo it was asked, 0 for none: it holds for all.
    """

    who: Who
    purpose: str
    at: datetime
    until: datetime
    how: How
    by: int
    subject: int = 0


class Withdrawn(Struct, frozen=True, kw_only=True):
    """He does not any more, from now on; of one subject, or with 0 of all."""

    who: Who
    purpose: str
    at: datetime
    how: How
    by: int
    subject: int = 0


Event = Given | Withdrawn


def check(event: Event) -> None:
    """Raises ConsentError for what does not say all that it must."""
    who = event.who
    if bool(who.person) is bool(who.name.strip()) or not event.purpose or event.by <= 0:
        raise UnclearError
    if (event.how is How.TAP) is not (event.by == who.person):
        raise UnclearError
    if isinstance(event, Given) and not event.at < event.until <= event.at + LONGEST:
        raise EndlessError


def standing(
    events: Iterable[Event], who: Who, purpose: str, now: datetime, subject: int = 0
) -> Given | None:  # fmt: skip
    """By what he agrees now, to this subject or to all; None where he does not. `events` are in
    the order in which they were written.
    """
    found: Given | None = None
    for event in events:
        if (event.who, event.purpose) == (who, purpose) and event.at <= now:
            found = _after(found, event, subject)
    return found if found and now < found.until else None


def _after(found: Given | None, event: Event, subject: int) -> Given | None:
    """What stands after one more event: what was said of another subject changes nothing, and a
    withdrawal of one subject leaves what was given for all but not for that one.
    """
    if event.subject not in {0, subject}:
        return found
    return event if isinstance(event, Given) else None


def in_force(events: Iterable[Event], now: datetime) -> list[Given]:
    """All that holds now, in the order in which it was given."""
    told = list(events)
    given = {(x.who, x.purpose, x.subject): x for x in told if isinstance(x, Given)}
    return [x for key, x in given.items() if standing(told, key[0], key[1], now, key[2]) == x]


def withdrawal(given: Given, *, at: datetime, how: How, by: int) -> Withdrawn:
    """What takes it back."""
    return Withdrawn(
        who=given.who, purpose=given.purpose, at=at, how=how, by=by, subject=given.subject
    )  # fmt: skip
