"""What an owed message shows when it goes out: the ticket as it is now, for whoever reads it.

Composed at the last moment, so a card that waited through the night is fresh, its buttons are
what the machine accepts now, and somebody who left the roster meanwhile reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from workflows.core.forms import Form
from workflows.core.messages import Button, Values, in_rows
from workflows.core.needs import TEXT
from workflows.core.people import Person, Role
from workflows.core.policy import Rules
from workflows.desk.lists import export
from workflows.desk.privacy import my_data
from workflows.petition import engine, forms
from workflows.petition.actions import batch
from workflows.petition.intake import matching
from workflows.petition.intake.matching import Match
from workflows.petition.model import Ticket
from workflows.petition.needs import RATINGS
from workflows.petition.relations import AT_WORK, may_call, relations
from workflows.petition.store import queries
from workflows.petition.taps import act, acting, look
from workflows.petition.words import Action, State
from workflows.store import Owed, Tx
from workflows.store.reading import UnreadableError

EXCERPT = 500  # characters of a petition that a card shows
_RANKS = (Role.PIONEER, Role.WORKER, Role.LEAD, Role.COMMITTEE, Role.STREET, Role.ADMIN)


ELSEWHERE = "…"  # stands for a number that the newest card alone shows


class Reader(StrEnum):
    """For whose eyes: what a card may show depends on it."""

    RESIDENT = "resident"
    STAFF = "staff"
    GROUP = "group"
    NOBODY = "nobody"


class Named(Struct, frozen=True, kw_only=True):
    """A person as others may see him."""

    name: str
    role: str


class Letter(Struct, frozen=True, kw_only=True):
    """Everything the renderer needs for one message; `people` by id, `now` aware UTC."""

    owed: Owed
    reader: Reader
    ticket: Ticket | None
    people: dict[int, Named]
    buttons: tuple[tuple[Button, ...], ...]
    files: int
    now: datetime
    document: Mapping[str, Any] | None = None  # what a file is made of
    children: tuple[int, ...] = ()  # what was split off from the ticket
    contact: str = ""  # the number the resident left, for whom it is meant; ELSEWHERE on a card
    # that is not the newest any more

    @property
    def values(self) -> Values:
        """What the message was given to say."""
        return self.owed.values


class Ahead(Struct, frozen=True, kw_only=True):
    """What a batch of messages shows: each ticket's children, and what each preview repeats."""

    children: Mapping[int, Sequence[int]] = field(default_factory=dict)
    matches: Mapping[int, Match] = field(default_factory=dict)


async def read_ahead(tx: Tx, owed: list[Owed], rules: Rules) -> Ahead:
    """Load what a batch of messages shows in a few queries."""
    matches = await matching.find(tx, owed, rules)
    tickets = await tx.tickets(o.ticket_id for o in owed if o.ticket_id)
    await tx.prefetch_files(ticket.id for ticket in tickets)
    ids = {o.chat_id for o in owed if o.chat_id > 0}
    ids |= {i for one in owed for i in _mentioned(one, None)}
    ids |= {i for x in tickets for i in (x.handler, x.offered_to, *x.helpers) if i}
    await tx.prefetch_persons(ids)
    children = await queries.children_of(tx.conn, (x.id for x in tickets)) if tickets else {}
    return Ahead(children=children, matches=matches)


async def compose(
    tx: Tx, owed: Owed, rules: Rules, now: datetime, ahead: Ahead
) -> Letter:  # fmt: skip
    """The letter for an owed message. Raises UnreadableError."""
    if owed.is_bare:
        raise UnreadableError("message", owed.id, "its row")
    ticket = await tx.ticket(owed.ticket_id) if owed.ticket_id else None
    who = tx.known if ticket else tx.person  # nobody reads more than he may
    viewer = await who(owed.chat_id) if owed.chat_id > 0 else None
    reader = _reader(owed, viewer, ticket)
    if viewer and (match := ahead.matches.get(owed.id)):
        owed = matching.shown(owed, match, viewer)
    buttons, files = owed.buttons, 0
    if ticket and owed.kind in {"card", "edit"}:
        files = len(await tx.files(ticket.id, engine.open_to(viewer, ticket))) if viewer else 0
        owed = _with_headline(owed, ticket)
        buttons = _card_buttons(ticket, viewer, reader, files, rules, now, owed.template == "more")
    people = await named(tx, _mentioned(owed, ticket), ticket)
    return Letter(
        owed=owed, reader=reader, ticket=ticket, people=people, buttons=buttons, files=files,
        now=now, document=await _document(tx, owed, viewer, rules),
        children=tuple(ahead.children.get(ticket.id, ())) if ticket else (),
        contact=_contact(owed, viewer, ticket),
    )  # fmt: skip


def _contact(owed: Owed, viewer: Person | None, ticket: Ticket | None) -> str:
    if not (ticket and viewer and ticket.contact and may_call(viewer, ticket)):
        return ""
    return ELSEWHERE if owed.kind == "fade" else ticket.contact


async def _document(
    tx: Tx, owed: Owed, viewer: Person | None, rules: Rules
) -> Mapping[str, Any] | None:  # fmt: skip
    """What a file holds, gathered when it goes out, for who reads it as he stands then."""
    gather = _GATHERED.get(owed.template) if owed.kind == "document" else None
    return await gather(tx, viewer, rules) if viewer and gather else None


_GATHERED = {"mydata": my_data.gather, "export": export.gather}


