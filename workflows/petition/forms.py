"""How the actions of a petition are asked for: its needs, its checklists, where proof is wanted."""

from __future__ import annotations

from workflows.core.policy import Rules
from workflows.core.talk.forms import Form, Forms
from workflows.core.talk.needs import PHOTO
from workflows.petition.lifecycle import PETITION, Step
from workflows.petition.model import Ticket
from workflows.petition.needs import NEEDS
from workflows.petition.words import Action


def _checklist(form: Form, rules: Rules) -> tuple[str, ...]:
    """What the category wants looked at on the spot."""
    category = rules.categories.get(form.category)
    return category.checklist if category and form.action == Action.INSPECT else ()


FORMS = Forms(
    kind=PETITION.kind, needs={need.name: need for need in NEEDS}, checklist=_checklist,
    lapsing=frozenset({Action.WITHDRAW}),
)  # fmt: skip


def begin(ticket: Ticket, step: Step, rules: Rules) -> Form:
    """An empty form for a row of the lifecycle.

    Where the ticket's category wants proof, a picture is asked for after the words.
    """
    category = rules.categories.get(ticket.category)
    wants_proof = step.action is Action.RESOLVE and category and category.needs_photo
    needs = (*step.needs, PHOTO) if wants_proof else step.needs
    return about(ticket, step.action, *(need.name for need in needs))


def about(ticket: Ticket, action: Action, *needs: str) -> Form:
    """An empty form that asks for these."""
    return Form(
        ticket_id=ticket.id, kind=FORMS.kind, action=action.value, category=ticket.category,
        needs=needs,
    )  # fmt: skip
