"""Plans, rounds and findings in lists: in hand, on the board, near by, as a table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.messages import Values
from workflows.desk.context import Context
from workflows.desk.lists import paging
from workflows.desk.lists.export import places_of
from workflows.desk.lists.sections import queue
from workflows.desk.parts import Around, Found, Lists, Part, Standing
from workflows.desk.parts import Round as Morning
from workflows.desk.privacy import audit
from workflows.masking import masking
from workflows.patrols.chat.scanning import rounds_of
from workflows.patrols.findings import lifecycle as findings
from workflows.patrols.findings.model import Action as F
from workflows.patrols.findings.model import Finding
from workflows.patrols.plans.model import Plan
from workflows.patrols.plans.model import State as Running
from workflows.patrols.rounds import lifecycle as rounds
from workflows.patrols.rounds.model import Round
from workflows.patrols.store import queries
from workflows.patrols.store.kept import FINDINGS_KEPT, PLANS_KEPT, ROUNDS_KEPT
from workflows.store import Tx

_LEDGER = timedelta(days=366)
_ROWS = 5000
_EXCERPT = 200
_AROUND = 5  # plans
InHand = Callable[[Context, Person], Awaitable[list[Any]]]


def line(subject: Any) -> Values:
    """What a list's line says: nothing that a person wrote."""
    due = due_of(subject)
    return {
        "ticket": subject.id, "kind": subject.kind, "state": subject.state.value,
        "place": subject.place, "category": subject.name, "urgent": False,
        "filed_at": subject.opened_at.isoformat(), "due": due and due.isoformat(),
    }  # fmt: skip


def due_of(subject: Any) -> datetime | None:
    """When the first of its clocks is over."""
    return min((clock.due for clock in subject.clocks.values()), default=None)


def _standing(subject: Any, now: datetime, rules: Rules) -> Standing:
    due = due_of(subject)
    is_today = (
        due is not None and due.astimezone(rules.zone).date() == now.astimezone(rules.zone).date()
    )
    holder = subject.stage.holder
    return Standing(
        is_late=due is not None and due < now, is_today=is_today, due=due,
        waits_for=holder.value if holder and subject.kind != "rounds" else None,
    )  # fmt: skip


async def _to_do(context: Context, person: Person) -> list[Finding]:
    """What he found and has on the spot, and where he leads what waits for a plan or a check."""
    ids = await context.tx.ask(
        queries.ids_open, Finding.kind, [m.place for m in person.memberships]
    )
    found = await context.tx.get_all(FINDINGS_KEPT, ids)
    return [one for one in found if _is_his(context, one, person)]


def _is_his(context: Context, one: Finding, person: Person) -> bool:
    told = (person, context.now, context.rules)
    stands = findings.relate(person, one)
    if one.state is findings.S.FOUND:
        return bool(stands & findings.R.FINDER)
    asked = (findings.attempt(one, action, *told) for action in (F.CLEAR, F.PLAN))
    return bool(stands & findings.R.LEAD) and any(map(findings.FINDINGS.may, asked))


async def _ledger(tx: Tx, person: Person, rules: Rules) -> list[Values]:
    """隐患排查治理台账: what was found in a year, and all that is open."""
    ids = await tx.ask(queries.found_since, places_of(person), tx.now - _LEDGER, _ROWS)
    found = await tx.get_all(FINDINGS_KEPT, ids)
    tx.work.looks += [audit.row(one, person, "export", tx.now) for one in found]
    return [_row(one, rules) for one in found]


def _row(one: Finding, rules: Rules) -> Values:
    plan = one.plan
    return {
        "number": format_number(one.id), "found_at": one.found_at, "place": one.place,
        "point": one.name, "item": one.item, "level": one.level.value, "state": one.state.value,
        "text": masking.excerpt(one.text, _EXCERPT, rules.private), "times": len(one.faulted_at),
        "method": plan.method if plan else "", "owner": plan.owner if plan else "",
        "funds": plan.funds if plan else "", "due": plan.due if plan else due_of(one),
        "fallback": plan.fallback if plan else "", "failed": one.failed, "cost": one.cost,
        "cleared_at": one.cleared_at,
    }  # fmt: skip


async def _found_by_words(context: Context, person: Person, text: str) -> Found:
    """By the name of the thing, the place or the line of the list."""
    words = text.split()
    scope = [m.place for m in person.memberships]
    ids = await context.tx.ask(queries.ids_named, scope, words)
    return Found(subjects=await context.tx.get_all(FINDINGS_KEPT, ids))


async def _around(context: Context, person: Person) -> Around:
    """What is looked after where he lives: its card takes what he has to report."""
    ids = await context.tx.ask(queries.ids_open, Plan.kind, [person.last_place])
    found = await context.tx.get_all(PLANS_KEPT, ids if person.last_place else [])
    return Around(subjects=[one for one in found if one.state is Running.RUNNING][:_AROUND])


def _mornings(name: str, in_hand: InHand) -> Any:
    """A part of the morning: what somebody has in hand."""

    async def morning(context: Context, found: list[Person], _: datetime) -> Morning:
        async def parts(person: Person) -> Mapping[str, Part]:
            his = await in_hand(context, person)
            shown = his[: paging.PAGE]
            lines = [line(one) for one in shown]
            return {name: Part(lines=lines, count=len(his), opens=paging.openers(context, shown))}

        return Morning(reach=len(found), parts=parts)

    return morning


async def _missed(context: Context, person: Person) -> list[Round]:
    """What he has to walk, and where he leads what was missed and stands undecided."""
    his = await rounds_of(context, person)
    ids = await context.tx.ask(queries.ids_open, Round.kind, [m.place for m in person.memberships])
    led = [
        one for one in await context.tx.get_all(ROUNDS_KEPT, ids) if _is_led(context, one, person)
    ]
    return [*his, *led]


def _is_led(context: Context, one: Round, person: Person) -> bool:
    asked = rounds.attempt(one, rounds.A.ACCEPT, person, context.now, context.rules)
    return rounds.ROUNDS.may(asked)


def _questions(made: Any) -> tuple[Any, Any]:
    return queries.counting(made.kind), queries.paging(made.kind)


PLAN_LISTS = Lists(
    line=line, standing=_standing, around=_around,
    sections=(queue("plans", PLANS_KEPT, *_questions(Plan)),),
)  # fmt: skip
ROUND_LISTS = Lists(
    line=line, standing=_standing, in_hand=_missed, morning=_mornings("rounds", _missed),
    sections=(queue("patrol_rounds", ROUNDS_KEPT, *_questions(Round)),),
)  # fmt: skip
FINDING_LISTS = Lists(
    line=line, standing=_standing, in_hand=_to_do, found=_found_by_words, export=_ledger,
    morning=_mornings("findings", _to_do),
    sections=(queue("hazards", FINDINGS_KEPT, *_questions(Finding)),),
)  # fmt: skip
