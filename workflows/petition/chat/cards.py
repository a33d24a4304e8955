"""How a petition looks to whoever reads of it: its buttons, its files, who is named on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button
from workflows.core.talk.needs import Asked, quick_replies
from workflows.desk.context import Context
from workflows.desk.outbound import keyboard
from workflows.desk.parts import Cards, Drawing, Look, Rows
from workflows.petition import engine
from workflows.petition.chat import answering, batch, reading
from workflows.petition.chat.taps import act, acting, look
from workflows.petition.front import ALIKE, FILES, ON_CARD, SOON, STEPS, TEXT
from workflows.petition.intake import matching
from workflows.petition.intake.matching import Match
from workflows.petition.lifecycle import PETITION
from workflows.petition.model import Ticket
from workflows.petition.needs import RATINGS
from workflows.petition.rules.relations import may_call
from workflows.petition.store import queries
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action, State
from workflows.store import Owed, Tx

EXCERPT = 500  # characters of a petition that a card shows
ELSEWHERE = "…"  # stands for a number that the newest card alone shows


class Shown(Struct, frozen=True, kw_only=True):
    """What a petition's templates are given as `shown`: how many files there are, what was split
    off from it, and the number its resident left, for whom that is meant; ELSEWHERE on a card that
    is not the newest any more.
    """

    files: int = 0
    children: tuple[int, ...] = ()
    contact: str = ""


class Ahead(Struct, frozen=True, kw_only=True):
    """What a batch of messages shows: each ticket's children, and what each preview repeats."""

    children: Mapping[int, Sequence[int]] = field(default_factory=dict)
    matches: Mapping[int, Match] = field(default_factory=dict)


async def _read_ahead(tx: Tx, owed: Sequence[Owed], rules: Rules) -> Ahead:
    matches = await matching.find(tx, owed, rules)
    ids = [o.ticket_id for o in owed if o.ticket_id]
    children = await tx.ask(queries.children_of, ids) if ids else {}
    return Ahead(children=children, matches=matches)


def _as_shown(owed: Owed, viewer: Person, ahead: Ahead | None) -> Owed:
    """A preview is shown with what it may repeat."""
    match = ahead.matches.get(owed.id) if ahead else None
    return matching.shown(owed, match, viewer) if match else owed


async def _draw(drawing: Drawing) -> Look:
    ticket: Ticket = drawing.subject
    files = await _count_files(drawing, ticket) if drawing.is_card else 0
    ahead = drawing.ahead or Ahead()
    shown = Shown(
        files=files, children=tuple(ahead.children.get(ticket.id, ())),
        contact=_contact(drawing, ticket),
    )  # fmt: skip
    return Look(buttons=_buttons(drawing, ticket, files) if drawing.is_card else (), shown=shown)


async def _count_files(drawing: Drawing, ticket: Ticket) -> int:
    viewer = drawing.viewer
    return len(await drawing.tx.files(ticket.id, engine.open_to(viewer, ticket))) if viewer else 0


def _contact(drawing: Drawing, ticket: Ticket) -> str:
    if not (drawing.viewer and ticket.contact and may_call(drawing.viewer, ticket)):
        return ""
    return ELSEWHERE if drawing.owed.kind == "fade" else ticket.contact


def _buttons(drawing: Drawing, ticket: Ticket, files: int) -> Rows:
    """Exactly the actions the machine would accept, and what there is to look at; in which order,
    `front` says.
    """
    if drawing.reader == "group":
        is_offered = ticket.open_to_grid and ticket.state is State.DISPATCHED
        return ((act(ticket.id, Action.ACCEPT),),) if is_offered else ()
    if drawing.viewer is None or drawing.reader == "nobody":
        return ()
    allowed = engine.actions(drawing.viewer, ticket, drawing.now, drawing.rules)
    is_long = len(ticket.text) > EXCERPT and drawing.reader == "staff"
    there = {
        STEPS: True, TEXT: is_long, FILES: files,
        ALIKE: Action.ANNOUNCE in allowed, SOON: Action.COME in allowed,
    }  # fmt: skip
    names = (*allowed, *(name for name, is_there in there.items() if is_there))
    return keyboard.drawn(
        PETITION, ticket, names, lambda name: _spread(ticket, name, drawing.rules),
        is_behind=drawing.owed.template == "more",
    )  # fmt: skip


def _spread(ticket: Ticket, name: str, rules: Rules) -> tuple[Button, ...]:
    """The buttons of one name: what is answered with one tap has one for each answer."""
    if name in {STEPS, TEXT, FILES}:
        return (look(ticket.id, name),)
    if name == ALIKE:
        return (batch.opener(ticket),)
    if name == SOON:
        return _said(ticket, Action.COME, ON_CARD[SOON], rules)
    action = Action(name)
    if action is Action.CONFIRM:
        return tuple(_rate(ticket, rating) for rating in RATINGS)
    return (*_said(ticket, action, ON_CARD.get(action, 0), rules), act(ticket.id, action))


def _said(ticket: Ticket, action: Action, most: int, rules: Rules) -> tuple[Button, ...]:
    """The first quick replies of an action, each said with one tap."""
    asked = Asked(kind=ticket.kind, key=action, category=ticket.category)
    words = quick_replies(asked, rules)[:most]
    return tuple(
        Button(tap=acting(ticket.id, action, str(i)), label=f"={text}")
        for i, text in enumerate(words)
    )


def _rate(ticket: Ticket, rating: int) -> Button:
    return Button(tap=acting(ticket.id, Action.CONFIRM, str(rating)), label=f"rating.{rating}")


def _mentions(ticket: Ticket) -> Iterable[int | None]:
    """Whom its card can name."""
    yield from (ticket.handler, ticket.offered_to, *ticket.helpers, ticket.supervisor)
    if asked := ticket.exclusion:
        yield from (asked.by, asked.approved_by)


def _unnamed(ticket: Ticket) -> set[int | None]:
    """Whose name nobody reads: who brought it, who has it now, and who has the same problem."""
    known: set[int | None] = {ticket.resident, ticket.author, *ticket.followers}
    return known - {ticket.handler}


async def _hides(context: Context, owed: Owed, ticket: Ticket) -> bool:
    """Whether a card may have shown its reader, one of the staff, a number that is not his own."""
    if owed.chat_id < 0 or owed.chat_id == ticket.resident:
        return False
    if not ticket.contact and not await context.tx.ask(
        queries.was_shared, await _family(context, ticket)
    ):
        return False
    reader = await context.tx.person(owed.chat_id)
    return reader is not None and reader.is_staff


async def _family(context: Context, ticket: Ticket) -> list[int]:
    """A ticket and what it was split off from, whose number it was given."""
    ids, above = [ticket.id], ticket.parent
    while above:
        ids.append(above)
        parent = next(iter(await context.tx.get_all(TICKETS, [above])), None)
        above = parent.parent if parent else None
    return ids


CARDS = Cards(
    draw=_draw, ahead=_read_ahead, changed=_as_shown, mentions=_mentions, unnamed=_unnamed,
    looks=reading.LOOKS, hides=_hides, heeds=frozenset({"asked"}), delivered=answering.delivered,
    spread=_spread,
)  # fmt: skip
