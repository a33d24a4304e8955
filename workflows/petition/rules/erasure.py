"""Taking words out of a ticket: what is counted stays, and so does every step."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.core.talk.needs import TO
from workflows.petition.command import Command
from workflows.petition.model import Ticket


def erase(a: Command) -> Ticket:
    """The ticket without what one person said with it; without one, all that anybody said.

    What was only added to it is no part of its row: that goes with the steps (store/erasure.py).
    """
    person = a.answers[TO]
    if person is None:
        return _without_any_words(a.ticket)
    if person.id == a.ticket.resident:
        return _without_the_residents(a.ticket)
    return replace(a.ticket, text="") if person.id == a.ticket.author else a.ticket


def _without_the_residents(ticket: Ticket) -> Ticket:
    return replace(ticket, text="", on_behalf="", contact="", why="")


def _without_any_words(ticket: Ticket) -> Ticket:
    excluded = ticket.exclusion and replace(ticket.exclusion, reason="")
    return replace(
        _without_the_residents(ticket), plan="", result="", proposal=None, extension=None,
        exclusion=excluded,
    )  # fmt: skip
