"""Doing something with a round or a finding, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from workflows.core.errors import Refusal
from workflows.core.kernels.causes import Seed
from workflows.core.kernels.presence import Presence, ThereAlreadyError, Way
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import UNPAID, is_staff
from workflows.core.policy import Rules
from workflows.core.talk.messages import Notice, Priority
from workflows.core.talk.needs import NOTHING, PHOTOS, TEXT, Answers
from workflows.danger import danger
from workflows.desk import performing, spawning
from workflows.desk.context import Context
from workflows.desk.people import whereabouts
from workflows.patrols import findings as f
from workflows.patrols import rounds as r
from workflows.patrols import words as w
from workflows.patrols.findings import FINDINGS, Finding
from workflows.patrols.rounds import ROUNDS, Round
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.store import queries
from workflows.patrols.store import tables as own
from workflows.store import Tx
from workflows.store.kernels import presences


async def perform_round(
    context: Context, one: Round, action: r.Action, actor: Person, answers: Answers = NOTHING
) -> Round:
    """Let `actor` do `action`; once nothing is left to say, the round is done. What is wrong is a
    finding of its own. Raises Refusal and writes nothing.
    """
    command = r.attempt(one, action, actor, context.now, context.rules, answers)
    if action is r.A.TELL:  # it changes nothing of the round
        ROUNDS.row_for(command)
        await report(context, one, answers[w.POINT], "", actor, answers)
        if not actor.last_place:
            whereabouts.remember(context, actor, one.walk.spot(answers[w.POINT]).place)
        return one
    moved: Round = await performing.perform(context, one, action, actor, answers)
    if action is r.A.FAULT:
        item = r.faulty(command).text
        await report(context, one, one.walk.at(actor.id), item, actor, answers)
    elif action is r.A.TOUCH:
        await _arrived(context, moved, actor, answers)
    elif action is r.A.VERIFY:
        await _earn(context, moved, actor)
    elif action is r.A.FINISH and (moved.service_minutes or moved.is_campaign):
        notice = Notice(to=w.To.LEAD, template="round_walked", ticket_id=moved.id, is_card=True)
        await context.tell(moved, notice, actor)
    done = r.attempt(moved, r.A.FINISH, SYSTEM, context.now, context.rules)
    return await context.perform(moved, r.A.FINISH, SYSTEM) if ROUNDS.may(done) else moved


async def _arrived(context: Context, one: Round, actor: Person, answers: Answers) -> None:
    """That he scanned its code is written down once; what is to be checked there he is asked."""
    code = one.walk.at(actor.id)
    if answers[w.SCANNED]:
        there = Presence(subject=one.id, name=code, person=actor.id, at=context.now, way=Way.POINT,
                         is_doubtful=True)  # fmt: skip
        try:
            await context.tx.do(presences.take_down, there)
        except ThereAlreadyError:
            return
    for finding in await _of_thing(context, code, 0):
        if FINDINGS.may(f.attempt(finding, f.A.CLEAR, actor, context.now, context.rules)):
            context.reply(Notice(to=actor.id, template="finding_check", ticket_id=finding.id,
                                 is_card=True, priority=Priority.REPLY))  # fmt: skip


async def _earn(context: Context, one: Round, actor: Person) -> None:
    """A volunteer's round is worth something where there are passbooks; nobody is paid twice."""
    person = await context.tx.person(one.holder) if one.holder else None
    if person is None or any(m.role not in UNPAID for m in person.memberships):
        return
    day = (one.done_at or context.now).astimezone(context.rules.zone)
    seed = Seed(
        cause=one.id, place=one.place, text=one.name, person=person,
        facts={"minutes": one.service_minutes, "service": "patrol", "verifier": actor.id,
               "date": f"{day:%Y-%m-%d}"},
    )  # fmt: skip
    try:
        await spawning.spawn(context, "service", one, seed, actor)
    except LookupError:
        return  # this community has none


# findings


async def report(
    context: Context, one: Round, code: str, item: str, by: Person, answers: Answers
) -> None:
    """Something is wrong at a point: anew, once more, or as somebody has said already. The office
    hears at once of what cannot wait, and of what a passer-by tells, who does not mend it himself.
    """
    if not one.walk.has(code):
        raise Refusal("form_over")
    is_danger = bool(danger.find(answers[TEXT], context.rules.danger))
    is_grave = is_danger or answers[w.LEVEL] is w.Level.MAJOR
    if is_grave:
        context.say(by.id, "finding_danger")
    settings = context.rules.of(PatrolSettings)
    known = await _of_thing(context, code, settings.reopen_days)
    finding = next((x for x in known if x.item == item or not (x.item and item)), None)
    is_known = finding is not None and finding.state not in {f.S.TO_CHECK, f.S.CLEARED}
    if finding is None:
        finding = await _begin(context, one, code, item, by, answers, can_wait=not is_grave)
    else:
        context.say(by.id, "finding_known", about=finding.id, again=not is_known)
        finding = await context.perform(finding, f.A.AGAIN, by, answers.having(w.SEEN, True))
    await spawning.link(context, one, finding, by)
    if not is_known:
        await _count(context, finding, settings)
    if finding.state is f.S.FOUND and (is_grave or not is_staff(by, finding.place)):
        await context.perform(finding, f.A.REPORT, SYSTEM)


