"""Beginning an activity: by words, or by a button of 身边; there the page of the month, too."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.activities import service
from workflows.activities.model import Activity
from workflows.activities.relations import may_begin
from workflows.activities.words import Action
from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.places import grid_of
from workflows.core.policy import Rules
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Button, Incoming, Kind
from workflows.core.talk.tap import Tap
from workflows.desk import actions
from workflows.desk.context import Context
from workflows.desk.parts import Rows

PLAN = "activity"  # the kind of its taps
_AROUND = " \t\n:,.，。：、"
DOORS: Rows = tuple(
    (Button(tap=Tap(kind=PLAN, verb=verb), label=f"door.{verb}"),) for verb in ("begin", "month")
)


def place_of(person: Person, rules: Rules) -> str:
    """Where somebody plans one: the grid or the community that is his; "" where there is none."""
    places = (grid_of(m.place) for m in person.memberships if may_begin(person, m.place))
    return next((one for one in places if rules.is_on(Activity.kind, one)), "")


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """Such a button. Raises Refusal."""
    await incoming.tap.meant({"begin": _begin, "month": _owe_month})(context, incoming, person)


async def _begin(context: Context, incoming: Incoming, person: Person, title: str = "") -> None:
    place = place_of(person, context.rules)
    if not place:
        raise Refusal("refused_staff_only")
    new = await service.begin(context, person, place, title)
    plan = Tap(kind=new.kind, subject=new.id, verb=Action.PLAN)
    asked = replace(incoming, tap=plan)
    await actions.tap_action(context.workflows.of(new), context, asked, person)


async def _owe_month(context: Context, incoming: Incoming, person: Person) -> None:
    context.toast(incoming)
    context.document(person, template="activity_month", kind=Activity.kind)


async def hears(context: Context, _: Dialog, incoming: Incoming, person: Person) -> bool:
    """Words of staff that begin so."""
    said = incoming.text.strip()
    word = next((w for w in context.rules.hears.get(Activity.kind, ()) if said.startswith(w)), "")
    if not word or incoming.kind is not Kind.TEXT or not place_of(person, context.rules):
        return False
    await _begin(context, incoming, person, said.removeprefix(word).strip(_AROUND))
    return True