def _with_headline(owed: Owed, ticket: Ticket | None) -> Owed:
    """A card drawn again keeps what it said on top as long as the ticket stands where it stood."""
    if owed.kind != "edit" or ticket is None or owed.card_state != ticket.state:
        return owed
    return replace(owed, template=owed.card_template, values=owed.card_values)


def _reader(owed: Owed, viewer: Person | None, ticket: Ticket | None) -> Reader:
    if owed.chat_id < 0:
        return Reader.GROUP
    if ticket is None or viewer is None:
        return Reader.STAFF if viewer and viewer.is_staff else Reader.RESIDENT
    if not engine.may_see(viewer, ticket):
        return Reader.NOBODY
    is_own = viewer.id == ticket.resident or viewer.id in ticket.followers
    is_staff = relations(viewer, ticket) & AT_WORK
    return Reader.STAFF if is_staff or not is_own else Reader.RESIDENT


def _card_buttons(
    ticket: Ticket, viewer: Person | None, reader: Reader, files: int, rules: Rules, now: datetime,
    is_more: bool,
) -> tuple[tuple[Button, ...], ...]:  # fmt: skip
    """Exactly the actions the machine would accept, then what there is to look at.

    The rarer ones have a card of their own, so that the daily ones are found at a glance.
    """
    if reader is Reader.GROUP:
        is_offered = ticket.open_to_grid and ticket.state is State.DISPATCHED
        return ((act(ticket.id, Action.ACCEPT),),) if is_offered else ()
    if viewer is None or reader is Reader.NOBODY:
        return ()
    allowed = engine.actions(viewer, ticket, now, rules)
    rare = [action for action in allowed if action in engine.ASIDE]
    if is_more:
        back = look(ticket.id, "card", "back")
        last = (batch.opener(ticket), back) if Action.ANNOUNCE in rare else (back,)
        return (*in_rows([act(ticket.id, action) for action in rare], 2), last)
    answers = [*_answers(ticket, allowed, rules)]
    daily = [a for a in allowed if a not in {*rare, *_answered_with(allowed)}]
    taps = [act(ticket.id, action) for action in daily]
    is_long = len(ticket.text) > EXCERPT and reader is Reader.STAFF
    shown = {"steps": True, "more": rare, "text": is_long, "files": files}
    looks = tuple(look(ticket.id, what) for what, is_there in shown.items() if is_there)
    return (*answers, *in_rows(taps, 2), looks)


def _answers(
    ticket: Ticket, allowed: tuple[Action, ...], rules: Rules
) -> Iterable[tuple[Button, ...]]:
    """What a resident answers with one tap: how it was, and why it was not good."""
    if Action.CONFIRM in allowed:
        yield tuple(_rate(ticket, rating) for rating in RATINGS)
        yield tuple(act(ticket.id, a) for a in (Action.PARTLY, Action.REOPEN) if a in allowed)
    if Action.EXPLAIN in allowed:
        reasons = enumerate(forms.FORMS.choices_of(_explanation(ticket), rules))
        yield from in_rows([_explain(ticket, i, text) for i, text in reasons], 2)
        yield (act(ticket.id, Action.EXPLAIN),)


def _explanation(ticket: Ticket) -> Form:
    return forms.about(ticket, Action.EXPLAIN, TEXT.name)


def _answered_with(allowed: tuple[Action, ...]) -> set[Action]:
    """What `_answers` shows on its own."""
    own = {Action.CONFIRM, Action.EXPLAIN}
    return own | {Action.PARTLY, Action.REOPEN} if Action.CONFIRM in allowed else own


def _explain(ticket: Ticket, index: int, text: str) -> Button:
    return Button(tap=acting(ticket.id, Action.EXPLAIN, str(index)), label=f"={text}")


def _rate(ticket: Ticket, rating: int) -> Button:
    return Button(tap=acting(ticket.id, Action.CONFIRM, str(rating)), label=f"rating.{rating}")


def _mentioned(owed: Owed, ticket: Ticket | None) -> set[int]:
    """Whom a message can name."""
    ids = {owed.values.get(name) for name in ("actor", "handler", "to", "heard_from")}
    ids |= {step.get("actor") for step in owed.values.get("steps", ())}
    ids |= {ticket.handler, ticket.offered_to, *ticket.helpers} if ticket else set()
    ids |= {ticket.supervisor} if ticket else set()
    ids |= {asked.by, asked.approved_by} if ticket and (asked := ticket.exclusion) else set()
    return {i for i in ids if isinstance(i, int)}


async def named(tx: Tx, ids: Iterable[int], ticket: Ticket | None) -> dict[int, Named]:
    """People by id as a reader of this ticket may see them; the system is nobody."""
    persons = [await tx.person(i) for i in ids if i]
    place = ticket.place if ticket else ""
    return {
        p.id: _named(p, place, is_resident=ticket is not None and p.id in _residents(ticket))
        for p in persons
        if p
    }


def _residents(ticket: Ticket) -> set[int]:
    """Whose name nobody reads: who brought it, who has it now, and who has the same problem."""
    return {ticket.resident, ticket.author, *ticket.followers} - {ticket.handler}


def _named(person: Person, place: str, *, is_resident: bool) -> Named:
    if is_resident:
        return Named(name="", role="resident")
    roles = [r for r in _RANKS if any(m.role is r for m in person.memberships)]
    here = [r for r in roles if person.has_role(r, place)]
    return Named(name=person.name, role=(here or roles or [Role.PIONEER])[0].value)
