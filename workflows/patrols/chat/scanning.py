"""The codes at the points: who walks a round is there, anybody else reports what is wrong."""

from __future__ import annotations

import hmac

from msgspec.structs import replace

from workflows.core.kernels.presence import printed
from workflows.core.people import Person
from workflows.core.places import community_of
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Incoming
from workflows.core.talk.needs import NOTE_OR_PHOTO
from workflows.desk import actions, viewing
from workflows.desk.context import Context
from workflows.patrols import service
from workflows.patrols.needs import SPOT
from workflows.patrols.plans.model import Action, Plan
from workflows.patrols.rounds.lifecycle import ROUNDS, attempt
from workflows.patrols.rounds.model import Action as Walk
from workflows.patrols.rounds.model import Round
from workflows.patrols.settings import PatrolSettings, Spot
from workflows.patrols.store import queries
from workflows.patrols.store.kept import PLANS_KEPT, ROUNDS_KEPT
from workflows.store import Tx
from workflows.store.kernels import presences

LINK = "pt"


async def code_of(tx: Tx, spot: Spot, rules: Rules) -> str:
    """What the link of a point ends with: its code and a signature, which nobody can guess; "" in a
    community that never had a plan.
    """
    place = rules.places.resolve(spot.place)
    first = await tx.ask(queries.key_plan, community_of(place))
    if first is None:
        return ""
    key = await tx.do(presences.key_of, first)
    return f"{spot.code}-{printed(key, spot.code)}"


async def scanned(context: Context, incoming: Incoming, person: Person, said: str) -> bool:
    """A start link of a point; whether it is one."""
    spot = context.rules.of(PatrolSettings).spots.get(said.rpartition("-")[0])
    if spot is None:
        return False
    right = await code_of(context.tx, spot, context.rules)
    if not right or not hmac.compare_digest(right.encode(), said.encode()):
        return False
    return await _walk(context, spot, person) or await _ask(context, incoming, spot, person)


async def _walk(context: Context, spot: Spot, person: Person) -> bool:
    """Whether it belongs to a round of his: he is there."""
    for one in await rounds_of(context, person):
        command = attempt(one, Walk.TOUCH, person, context.now, context.rules)
        if spot.code in one.codes and ROUNDS.may(command):
            moved = await service.touch(context, one, spot.code, person)
            viewing.show_card(context, moved, person)
            return True
    return False


async def rounds_of(context: Context, person: Person) -> list[Round]:
    """The open rounds that are his, or anybody's who has his role; what he is at first."""
    if not person.is_staff:
        return []
    scope = [m.place for m in person.memberships]
    ids = await context.tx.ask(queries.ids_open, Round.kind, scope)
    ids += [i for p in (person.id, *person.stands_for)
            for i in await context.tx.ask(queries.ids_held, p) if i not in ids]  # fmt: skip
    found = await context.tx.get_all(ROUNDS_KEPT, ids)
    his = [one for one in found if _may(context, one, person)]
    return sorted(his, key=lambda one: (one.holder != person.id, not one.at, one.id))


def _may(context: Context, one: Round, person: Person) -> bool:
    return ROUNDS.may(attempt(one, Walk.TOUCH, person, context.now, context.rules))


async def _ask(context: Context, incoming: Incoming, spot: Spot, person: Person) -> bool:
    """One photo or a few words, and it is told; where no plan has the point any more, it is said as
    anything else is.
    """
    for one in await context.tx.get_all(PLANS_KEPT, await context.tx.ask(queries.running)):
        planned = context.rules.of(PatrolSettings).plan(one.name)
        if planned and spot.code in planned.points and context.rules.is_on(Plan.kind, one.place):
            form = Form(
                ticket_id=one.id, kind=Plan.kind, action=Action.TELL.value,
                needs=(NOTE_OR_PHOTO.name,), answers={SPOT.name: spot.code},
            )  # fmt: skip
            dialog = await context.tx.dialog(person.id)
            context.tx.put_dialog(replace(dialog, form=None))
            context.say(person.id, "spot_here", point=spot.name)
            workflow = context.workflows.of(one)
            await actions.go_on(workflow, context, form, one, person, incoming)
            return True
    return False
