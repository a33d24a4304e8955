"""A group bound to a place: to a grid for its staff, to a grid or community for its residents."""

from __future__ import annotations

from workflows.core.errors import Refusal
from workflows.core.people import Person, Role
from workflows.core.permissions import BIND_RESIDENTS, BIND_STAFF
from workflows.core.places import RESIDENTS_GROUP, community_of, grid_of
from workflows.core.talk.messages import Incoming
from workflows.desk.context import Context
from workflows.store.messages import chats


async def bind(context: Context, incoming: Incoming, person: Person) -> None:
    """This group is the place's from now on, if it is one's own to say so. Raises Refusal."""
    said = incoming.text.strip()
    if said.startswith(RESIDENTS_GROUP):
        await _bind_residents(context, incoming, person, said.removeprefix(RESIDENTS_GROUP).strip())
        return
    grid = _grid_to_bind(context, said, person)
    await _check_rule_over(context, incoming, person)
    await context.tx.bind_group(incoming.chat_id, grid, topic=incoming.topic)
    context.say(incoming.chat_id, "group_bound", place=grid)


def _grid_to_bind(context: Context, said: str, person: Person) -> str:
    led = {grid_of(m.place) for m in person.memberships if m.role is Role.LEAD}
    if len(led) == 1 and not said:
        return led.pop()
    found = [p.path for p in context.rules.places.inside("", 3) if said and p.path.endswith(said)]
    allowed = [path for path in found if _may(person, path, BIND_STAFF)]
    if len(allowed) != 1:
        raise Refusal("refused_bind")
    return allowed[0]


async def _bind_residents(context: Context, incoming: Incoming, person: Person, said: str) -> None:
    place = _place_to_bind(context, said, person)
    await _check_rule_over(context, incoming, person)
    await context.tx.bind_group(incoming.chat_id, place, chats.RESIDENTS, incoming.topic)
    weekly = context.rules.weekly
    when = {"weekday": weekly.weekday, "time": f"{weekly.at:%H:%M}"} if weekly else {}
    context.say(incoming.chat_id, "group_bound_residents", place=place, when=when)


def _place_to_bind(context: Context, said: str, person: Person) -> str:
    """The one place of his own, or the one he names: a grid or a community."""
    inside = context.rules.places.inside
    known = [place.path for depth in (2, 3) for place in inside("", depth)]
    allowed = [path for path in known if _may(person, path, BIND_RESIDENTS)]
    named = [path for path in allowed if said and f"/{path}".endswith(f"/{said}")]
    own = {home for m in person.memberships if (home := _HOMES.get(m.role, grid_of)(m.place))}
    found = named if said else [path for path in allowed if path in own]
    if len(found) != 1:
        raise Refusal("refused_residents_group")
    return found[0]


_HOMES = {Role.COMMITTEE: community_of}


async def unbind(context: Context, incoming: Incoming, person: Person) -> None:
    """This group is no place's any more: nothing is said there. Raises Refusal."""
    audience = await context.tx.ask(chats.audience_of, incoming.chat_id)
    roles = BIND_RESIDENTS if audience == chats.RESIDENTS else BIND_STAFF
    if not any(m.role in roles for m in person.memberships):
        raise Refusal("refused_bind")
    await _check_rule_over(context, incoming, person)
    await context.tx.bind_group(incoming.chat_id, "")
    context.say_there(incoming, "group_unbound")


async def _check_rule_over(context: Context, incoming: Incoming, person: Person) -> None:
    """A group that is another lead's already is not taken from him. Raises Refusal."""
    bound = await context.tx.ask(chats.place_of, incoming.chat_id)
    audience = await context.tx.ask(chats.audience_of, incoming.chat_id)
    roles = BIND_RESIDENTS if audience == chats.RESIDENTS else BIND_STAFF
    if bound and not _may(person, bound, roles):
        raise Refusal("refused_bind")


def _may(person: Person, place: str, roles: tuple[Role, ...]) -> bool:
    return any(person.has_role(role, place) for role in roles)
