"""Doing something with a plan, a round or a finding, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import Struct

from workflows.core.kernels.causes import Seed
from workflows.core.kernels.presence import Presence, ThereAlreadyError, Way
from workflows.core.kernels.schedule import Fate, Occurrence
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import UNPAID
from workflows.core.talk.messages import Attachment, Notice, Priority
from workflows.core.talk.needs import NOTHING, PHOTOS, TEXT, Answers
from workflows.danger import danger
from workflows.desk import performing, spawning
from workflows.desk.context import Context
from workflows.patrols.findings import lifecycle as finding_flow
from workflows.patrols.findings.lifecycle import FINDINGS
from workflows.patrols.findings.model import Action as F
from workflows.patrols.findings.model import Finding
from workflows.patrols.findings.model import State as Standing
from workflows.patrols.needs import FIXERS, LEVEL, POINT, SCANNED, SEEN, SPOT, WORN
from workflows.patrols.plans.lifecycle import PLANS
from workflows.patrols.plans.lifecycle import attempt as plan_command
from workflows.patrols.plans.model import Action as P
from workflows.patrols.plans.model import Plan
from workflows.patrols.rounds import effects, lifecycle
from workflows.patrols.rounds.lifecycle import ROUNDS
from workflows.patrols.rounds.model import Action as R
from workflows.patrols.rounds.model import Round
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.store import queries
from workflows.patrols.store.kept import FINDINGS_KEPT
from workflows.patrols.words import Level, To
from workflows.store.kernels import occurrences, presences

_FATES = {R.LAPSE: Fate.MISSED, R.EXCUSE: Fate.EXCUSED, R.FINISH: Fate.DONE}


class Seen(Struct, frozen=True, kw_only=True):
    """What somebody says is wrong: with which thing, in which line of the list, how grave."""

    code: str
    name: str
    place: str
    patrol: int
    item: str = ""
    text: str = ""
    level: Level = Level.MINOR
    photos: tuple[Attachment, ...] = ()


# rounds


async def perform_round(
    context: Context, one: Round, action: R, actor: Person, answers: Answers = NOTHING
) -> Round:
    """Let `actor` do `action`; once nothing is left to say, the round is done. Raises Refusal and
    writes nothing.
    """
    command = lifecycle.attempt(one, action, actor, context.now, context.rules, answers)
    moved: Round = await performing.perform(context, one, action, actor, answers)
    if action in _FATES:
        await _settle(context, moved, _FATES[action], actor)
    if action is R.TOUCH:
        await _arrived(context, moved, actor, answers)
    if action is R.FAULT:
        stop = moved.stop(moved.at)
        assert stop
        found = Seen(
            code=stop.code, name=stop.name, place=stop.place, patrol=moved.plan,
            item=effects.faulty(command).text, text=answers[TEXT], level=answers[LEVEL],
            photos=answers[PHOTOS],
        )  # fmt: skip
        await spawning.link(context, moved, await report(context, found, actor), actor)
    if action is R.FINISH and moved.service_minutes:
        notice = Notice(to=To.LEAD, template="round_walked", ticket_id=moved.id, is_card=True)
        await context.tell(moved, notice, actor)
    if action is R.VERIFY:
        await _earn(context, moved, actor)
    done = lifecycle.attempt(moved, R.FINISH, SYSTEM, context.now, context.rules)
    return await context.perform(moved, R.FINISH, SYSTEM) if ROUNDS.may(done) else moved


async def _settle(context: Context, one: Round, fate: Fate, actor: Person) -> None:
    """Its time of the plan ends so, once; what was missed stays so, even if it is made up for."""
    slot = Occurrence(subject=one.plan, slot=one.slot, opens=one.opens_at, closes=one.opens_at)
    await context.tx.do(occurrences.settle, slot, fate, actor.id, context.now)


async def _arrived(context: Context, one: Round, actor: Person, answers: Answers) -> None:
    """That he scanned its code is written down once; what is to be checked there he is asked."""
    if answers[SCANNED]:
        there = Presence(
            subject=one.id, name=one.at, person=actor.id, at=context.now, way=Way.POINT,
            is_doubtful=True,
        )  # fmt: skip
        try:
            await context.tx.do(presences.take_down, there)
        except ThereAlreadyError:
            return
    for finding in await context.tx.get_all(
        FINDINGS_KEPT, await context.tx.ask(queries.to_check_at, one.at)
    ):
        asked = finding_flow.attempt(finding, F.CLEAR, actor, context.now, context.rules)
        if FINDINGS.may(asked):
            context.reply(Notice(to=actor.id, template="finding_check", ticket_id=finding.id,
                                 is_card=True, priority=Priority.REPLY))  # fmt: skip


async def _earn(context: Context, one: Round, actor: Person) -> None:
    """A volunteer's round is worth something where there are passbooks; nobody is paid twice."""
    person = await context.tx.person(one.holder) if one.holder else None
    if person is None or any(m.role not in UNPAID for m in person.memberships):
        return
    day = one.done_at or context.now
    facts: dict[str, int | str] = {
        "minutes": one.service_minutes, "service": "patrol", "verifier": actor.id,
        "date": f"{day.astimezone(context.rules.zone):%Y-%m-%d}",
    }  # fmt: skip
    seed = Seed(cause=one.id, place=one.place, text=one.name, person=person, facts=facts)
    try:
        await spawning.spawn(context, "service", one, seed, actor)
    except LookupError:
        return  # this community has none