async def _of_thing(context: Context, code: str, days: float) -> list[Finding]:
    since = context.now - timedelta(days=days)
    return await context.tx.find(own.FINDINGS, queries.of_thing, code, since)


async def _begin(
    context: Context, one: Round, code: str, item: str, by: Person, answers: Answers, *,
    can_wait: bool,
) -> Finding:  # fmt: skip
    spot, now = one.walk.spot(code), context.now
    new = Finding(
        id=await context.tx.next_id(), place=spot.place, round=one.id, point=code, name=spot.name,
        category=spot.category, item=item, text=answers[TEXT], level=answers[w.LEVEL],
        finders=(by.id,), opened_at=now, faulted_at=(now,),
    )  # fmt: skip
    begun = f.begin(new, by, now, context.rules, can_wait=can_wait)
    await performing.write(context, begun, by, answers[PHOTOS])
    return begun.subject


async def _count(context: Context, finding: Finding, settings: PatrolSettings) -> None:
    """Of a thing that fails too often another one is proposed, with what it has cost so far."""
    known = await _of_thing(context, finding.point, settings.fault_days)
    all_of_it = {one.id: one for one in (*known, finding)}.values()
    since = context.now - timedelta(days=settings.fault_days)
    faults = sum(at >= since for one in all_of_it for at in one.faulted_at)
    if faults >= settings.faults:
        values = {"faults": faults, "cost": sum(one.cost for one in all_of_it)}
        for to in (w.To.LEAD, w.To.COMMITTEE):
            notice = Notice(to=to, template="finding_worn", values=values, ticket_id=finding.id,
                            is_card=True)  # fmt: skip
            await context.tell(finding, notice, SYSTEM)


async def perform_finding(
    context: Context, finding: Finding, action: f.Action, actor: Person, answers: Answers = NOTHING
) -> Finding:
    """The same of a finding; what is not put right on the spot becomes a petition."""
    row = FINDINGS.row_for(f.attempt(finding, action, actor, context.now, context.rules, answers))
    moved: Finding = await performing.perform(context, finding, action, actor, answers)
    if row.then is f.Then.TELL_OFFICE:
        await _tell_office(context, moved, actor, answers)
    return moved


async def _tell_office(
    context: Context, finding: Finding, actor: Person, answers: Answers
) -> None:  # fmt: skip
    """As if who found it had brought it, with all that he wrote and showed; where nobody is left
    whose it could be, the lead has it.
    """
    finder = await context.tx.person(finding.finders[0]) if finding.finders else actor
    if finder is None or finder.id == SYSTEM.id:
        await _leave_to_lead(context, finding)
        return
    files = answers[PHOTOS] or await context.tx.files(finding.id, {f.A.FIND, f.A.AGAIN})
    told = "，".join(filter(None, (finding.name, finding.item, finding.text)))
    seed = Seed(
        cause=finding.id, place=finding.place, text=told, person=finder,
        category=finding.category, attachments=tuple(files),
        facts={"urgent": int(finding.level is w.Level.MAJOR)},
    )  # fmt: skip
    await spawning.spawn(context, "petition", finding, seed, finder)


async def faults(tx: Tx, _: Rules) -> list[str]:
    """What was checked by whoever had mended it: nothing."""
    checked = await tx.ask(queries.checked)
    return [f"{number}: {actor} checked his own" for number, actor, own in checked if actor in own]


async def caused(context: Context, finding: Finding, effect: Any, actor: Person) -> None:
    """What the office was told is done: somebody else looks whether it is. What is given up there
    is left to the lead.
    """
    holder = context.workflows.of(effect).hands.holder(effect)
    fixers = Answers({w.FIXERS: tuple(i for i in (holder, actor.id) if i)})
    command = f.attempt(finding, f.A.ANSWERED, SYSTEM, context.now, context.rules)
    if effect.ended_at is None and FINDINGS.may(command):
        await context.perform(finding, f.A.ANSWERED, SYSTEM, fixers)
    elif finding.state in {f.S.RECTIFYING, f.S.UNPLANNED}:
        await _leave_to_lead(context, finding)


async def _leave_to_lead(context: Context, finding: Finding) -> None:
    notice = Notice(to=w.To.LEAD, template="finding_dropped", ticket_id=finding.id, is_card=True)
    await context.tell(finding, notice, SYSTEM)
