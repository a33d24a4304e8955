"""How a petition begins: from a draft, or because of another subject."""

from __future__ import annotations

from uuid import uuid4

from workflows.core.kernels.causes import Seed
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.needs import PHOTOS, TEXT, Answers
from workflows.danger import danger
from workflows.desk.context import Context
from workflows.desk.people import whereabouts
from workflows.desk.performing import write
from workflows.petition import engine, service
from workflows.petition.intake.draft import Draft, Part, messages_of
from workflows.petition.intake.matching import repeated
from workflows.petition.intake.suggestion import suggest
from workflows.petition.model import Ticket
from workflows.petition.store import texts
from workflows.petition.words import Action


async def file(context: Context, draft: Draft, person: Person) -> Ticket:
    """Turn a complete draft into a ticket and offer it to the first in line."""
    filed = await _begin(context, draft, person)
    texts.add(context.tx, filed.id, person.id, messages_of(draft, context.now))
    whereabouts.remember(context, person, draft.place)
    return await service.route(context, filed)


async def spawned(context: Context, seed: Seed) -> Ticket:
    """What another subject causes is filed as if its person had said it, wherever he lives; where
    a neighbour has said it before, it bears that out.
    """
    words = Part(message_id=0, text=seed.text, at=context.now)
    category = seed.category or suggest(seed.text, context.rules).categories[0]
    draft = Draft(
        id=uuid4().hex[:12], parts=(words,), attachments=seed.attachments, place=seed.place,
        category=category, urgent=_is_urgent(context, seed),
        on_behalf=seed.on_behalf, has_consent=seed.has_consent,
    )  # fmt: skip
    known = await repeated(context.tx, draft, context.rules, seed.cause)
    if known is None or seed.on_behalf:
        return await service.route(context, await _begin(context, draft, seed.person, seed.cause))
    again = Answers({TEXT: seed.text, PHOTOS: seed.attachments})
    return await service.perform(context, known, Action.BEAR_OUT, SYSTEM, again)


def _is_urgent(context: Context, seed: Seed) -> bool:
    """By its words, or because whoever causes it says so."""
    return bool(danger.find(seed.text, context.rules.danger)) or bool(seed.facts.get("urgent"))


async def _begin(context: Context, draft: Draft, person: Person, cause: int = 0) -> Ticket:
    ticket = Ticket(
        id=await context.tx.next_id(), draft_id=draft.id, resident=person.id,
        author=person.id,
        on_behalf=draft.on_behalf, place=draft.place, category=draft.category,
        text=draft.text, urgent=draft.urgent, filed_at=context.now,
    )  # fmt: skip
    told = "" if draft.urgent else "filed"  # who is called says that it is filed, too
    decision = engine.file(
        ticket, context.now, context.rules, told=told, has_consent=draft.has_consent, cause=cause
    )
    await write(context, decision, person, draft.attachments)
    return decision.subject
