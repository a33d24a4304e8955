"""Somebody about to do something with a ticket: what conditions and effects look at."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from workflows.core.messages import Attachment, Values
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.subject import Timer
from workflows.petition.model import Ticket
from workflows.petition.relations import Relation, relations
from workflows.petition.words import Action, ClockName


class Heard(Struct, frozen=True, kw_only=True):
    """What somebody (by id) said just before; it goes on with an offer, its own event keeps it."""

    by: int
    text: str


class Answers(Struct, frozen=True, kw_only=True):
    """What a person gave with an action; `text` is the action's main words (reason, plan, …).

    `contact` stays with the ticket alone: no event, message or log has it.
    """

    text: str = ""
    where: str = ""
    due: datetime | None = None
    to: Person | None = None
    to_group: bool = False
    into: Ticket | None = None
    merged: Ticket | None = None  # what went into this one
    rating: int | None = None
    grid: str = ""
    partner: str = ""
    solved: str = ""
    contact: str = ""
    checked: tuple[str, ...] = ()  # what of the category's checklist was ticked
    photos: tuple[Attachment, ...] = ()
    timer: Timer | None = None
    heard: Heard | None = None

    def as_values(self) -> dict[str, object]:
        """The same as JSON, for the event and the templates."""
        found = {
            "text": self.text,
            "where": self.where,
            "due": self.due and self.due.isoformat(),
            "to": self.to and self.to.id,
            "into": self.into and self.into.id,
            "merged": self.merged and self.merged.id,
            "rating": self.rating,
            "grid": self.grid,
            "partner": self.partner,
            "solved": self.solved,
            "checked": list(self.checked),
            "photos": len(self.photos),
            "timer": self.timer and self.timer.kind,
        }
        return {key: value for key, value in found.items() if value}


NOTHING = Answers()


class Command(Struct, frozen=True, kw_only=True, dict=True):
    """Somebody about to do something: all that a condition or an effect may look at."""

    ticket: Ticket
    action: Action
    actor: Person
    now: datetime
    rules: Rules
    answers: Answers = NOTHING

    @property
    def subject(self) -> Ticket:
        """The ticket, as the engine calls it."""
        return self.ticket

    @cached_property
    def relations(self) -> Relation:
        """How the actor stands to the ticket: every row of the table asks."""
        return relations(self.actor, self.ticket)

    @property
    def by(self) -> int:
        """Who does it, by number."""
        return self.actor.id

    @property
    def timer(self) -> Timer | None:
        """The due moment that made the system do it."""
        return self.answers.timer

    @property
    def named(self) -> int | None:
        """Whom it names, by number."""
        return self.answers.to.id if self.answers.to else None

    def as_given(self) -> Values:
        """What was given with it, for the event."""
        return self.answers.as_values()

    def instead(self, action: Action) -> Command:
        """The same person before the same ticket, about to do something else."""
        other = replace(self, action=action)
        other.__dict__.update(self.__dict__)  # how he stands to it
        return other

    def as_values(self) -> Values:
        """What a message about this command can say."""
        said = self.answers.as_values()
        timer, heard = self.answers.timer, self.answers.heard
        if heard:
            said |= {"heard": heard.text, "heard_from": heard.by}
        if timer:
            clock = self.ticket.clocks.get(ClockName(timer.clock))
            late = (self.now - timer.due_at).total_seconds()
            said |= {"clock": timer.clock, "mark": timer.mark, "late": late}
            said |= {"due": clock.due.isoformat() if clock else None}
        if self.ticket.referred_to:
            said |= {"referred": self.ticket.referred_to}
        return said | {"actor": self.actor.id, "at": self.now.isoformat()}
