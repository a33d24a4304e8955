"""How a service and a gift look, and who hears of them; the buttons are what the machine accepts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from workflows.core.policy import Rules
from workflows.core.talk.messages import Button
from workflows.desk.outbound import audience, keyboard
from workflows.desk.parts import Audience, Cards, Drawing, Look, Rows
from workflows.passbook.lifecycle import FLOWS
from workflows.passbook.model import Entry
from workflows.passbook.relations import attempt
from workflows.passbook.settings import PassbookSettings
from workflows.passbook.store import queries
from workflows.passbook.words import Action, To
from workflows.store import Tx

_STEPS = "steps"


class Shown(Struct, frozen=True, kw_only=True):
    """What a text says beyond the row: whose it is, what it is called; the code for him alone."""

    name: str = ""
    what: str = ""
    code: str = ""
    where: str = ""
    days: tuple[int, ...] = ()


async def _draw(drawing: Drawing) -> Look:
    entry, settings = drawing.subject, drawing.rules.of(PassbookSettings)
    is_his = drawing.viewer is not None and drawing.viewer.id == entry.person
    shown = Shown(
        name=await name_of(drawing.tx, entry), what=settings.names.get(entry.what, entry.what),
        code=getattr(entry, "code", "") if is_his else "",
        where=settings.where, days=settings.exchange_days,
    )  # fmt: skip
    return Look(buttons=_buttons(drawing) if drawing.is_card else (), shown=shown)


async def name_of(tx: Tx, entry: Any) -> str:
    """Whose it is, as he calls himself, or as it stands on a passbook of paper."""
    if entry.person:
        person = await tx.person(entry.person)
        return person.name if person else ""
    found = await tx.ask(queries.accounts, number=entry.account)
    return found[0].name if found else ""


def _buttons(drawing: Drawing) -> Rows:
    entry, viewer = drawing.subject, drawing.viewer
    if viewer is None or drawing.reader not in {"resident", "staff"}:
        return ()
    flow = FLOWS[entry.kind]
    command = attempt(entry, Action.BEGIN, viewer, drawing.now, drawing.rules)
    return keyboard.drawn(
        flow, entry, (*flow.actions(command), _STEPS),
        lambda name: _spread(entry, name, drawing.rules), is_behind=drawing.owed.template == "more",
    )  # fmt: skip


def _spread(entry: Any, name: str, _: Rules) -> tuple[Button, ...]:
    is_look = name == _STEPS
    return (keyboard.look(entry, name) if is_look else keyboard.action(entry, name),)


CARDS = Cards(draw=_draw, unnamed=lambda entry: {entry.person}, spread=_spread)


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
