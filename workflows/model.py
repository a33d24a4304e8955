"""The values the domain speaks in: frozen, keyword-only, aware UTC inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

Values = Mapping[str, Any]  # what a template is filled with: JSON, nothing else


class HaitangError(Exception):
    """The root of everything this project raises on purpose."""


class Refusal(HaitangError):
    """An expected no: `template` is what the person reads, filled with `values`."""

    def __init__(self, template: str, **values: Any) -> None:
        super().__init__(template)
        self.template = template
        self.values = values


class Role(StrEnum):
    """What a member of staff is, at one place (GLOSSARY)."""

    PIONEER = "pioneer"
    WORKER = "worker"
    LEAD = "lead"
    COMMITTEE = "committee"
    STREET = "street"
    ADMIN = "admin"


HANDLERS = frozenset({Role.PIONEER, Role.WORKER, Role.LEAD})


class State(StrEnum):
    """Where a ticket stands."""

    UNASSIGNED = "unassigned"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    INSPECTED = "inspected"
    PROPOSED = "proposed"
    PLANNED = "planned"
    WAITING = "waiting"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


ENDED = frozenset({State.CLOSED, State.DECLINED, State.WITHDRAWN, State.MERGED})


class Action(StrEnum):
    """What can be done with a ticket: the verbs of the lifecycle's table."""

    FILE = "file"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    RETURN = "return"
    TRANSFER = "transfer"
    INSPECT = "inspect"
    PROPOSE = "propose"
    APPROVE = "approve"
    REJECT = "reject"
    ASK = "ask"
    ANSWER = "answer"
    EXTEND = "extend"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    NUDGE = "nudge"
    NOTE = "note"
    SUPERVISE = "supervise"
    ESCALATE = "escalate"
    REMIND = "remind"
    TOLD = "told"
    UNTOLD = "untold"
    TELL = "tell"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    ADD = "add"
    EDIT = "edit"


class To(StrEnum):
    """Whom a notice is for; the desk looks up who that is now."""

    RESIDENT = "resident"
    OFFERED = "offered"
    HANDLER = "handler"
    GROUP = "group"
    LEAD = "lead"
    COMMITTEE = "committee"
    STREET = "street"
    ADMIN = "admin"


class Priority(IntEnum):
    """Which of two owed messages goes first."""

    REPLY = 0
    PUSH = 1
    BROADCAST = 2


def covers(place: str, inner: str) -> bool:
    """Whether `inner` is `place` or lies inside it; places are paths, "street/community/grid/…"."""
    return not place or inner == place or inner.startswith(place + "/")


def community_of(place: str) -> str:
    """The street and community of a path: the border nothing is read or written across."""
    return "/".join(place.split("/")[:2])


def grid_of(place: str) -> str:
    """The grid a building lies in; a shorter path is returned as it is."""
    return "/".join(place.split("/")[:3])


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A role at a place; `categories` limits a handler to these, empty means all."""

    role: Role
    place: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody the bot knows; `id` is also the private chat's id. No membership: a resident."""

    id: int
    name: str
    memberships: tuple[Membership, ...] = ()
    on_duty: bool = True
    consented_at: datetime | None = None
    last_place: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether the roster names this person at all."""
        return bool(self.memberships)

    def has_role(self, role: Role, place: str) -> bool:
        """Whether this person has `role` at a place that covers `place`."""
        return any(m.role is role and covers(m.place, place) for m in self.memberships)

    def is_handler_in(self, place: str) -> bool:
        """Whether this person may be handed tickets of the grid `place` lies in."""
        grid = grid_of(place)
        return any(
            m.role in HANDLERS and (covers(grid, m.place) or covers(m.place, place))
            for m in self.memberships
        )


SYSTEM = Person(id=0, name="")


class ClockName(StrEnum):
    """The clocks of a ticket; RESPONSE and PLAN are promises, the others belong to one state."""

    RESPONSE = "response"
    PLAN = "plan"
    ASSIGN = "assign"
    ACCEPT = "accept"
    INSPECT = "inspect"
    REVIEW = "review"
    WAIT = "wait"
    SUSPEND = "suspend"
    FOLLOWUP = "followup"


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A running or paused clock; `fired` are the marks that already rang."""

    started: datetime
    due: datetime
    paused: datetime | None = None
    fired: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Timer:
    """A due moment of a ticket: `mark` is a percentage ("50"), "due", a climb or a daily "late"."""

    ticket_id: int
    clock: ClockName
    mark: str
    due_at: datetime

    @property
    def kind(self) -> str:
        """The name that fires once for a ticket's clock, as in "response.50"."""
        return f"{self.clock}.{self.mark}"


