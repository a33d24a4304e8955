"""How a petition looks to whoever reads of it: its buttons, its files, who is named on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from workflows.core.people import Person
from workflows.core.permissions import ABOVE
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button, in_rows
from workflows.core.talk.needs import Asked, quick_replies
from workflows.desk.context import Context
from workflows.desk.outbound.audience import superiors
from workflows.desk.parts import Cards, Drawing, Look, Rows
from workflows.petition import engine
from workflows.petition.chat import answering, batch, reading
from workflows.petition.chat.taps import act, acting, look
from workflows.petition.intake import matching
from workflows.petition.intake.matching import Match
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
    """Exactly the actions the machine would accept, then what there is to look at.

    The rarer ones have a card of their own, so that the daily ones are found at a glance.
    """
    if drawing.reader == "group":
        is_offered = ticket.open_to_grid and ticket.state is State.DISPATCHED
        return ((act(ticket.id, Action.ACCEPT),),) if is_offered else ()
    if drawing.viewer is None or drawing.reader == "nobody":
        return ()
    allowed = engine.actions(drawing.viewer, ticket, drawing.now, drawing.rules)
    rare = [action for action in allowed if action in engine.ASIDE]
    if drawing.owed.template == "more":
        return _rare(ticket, rare, has_alike=Action.ANNOUNCE in allowed)
    answers = [*_answers(ticket, allowed, drawing.rules)]
    daily = [a for a in allowed if a not in {*rare, *_answered_with(allowed)}]
    is_long = len(ticket.text) > EXCERPT and drawing.reader == "staff"
    shown = {"steps": True, "more": rare, "text": is_long, "files": files}
    looks = tuple(look(ticket.id, what) for what, is_there in shown.items() if is_there)
    return (*answers, *in_rows([act(ticket.id, action) for action in daily], 2), looks)


def _rare(ticket: Ticket, rare: list[Action], *, has_alike: bool) -> Rows:
    back = look(ticket.id, "card", "back")
    last = (batch.opener(ticket), back) if has_alike else (back,)
    return (*in_rows([act(ticket.id, action) for action in rare], 2), last)


def _answers(
    ticket: Ticket, allowed: tuple[Action, ...], rules: Rules
) -> Iterable[tuple[Button, ...]]:
    """What a resident answers with one tap: how it was, and why it was not good."""
    if Action.UNHAPPY in allowed:
        yield from ((_rate(ticket, rating, "rate"),) for rating in RATINGS if rating > WORST)
        yield (act(ticket.id, Action.UNHAPPY),)
    elif Action.CONFIRM in allowed:
        yield tuple(
            _rate(ticket, rating, "rating") for rating in RATINGS if rating != ticket.rating
        )
    if Action.CONFIRM in allowed:
        yield tuple(act(ticket.id, a) for a in (Action.PARTLY, Action.REOPEN) if a in allowed)
    if Action.EXPLAIN in allowed:
        asked = Asked(kind=ticket.kind, key=Action.EXPLAIN, category=ticket.category)
        reasons = enumerate(quick_replies(asked, rules))
        yield from in_rows([_explain(ticket, i, text) for i, text in reasons], 2)
        yield (act(ticket.id, Action.EXPLAIN),)


def _answered_with(allowed: tuple[Action, ...]) -> set[Action]:
    """What `_answers` shows on its own."""
    own = {Action.CONFIRM, Action.UNHAPPY, Action.EXPLAIN}
    return own | {Action.PARTLY, Action.REOPEN} if Action.CONFIRM in allowed else own


def _explain(ticket: Ticket, index: int, text: str) -> Button:
    return Button(tap=acting(ticket.id, Action.EXPLAIN, str(index)), label=f"={text}")


def _rate(ticket: Ticket, rating: int, words: str) -> Button:
    return Button(tap=acting(ticket.id, Action.CONFIRM, str(rating)), label=f"{words}.{rating}")


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
)  # fmt: skip
