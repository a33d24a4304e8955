"""The roster in chat: inviting by single-use links, joining, looking, taking off."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from workflows.core.errors import Refusal
from workflows.core.people import HANDLERS, Membership, Person, Presence, Role
from workflows.core.permissions import DEPTHS, MANAGES
from workflows.core.places import covers
from workflows.core.talk.messages import Button, Incoming, Notice, Priority, in_rows
from workflows.core.talk.tap import Tap
from workflows.core.tokens import token_hash
from workflows.desk import glossary, guarding
from workflows.desk.context import Context
from workflows.desk.people import arriving, leaving
from workflows.desk.people.place_picker import SURE, narrow, taps

# The word for somebody in a list to choose from; who cannot be reached stands in none.
NAMED_BY = {
    Presence.HERE: "person", Presence.OFF: "person_off", Presence.AWAY: "person_away",
}  # fmt: skip
_NONE: Mapping[int, int] = {}
_LISTED = 90  # Telegram takes a hundred buttons below a message


def may_manage(person: Person, role: Role, place: str) -> bool:
    """Whether this person may give or end this role at this place."""
    return any(
        role in MANAGES.get(m.role, ()) and covers(m.place, place) for m in person.memberships
    )


async def make_invitation(context: Context, membership: Membership, by: int | None) -> str:
    """A start link's payload that gives this role once, to whoever opens it first."""
    token = secrets.token_urlsafe(24)
    expires_at = context.now + context.rules.invitation_lasts
    await context.tx.invite(token_hash(token), membership, by, expires_at)
    return f"iv_{token}"


async def join(context: Context, person: Person, token: str) -> None:
    """Use an invitation. Leaked, used or late ones are refused alike."""
    redeemed = await context.tx.redeem(token_hash(token), person.id)
    if redeemed is None:
        raise Refusal("refused_invitation")
    membership, inviter = redeemed
    joined = await context.tx.grant(person, membership, inviter)
    context.menu(joined)
    said = {"role": membership.role.value, "place": membership.place}
    glossary.welcome(context, person, "joined", **said)
    if inviter:
        context.say(inviter, "joined_staff", name=person.name, **said)
    await arriving.greet(context, joined, membership)


# inviting in chat


async def offer_roles(context: Context, person: Person) -> None:
    """First question: which role."""
    roles = [
        role for role in Role if any(role in MANAGES.get(m.role, ()) for m in person.memberships)
    ]
    if not roles:
        raise Refusal("refused_staff_only")
    buttons = [Button(tap=_inviting(role), label=f"role.{role.value}") for role in roles]
    ask(context, person, "invite_role", in_rows(buttons, 2))


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button to invite somebody, or to take somebody off."""
    context.toast(incoming)
    await incoming.tap.meant(_VERBS)(context, person, incoming.tap)


def _inviting(role: Role) -> Tap:
    return Tap(kind="roster", verb="invite", args=(role.value,))


async def _invite(context: Context, person: Person, tap: Tap) -> None:
    """Second question: where; for a pioneer the grid first, then the whole grid or a building."""
    role, key, sure = tap.word_at(0, Role), tap.at(1), tap.at(2)
    places = places_for(context, person, role)
    if not places:
        raise Refusal("refused_staff_only")
    chosen, options = narrow(places, key, sure)
    if options:
        rows = taps(_inviting(role), chosen, options)
        ask(context, person, "invite_place", rows, role=role.value)
    else:
        await _hand_out(context, person, Membership(role=role, place=chosen))


def places_for(context: Context, person: Person, role: Role) -> list[str]:
    """Where this person may give this role."""
    inside = (context.rules.places.inside("", depth) for depth in DEPTHS[role])
    return [p.path for some in inside for p in some if may_manage(person, role, p.path)]


async def _hand_out(context: Context, person: Person, membership: Membership) -> None:
    payload = await make_invitation(context, membership, person.id)
    role, place = membership.role.value, membership.place
    context.say(person.id, "invitation", role=role, place=place, payload=payload)


def ask(
    context: Context,
    person: Person,
    template: str,
    buttons: tuple[tuple[Button, ...], ...],
    **values: object,
) -> None:
    """Owe a question with its taps."""
    context.reply(
        Notice(
            to=person.id,
            template=template,
            values=values,
            buttons=buttons,
            priority=Priority.REPLY,
        )
    )


# looking and taking off


async def show(context: Context, _: Incoming, person: Person) -> None:
    """Who has which role at the places this person answers for."""
    places = [m.place for m in person.memberships if m.role in MANAGES]
    if not places:
        raise Refusal("refused_staff_only")
    found = {p.id: p for place in places for p in await context.tx.staff_inside(place)}
    busy = await loads(context, list(found))
    listed = [
        _line(p, m, context.now) | {"open": busy[p.id] if m.role in HANDLERS else 0}
        for p in found.values()
        for m in p.memberships
        if any(covers(place, m.place) for place in places)
    ]
    buttons = [
        Button(tap=_card(p), label="roster.member", values={"name": p.name})
        for p in found.values()
        if p.id != person.id and managed(person, p)
    ]
    ask(context, person, "roster", in_rows(buttons[:_LISTED], 2), members=listed)


async def loads(context: Context, ids: Collection[int]) -> Mapping[int, int]:
    """How much of any workflow each of these has in hand."""
    found = dict.fromkeys(ids, 0)
    for workflow in context.workflows:
        its = await guarding.asked(context, _NONE, workflow.hands.loads, context.tx, ids)
        found |= {i: found[i] + count for i, count in its.items()}
    return found


def _card(member: Person) -> Tap:
    return Tap(kind="member", subject=member.id, verb="card")


def _line(member: Person, held: Membership, now: datetime) -> dict[str, object]:
    away = member.away_until if member.is_away(now) else None
    return {
        "id": member.id, "name": member.name, "on_duty": member.on_duty,
        "is_reachable": member.is_reachable,
        "away_until": away and away.isoformat(), "role": held.role.value, "place": held.place,
    }  # fmt: skip


def managed(person: Person, member: Person) -> list[Membership]:
    """The roles of a member that this person may give, change and end."""
    return [m for m in member.memberships if may_manage(person, m.role, m.place)]


async def member_of(context: Context, person: Person, number: int) -> Person:
    """Somebody else whom this person manages. Raises Refusal, the same for all others."""
    member = await context.tx.person(number)
    if member is None or member.id == person.id or not managed(person, member):
        raise Refusal("refused_unknown")
    return member


def remover(member: Person, *sure: str, label: str = "roster.remove") -> Button:
    """A button that takes a member off, once that is sure."""
    tap = Tap(kind="roster", subject=member.id, verb="remove", args=sure)
    return Button(tap=tap, label=label)


async def _remove(context: Context, person: Person, tap: Tap) -> None:
    """End the roles this person may end; what the member had in hand goes on to others."""
    member = await member_of(context, person, tap.number)
    if tap.at(0) != SURE:
        sure = remover(member, SURE, label="roster.sure")
        ask(context, person, "remove_sure", ((sure,),), name=member.name)
        return
    for membership in managed(person, member):
        member = await context.tx.end_roles(member, membership.place, membership.role)
    passed_on = await leaving.release(context, member)
    context.say(person.id, "removed", name=member.name, passed_on=passed_on)
    context.say(member.id, "removed_you", roles=[m.role.value for m in member.memberships])
    context.menu(member)


_VERBS = {"invite": _invite, "remove": _remove}
