"""The taps about a ticket that several rooms offer: to look at it, and to do something with it."""

from __future__ import annotations

from workflows.core.talk.messages import Button
from workflows.core.talk.tap import Tap
from workflows.petition.words import Action


def look(ticket_id: int, what: str, label: str = "") -> Button:
    """A button that shows something of the ticket: its card, steps, files, text, or more to do."""
    return Button(tap=_looking(ticket_id, what), label=f"view.{label or what}")


def act(ticket_id: int, action: Action) -> Button:
    """A button to do something with the ticket, or to be asked what that needs."""
    return Button(tap=acting(ticket_id, action), label=f"action.{action}")


def acting(ticket_id: int, action: Action, *args: str) -> Tap:
    """Doing it, with the first answer given already."""
    return Tap(kind="petition", subject=ticket_id, verb=action.value, args=args)


def _looking(ticket_id: int, what: str) -> Tap:
    return Tap(kind="view", subject=ticket_id, verb=what)
