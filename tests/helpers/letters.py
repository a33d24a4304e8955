"""Letters of every template: about tickets in every state, to every reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from typing import Any

from answering import answered
from beside import samples
from folk import RULES
from msgspec.structs import replace
from template_names import OTHERS, PLAIN_CARDS, about_tickets, in_forms
from template_values import FOLLOWER, GRID, HANDLER, NOW, PLACE, RESIDENT, plain_values

from bot.telegram.render import Renderer
from workflows.core.engine.clocks import Clock
from workflows.core.engine.subject import Timer
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.messages import Button, Priority
from workflows.core.talk.needs import DUE, NOTE_OR_PHOTO, TEXT, TO, Answers, Heard
from workflows.desk import Letter
from workflows.desk.outbound.composing import Named, Reader
from workflows.petition import needs as needed
from workflows.petition.chat.cards import Shown
from workflows.petition.command import Command
from workflows.petition.intake import draft, view
from workflows.petition.lifecycle import STAGES, STEPS
from workflows.petition.model import Extension, Proposal, Ticket
from workflows.petition.needs import INTO, PARTNER, RATING, SOLVED, WHERE
from workflows.petition.stages import ENDED
from workflows.petition.words import Action, ClockName, State
from workflows.store import Owed

PEOPLE = {
    RESIDENT: Named(name="", role="resident"),
    HANDLER: Named(name="王强", role="pioneer"),
}
READERS = (
    (Reader.RESIDENT, RESIDENT),
    (Reader.RESIDENT, FOLLOWER),
    (Reader.STAFF, HANDLER),
    (Reader.STAFF, RESIDENT),
    (Reader.GROUP, -100),
    (Reader.NOBODY, 9),
)


# what they are filled with


def _intake_values(said: str) -> dict[str, object]:
    """What intake_view gives."""
    part = draft.Part(message_id=1, text=said, at=NOW)
    made = draft.Draft(
        id="d", parts=(part,), place=PLACE, urgent=True, on_behalf=said, has_consent=True
    )
    alike = {
        "ticket": 1001, "text": said[:40], "place": PLACE, "category": "充电设施",
        "state": "planned", "since": NOW.isoformat(), "photos": 2, "followers": 3,
        "is_known": False,
    }  # fmt: skip
    return view._values(made, NOW, RULES) | {
        "alike": [alike] * 3, "elsewhere": {"key": said[:20], "where": said[:100]},
    }  # fmt: skip


def _attempt_values(template: str, said: str, actor: int, ticket: Ticket) -> dict[str, Any]:
    """What the lifecycle gives a message of this name: exactly what its step asks for."""
    steps = [s for s in STEPS if template in {s.resident, *(name for _, name in s.staff)}]
    needs = {need for step in steps for need in step.needs}
    given = answered(
        text=said if needs & {TEXT, NOTE_OR_PHOTO} else "",
        where=said if WHERE in needs else "",
        due=NOW + timedelta(days=3) if DUE in needs else None,
        to=Person(id=HANDLER, name="王强") if TO in needs else None,
        into=replace(ticket, id=1002) if INTO in needs else None,
        rating=3 if RATING in needs and actor else None,
        grid=GRID if needed.GRID in needs else "",
        partner=said[:40] if PARTNER in needs else "",
        solved="no" if SOLVED in needs else "",
        heard=Heard(by=RESIDENT, text=said),
    )
    return dict(_attempt(ticket, actor, given).as_values())


def _attempt(ticket: Ticket, actor: int, given: Answers) -> Command:
    person = Person(id=actor, name="王强") if actor else SYSTEM
    rules: Any = None
    return Command(
        subject=ticket, action=Action.NOTE, actor=person, now=NOW, rules=rules, answers=given
    )


def _rung_values(ticket: Ticket, clock: ClockName, mark: str, late: int) -> dict[str, Any]:
    due_at = NOW - timedelta(seconds=late)
    timer = Timer(ticket_id=ticket.id, clock=clock, mark=mark, due_at=due_at)
    return dict(_attempt(ticket, 0, answered(timer=timer)).as_values())


def ticket_in(state: State, said: str, **changes: Any) -> Ticket:
    """A ticket with everything that it can have in this state."""
    paused = NOW if state is State.WAITING else None
    clock = Clock(started=NOW, due=NOW + timedelta(hours=6), paused=paused)
    own = STAGES[state].clock
    full = Ticket(
        id=1001, state=state, draft_id="d", resident=RESIDENT, author=RESIDENT,
        place=PLACE, category="充电设施", contact=said, partner=said[:8],
        proposal=Proposal(text=said, due=NOW + timedelta(days=5)), supervisor=HANDLER,
        text=said, filed_at=NOW - timedelta(hours=18), urgent=True, on_behalf=said,
        handler=HANDLER, followers=(FOLLOWER,), plan=said, plan_due=NOW + timedelta(days=3),
        extension=Extension(reason=said, due=NOW + timedelta(days=9)), result=said, rating=2,
        merged_into=1002 if state is State.MERGED else None,
        clocks={} if state in ENDED else {ClockName.RESPONSE: clock, own or ClockName.PLAN: clock},
    )  # fmt: skip
    return replace(full, **changes)


def _many_handed(said: str) -> Ticket:
    """A part of another, with helpers, somebody outside, and a question to another community."""
    planned = ticket_in(State.PLANNED, said, result="", extension=None, helpers=(HANDLER,) * 3)
    clock = planned.clocks[ClockName.RESPONSE]
    return replace(
        planned, parent=1000, referred_to="友新街道/南环二/4网格", partner=said[:8],
        clocks={**planned.clocks, ClockName.PARTNER: clock},
    )  # fmt: skip


def tickets_saying(said: str) -> Iterator[Ticket]:
    """One or more in every state, and these words wherever a person wrote any."""
    for state in State:
        yield ticket_in(state, said)
        yield ticket_in(
            state, said, handler=None, offered_to=HANDLER, result="", told_at=NOW, extension=None
        )
    yield ticket_in(State.DISPATCHED, "", plan="", result="", untold=True, open_to_grid=True)
    yield _many_handed(said)
    late = Clock(started=NOW - timedelta(days=2), due=NOW - timedelta(days=1))
    yield ticket_in(
        State.PROPOSED, said, handler=None, category="", result="",
        clocks=dict.fromkeys(ClockName, late),
    )  # fmt: skip


# drawing them


def letter_of(
    template: str, values: dict[str, Any], ticket: Ticket | None, reader: Reader, chat: int
) -> Letter:
    """The template with these values, as this reader gets it."""
    kind = "card" if template in about_tickets() else "text"
    rows = ((Button(label="form.cancel"),),) * (2 if template in in_forms() else 0)
    owed = Owed(
        id=1, token="", chat_id=chat, ticket_id=ticket.id if ticket else None, kind=kind,
        template=template, values=values, buttons=(), attachments=(), priority=Priority.PUSH,
        answers=False, attempts=1, is_plain=False, card=None, is_blocked=False,
    )  # fmt: skip
    return Letter(
        owed=owed, reader=reader, subject=ticket, people=PEOPLE, buttons=rows, now=NOW,
        shown=Shown(files=2, children=(1003, 1004)),
    )  # fmt: skip


def toast_values(template: str, said: str) -> dict[str, Any]:
    """What a toast or a plain answer of this name is given."""
    kind = OTHERS.get(template)
    known = samples(kind).plain_values(said) if kind else plain_values(said)
    found: dict[str, Any] = known.get(template, {})
    return found


def values_of(template: str, said: str, ticket: Ticket) -> list[dict[str, Any]]:
    """Everything the template may be given."""
    if template in {"remind", "overdue", "remind_resident", "overdue_resident"}:
        marks = cycle((("50", 0), ("due", 4000), ("climb2", 0), ("late1", 90_000)))
        rung = [(clock, *next(marks)) for clock in (*ClockName, *[ClockName.PLAN] * 3)]
        return [_rung_values(ticket, *one) for one in rung]
    if template.startswith("intake_") and template != "intake_cancelled":
        return [_intake_values(said)]
    if template.startswith("form_"):
        return [{"action": a} for a in ("propose", "extend", "suspend", "transfer")]
    if template in about_tickets() and template not in PLAIN_CARDS:
        timer = Timer(ticket_id=1001, clock=ClockName.ACCEPT, mark="due", due_at=NOW)
        by_timer = dict(_attempt(ticket, 0, answered(timer=timer)).as_values())
        return [by_timer, *(_attempt_values(template, said, a, ticket) for a in (0, HANDLER))]
    return [plain_values(said).get(template, {})]


def letters_of(template: str, said: str) -> Iterator[Letter]:
    """About every ticket, with all it may be given, to everybody."""
    if kind := OTHERS.get(template):
        yield from samples(kind).letters(template, said)
        return
    of_tickets = template in about_tickets() | {"queue"}
    for ticket in tickets_saying(said) if of_tickets else [*tickets_saying(said)][:1]:
        for values in values_of(template, said, ticket):
            for reader, chat in READERS:
                yield letter_of(template, values, ticket, reader, chat)


def raw_text(renderer: Renderer, letter: Letter) -> str:
    """The text as the template made it: `draw` would hide that it does not fit."""
    drawn = renderer.draw(letter).text
    assert not re.search(r"\n{3,}", drawn), f"a hole in the text: {drawn!r}"
    return drawn
