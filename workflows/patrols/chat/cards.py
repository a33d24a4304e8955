"""How rounds and findings look; their buttons are what the machine accepts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from msgspec import Struct

from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Button, Notice, Priority
from workflows.desk import planning
from workflows.desk.context import Context
from workflows.desk.outbound import keyboard
from workflows.desk.parts import Cards, Drawing, Look
from workflows.desk.privacy import audit
from workflows.patrols import findings as f
from workflows.patrols import rounds as r
from workflows.patrols.findings import FINDINGS, Finding
from workflows.patrols.rounds import ROUNDS, Round
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.store import queries
from workflows.patrols.tending import plans

_MOST = 5  # things and places that are told
_POINTS = 3  # of a round that stand in front


class RoundShown(Struct, frozen=True, kw_only=True):
    """Where its reader stands, what is measured next there or has no picture; its findings."""

    at: str = ""
    measured: str = ""
    unproven: str = ""
    cleared: int = 0
    found: int = 0


class FindingShown(Struct, frozen=True, kw_only=True):
    """How many pictures there are from before and from after."""

    before: int = 0
    after: int = 0


async def _draw_round(drawing: Drawing) -> Look:
    one, viewer = drawing.subject, drawing.viewer
    who = viewer.id if viewer else 0
    measured, unproven = one.walk.unmeasured(who), one.walk.unproven(who)
    cleared, found = await drawing.tx.ask(queries.cleared, one.id)
    shown = RoundShown(
        at=one.walk.at(who), measured=measured.text if measured else "",
        unproven=unproven.text if unproven else "", cleared=cleared, found=found,
    )  # fmt: skip
    looks = ("files", "steps", "calendar", "figures", "codes") if drawing.reader == "staff" else ()

    def spread(subject: Round, name: str, rules: Rules) -> tuple[Button, ...]:
        points = _points(subject, who) if name == r.A.TOUCH else ()
        return (*points, *keyboard.spread_of(ROUNDS)(subject, name, rules))

    rows = keyboard.of_card(ROUNDS, r.attempt, drawing, looks, spread, wide={r.A.WELL})
    return Look(buttons=rows, shown=shown)


def _points(one: Round, who: int) -> Iterable[Button]:
    """Those one can go to next; fewer while something is to be said of where he stands."""
    walk = one.walk
    for code in walk.ahead(who)[: 1 if walk.at(who) in walk.left else _POINTS]:
        yield keyboard.action(one, r.A.TOUCH, code, label=f"={walk.spot(code).name}")


_BEFORE, _AFTER = {f.A.FIND, f.A.AGAIN, f.A.FAIL}, {f.A.FIX}


async def _draw_finding(drawing: Drawing) -> Look:
    finding = drawing.subject
    before, after = [len(await drawing.tx.files(finding.id, x)) for x in (_BEFORE, _AFTER)]
    there = {"pair": before and after, "files": before or after, "steps": True}
    looks = [name for name, is_there in there.items() if is_there]
    return Look(
        buttons=keyboard.of_card(FINDINGS, f.attempt, drawing, looks),
        shown=FindingShown(before=before, after=after),
    )


async def _pair(context: Context, finding: Finding, person: Person) -> None:
    """The last picture from before and the last from after, side by side."""
    both = [await context.tx.files(finding.id, x) for x in (_BEFORE, _AFTER)]
    audit.note(context, finding, person, "files")
    pair = tuple(files[-1] for files in both if files)
    context.reply(Notice(to=person.id, template="files", ticket_id=finding.id, attachments=pair,
                         priority=Priority.REPLY))  # fmt: skip


async def _figures(context: Context, one: Round, person: Person) -> None:
    """Which things and which places have most findings."""
    since = context.now - timedelta(days=context.rules.of(PatrolSettings).fault_days)
    things, places = [
        await context.tx.ask(queries.most, by, [one.place], since, _MOST)
        for by in ("name", "place")
    ]
    context.say(person.id, "patrol_figures", things=things, places=places)


async def _calendar(context: Context, one: Round, person: Person) -> None:
    """When which round of the place is, in the next two weeks, and what holidays decide."""
    until = context.now + planning.HORIZON
    times = [
        {"name": plan.name, "opens": time.opens.isoformat(), "decided": time.decided.value}
        for plan in plans(context.rules)
        if context.rules.places.resolve(plan.place) == one.place
        for time in planning.times_of(plan.schedule, context.rules, context.now, until)
    ]
    context.say(person.id, "patrol_calendar", times=sorted(times, key=lambda x: x["opens"]))


async def _codes(context: Context, one: Round, person: Person) -> None:
    context.document(person, "patrol_codes", Round.kind, round=one.id)


ROUND_CARDS = Cards(
    draw=_draw_round, spread=keyboard.spread_of(ROUNDS), mentions=lambda one: [one.holder],
    looks={"figures": _figures, "calendar": _calendar, "codes": _codes},
)  # fmt: skip
FINDING_CARDS = Cards(
    draw=_draw_finding, spread=keyboard.spread_of(FINDINGS), looks={"pair": _pair},
    mentions=lambda one: one.fixers, unnamed=lambda one: {*one.finders} - {*one.fixers},
)  # fmt: skip
