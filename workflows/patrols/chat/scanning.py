"""The codes at the points: who walks a round is there, anybody else tells what is wrong."""

from __future__ import annotations

import hmac

from msgspec.structs import replace

from workflows.core.kernels.configured import Spot
from workflows.core.kernels.presence import printed
from workflows.core.people import Person
from workflows.core.permissions import is_staff
from workflows.core.places import community_of
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form
from workflows.core.talk.messages import Incoming, Values
from workflows.core.talk.needs import NOTE_OR_PHOTO, Answers
from workflows.desk import actions, viewing
from workflows.desk.context import Context
from workflows.patrols import words as w
from workflows.patrols.rounds import ROUNDS, A, Action, Round, attempt
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.store import queries
from workflows.patrols.store import tables as own
from workflows.store import Tx, listing
from workflows.store.kernels import presences

LINK = "pt"


async def code_of(tx: Tx, spot: Spot, rules: Rules) -> str:
    """What the link of a point ends with: its code, signed, so that nobody can guess it; "" before
    the first round of its community.
    """
    first = await tx.ask(queries.key_round, community_of(spot.at(rules.places).place))
    key = await tx.do(presences.key_of, first) if first else b""
    return f"{spot.code}-{printed(key, spot.code)}" if first else ""


async def sheets(tx: Tx, person: Person, rules: Rules, values: Values) -> Values:
    """A sheet for each point of a round, for whoever works there when it goes out."""
    one = await tx.get(own.ROUNDS, values["round"])
    spots = one.walk.spots if one and is_staff(person, one.place) else ()
    return {
        "sheets": [
            {"name": spot.name, "place": spot.place, "code": f"{LINK}_{code}"}
            for spot in spots
            if (code := await code_of(tx, spot, rules))
        ]
    }


async def scanned(context: Context, incoming: Incoming, person: Person, said: str) -> bool:
    """A start link of a point; whether it is one, of a community that has rounds."""
    rules = context.rules
    spot = rules.of(PatrolSettings).spots.get(said.rpartition("-")[0])
    if not spot or not rules.is_on(Round.kind, spot.at(rules.places).place):
        return False
    if not hmac.compare_digest((await code_of(context.tx, spot, rules)).encode(), said.encode()):
        return False
    return await _walk(context, spot, person) or await _ask(context, incoming, spot, person)


async def _walk(context: Context, spot: Spot, person: Person) -> bool:
    """Whether it belongs to a round of his: he is there."""
    for one in await rounds_of(context, person):
        if one.walk.has(spot.code) and _may(context, one, A.TOUCH, person):
            answers = Answers({w.POINT: spot.code, w.SCANNED: True})
            viewing.show_card(context, await context.perform(one, A.TOUCH, person, answers), person)
            return True
    return False


async def rounds_of(context: Context, person: Person) -> list[Round]:
    """The rounds that he may walk, and where he leads those missed; what he has first."""
    scope = [m.place for m in person.memberships]
    ids = await context.tx.ask(listing.ids_open, own.rounds, scope)
    for who in (person.id, *person.stands_for):
        ids += await context.tx.ask(queries.held, who, is_open=True)
    for place in scope:
        ids += await context.tx.ask(listing.ids_open_around, own.rounds, place)
    found = await context.tx.get_all(own.ROUNDS, dict.fromkeys(ids))
    his = [x for x in found if any(_may(context, x, a, person) for a in (A.TOUCH, A.ACCEPT))]
    return sorted(
        his, key=lambda one: (one.holder != person.id, not one.walk.at(person.id), one.id)
    )


def _may(context: Context, one: Round, action: Action, person: Person) -> bool:
    return ROUNDS.may(attempt(one, action, person, context.now, context.rules))


async def _ask(context: Context, incoming: Incoming, spot: Spot, person: Person) -> bool:
    """One photo or a few words, and it is told; where no plan has the point any more, it is said as
    anything else is.
    """
    settings = context.rules.of(PatrolSettings)
    names = [one.name for one in settings.plans if spot.code in one.points]
    for one in await context.tx.find(own.ROUNDS, queries.latest, names):
        if not one.walk.has(spot.code):
            continue
        form = Form(
            ticket_id=one.id, kind=Round.kind, action=A.TELL.value, needs=(NOTE_OR_PHOTO.name,),
            answers={w.POINT.name: spot.code},
        )  # fmt: skip
        context.tx.put_dialog(replace(await context.tx.dialog(person.id), form=None))
        context.say(person.id, "spot_here", point=spot.name)
        await actions.go_on(context.workflows.of(one), context, form, one, person, incoming)
        return True
    return False
