"""What the rows of the table ask, and what they do to an entry beyond its state."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest
from typing import Any

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.talk.needs import TEXT
from workflows.passbook.needs import CODE, DAY, INSTEAD, MINUTES, WHAT
from workflows.passbook.relations import Command, Relation

_LISTED = timedelta(days=7)

# what is asked


def is_another(a: Command) -> bool:
    """Whether somebody has had no say yet, and does not live behind the same door."""
    return a.by not in a.subject.parties


def verifies(a: Command) -> bool:
    """Whether his word is enough; what was entered afterwards another role approves of."""
    roles = {"": Relation.WITNESS | Relation.LEAD | Relation.COMMITTEE,
             "lead": Relation.COMMITTEE, "committee": Relation.LEAD}  # fmt: skip
    is_whole = bool(a.subject.minutes) or not a.subject.asked_as
    return is_another(a) and is_whole and bool(a.relations & roles[a.subject.asked_as])


def is_unfilled(a: Command) -> bool:
    """Whether it has yet to be said what it was."""
    return not a.subject.minutes


def is_fresh(a: Command) -> bool:
    """Whether it still stands on the public list."""
    return bool(a.subject.ended_at) and a.now - a.subject.ended_at <= _LISTED


def is_not_his(a: Command) -> bool:
    """Whether it is somebody else's."""
    return a.by != a.subject.person


# what is done


def filled(a: Command) -> Any:
    """What it was, when, and for how long."""
    told = {"what": a.answers[WHAT], "day": a.answers[DAY], "minutes": a.answers[MINUTES]}
    return replace(a.subject, text=a.answers[TEXT], **told)


def done(a: Command) -> Any:
    """Who says that it was so."""
    return replace(a.subject, done_by=a.by)


def handed(a: Command) -> Any:
    """Who has handed it out. Raises Refusal where the code is another."""
    if not compare_digest(a.answers[CODE], a.subject.code):
        raise Refusal("gift_wrong_code")
    return done(a)


def swapped(a: Command) -> Any:
    """Another gift, which costs no more than what is held. Raises Refusal."""
    goods = a.answers[INSTEAD]
    if goods is None or goods.points > a.subject.points:
        raise Refusal("gift_too_dear")
    return replace(a.subject, what=goods.name, points=goods.points)


def explained(a: Command) -> Any:
    """Why it does not count."""
    return replace(a.subject, reason=a.answers[TEXT])


def contested(a: Command) -> Any:
    """Who says that it was not so."""
    return replace(explained(a), contested_by=a.by)


def ruled(a: Command) -> Any:
    """Who wants it undone; a second person decides."""
    return replace(explained(a), ruled_by=a.by)


def upheld(a: Command) -> Any:
    """It stays as it was."""
    return replace(a.subject, contested_by=0, ruled_by=0)


def erased(a: Command) -> Any:
    """Without a word; what was counted stays."""
    code = {"code": ""} if hasattr(a.subject, "code") else {}
    return replace(a.subject, text="", reason="", **code)
