"""One member of the roster: his card, and another place for a role of his."""

from __future__ import annotations

from workflows.core.errors import Refusal
from workflows.core.people import Membership, Person
from workflows.core.permissions import LIMITED
from workflows.core.places import place_key
from workflows.core.talk.messages import Button, Incoming, in_rows
from workflows.core.talk.tap import Tap
from workflows.desk.context import Context
from workflows.desk.people import absence, arriving, leaving, roster, skills
from workflows.desk.people.place_picker import narrow, taps
from workflows.store.roster import memberships


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button about a member: his card, or another place for a role of his."""
    member = await roster.member_of(context, person, incoming.tap.number)
    context.toast(incoming)
    await incoming.tap.meant(_VERBS)(context, incoming.tap, person, member)


async def _show(context: Context, _: Tap, person: Person, member: Person) -> None:
    """What the roster says of him, and what may be done about it."""
    load = (await roster.loads(context, [member.id]))[member.id]
    away = member.away_until if member.is_away(context.now) else None
    stand_in = await context.tx.person(member.stand_in) if away and member.stand_in else None
    held = [
        {"role": m.role.value, "place": m.place, "categories": list(m.categories)}
        for m in member.memberships
    ]
    roster.ask(
        context, person, "member", _taps(person, member, is_away=away is not None),
        name=member.name, on_duty=member.on_duty, is_reachable=member.is_reachable,
        open=load, roles=held,
        away_until=away and away.isoformat(), stand_in=stand_in.name if stand_in else "",
    )  # fmt: skip


def _taps(person: Person, member: Person, *, is_away: bool) -> tuple[tuple[Button, ...], ...]:
    shown = [absence.verb(member, "leave")]
    if is_away:
        shown.append(absence.verb(member, "back"))
    if any(m.role in LIMITED for m in roster.managed(person, member)):
        shown.append(skills.chooser(member))
    if _movable(person, member):
        shown.append(Button(tap=_moving(member), label="roster.move"))
    return in_rows([*shown, roster.remover(member)], 2)


# another place


async def _move(context: Context, tap: Tap, person: Person, member: Person) -> None:
    """The role and where it is now, where to, and whether that is sure; asked for one by one."""
    role, key, to, sure = (tap.at(i) for i in range(4))
    if key:
        await _place(context, person, member, _held(person, member, role, key), to, sure)
    else:
        await _ask_which(context, person, member)


def _moving(member: Person, *args: str) -> Tap:
    return Tap(kind="member", subject=member.id, verb="move", args=args)


def _movable(person: Person, member: Person) -> list[Membership]:
    """His roles that have a place; an admin of everywhere is nowhere else."""
    return [m for m in roster.managed(person, member) if m.place]


def _held(person: Person, member: Person, role: str, key: str) -> Membership:
    """The role a button names, if he still has it. Raises Refusal."""
    for held in _movable(person, member):
        if (held.role.value, place_key(held.place)) == (role, key):
            return held
    raise Refusal("refused_unknown")


async def _ask_which(context: Context, person: Person, member: Person) -> None:
    """First question: which role, where he has several."""
    held = _movable(person, member)
    if len(held) == 1:
        await _place(context, person, member, held[0], "", "")
        return
    buttons = [
        Button(tap=_moving_from(member, m), label="roster.role",
               values={"role": m.role.value, "place": m.place})
        for m in held
    ]  # fmt: skip
    roster.ask(context, person, "move_which", in_rows(buttons, 1), name=member.name)


def _moving_from(member: Person, held: Membership) -> Tap:
    return _moving(member, held.role.value, place_key(held.place))


async def _place(
    context: Context, person: Person, member: Person, old: Membership, key: str, sure: str
) -> None:
    """Second question: where to; then one role ends and the other begins."""
    taken = {m.place for m in member.memberships if m.role is old.role}
    free = [p for p in roster.places_for(context, person, old.role) if p not in taken]
    chosen, options = narrow(free, key, sure)
    if options:
        rows = taps(_moving_from(member, old), chosen, options)
        roster.ask(context, person, "move_where", rows, name=member.name, role=old.role.value)
    elif chosen:
        await _change(context, person, member, old, chosen)
    else:
        raise Refusal("refused_move")


async def _change(
    context: Context, person: Person, member: Person, old: Membership, place: str
) -> None:
    """What he may handle no longer goes on to others, as when somebody is taken off."""
    new = Membership(role=old.role, place=place, categories=old.categories)
    moved = await memberships.change(context.tx, member, old, new, person.id)
    if moved is None:
        raise Refusal("refused_move")
    passed_on = await leaving.release(context, moved)
    said = {"role": old.role.value, "place": place}
    context.say(person.id, "member_moved", name=member.name, passed_on=passed_on, **said)
    context.say(member.id, "moved_you", **said)
    await arriving.greet(context, moved, new)


_VERBS = {"card": _show, "move": _move}
