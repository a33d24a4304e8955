"""Who may: every role × action × state × same or other place, tried through callbacks.

Exactly the table's cells succeed, and the buttons shown are exactly those cells.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count, product

import pytest
from msgspec.structs import replace

from bot.telegram.translate import translate
from playground.stage.stage import MORNING, Stage
from workflows.core.engine.clocks import Clock
from workflows.core.people import Membership, Person, Role
from workflows.core.talk.messages import Incoming, Priority
from workflows.desk.outbound.composing import Composer
from workflows.petition.command import Command
from workflows.petition.lifecycle import STAGES, STEPS, Relation
from workflows.petition.model import Extension, Proposal, Ticket
from workflows.petition.rules import conditions
from workflows.petition.words import Action, ClockName, State
from workflows.registry import WORKFLOWS
from workflows.store import Owed

HERE = "友新街道/南环一/1网格/3幢"
GRID, OTHER_GRID = "友新街道/南环一/1网格", "友新街道/南环一/2网格"
COMMUNITY, OTHER_COMMUNITY = "友新街道/南环一", "友新街道/北桥"
STREET, OTHER_STREET = "友新街道", "平江街道"
RESIDENT, HOLDER, FOLLOWER, ADMIN = 1, 2, 3, 9


@dataclass(frozen=True)
class Persona:
    """Somebody, and how the table would call him on the ticket."""

    name: str
    id: int
    who: Relation
    memberships: tuple[Membership, ...] = ()


def _staff(name: str, number: int, who: Relation, role: Role, place: str) -> Persona:
    return Persona(name, number, who, (Membership(role=role, place=place),))


NOBODY = Relation(0)
PERSONAS = (
    Persona("resident", RESIDENT, Relation.RESIDENT),
    Persona("follower", FOLLOWER, Relation.FOLLOWER),
    Persona("neighbour", 4, NOBODY),  # follows through his draft alone: test_matching_chat.py
    Persona("stranger", 10, NOBODY),
    _staff(
        "holder", HOLDER, Relation.OFFERED | Relation.HANDLER | Relation.CALLED, Role.PIONEER, GRID
    ),
    _staff("pioneer", 11, Relation.CALLED, Role.PIONEER, "友新街道/南环一/1网格/4幢"),
    _staff("worker", 12, Relation.CALLED, Role.WORKER, GRID),
    _staff("lead", 13, Relation.LEAD | Relation.CALLED, Role.LEAD, GRID),
    _staff("committee", 14, Relation.COMMITTEE, Role.COMMITTEE, COMMUNITY),
    _staff("street", 15, Relation.STREET, Role.STREET, STREET),
    _staff("admin", ADMIN, NOBODY, Role.ADMIN, ""),
    _staff("other pioneer", 21, NOBODY, Role.PIONEER, OTHER_GRID),
    _staff("other worker", 22, NOBODY, Role.WORKER, OTHER_GRID),
    _staff("other lead", 23, NOBODY, Role.LEAD, OTHER_GRID),
    _staff("other committee", 24, NOBODY, Role.COMMITTEE, OTHER_COMMUNITY),
    _staff("other street", 25, NOBODY, Role.STREET, OTHER_STREET),
    Persona("former holder", 26, NOBODY),
)


def _ticket(ticket_id: int, state: State, *, extension: bool, called: bool) -> Ticket:
    """A ticket as it can stand in a state; `former` staff once held nothing of it."""
    now = MORNING
    clock = Clock(started=now, due=now + timedelta(hours=24))
    own = STAGES[state].clock
    names = [ClockName.RESPONSE, *([own] if own else [])]
    offered = state is State.DISPATCHED and not called
    in_hand = state not in {State.UNASSIGNED, State.DISPATCHED}
    return Ticket(
        id=ticket_id, version=1, state=state, draft_id=str(ticket_id), resident=RESIDENT,
        author=RESIDENT, proposal=Proposal(text="换新桩", due=now + timedelta(days=3)),
        followers=(FOLLOWER,), place=HERE, category="充电设施", text="坏了", filed_at=now,
        plan_due=now,
        handler=HOLDER if in_hand else None, offered_to=HOLDER if offered else None,
        open_to_grid=state is State.DISPATCHED and called,
        before=State.ACCEPTED if state is State.WAITING else None, untold=True,
        extension=Extension(reason="等配件", due=now + timedelta(days=9)) if extension else None,
        clocks=dict.fromkeys(names, clock) if STAGES[state].holder else {},
        ended_at=now if STAGES[state].holder is None else None,
    )  # fmt: skip


VARIANTS = ((False, False), (True, True))
_DATED = {conditions.has_extension, conditions.has_no_extension}
# Where it makes a difference whether a later date is asked for, or everybody is called.
VARIED = {State.DISPATCHED, *(s for step in STEPS if step.when in _DATED for s in step.sources)}
STANDS = [(s, one) for s in State for one in VARIANTS[: 2 if s in VARIED else 1]]
_AT_ONCE = 2000  # tickets a transaction
CELLS = tuple(product(PERSONAS, Action, STANDS))


def _is_a_cell(persona: Persona, action: Action, ticket: Ticket, stage: Stage) -> bool:
    """Whether the table has a row for it; the persona's `who` is told, not computed."""
    who = persona.who
    if not ticket.open_to_grid:
        who &= ~Relation.CALLED
    who &= ~(Relation.OFFERED if ticket.offered_to is None else NOBODY)
    who &= ~(Relation.HANDLER if ticket.handler is None else NOBODY)
    person = Person(id=persona.id, name=persona.name, memberships=persona.memberships)
    attempt = Command(subject=ticket, action=action, actor=person, now=stage.now,
                      rules=stage.service.desk.rules)  # fmt: skip
    rows = (s for s in STEPS if s.action is action and ticket.state in s.sources and s.who & who)
    return any(row.when is None or row.when(attempt) for row in rows)


