"""What the rows of the table ask, and what they do to an entry beyond its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hmac import compare_digest
from typing import Any

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.talk.needs import TEXT
from workflows.passbook.needs import CODE, DAY, INSTEAD, MINUTES, WHAT
from workflows.passbook.relations import DECIDE, Command, Relation

LISTED = timedelta(days=7)  # that the neighbours can contest what was entered afterwards
_VERIFIERS = {  # by whose role it was entered
    "": Relation.WITNESS | DECIDE, "lead": Relation.COMMITTEE, "committee": Relation.LEAD,
}  # fmt: skip


def is_another(a: Command) -> bool:
    """Whether somebody has had no say yet, and does not live behind the same door."""
    return a.by not in a.subject.parties


def verifies(a: Command) -> bool:
    """Whether his word is enough; what was entered afterwards another role approves of."""
    as_role = a.subject.asked_as
    is_whole = bool(a.subject.minutes) or not as_role
    return is_another(a) and is_whole and bool(a.relations & _VERIFIERS[as_role])


def is_unfilled(a: Command) -> bool:
    """Whether it has yet to be said what it was."""
    return not a.subject.minutes


def is_fresh(a: Command) -> bool:
    """Whether it still stands on the public list."""
    ended = a.subject.ended_at
    return ended is not None and bool(a.now - ended <= LISTED)


def is_not_his(a: Command) -> bool:
    """Whether it is somebody else's."""
    return bool(a.by != a.subject.person)


def by(*names: str) -> Callable[[Command], Any]:
    """Who did it is written down under these names; and why, where it is asked."""

    def done(a: Command) -> Any:
        why = {"reason": a.answers[TEXT]} if TEXT in a.answers.given else {}
        return replace(a.subject, **dict.fromkeys(names, a.by), **why)

    return done


def filled(a: Command) -> Any:
    """What it was, when, and for how long."""
    told = {"what": WHAT, "day": DAY, "minutes": MINUTES, "text": TEXT}
    return replace(a.subject, **{name: a.answers[need] for name, need in told.items()})  # type: ignore[index]


def handed(a: Command) -> Any:
    """Who has handed it out. Raises Refusal where the code is another."""
    if not compare_digest(a.answers[CODE], a.subject.code):
        raise Refusal("gift_wrong_code")
    return replace(a.subject, done_by=a.by)


def swapped(a: Command) -> Any:
    """Another gift, which costs no more than what is held. Raises Refusal."""
    goods = a.answers[INSTEAD]
    if goods is None or goods.points > a.subject.points:
        raise Refusal("gift_too_dear")
    return replace(a.subject, what=goods.name, points=goods.points)


def upheld(a: Command) -> Any:
    """It stays as it was."""
    return replace(a.subject, contested_by=0, ruled_by=0)


def erased(a: Command) -> Any:
    """Without a word; what was counted stays."""
    return replace(a.subject, text="", reason="", code="")
