"""Who had a petition in hand, or on offer, hears that somebody else has it now, and who that is."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.core.people import Person
from workflows.core.places import grid_of
from workflows.core.talk.messages import Notice
from workflows.desk.context import Context
from workflows.desk.outbound.audience import stand_in
from workflows.petition.model import Ticket


async def tell(context: Context, was: Ticket, now: Ticket, actor: Person) -> None:
    """Say so to whoever lost it by somebody else's step, though he may see it no more.

    Who did it himself knows; that an offer ran out was said with the offer. Helpers and superiors
    only lose their card.
    """
    if not (was.is_open and now.is_open):
        return
    for person_id in dict.fromkeys(await _relieved(context, was, now)):
        if person_id not in {actor.id, now.handler, now.offered_to}:
            context.push(_notice(person_id, was, now, actor))


async def _relieved(context: Context, was: Ticket, now: Ticket) -> Iterable[int]:
    """Who had it, with who stood in for him; who asked another community for it that took it."""
    is_moved = grid_of(was.place) != grid_of(now.place)
    found = [was.referred_by] if is_moved and was.referred_to and was.referred_by else []
    holder = await context.tx.person(was.holder) if was.holder else None
    if holder and (is_moved or was.holder != now.holder):
        is_away = holder.is_away(context.now)
        here = await stand_in(context.tx, holder, context.now) if is_away else None
        found += [p.id for p in (holder, here) if p and p.is_reachable]
    return found


def _notice(person_id: int, was: Ticket, now: Ticket, actor: Person) -> Notice:
    """Its residents are named to nobody: of them it is only said that they corrected the place."""
    is_moved = grid_of(was.place) != grid_of(now.place)
    is_home = actor.id in {was.resident, *was.followers}
    values = {
        "about": now.id, "place": now.place if is_moved else "",
        "actor": None if is_home else actor.id or None,
        "is_corrected": is_home and was.place != now.place,
        "handler": now.handler, "to": now.offered_to, "is_called": now.open_to_grid,
    }  # fmt: skip
    return Notice(to=person_id, template="received", values=values)
