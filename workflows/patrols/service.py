"""Doing something with a round or a finding, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import Struct

from workflows.core.kernels.causes import Seed
from workflows.core.kernels.configured import Spot
from workflows.core.kernels.presence import Presence, ThereAlreadyError, Way
from workflows.core.people import SYSTEM, Person
from workflows.core.permissions import UNPAID, is_staff
from workflows.core.talk.messages import Attachment, Notice, Priority
from workflows.core.talk.needs import NOTHING, PHOTOS, TEXT, Answers
from workflows.danger import danger
from workflows.desk import performing, spawning
from workflows.desk.context import Context
from workflows.patrols import findings as f
from workflows.patrols import rounds as r
from workflows.patrols import words as w
from workflows.patrols.findings import FINDINGS, Finding
from workflows.patrols.rounds import ROUNDS, Round
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.store import queries
from workflows.patrols.store import tables as own
from workflows.store.kernels import presences


class Seen(Struct, frozen=True, kw_only=True):
    """What somebody says is wrong: with which thing, in which line of the list, how grave."""

    spot: Spot
    round: int
    item: str = ""
    text: str = ""
    level: w.Level = w.Level.MINOR
    photos: tuple[Attachment, ...] = ()


async def perform_round(
    context: Context, one: Round, action: r.Action, actor: Person, answers: Answers = NOTHING
) -> Round:
    """Let `actor` do `action`; once nothing is left to say, the round is done. What is wrong is a
    finding of its own. Raises Refusal and writes nothing.
    """
    command = r.attempt(one, action, actor, context.now, context.rules, answers)
    if action is r.A.TELL:  # it changes nothing of the round
        ROUNDS.row_for(command)
        await _see(context, one, answers[w.POINT], actor, answers)
        return one
    moved: Round = await performing.perform(context, one, action, actor, answers)
    if action is r.A.FAULT:
        await _see(context, one, one.walk.at(actor.id), actor, answers, r.faulty(command).text)
    elif action is r.A.TOUCH:
        await _arrived(context, moved, actor, answers)
    elif action is r.A.VERIFY:
        await _earn(context, moved, actor)
    elif action is r.A.FINISH and (moved.service_minutes or moved.is_campaign):
        notice = Notice(to=w.To.LEAD, template="round_walked", ticket_id=moved.id, is_card=True)
        await context.tell(moved, notice, actor)
    done = r.attempt(moved, r.A.FINISH, SYSTEM, context.now, context.rules)
    return await context.perform(moved, r.A.FINISH, SYSTEM) if ROUNDS.may(done) else moved


async def _see(
    context: Context, one: Round, code: str, by: Person, answers: Answers, item: str = ""
) -> None:
    seen = Seen(
        spot=one.walk.spot(code), round=one.id, item=item, text=answers[TEXT],
        level=answers[w.LEVEL], photos=answers[PHOTOS],
    )  # fmt: skip
    await spawning.link(context, one, await report(context, seen, by), by)


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
    for finding in await context.tx.get_all(
        own.FINDINGS, await context.tx.ask(queries.of_thing, code, context.now)
    ):
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


async def report(context: Context, seen: Seen, by: Person) -> Finding:
    """Something is wrong: anew, once more, or as somebody has said already. The office hears at
    once of what cannot wait, and of what a passer-by tells, who does not put it right himself.
    """
    settings, now = context.rules.of(PatrolSettings), context.now
    known = await _of_thing(context, seen.spot.code, settings.reopen_days)
    same = (one for one in known if not (seen.item and one.item) or one.item == seen.item)
    if finding := next(same, None):
        again = Answers({w.SEEN: True, TEXT: seen.text, PHOTOS: seen.photos, w.LEVEL: seen.level})
        context.say(by.id, "finding_known", about=finding.id, again=finding.ended_at is not None)
        finding = await context.perform(finding, f.A.AGAIN, by, again)
    else:
        finding = await _begin(context, seen, by)
    since = now - timedelta(days=settings.fault_days)
    await _count(context, finding, seen.spot.code, sum(at >= since for at in finding.faulted_at))
    is_waiting = is_staff(by, finding.place) and not finding.is_unplanned
    if finding.state is f.S.FOUND and not (
        is_waiting and not danger.find(seen.text, context.rules.danger)
    ):
        return await context.perform(finding, f.A.REPORT, SYSTEM)  # type: ignore[no-any-return]
    return finding


async def _of_thing(context: Context, code: str, days: float) -> list[Finding]:
    since = context.now - timedelta(days=days)
    return await context.tx.get_all(
        own.FINDINGS, await context.tx.ask(queries.of_thing, code, since)
    )


async def _begin(context: Context, seen: Seen, by: Person) -> Finding:
    spot, now = seen.spot, context.now
    new = Finding(
        id=await context.tx.next_id(), place=spot.place, round=seen.round, point=spot.code,
        name=spot.name, category=spot.category, item=seen.item, text=seen.text, level=seen.level,
        finders=(by.id,), opened_at=now, faulted_at=(now,),
    )  # fmt: skip
    if new.is_unplanned:
        context.say(by.id, "finding_danger")
    begun = f.begin(new, by, now, context.rules)
    await performing.write(context, begun, by, seen.photos)
    return begun.subject


async def _count(context: Context, finding: Finding, code: str, own_faults: int) -> None:
    """Of a thing that fails too often another one is proposed, with what it has cost so far."""
    settings = context.rules.of(PatrolSettings)
    others = [x for x in await _of_thing(context, code, settings.fault_days) if x.id != finding.id]
    since = context.now - timedelta(days=settings.fault_days)
    faults = own_faults + sum(at >= since for x in others for at in x.faulted_at)
    if faults >= settings.faults:
        values = {"faults": faults, "cost": finding.cost + sum(x.cost for x in others)}
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
        await _tell_office(context, moved, answers)
    return moved


async def _tell_office(context: Context, finding: Finding, answers: Answers) -> None:
    """As if who found it had brought it, with all that he wrote and showed."""
    finder = await context.tx.person(finding.finders[0]) if finding.finders else None
    files = answers[PHOTOS] or await context.tx.files(finding.id, {f.A.FIND, f.A.AGAIN})
    told = "，".join(filter(None, (finding.name, finding.item, finding.text)))
    seed = Seed(
        cause=finding.id, place=finding.place, text=told, person=finder or SYSTEM,
        category=finding.category, attachments=tuple(files),
        facts={"urgent": int(finding.level is w.Level.MAJOR)},
    )  # fmt: skip
    await spawning.spawn(context, "petition", finding, seed, seed.person)


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
        notice = Notice(to=w.To.LEAD, template="finding_dropped", ticket_id=finding.id,
                        is_card=True)  # fmt: skip
        await context.tell(finding, notice, SYSTEM)