# findings


async def report(context: Context, seen: Seen, by: Person) -> Finding:
    """Something is wrong: anew, once more, or as somebody has said already. The office hears at
    once of what cannot wait, and of what a passer-by says, who does not put it right himself.
    """
    known = await _known(context, seen)
    answers = Answers({SEEN: True, TEXT: seen.text, PHOTOS: seen.photos, LEVEL: seen.level})
    if known is None:
        finding = await _begin(context, seen, by)
    else:
        is_again = known.state in {Standing.TO_CHECK, Standing.CLEARED}
        finding = await context.perform(known, F.REOPEN if is_again else F.ADD, by, answers)
        context.say(by.id, "finding_known", about=finding.id, again=is_again)
    finding = await _count(context, finding)
    is_patroller = finding_flow.relate(by, finding) & finding_flow.R.STAFF
    is_danger = bool(danger.find(seen.text, context.rules.danger))
    if finding.state is Standing.FOUND and (finding.is_major or is_danger or not is_patroller):
        finding = await context.perform(finding, F.REPORT, SYSTEM)
    return finding


async def _known(context: Context, seen: Seen) -> Finding | None:
    """The same fault of the same thing, if it is open or was until lately."""
    since = context.now - timedelta(days=context.rules.of(PatrolSettings).reopen_days)
    ids = await context.tx.ask(queries.ids_at, seen.code, since)
    found = await context.tx.get_all(FINDINGS_KEPT, ids)
    same = (f for f in found if not seen.item or not f.item or f.item == seen.item)
    return next(same, None)


async def _begin(context: Context, seen: Seen, by: Person) -> Finding:
    spot = context.rules.of(PatrolSettings).spots.get(seen.code)
    new = Finding(
        id=await context.tx.next_id(), place=seen.place, point=seen.code, name=seen.name,
        category=spot.category if spot else "", item=seen.item, text=seen.text, level=seen.level,
        patrol=seen.patrol, finders=(by.id,), found_at=context.now, faulted_at=(context.now,),
    )  # fmt: skip
    if new.is_major:
        context.say(by.id, "finding_danger")
    begun = finding_flow.begin(new, by, context.now, context.rules)
    await performing.write(context, begun, by, seen.photos)
    return begun.subject


