"""Somebody about to do something with a ticket."""

from __future__ import annotations

from collections.abc import Callable

from workflows.core.engine import command
from workflows.core.people import Person
from workflows.core.talk.messages import Values
from workflows.petition.model import Ticket
from workflows.petition.rules.relations import Relation, relations
from workflows.petition.settings import PetitionSettings
from workflows.petition.words import Action


class Command(command.Command[Ticket, Action, Relation], frozen=True, kw_only=True, dict=True):
    """The petition's own: its subject is a ticket, and people stand to it as the roster says."""

    relate: Callable[[Person, Ticket], Relation] = relations

    @property
    def ticket(self) -> Ticket:
        """The subject, as conditions and effects call it."""
        return self.subject

    @property
    def settings(self) -> PetitionSettings:
        """What the community settled for petitions."""
        return self.rules.of(PetitionSettings)

    def as_values(self) -> Values:
        """The same as ever, and whom it is referred to."""
        referred = self.ticket.referred_to
        return {**super().as_values()} | ({"referred": referred} if referred else {})
