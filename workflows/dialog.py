"""What the bot is in the middle of with a person: a petition in the making, a form, or neither."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.draft import Draft
from workflows.form import Form
from workflows.model import Action


@dataclass(frozen=True, kw_only=True)
class Tail:
    """An album whose first picture was an answer: the others belong to the same action."""

    album: str
    ticket_id: int
    action: Action


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """One row a person. A form that is open is answered first; the draft waits for it."""

    person_id: int
    draft: Draft | None = None
    form: Form | None = None
    station: str = ""
    tail: Tail | None = None
