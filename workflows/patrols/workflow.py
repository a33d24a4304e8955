"""Plans, rounds and findings as the house takes them (see `workflows.desk.workflow`)."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from workflows.core.people import SYSTEM, Person
from workflows.core.policy import Rules
from workflows.core.talk.forms import Form, Forms, tap
from workflows.core.talk.messages import Button
from workflows.core.talk.needs import DUE, NOTE_OR_PHOTO, PHOTOS, TEXT, TIMER, TO, Need
from workflows.desk.asking import Asking
from workflows.desk.context import Context
from workflows.desk.parts import Chat, Document, Hands, Readers
from workflows.desk.workflow import Workflow
from workflows.patrols import service, tending
from workflows.patrols.chat import audiences, cards, lists, privacy
from workflows.patrols.chat.codes import gather
from workflows.patrols.chat.scanning import LINK, scanned
from workflows.patrols.findings import lifecycle as findings
from workflows.patrols.findings.model import Finding
from workflows.patrols.needs import ITEM, OWN, POINT, SPOT
from workflows.patrols.plans import lifecycle as plans
from workflows.patrols.plans.model import Plan
from workflows.patrols.relations import AT_WORK, Relation
from workflows.patrols.rounds import lifecycle as rounds
from workflows.patrols.rounds.model import Round
from workflows.patrols.settings import PatrolSettings
from workflows.patrols.store import queries
from workflows.patrols.store.kept import FINDINGS_KEPT, PLANS_KEPT, ROUNDS_KEPT

_NEEDS: dict[str, Need[Any]] = {
    need.name: need for need in (*OWN, TEXT, NOTE_OR_PHOTO, DUE, TO, PHOTOS, TIMER)
}
_NAMES = 20


def _begin(subject: Any, row: Any, _: Rules) -> Form:
    """Which line it is about is asked only where there are several, and no number says it."""
    needs = [need for need in row.needs if need is not ITEM or _is_several(subject)]
    return Form(
        ticket_id=subject.id, kind=subject.kind, action=row.action.value,
        needs=tuple(need.name for need in needs),
    )  # fmt: skip


def _is_several(one: Round) -> bool:
    return len(one.checklist.items) > 1 and one.unproven is None


async def _items(_: Context, form: Form, one: Round) -> tuple[Button, ...]:
    lines = enumerate(one.checklist.items)
    return tuple(tap(form, str(i), f"={item.text}") for i, item in lines)


async def _stops(_: Context, form: Form, one: Round) -> tuple[Button, ...]:
    """All of them: what was said of a point can be said anew."""
    stops = [s for s in one.points if not one.is_ordered or s.code in {*one.touched, *one.ahead}]
    return tuple(tap(form, s.code, f"={s.name}") for s in stops)


async def _spots(context: Context, form: Form, plan: Plan) -> tuple[Button, ...]:
    settings = context.rules.of(PatrolSettings)
    planned = settings.plan(plan.name)
    codes = planned.points if planned else ()
    return tuple(tap(form, code, f"={settings.spots[code].name}") for code in codes)


async def _names(context: Context, form: Form, one: Round) -> tuple[Button, ...]:
    """Who works there, first who is there now."""
    staff = await context.tx.staff(one.place) + await context.tx.staff_inside(one.place)
    able = {p.id: p for p in staff if p.is_handler_in(one.place) and p.id != one.holder}
    there = sorted(able.values(), key=lambda p: not p.is_there(context.now))
    return tuple(tap(form, str(p.id), f"={p.name}") for p in there[:_NAMES])


async def _person(context: Context, person_id: int | None, _: Person) -> Person | None:
    return await context.tx.person(person_id) if person_id else None


def _asking(kind: str, *lapsing: str, **more: Any) -> Asking[Any]:
    forms = Forms(kind=kind, needs=_NEEDS, lapsing=frozenset(lapsing))
    return Asking(forms=forms, begin=_begin, **more)


Relate = Callable[[Person, Any], Relation]


def _readers(relate: Relate, own: Relation, *told: StrEnum) -> Readers:
    """Staff reads all; of what is said, others read nothing but their own."""
    actions = frozenset(type(told[0]))

    def may_see(person: Person, subject: Any) -> bool:
        return bool(relate(person, subject) & (AT_WORK | own | Relation.SYSTEM))

    def is_work(person: Person, subject: Any) -> bool:
        return bool(relate(person, subject) & AT_WORK)

    def open_to(person: Person, subject: Any) -> frozenset[str]:
        return actions if is_work(person, subject) else frozenset()

    return Readers(
        may_see=may_see, is_own=lambda p, x: bool(relate(p, x) & own), is_work=is_work,
        open_to=open_to, told=frozenset(told),
    )  # fmt: skip


async def _release(context: Context, person: Person) -> int:
    """Rounds that he cannot walk any more are whoever's who may."""
    ids = await context.tx.ask(queries.ids_held, person.id)
    held = [x for x in await context.tx.get_all(ROUNDS_KEPT, ids) if not x.stage.keeps_holder]
    for one in held:
        await context.perform(one, rounds.A.RETURN, SYSTEM)
    return len(held)


PLAN_WORKFLOW = Workflow(
    flow=plans.PLANS,
    kept=PLANS_KEPT,
    command=plans.attempt,
    asking=_asking(Plan.kind, plans.A.TELL, choices={SPOT: _spots}),
    readers=_readers(
        plans.relate,
        Relation.PASSER_BY | Relation.HOME,
        plans.A.OPEN,
        plans.A.CLOSE,
        plans.A.SUM_UP,
    ),
    perform=service.perform_plan,
    chat=Chat(links={LINK: scanned}),
    cards=cards.PLAN_CARDS,
    lists=lists.PLAN_LISTS,
    privacy=privacy.PLAN_PRIVACY,
    clocks=plans.DEFAULTS,
    settings=PatrolSettings,
    chores=(tending,),
    documents={"patrol_codes": Document(gather=gather)},
)
ROUND_WORKFLOW = Workflow(
    flow=rounds.ROUNDS,
    kept=ROUNDS_KEPT,
    command=rounds.attempt,
    asking=_asking(
        Round.kind,
        choices={POINT: _stops, ITEM: _items, TO: _names},
        behind={TO: _person},
        on_card=frozenset({rounds.A.TOUCH}),
    ),
    audiences=audiences.OF_ROUNDS,
    readers=_readers(rounds.relate, Relation.HOME, rounds.A.OPEN, rounds.A.FINISH, rounds.A.LAPSE),
    perform=service.perform_round,
    cards=cards.ROUND_CARDS,
    lists=lists.ROUND_LISTS,
    hands=Hands(holder=lambda one: one.holder, release=_release),
    privacy=privacy.ROUND_PRIVACY,
    clocks=rounds.DEFAULTS,
    part_of=Plan.kind,
)
FINDING_WORKFLOW = Workflow(
    flow=findings.FINDINGS,
    kept=FINDINGS_KEPT,
    command=findings.attempt,
    asking=_asking(Finding.kind),
    audiences=audiences.OF_FINDINGS,
    readers=_readers(findings.relate, Relation.FINDER, findings.A.FIND, findings.A.CLEAR),
    perform=service.perform_finding,
    caused=service.caused,
    cards=cards.FINDING_CARDS,
    lists=lists.FINDING_LISTS,
    privacy=privacy.FINDING_PRIVACY,
    clocks=findings.DEFAULTS,
    part_of=Plan.kind,
)
PATROL_WORKFLOWS = (PLAN_WORKFLOW, ROUND_WORKFLOW, FINDING_WORKFLOW)
