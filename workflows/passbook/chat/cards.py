"""How a service and a gift look, and who hears of them; buttons are what the machine accepts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct

from workflows.core.engine.flow import Flow
from workflows.desk.outbound import audience, keyboard
from workflows.desk.parts import Audience, Cards, Drawing, Look
from workflows.passbook.model import Entry
from workflows.passbook.relations import attempt
from workflows.passbook.settings import PassbookSettings
from workflows.passbook.store import queries
from workflows.passbook.words import To
from workflows.store import Tx

Entries = Flow[Any, Any, Any, Any, Any]


class Shown(Struct, frozen=True, kw_only=True):
    """What a text says beyond the row: whose it is, what it is called; the code for him alone."""

    name: str
    what: str
    code: str
    where: str
    days: tuple[int, ...]


async def _draw(flow: Entries, drawing: Drawing) -> Look:
    entry, settings = drawing.subject, drawing.rules.of(PassbookSettings)
    is_his = drawing.viewer is not None and drawing.viewer.id == entry.person
    shown = Shown(
        name=await name_of(drawing.tx, entry), what=settings.names.get(entry.what, entry.what),
        code=entry.code if is_his else "", where=settings.where, days=settings.exchange_days,
    )  # fmt: skip
    return Look(buttons=keyboard.of_card(flow, attempt, drawing), shown=shown)


async def name_of(tx: Tx, entry: Any) -> str:
    """Whose it is, as he calls himself, or as it stands on a passbook of paper."""
    person = await tx.person(entry.person) if entry.person else None
    known = [] if person else await tx.ask(queries.books, number=entry.account)
    return person.name if person else known[0].name if known else ""


def cards_of(flow: Entries) -> Cards:
    """Those of one of the two; whose name a card wants, it says itself."""
    return Cards(
        draw=partial(_draw, flow), unnamed=lambda entry: {entry.person},
        spread=keyboard.spread_of(flow),
    )  # fmt: skip


async def _owner(_: Tx, entry: Entry, __: datetime) -> list[int]:
    """Nobody of one of paper: it is told at the counter."""
    return [entry.person] if entry.person else []


async def _other(tx: Tx, entry: Any, now: datetime) -> list[int]:
    """Who can say that it was so, if he is of another household; else who leads."""
    if entry.witness and entry.witness not in entry.parties:
        return [entry.witness]
    to = To.COMMITTEE if entry.asked_as == "lead" else To.LEAD
    return await audience.superiors(tx, entry.place, to, now)


AUDIENCES: Mapping[str, Audience] = {To.OWNER: _owner, To.OTHER: _other}