async def _count(context: Context, finding: Finding) -> Finding:
    """Of a thing that fails too often another one is proposed, with what it has cost so far."""
    settings = context.rules.of(PatrolSettings)
    since = context.now - timedelta(days=settings.fault_days)
    ids = await context.tx.ask(queries.ids_of_thing, finding.point, since)
    of_it = [
        *(f for f in await context.tx.get_all(FINDINGS_KEPT, ids) if f.id != finding.id),
        finding,
    ]
    since = max([since, *(f.replaced_at for f in of_it if f.replaced_at)])
    faults = sum(at > since for f in of_it for at in f.faulted_at)
    if faults < settings.faults or finding.worn >= faults:
        return finding
    worn = Answers({WORN: (faults, sum(f.cost for f in of_it))})
    moved: Finding = await context.perform(finding, F.PROPOSE, SYSTEM, worn)
    return moved


async def perform_finding(
    context: Context, finding: Finding, action: F, actor: Person, answers: Answers = NOTHING
) -> Finding:
    """The same of a finding; what is not put right on the spot becomes a petition."""
    command = finding_flow.attempt(finding, action, actor, context.now, context.rules, answers)
    row = FINDINGS.row_for(command)
    moved: Finding = await performing.perform(context, finding, action, actor, answers)
    if row.then is finding_flow.Then.TELL_OFFICE:
        await _tell_office(context, moved, answers)
    return moved


async def _tell_office(context: Context, finding: Finding, answers: Answers) -> None:
    """As if who found it had brought it, with all that he wrote and showed."""
    finder = await context.tx.person(finding.finders[0]) if finding.finders else None
    files = answers[PHOTOS] or await context.tx.files(finding.id, {F.FIND, F.ADD, F.REOPEN})
    told = [one for one in (finding.name, finding.item, finding.text) if one]
    seed = Seed(
        cause=finding.id, place=finding.place, text="，".join(told), person=finder or SYSTEM,
        category=finding.category, attachments=tuple(files),
        facts={"urgent": int(finding.is_major)},
    )  # fmt: skip
    await spawning.spawn(context, "petition", finding, seed, finder or SYSTEM)


async def caused(context: Context, finding: Finding, effect: Any, actor: Person) -> None:
    """What it was told the office as is done: somebody else looks whether it is. What is given up
    there leaves it to the lead.
    """
    workflow = context.workflows.of(effect)
    fixers = tuple(i for i in (workflow.hands.holder(effect), actor.id) if i)
    command = finding_flow.attempt(finding, F.ANSWERED, SYSTEM, context.now, context.rules)
    if effect.ended_at is None and FINDINGS.may(command):
        await context.perform(finding, F.ANSWERED, SYSTEM, Answers({FIXERS: fixers}))
    elif finding.state in {Standing.RECTIFYING, Standing.UNPLANNED}:
        notice = Notice(to=To.LEAD, template="finding_dropped", ticket_id=finding.id, is_card=True)
        await context.tell(finding, notice, actor)


# plans


async def perform_plan(
    context: Context, plan: Plan, action: P, actor: Person, answers: Answers = NOTHING
) -> Plan:
    """The same of a plan. What somebody reports at a point of it is a finding of its own, and
    changes nothing of the plan.
    """
    if action is P.TELL:
        PLANS.row_for(plan_command(plan, action, actor, context.now, context.rules, answers))
        await _report(context, plan, actor, answers)
        return plan
    moved: Plan = await performing.perform(context, plan, action, actor, answers)
    if action in {P.CLOSE, P.STOP}:
        await context.tx.do(occurrences.end, plan.id, context.now)
    return moved


async def _report(context: Context, plan: Plan, actor: Person, answers: Answers) -> None:
    spot = context.rules.of(PatrolSettings).spots[answers[SPOT]]
    seen = Seen(
        code=spot.code, name=spot.name, place=context.rules.places.resolve(spot.place),
        patrol=plan.id, text=answers[TEXT], photos=answers[PHOTOS],
    )  # fmt: skip
    await report(context, seen, actor)


async def touch(context: Context, one: Round, code: str, actor: Person) -> Round:
    """He scanned the code of a point of a round."""
    answers = Answers({POINT: code, SCANNED: True})
    return await context.perform(one, R.TOUCH, actor, answers)  # type: ignore[no-any-return]
