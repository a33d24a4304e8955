"""On duty, off duty, away: who is offered what is new, and who stands in while somebody is away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import HANDLERS, Person
from workflows.core.permissions import LIMITED
from workflows.core.talk.dialogs import Dialog, Leave
from workflows.core.talk.messages import Button, Incoming, Notice, Priority, in_rows
from workflows.core.talk.needs import DUE_DAYS
from workflows.core.talk.tap import Tap
from workflows.core.timing import calendar
from workflows.core.timing.dates import parse_due
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.people import roster, skills

_MINUTE = timedelta(minutes=1)
_LAPSES = timedelta(minutes=10)  # words said later than this answer no question after a date
_NAMES = 20  # stand-ins to choose from: a grid has fewer
_NOBODY = 0
_KIND = "absence"  # of its taps


async def show(context: Context, incoming: Incoming, person: Person) -> None:
    """How this person stands: on duty or off, away, for whom he stands in; what he can change."""
    if not person.is_staff:
        raise Refusal("refused_staff_only")
    away = person.away_until if person.is_away(context.now) else None
    stand_in = await context.tx.person(person.stand_in) if away and person.stand_in else None
    absent = [p for i in sorted(person.stands_for) if (p := await context.tx.person(i))]
    values = {
        "on_duty": person.on_duty, "away_until": away and away.isoformat(),
        "stand_in": stand_in.name if stand_in else "", "absent": [p.name for p in absent],
        "is_handler": _is_limited(person), "categories": _categories(person),
    }  # fmt: skip
    buttons = _taps(person, is_away=away is not None)
    notice = Notice(
        to=person.id, template="duty", values=values, buttons=buttons, priority=Priority.REPLY
    )
    paging.answer(context, incoming, notice)


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


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button: on duty or off, away or back, until when, and who stands in."""
    await incoming.tap.meant(_VERBS)(context, incoming, person)


async def _turn(context: Context, incoming: Incoming, person: Person) -> None:
    """Off duty means that nothing new is offered."""
    changed = replace(person, on_duty=incoming.tap.verb == "on")
    context.tx.put_person(changed)
    await show(context, incoming, changed)


async def _named(context: Context, incoming: Incoming, person: Person) -> Person:
    """Whom a button is about. Raises Refusal."""
    member = await _member(context, person, incoming.tap.number)
    context.toast(incoming)
    return member


async def _member(context: Context, person: Person, number: int) -> Person:
    """Oneself, or one of one's people. Raises Refusal."""
    if number == person.id and person.is_staff:
        return person
    return await roster.member_of(context, person, number)


# until when, and who stands in


async def _go(context: Context, incoming: Incoming, person: Person) -> None:
    """For as many days as were tapped, or the question for how many."""
    member = await _named(context, incoming, person)
    if not incoming.tap.args:
        await _ask_until(context, person, member)
        return
    last_day = context.now + timedelta(days=incoming.tap.number_at(0, digits=3))
    await _ask_who(context, person, member, _last_minute(context, last_day))


async def _ask_until(context: Context, person: Person, member: Person) -> None:
    """First question, to be tapped or typed; what he says next answers nothing older."""
    dialog = await context.tx.dialog(person.id)
    leave = Leave(person_id=member.id, asked_at=context.now)
    context.tx.put_dialog(replace(dialog, form=None, leave=leave))
    days = [
        Button(tap=_tap(member, "leave", str(days)), label=f"absence.{days}") for days in DUE_DAYS
    ]
    roster.ask(context, person, "leave_until", in_rows(days, 3), name=_other(person, member))


def _other(person: Person, member: Person) -> str:
    """The name of somebody else; "" for oneself."""
    return "" if member.id == person.id else member.name


async def answer(context: Context, dialog: Dialog, incoming: Incoming, person: Person) -> bool:
    """A typed date; False when none was asked for. Raises Refusal when it is no date."""
    leave = dialog.leave
    if leave is None or dialog.form or not incoming.text or context.now - leave.asked_at > _LAPSES:
        return False
    due = parse_due(incoming.text, context.now, context.rules)
    member = await _member(context, person, leave.person_id)
    await _ask_who(context, person, member, _last_minute(context, due))
    return True


