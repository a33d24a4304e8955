"""The roster in chat: inviting by single-use links, joining, looking, taking off."""

from __future__ import annotations

import secrets

from workflows.desk import acting
from workflows.desk.case import Case
from workflows.desk.menus import MANAGES
from workflows.draft import place_key
from workflows.intake_view import in_rows
from workflows.model import (
    Button,
    ForgedError,
    Incoming,
    Membership,
    Notice,
    Person,
    Priority,
    Refusal,
    Role,
    covers,
)
from workflows.tokens import token_hash

_BUTTONS = 90  # Telegram takes a hundred below a message
# At which depth of a place's path each role sits: street, community, grid, building.
DEPTHS: dict[Role, tuple[int, ...]] = {
    Role.PIONEER: (3, 4),
    Role.WORKER: (3,),
    Role.LEAD: (3,),
    Role.COMMITTEE: (2,),
    Role.STREET: (1,),
    Role.ADMIN: (1, 2),
}


def may_manage(person: Person, role: Role, place: str) -> bool:
    """Whether this person may give or end this role at this place."""
    return any(
        role in MANAGES.get(m.role, ()) and covers(m.place, place) for m in person.memberships
    )


async def make_invitation(case: Case, membership: Membership, by: int | None) -> str:
    """A start link's payload that gives this role once, to whoever opens it first."""
    token = secrets.token_urlsafe(24)
    expires_at = case.now + case.rules.invitation_lasts
    await case.tx.invite(token_hash(token), membership, by, expires_at)
    return f"iv_{token}"


async def join(case: Case, person: Person, token: str) -> None:
    """Use an invitation. Leaked, used or late ones are refused alike."""
    redeemed = await case.tx.redeem(token_hash(token), person.id)
    if redeemed is None:
        raise Refusal("refused_invitation")
    membership, inviter = redeemed
    case.menu(await case.tx.grant(person, membership, inviter))
    said = {"role": membership.role.value, "place": membership.place}
    case.say(person.id, "joined", **said)
    if inviter:
        case.say(inviter, "joined_staff", name=person.name, **said)


# inviting in chat


async def offer_roles(case: Case, person: Person) -> None:
    """First question: which role."""
    roles = [
        role for role in Role if any(role in MANAGES.get(m.role, ()) for m in person.memberships)
    ]
    if not roles:
        raise Refusal("refused_staff_only")
    buttons = [Button(press=f"g:invite:{role.value}", label=f"role.{role.value}") for role in roles]
    _ask(case, person, "invite_role", in_rows(buttons, 2))


async def tap(case: Case, incoming: Incoming, person: Person) -> None:
    """A button: "g:invite:<role>[:<place>[:yes]]", "g:remove:<person>[:yes]"."""
    _, verb, first, second, sure = (*incoming.press.split(":", 4), "", "", "", "")[:5]
    case.toast(incoming)
    if verb == "invite" and first in {r.value for r in Role}:
        await _invite(case, person, Role(first), second, is_sure=sure == "yes")
    elif verb == "remove" and first.isdecimal():
        await _remove(case, person, int(first[:18]), is_sure=second == "yes")
    else:
        raise ForgedError(incoming.press)


async def _invite(case: Case, person: Person, role: Role, key: str, *, is_sure: bool) -> None:
    """Second question: where; for a pioneer the grid first, then the whole grid or a building."""
    places = _places_for(case, person, role)
    if not places:
        raise Refusal("refused_staff_only")
    chosen = next((path for path in places if place_key(path) == key), None)
    outermost = _outermost(places)
    if not key and len(outermost) == 1 and len(places) > 1:
        chosen = outermost[0]  # a lead has one grid: no need to ask which
    inner = [p for p in places if chosen and p != chosen and covers(chosen, p)]
    if chosen and (is_sure or not inner):
        await _hand_out(case, person, Membership(role=role, place=chosen))
    elif chosen:
        _ask_place(case, person, role, [chosen, *inner], ":yes")
    else:
        _ask_place(case, person, role, outermost, "")


def _places_for(case: Case, person: Person, role: Role) -> list[str]:
    """Where this person may give this role."""
    inside = (case.rules.places.inside("", depth) for depth in DEPTHS[role])
    return [p.path for some in inside for p in some if may_manage(person, role, p.path)]


def _outermost(places: list[str]) -> list[str]:
    return [p for p in places if not any(q != p and covers(q, p) for q in places)]


def _ask_place(case: Case, person: Person, role: Role, places: list[str], sure: str) -> None:
    taps = [
        Button(press=f"g:invite:{role.value}:{place_key(p)}{sure}", label=f"@{p}")
        for p in places[:_BUTTONS]
    ]
    _ask(case, person, "invite_place", in_rows(taps, 2), role=role.value)


async def _hand_out(case: Case, person: Person, membership: Membership) -> None:
    payload = await make_invitation(case, membership, person.id)
    role, place = membership.role.value, membership.place
    case.say(person.id, "invitation", role=role, place=place, payload=payload)


def _ask(
    case: Case,
    person: Person,
    template: str,
    buttons: tuple[tuple[Button, ...], ...],
    **values: str,
) -> None:
    case.reply(
        Notice(
            to=person.id,
            template=template,
            values=values,
            buttons=buttons,
            priority=Priority.REPLY,
        )
    )


# looking and taking off


async def show(case: Case, person: Person) -> None:
    """Who has which role at the places this person answers for."""
    managed = [m.place for m in person.memberships if m.role in MANAGES]
    if not managed:
        raise Refusal("refused_staff_only")
    found = {p.id: p for place in managed for p in await case.tx.staff_inside(place)}
    listed = [
        {"id": p.id, "name": p.name, "on_duty": p.on_duty, "role": m.role.value, "place": m.place}
        for p in found.values()
        for m in p.memberships
        if any(covers(place, m.place) for place in managed)
    ]
    buttons = tuple(
        (Button(press=f"g:remove:{p.id}", label="roster.remove", values={"name": p.name}),)
        for p in list(found.values())[:_BUTTONS]
        if p.id != person.id and _removable(person, p)
    )
    case.reply(
        Notice(
            to=person.id,
            template="roster",
            values={"members": listed},
            buttons=buttons,
            priority=Priority.REPLY,
        )
    )


def _removable(person: Person, member: Person) -> list[Membership]:
    return [m for m in member.memberships if may_manage(person, m.role, m.place)]


async def _remove(case: Case, person: Person, member_id: int, *, is_sure: bool) -> None:
    """End the roles this person may end; what the member had in hand goes on to others."""
    member = await case.tx.person(member_id)
    is_other = member is not None and member.id != person.id
    removable = _removable(person, member) if member and is_other else []
    if member is None or not removable:
        raise Refusal("refused_unknown")
    if not is_sure:
        sure = Button(press=f"g:remove:{member_id}:yes", label="roster.sure")
        _ask(case, person, "remove_sure", ((sure,),), name=member.name)
        return
    for membership in removable:
        member = await case.tx.end_roles(member, membership.place, membership.role)
    passed_on = await acting.release(case, member)
    case.say(person.id, "removed", name=member.name, passed_on=passed_on)
    case.say(member_id, "removed_you", roles=[m.role.value for m in member.memberships])
    case.menu(member)