async def _set_up(stage: Stage) -> list[tuple[Persona, Action, Ticket]]:
    """The people, and a ticket for every cell, straight into the store."""
    numbers = count(5000)
    tried = []
    await _set_up_people(stage)
    for start in range(0, len(CELLS), _AT_ONCE):
        async with stage.service.store.begin(stage.now) as tx:
            for persona, action, (state, variant) in CELLS[start : start + _AT_ONCE]:
                ticket = _ticket(next(numbers), state, extension=variant[0], called=variant[1])
                tx.put(ticket, ())
                tried.append((persona, action, ticket))
    return tried


def _press(number: int, persona: Persona, action: Action, ticket: Ticket) -> dict[str, object]:
    user = {"id": persona.id, "is_bot": False, "first_name": persona.name}
    chat = {"id": persona.id, "type": "private", "first_name": persona.name}
    message = {"message_id": 1, "date": 1764000000, "chat": chat, "text": "…"}
    return {
        "update_id": number,
        "callback_query": {"id": str(number), "from": user, "chat_instance": "1",
                           "message": message, "data": f"t:{ticket.id}:{action}:3"},
    }  # fmt: skip


async def test_exactly_the_tables_cells_succeed(on_stage: Stage):  # F47
    desk = on_stage.service.desk
    desk.rules = replace(desk.rules, most_per_minute=0)
    tried = await _set_up(on_stage)
    wrong = []
    for start in range(0, len(tried), 100):
        batch = tried[start : start + 100]
        raw = [_press(90_000 + start + i, *cell) for i, cell in enumerate(batch)]
        read = [translate(update, on_stage.service.bot, on_stage.now) for update in raw]
        assert all(isinstance(incoming, Incoming) for incoming in read)
        toasts = (await on_stage.service.desk.turn(on_stage.now, read)).toasts
        refused = {t.callback_id for t in toasts if t.template.startswith("refused")}
        for update, (persona, action, ticket) in zip(raw, batch, strict=True):
            succeeded = update["callback_query"]["id"] not in refused
            if succeeded != _is_a_cell(persona, action, ticket, on_stage):
                wrong.append((persona.name, action.value, ticket.state.value, succeeded))
    assert not wrong


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda p: p.name)
async def test_the_buttons_shown_are_exactly_the_cells(on_stage: Stage, persona: Persona):
    await _set_up_people(on_stage)
    for number, (state, variant) in enumerate(STANDS, start=7000):
        ticket = _ticket(number, state, extension=variant[0], called=variant[1])
        shown = await _shown(on_stage, persona, ticket)
        cells = {a.value for a in Action if _is_a_cell(persona, a, ticket, on_stage)}
        assert shown == cells, (persona.name, state)


async def _set_up_people(stage: Stage) -> None:
    async with stage.service.store.begin(stage.now) as tx:
        for p in PERSONAS:
            last_place = HERE if p.name == "neighbour" else ""
            person = Person(id=p.id, name=p.name, last_place=last_place)
            tx.put_person(person)
            for membership in p.memberships:
                await tx.grant(person, membership, None)


async def _shown(stage: Stage, persona: Persona, ticket: Ticket) -> set[str]:
    """The actions on the card this persona would be sent."""
    async with stage.service.store.begin(stage.now) as tx:
        tx.put(ticket, ())
    owed = Owed(
        id=1, token="", chat_id=persona.id, ticket_id=ticket.id, kind="card", template="shown",
        values={}, buttons=(), attachments=(), priority=Priority.REPLY, answers=False, attempts=1,
        is_plain=False, card=None, is_blocked=False,
    )  # fmt: skip
    async with stage.service.store.read(stage.now) as tx:
        cards = [replace(owed, template=name) for name in ("shown", "more")]
        rules = stage.service.desk.rules
        letters = [await Composer(tx, rules, WORKFLOWS, stage.now).compose(card) for card in cards]
    buttons = [b for letter in letters for row in letter.buttons for b in row]
    return {b.tap.verb for b in buttons if b.tap.kind == "petition"}
