"""How a petition looks to whoever reads of it: its buttons, its files, who is named on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from workflows.core.people import Person
from workflows.core.permissions import ABOVE
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button
from workflows.core.talk.needs import Asked, quick_replies
from workflows.desk.context import Context
from workflows.desk.outbound import keyboard
from workflows.desk.outbound.audience import superiors
from workflows.desk.parts import Cards, Drawing, Look, Rows
from workflows.petition import engine
from workflows.petition.chat import answering, batch, reading
from workflows.petition.chat.taps import act, acting, look
from workflows.petition.front import ALIKE, FILES, ON_CARD, SOON, STEPS, TEXT, WIDE
from workflows.petition.intake import matching
from workflows.petition.intake.matching import Match
from workflows.petition.lifecycle import PETITION
from workflows.petition.model import Ticket
from workflows.petition.needs import RATINGS
from workflows.petition.rules.conditions import WORST
from workflows.petition.rules.relations import may_call, may_visit
from workflows.petition.store import queries
from workflows.petition.store.kept import TICKETS
from workflows.petition.store.queries import Merged
from workflows.petition.words import Action, State, To
from workflows.store import Owed, Tx

EXCERPT = 500  # characters of a petition that a card shows
ELSEWHERE = "…"  # stands for a number that the newest card alone shows


class Shown(Struct, frozen=True, kw_only=True):
    """What a petition's templates are given as `shown`: how many files there are, what was split
    off from it and what was merged into it; the number its resident left and `on_behalf` of whom it
    was filed, for whom that is meant, ELSEWHERE on a card that is not the newest any more.
    `alerted` is for its resident, while nobody at all works in its grid: the role of who hears of
    it, "" for nobody.
    """

    files: int = 0
    children: tuple[int, ...] = ()
    merged: tuple[Merged, ...] = ()
    contact: str = ""
    on_behalf: str = ""
    alerted: str | None = None


class Ahead(Struct, frozen=True, kw_only=True):
    """What a batch of messages shows: each ticket's children, what was merged into it, and what
    each preview repeats.
    """

    children: Mapping[int, Sequence[int]] = field(default_factory=dict)
    merged: Mapping[int, Sequence[Merged]] = field(default_factory=dict)
    matches: Mapping[int, Match] = field(default_factory=dict)


async def _read_ahead(tx: Tx, owed: Sequence[Owed], rules: Rules) -> Ahead:
    matches = await matching.find(tx, owed, rules)
    ids = [o.ticket_id for o in owed if o.ticket_id]
    children = await tx.ask(queries.children_of, ids) if ids else {}
    merged = await tx.ask(queries.merged_into, ids) if ids else {}
    return Ahead(children=children, merged=merged, matches=matches)


def _as_shown(owed: Owed, viewer: Person, ahead: Ahead | None) -> Owed:
    """A preview is shown with what it may repeat."""
    match = ahead.matches.get(owed.id) if ahead else None
    return matching.shown(owed, match, viewer) if match else owed


async def _draw(drawing: Drawing) -> Look:
    ticket: Ticket = drawing.subject
    ahead = drawing.ahead or Ahead()
    merged = tuple(ahead.merged.get(ticket.id, ()))
    files = await _count_files(drawing, ticket, merged) if drawing.is_card else 0
    shown = Shown(
        files=files, children=tuple(ahead.children.get(ticket.id, ())),
        merged=merged, contact=_contact(drawing, ticket), on_behalf=_on_behalf(drawing, ticket),
        alerted=await _alerted(drawing, ticket),
    )  # fmt: skip
    return Look(buttons=_buttons(drawing, ticket, files) if drawing.is_card else (), shown=shown)


async def _count_files(drawing: Drawing, ticket: Ticket, merged: Iterable[Merged]) -> int:
    if drawing.viewer is None:
        return 0
    ids = [one.id for one in merged]
    return len(await reading.files(drawing.tx, ticket, drawing.viewer, ids))


def _contact(drawing: Drawing, ticket: Ticket) -> str:
    if not (drawing.viewer and ticket.contact and may_call(drawing.viewer, ticket)):
        return ""
    return ELSEWHERE if drawing.owed.kind == "fade" else ticket.contact


def _on_behalf(drawing: Drawing, ticket: Ticket) -> str:
    if not (drawing.viewer and ticket.on_behalf and may_visit(drawing.viewer, ticket)):
        return ""
    return ELSEWHERE if drawing.owed.kind == "fade" else ticket.on_behalf


async def _alerted(drawing: Drawing, ticket: Ticket) -> str | None:
    if drawing.reader != "resident" or ticket.holder or not ticket.stage.is_work:
        return None
    staff = await drawing.tx.staff(ticket.place)
    if any(p.is_reachable and p.is_handler_in(ticket.place) for p in staff):
        return None
    told = await superiors(drawing.tx, ticket.place, To.LEAD, drawing.now)
    person = next((p for p in staff if p.id in told and p.is_reachable), None)
    roles = (role for role in ABOVE if person and person.has_role(role, ticket.place))
    return next((role.value for role in roles), "")


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
        wide=WIDE, is_behind=drawing.owed.template == "more",
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
        return _ratings(ticket)
    return (*_said(ticket, action, ON_CARD.get(action, 0), rules), act(ticket.id, action))


def _said(ticket: Ticket, action: Action, most: int, rules: Rules) -> tuple[Button, ...]:
    """The first quick replies of an action, each said with one tap; most have none of them."""
    if not most:
        return ()
    asked = Asked(kind=ticket.kind, key=action, category=ticket.category)
    words = quick_replies(asked, rules)[:most]
    return tuple(
        Button(tap=acting(ticket.id, action, str(i)), label=f"={text}")
        for i, text in enumerate(words)
    )


def _ratings(ticket: Ticket) -> tuple[Button, ...]:
    """How content somebody is: beside UNHAPPY at first, later all but what he said."""
    if not ticket.solved:
        return tuple(_rate(ticket, rating, "rate") for rating in RATINGS if rating > WORST)
    return tuple(_rate(ticket, rating, "rating") for rating in RATINGS if rating != ticket.rating)


def _rate(ticket: Ticket, rating: int, words: str) -> Button:
    return Button(tap=acting(ticket.id, Action.CONFIRM, str(rating)), label=f"{words}.{rating}")


def _mentions(ticket: Ticket) -> Iterable[int | None]:
    """Whom its card can name."""
    yield from (ticket.handler, ticket.offered_to, *ticket.helpers, ticket.supervisor)
    if asked := ticket.exclusion:
        yield from (asked.by, asked.approved_by)


def _unnamed(ticket: Ticket) -> set[int | None]:
    """Whose name nobody reads: who brought it, who has it now, and who has the same problem; but
    whoever is to work on it is named, though he filed it for somebody.
    """
    known: set[int | None] = {ticket.resident, ticket.author, *ticket.followers}
    return known - {ticket.handler, ticket.offered_to, *ticket.helpers}


async def _hides(context: Context, owed: Owed, ticket: Ticket) -> bool:
    """Whether a card may have shown its reader, one of the staff, how somebody else is found."""
    if owed.chat_id < 0 or owed.chat_id == ticket.resident:
        return False
    is_known = ticket.contact or ticket.on_behalf
    if not is_known and not await context.tx.ask(
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