async def cancel(context: Context, person: Person) -> bool:
    """Ask no further; whether there was a question."""
    dialog = await context.tx.dialog(person.id)
    if dialog.leave is None or dialog.form or context.now - dialog.leave.asked_at > _LAPSES:
        return False
    context.tx.put_dialog(replace(dialog, leave=None))
    context.say(person.id, "form_cancelled")
    return True


def _last_minute(context: Context, day: datetime) -> datetime:
    """23:59 of that day, local: the next morning he is back."""
    return calendar.end_of_day(day, context.rules) - _MINUTE


def _minute(moment: datetime) -> str:
    return f"{moment.timestamp() // 60:.0f}"


def _moment(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * 60, UTC)


async def _ask_who(context: Context, person: Person, member: Person, until: datetime) -> None:
    """Second question: who of the grid stands in, or nobody."""
    dialog = await context.tx.dialog(person.id)
    context.tx.put_dialog(replace(dialog, leave=None))
    people = await _stand_ins(context, member)
    busy = await roster.loads(context, [p.id for p in people])
    buttons = [
        _stand_in(member, until, p.id, roster.NAMED_BY[p.presence(context.now)], name=p.name,
                  open=busy[p.id])
        for p in people[:_NAMES]
    ]  # fmt: skip
    nobody = _stand_in(member, until, _NOBODY, "nobody")
    rows = (*in_rows(buttons, 2), (nobody,))
    said = {"until": until.isoformat(), "name": _other(person, member)}
    roster.ask(context, person, "leave_who", rows, **said)


def _stand_in(
    member: Person, until: datetime, stand_in: int, label: str, **values: object
) -> Button:  # fmt: skip
    tap = _tap(member, "who", _minute(until), str(stand_in))
    return Button(tap=tap, label=f"absence.{label}", values=values)


async def _stand_ins(context: Context, member: Person) -> list[Person]:
    """The handlers of his grids who are there themselves; on duty first."""
    places = [m.place for m in member.memberships if m.role in HANDLERS]
    staff = {p.id: p for place in places for p in await context.tx.staff(place)}
    here = (p for p in staff.values() if p.id != member.id and p.is_there(context.now))
    fit = [p for p in here if any(p.is_handler_in(place) for place in places)]
    return sorted(fit, key=lambda p: (not p.on_duty, p.id))


async def _leave(context: Context, incoming: Incoming, person: Person) -> None:
    """Away from now on until that moment; whoever is concerned is told."""
    member = await _named(context, incoming, person)
    until, stand_in_id = _moment(incoming.tap.number_at(0, digits=9)), incoming.tap.number_at(1)
    if not context.now < until <= context.now + timedelta(days=367):
        raise Refusal("refused_past")
    found = {p.id: p for p in await _stand_ins(context, member)}
    if stand_in_id != _NOBODY and stand_in_id not in found:
        raise Refusal("refused_stand_in")
    stand_in = found.get(stand_in_id)
    _release(context, member, stand_in)
    context.tx.put_person(
        replace(member, away_until=until, stand_in=stand_in.id if stand_in else None)
    )
    said = {"until": until.isoformat(), "stand_in": stand_in.name if stand_in else ""}
    context.say(person.id, "leave_set", name=_other(person, member), **said)
    if member.id != person.id:
        context.say(member.id, "leave_set", name="", **said)
    if stand_in:
        count = sum(
            [
                await guarding.asked(context, 0, w.hands.held, context.tx, member.id)
                for w in context.workflows
            ]
        )
        context.say(stand_in.id, "stand_in", name=member.name, until=said["until"], count=count)


async def _come_back(context: Context, incoming: Incoming, person: Person) -> None:
    """Back before the time."""
    member = await _named(context, incoming, person)
    _release(context, member, None)
    context.tx.put_person(replace(member, away_until=None, stand_in=None))
    context.say(person.id, "leave_over", name=_other(person, member))
    if member.id != person.id:
        context.say(member.id, "leave_over", name="")


def _release(context: Context, member: Person, successor: Person | None) -> None:
    """Who stood in until now hears that he does no more."""
    former = member.stand_in if member.is_away(context.now) else None
    if former and (successor is None or former != successor.id):
        context.say(former, "stand_in_over", name=member.name)


_VERBS = {"on": _turn, "off": _turn, "back": _come_back, "leave": _go, "who": _leave}
