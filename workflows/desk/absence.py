"""On duty, off duty, away: who is offered what is new, and who stands in while somebody is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from workflows import sla
from workflows.dates import parse_due
from workflows.desk import listing, roster, skills
from workflows.desk.case import Case
from workflows.dialog import Dialog, Leave
from workflows.form import DUE_DAYS
from workflows.intake_view import in_rows
from workflows.model import (
    HANDLERS,
    Button,
    Incoming,
    Notice,
    Person,
    Priority,
    Refusal,
    Tap,
    Ticket,
)
from workflows.routing import LIMITED
from workflows.standing import Who, relations

_MINUTE = timedelta(minutes=1)
_LAPSES = timedelta(minutes=10)  # words said later than this answer no question after a date
_NAMES = 20  # stand-ins to choose from: a grid has fewer
_NOBODY = 0
_KIND = "absence"  # of its taps


async def show(case: Case, incoming: Incoming, person: Person) -> None:
    """How this person stands: on duty or off, away, for whom he stands in; what he can change."""
    if not person.is_staff:
        raise Refusal("refused_staff_only")
    away = person.away_until if person.is_away(case.now) else None
    stand_in = await case.tx.person(person.stand_in) if away and person.stand_in else None
    absent = [p for i in sorted(person.stands_for) if (p := await case.tx.person(i))]
    values = {
        "on_duty": person.on_duty, "away_until": away and away.isoformat(),
        "stand_in": stand_in.name if stand_in else "", "absent": [p.name for p in absent],
        "is_handler": _is_limited(person), "categories": _categories(person),
    }  # fmt: skip
    buttons = _taps(person, is_away=away is not None)
    notice = Notice(
        to=person.id, template="duty", values=values, buttons=buttons, priority=Priority.REPLY
    )
    listing.answer(case, incoming, notice)


def _is_limited(person: Person) -> bool:
    return any(m.role in LIMITED for m in person.memberships)


def _categories(person: Person) -> list[str]:
    return next((list(m.categories) for m in person.memberships if m.role in LIMITED), [])


def _taps(person: Person, *, is_away: bool) -> tuple[tuple[Button, ...], ...]:
    turn = "off" if person.on_duty else "on"
    shown = [
        Button(tap=Tap(kind=_KIND, verb=turn), label=f"absence.{turn}"),
        verb(person, "leave"),
    ]
    if is_away:
        shown.append(verb(person, "back"))
    if _is_limited(person):
        shown.append(skills.chooser(person))
    return in_rows(shown, 2)


def verb(member: Person, what: str) -> Button:
    """A button to begin a member's absence, or to end it before the time."""
    return Button(tap=_tap(member, what), label=f"absence.{what}")


def _tap(member: Person, what: str, *args: str) -> Tap:
    return Tap(kind=_KIND, subject=member.id, verb=what, args=args)


async def tap(case: Case, incoming: Incoming, person: Person) -> None:
    """A button: on duty or off, away or back, until when, and who stands in."""
    await incoming.tap.meant(_VERBS)(case, incoming, person)


async def _turn(case: Case, incoming: Incoming, person: Person) -> None:
    """Off duty means that nothing new is offered."""
    changed = replace(person, on_duty=incoming.tap.verb == "on")
    case.tx.put_person(changed)
    await show(case, incoming, changed)


async def _named(case: Case, incoming: Incoming, person: Person) -> Person:
    """Whom a button is about. Raises Refusal."""
    member = await _member(case, person, incoming.tap.number)
    case.toast(incoming)
    return member


async def _member(case: Case, person: Person, number: int) -> Person:
    """Oneself, or one of one's people. Raises Refusal."""
    if number == person.id and person.is_staff:
        return person
    return await roster.member_of(case, person, number)


# until when, and who stands in


async def _go(case: Case, incoming: Incoming, person: Person) -> None:
    """For as many days as were tapped, or the question for how many."""
    member = await _named(case, incoming, person)
    if not incoming.tap.args:
        await _ask_until(case, person, member)
        return
    last_day = case.now + timedelta(days=incoming.tap.number_at(0, digits=3))
    await _ask_who(case, person, member, _last_minute(case, last_day))


async def _ask_until(case: Case, person: Person, member: Person) -> None:
    """First question, to be tapped or typed; what he says next answers nothing older."""
    dialog = await case.tx.dialog(person.id)
    leave = Leave(person_id=member.id, asked_at=case.now)
    case.tx.put_dialog(replace(dialog, form=None, leave=leave))
    days = [
        Button(tap=_tap(member, "leave", str(days)), label=f"absence.{days}") for days in DUE_DAYS
    ]
    roster.ask(case, person, "leave_until", in_rows(days, 3), name=_other(person, member))


def _other(person: Person, member: Person) -> str:
    """The name of somebody else; "" for oneself."""
    return "" if member.id == person.id else member.name