@dataclass(frozen=True, kw_only=True)
class Extension:
    """A new plan date a handler asked for and the committee has not decided yet."""

    reason: str
    due: datetime


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that stays with Telegram: `file_id` fetches it, `kind` is "photo", "voice", …"""

    kind: str
    file_id: str


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """One problem from filing to closing. `version` counts its changes (compare-and-set)."""

    id: int
    version: int = 0
    state: State = State.UNASSIGNED
    draft_id: str
    resident: int
    on_behalf: str = ""
    place: str
    category: str
    text: str
    urgent: bool = False
    filed_at: datetime
    followers: tuple[int, ...] = ()
    handler: int | None = None
    offered_to: int | None = None
    offers: tuple[int, ...] = ()
    open_to_grid: bool = False
    before: State | None = None
    plan: str = ""
    plan_due: datetime | None = None
    extension: Extension | None = None
    told_at: datetime | None = None
    untold: bool = False
    breached_at: datetime | None = None
    result: str = ""
    rating: int | None = None
    nudged_at: datetime | None = None
    ended_at: datetime | None = None
    merged_into: int | None = None
    clocks: Mapping[ClockName, Clock] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.state not in ENDED

    @property
    def holder(self) -> int | None:
        """Who has the ticket in hand, or on offer."""
        return self.handler or self.offered_to


@dataclass(frozen=True, kw_only=True)
class Event:
    """One step of a ticket, past tense and for ever; `data` is what was said with it."""

    ticket_id: int
    action: Action
    actor: int
    at: datetime
    source: State
    target: State
    data: Values = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A message owed. `to` is an audience, or a chat; `answers` marks the promise's answer."""

    to: To | int
    template: str
    values: Values = field(default_factory=dict)
    ticket_id: int | None = None
    priority: Priority = Priority.PUSH
    is_card: bool = False
    answers: bool = False
    urgent: bool = False
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    replaces: str = ""
    hold: float = 0.0  # seconds to wait for more of the same, as with an album's parts


@dataclass(frozen=True, kw_only=True)
class Button:
    """Something to tap: `press` comes back (64 bytes at most), `label` names a word or is text."""

    press: str = ""
    label: str
    values: Values = field(default_factory=dict)
    url: str = ""


class Kind(StrEnum):
    """What a person did, in the domain's eyes."""

    TEXT = "text"
    MEDIA = "media"
    LOCATION = "location"
    PRESS = "press"
    COMMAND = "command"
    EDIT = "edit"
    CONTACT = "contact"
    UNSUPPORTED = "unsupported"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MIGRATED = "migrated"
    IGNORED = "ignored"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One update as the domain sees it; `at` is Telegram's own date, aware UTC."""

    update_id: int
    kind: Kind
    at: datetime
    person_id: int = 0
    name: str = ""
    chat_id: int = 0
    message_id: int = 0
    reply_to: int = 0  # the message of this chat that it answers
    is_private: bool = True
    text: str = ""
    command: str = ""
    attachment: Attachment | None = None
    album: str = ""
    position: tuple[float, float] | None = None
    press: str = ""
    callback_id: str = ""
    other_chat: int = 0