async def answer(case: Case, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A typed date; False when none was asked for. Raises Refusal when it is no date."""
    leave = dialog.leave
    if leave is None or dialog.form or not incoming.text or case.now - leave.asked_at > _LAPSES:
        return False
    due = parse_due(incoming.text, case.now, case.rules)
    member = await _member(case, person, leave.person_id)
    await _ask_who(case, person, member, _last_minute(case, due))
    return True


async def cancel(case: Case, person: Person) -> bool:
    """Ask no further; whether there was a question."""
    dialog = await case.tx.dialog(person.id)
    if dialog.leave is None or dialog.form or case.now - dialog.leave.asked_at > _LAPSES:
        return False
    case.tx.put_dialog(replace(dialog, leave=None))
    case.say(person.id, "form_cancelled")
    return True


def _last_minute(case: Case, day: datetime) -> datetime:
    """23:59 of that day, local: the next morning he is back."""
    return sla.end_of_day(day, case.rules) - _MINUTE


def _minute(moment: datetime) -> str:
    return f"{moment.timestamp() // 60:.0f}"


def _moment(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * 60, UTC)


async def _ask_who(case: Case, person: Person, member: Person, until: datetime) -> None:
    """Second question: who of the grid stands in, or nobody."""
    dialog = await case.tx.dialog(person.id)
    case.tx.put_dialog(replace(dialog, leave=None))
    people = await _stand_ins(case, member)
    buttons = [_stand_in(member, until, p.id, "person", name=p.name) for p in people[:_NAMES]]
    nobody = _stand_in(member, until, _NOBODY, "nobody")
    rows = (*in_rows(buttons, 2), (nobody,))
    said = {"until": until.isoformat(), "name": _other(person, member)}
    roster.ask(case, person, "leave_who", rows, **said)


def _stand_in(
    member: Person, until: datetime, stand_in: int, label: str, **values: str
) -> Button:  # fmt: skip
    tap = _tap(member, "who", _minute(until), str(stand_in))
    return Button(tap=tap, label=f"absence.{label}", values=values)


async def _stand_ins(case: Case, member: Person) -> list[Person]:
    """The handlers of his grids who are there themselves; on duty first."""
    places = [m.place for m in member.memberships if m.role in HANDLERS]
    staff = {p.id: p for place in places for p in await case.tx.staff(place)}
    here = (p for p in staff.values() if p.id != member.id and p.is_there(case.now))
    fit = [p for p in here if any(p.is_handler_in(place) for place in places)]
    return sorted(fit, key=lambda p: (not p.on_duty, p.id))


async def _leave(case: Case, incoming: Incoming, person: Person) -> None:
    """Away from now on until that moment; whoever is concerned is told."""
    member = await _named(case, incoming, person)
    until, stand_in_id = _moment(incoming.tap.number_at(0, digits=9)), incoming.tap.number_at(1)
    if not case.now < until <= case.now + timedelta(days=367):
        raise Refusal("refused_past")
    found = {p.id: p for p in await _stand_ins(case, member)}
    if stand_in_id != _NOBODY and stand_in_id not in found:
        raise Refusal("refused_stand_in")
    stand_in = found.get(stand_in_id)
    _release(case, member, stand_in)
    case.tx.put_person(
        replace(member, away_until=until, stand_in=stand_in.id if stand_in else None)
    )
    said = {"until": until.isoformat(), "stand_in": stand_in.name if stand_in else ""}
    case.say(person.id, "leave_set", name=_other(person, member), **said)
    if member.id != person.id:
        case.say(member.id, "leave_set", name="", **said)
    if stand_in:
        count = len(await case.tx.held_by(member.id))
        case.say(stand_in.id, "stand_in", name=member.name, until=said["until"], count=count)


async def _come_back(case: Case, incoming: Incoming, person: Person) -> None:
    """Back before the time."""
    member = await _named(case, incoming, person)
    _release(case, member, None)
    case.tx.put_person(replace(member, away_until=None, stand_in=None))
    case.say(person.id, "leave_over", name=_other(person, member))
    if member.id != person.id:
        case.say(member.id, "leave_over", name="")


def _release(case: Case, member: Person, successor: Person | None) -> None:
    """Who stood in until now hears that he does no more."""
    former = member.stand_in if member.is_away(case.now) else None
    if former and (successor is None or former != successor.id):
        case.say(former, "stand_in_over", name=member.name)


# what is in one's hands


async def in_hand(case: Case, person: Person) -> list[Ticket]:
    """What a person has in hand, and what he does for those he stands in for, oldest first."""
    held = {i: await case.tx.held_by(i) for i in (person.id, *person.stands_for)}
    return his_of(person, held)


def his_of(person: Person, held: Mapping[int, Iterable[Ticket]]) -> list[Ticket]:
    """The same, where it is known what he and those he stands in for hold."""
    hands = Who.OFFERED | Who.HANDLER
    others = [t for i in person.stands_for for t in held[i] if t.holder == i]
    found = (*held[person.id], *(t for t in others if relations(person, t) & hands))
    return sorted({t.id: t for t in found}.values(), key=lambda t: t.id)


_VERBS = {"on": _turn, "off": _turn, "back": _come_back, "leave": _go, "who": _leave}
