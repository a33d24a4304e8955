"""Every row of the lifecycle's table is walked over HTTP: by one of the people it names, and by the
system where that takes it.

The rows come from the table itself, so one added later is walked too. That each may whom a row
names, `test_matrix` tries, and the bounded walk of `tests/flows`.
"""

from datetime import timedelta

import pytest
from casting import Cast
from folk import FAR_GRID, settled
from walking import FAR_LEAD, Walker, caused

from playground.stage.stage import Stage
from workflows.core.numbers import format_number
from workflows.core.people import Role
from workflows.petition.lifecycle import BEFORE, SAME, STEPS, Relation, Step
from workflows.petition.rules import conditions
from workflows.petition.words import Action, State

PAIRS = [(step, who) for step in STEPS for who in step.who]
FIRST = {who: step for step, who in reversed(PAIRS)}


def _is_walked(step: Step, who: Relation) -> bool:
    """Whether it is the row's own choice, or the first row of all that names whoever stands so."""
    people = iter(step.who & ~Relation.SYSTEM)
    return who in {Relation.SYSTEM, next(people, None)} or FIRST[who] is step


WALKED = [pair for pair in PAIRS if _is_walked(*pair)]


def _name(pair: tuple[Step, Relation]) -> str:
    step, who = pair
    return f"{step.action}-from-{min(step.sources)}-by-{who.name}".lower()


async def _prepare(walker: Walker, step: Step, who: Relation) -> State:
    """Bring the ticket to a state the row starts from, with what its condition wants."""
    source = _source(step, who)
    if who is Relation.CALLED:
        await _bind_group(walker)
        assert await walker.wait_for(Action.DISPATCH, State.DISPATCHED)
        while not (await walker.ticket()).open_to_grid:
            await walker.stage.forward(minutes=30)
    elif step.when is conditions.wants_reason:
        await walker.reach(State.RESOLVED)
        await walker.press(walker.cast.chen, f"{Action.CONFIRM}:1")
    elif step.when is conditions.may_rate_late:
        await walker.reach(State.RESOLVED)
        assert await walker.wait_for(Action.CONFIRM, State.RESOLVED)
    elif not (step.action in _ROUTED and source is State.UNASSIGNED and who is Relation.SYSTEM):
        await walker.reach(source)
    for action, actor in _BEFOREHAND.get(step.when, ()) or _BROUGHT_BY.get(who, ()):
        await walker.do(_first(action), actor)
    if step.action in _IN_DANGER:
        await walker.press(walker.cast.chen, Action.ADD)
        await walker.cast.chen.send("现在着火了")
        await walker.stage.settle()
    return source


_ROUTED = {Action.DISPATCH, Action.CALL}  # of themselves, once it is filed
_IN_DANGER = {Action.ATTEND, Action.CALM}  # that is heard of while somebody has it
_ASKED_TWICE = [(Action.ASK, Relation.HANDLER), (Action.ANSWER, Relation.RESIDENT)] * 2
# What makes a condition true, and what makes somebody stand to the ticket as the row says.
_BEFOREHAND = {
    conditions.has_extension: [(Action.EXTEND, Relation.HANDLER)],
    conditions.has_contact: [(Action.SHARE, Relation.RESIDENT)],
    conditions.has_helpers: [(Action.ASSIST, Relation.HANDLER)],
    conditions.has_partner: [(Action.ENGAGE, Relation.HANDLER)],
    conditions.has_followers: [(Action.FOLLOW, Relation.NEIGHBOUR)],
    conditions.is_referred: [(Action.REFER, Relation.LEAD)],
    conditions.is_supervised: [(Action.SUPERVISE, Relation.COMMITTEE)],
    conditions.is_objected: [(Action.OBJECT, Relation.RESIDENT)],
    conditions.has_paused_enough: _ASKED_TWICE,
    conditions.is_exclusion_open: [(Action.EXCLUDE, Relation.LEAD)],
}
_BROUGHT_BY = {
    Relation.FOLLOWER: [(Action.FOLLOW, Relation.NEIGHBOUR)],
    Relation.HELPER: [(Action.ASSIST, Relation.HANDLER)],
}


def _first(action: Action) -> Step:
    return next(step for step in STEPS if step.action is action)


def _source(step: Step, who: Relation) -> State:
    """One state of the row that has whom the row names in it."""
    if step.action in {Action.UNTOLD, Action.TELL}:
        return State.PROPOSED
    if step.action is Action.TOLD:
        return State.PLANNED
    if step.action is Action.ERASE:
        return State.CLOSED
    if step.when is conditions.has_extension:
        return State.PLANNED
    if who is Relation.CHECKER:
        return State.CLOSED
    is_left = step.action is Action.LEAVE
    if (is_left or {Relation.HANDLER, Relation.HELPER} & {who}) and State.ACCEPTED in step.sources:
        return State.ACCEPTED
    return min(step.sources, key=list(State).index)


async def _bind_group(walker: Walker) -> None:
    cast = walker.cast
    group = await cast.stage.phones.add_group("1网格", [cast.lead, cast.zhao])
    await cast.lead.send("/bind", chat=group)
    await cast.stage.settle()


async def _leave_untold(walker: Walker) -> None:
    """The resident blocks the bot, so the plan cannot reach him."""
    await walker.cast.chen.block()
    approve = next(s for s in STEPS if s.action is Action.APPROVE)
    await walker.do(approve, Relation.COMMITTEE)


async def _merge_another(walker: Walker) -> None:
    """The lead merges what a neighbour filed about the same into this one."""
    other = await Walker.file(walker.cast, "3号楼楼道灯不亮", walker.cast.zhou)
    await other.press(walker.cast.lead, Action.MERGE)
    await walker.cast.lead.send(format_number(walker.id))
    await walker.stage.settle()


async def _take(walker: Walker, step: Step, who: Relation, source: State) -> None:
    if step.action in {Action.UNTOLD, Action.TELL}:
        await _leave_untold(walker)
    if _is_release(step, who):
        await _take_off_the_roster(walker, step)
    elif step.action is Action.TAKE_OVER:
        await walker.do(_first(Action.ENTRUST), Relation.RESIDENT)
        await walker.take_over(walker.cast.zhou)
    elif step.action is Action.ERASE:
        walker.stage.clock.set(walker.stage.now + timedelta(days=367))
        await walker.stage.settle()
    elif who is Relation.SYSTEM and step.action in _BROUGHT_ABOUT:
        await _BROUGHT_ABOUT[step.action](walker)
    elif who is Relation.SYSTEM:
        await walker.wait_for(step.action, source)
    else:
        await walker.do(step, who)


async def _resolve_the_other(walker: Walker) -> None:
    """What it was merged into is done."""
    await Walker(walker.cast, (await walker.ticket()).merged_into or 0).reach(State.RESOLVED)


async def _come_upon_it(walker: Walker) -> None:
    """What a neighbour has come upon elsewhere leads to the same."""
    of, ticket = (
        await Walker.file(walker.cast, "7号楼电梯坏了", walker.cast.zhou),
        await walker.ticket(),
    )
    said = {"place": ticket.place, "text": ticket.text, "category": ticket.category}
    assert await caused(walker.stage, of.id, walker.cast.zhou.user_id, **said) == ticket.id


async def _object_in_danger(walker: Walker) -> None:
    await walker.press(walker.cast.chen, Action.OBJECT)
    await walker.cast.chen.send("现在着火了")
    await walker.stage.settle()


# What the system does because of something else, and what that is.
_BROUGHT_ABOUT = {
    Action.GATHER: _merge_another, Action.FINISH: _resolve_the_other,
    Action.REVIVE: _object_in_danger, Action.BEAR_OUT: _come_upon_it,
}  # fmt: skip


def _is_release(step: Step, who: Relation) -> bool:
    """Whether the system acts because somebody left the roster, rather than after a clock."""
    in_hand = State.DISPATCHED not in step.sources
    returns = step.action is Action.RETURN and in_hand
    return who is Relation.SYSTEM and (returns or step.action is Action.LEAVE)


async def _take_off_the_roster(walker: Walker, step: Step) -> None:
    """The lead takes the handler (or a helper) off; the system gives back what he had in hand."""
    ticket = await walker.ticket()
    handler = ticket.helpers[0] if step.action is Action.LEAVE else ticket.handler
    await walker.cast.lead.send("/roster")
    await walker.stage.settle()
    await walker.cast.lead.tap(f"r:card:{handler}")
    await walker.stage.settle()
    await walker.cast.lead.tap(f"g:remove:{handler}")
    await walker.stage.settle()
    await walker.cast.lead.tap(f"g:remove:{handler}:yes")
    await walker.stage.settle()


def draw_everything(stage: Stage) -> None:
    """Every closed ticket is drawn for a neutral follow-up."""
    stage.service.desk.rules = settled(stage.service.desk.rules, followup_percent=100)


@pytest.mark.parametrize("pair", WALKED, ids=_name)
async def test_each_row_is_walked_by_somebody_it_names(cast: Cast, pair: tuple[Step, Relation]):
    step, who = pair
    no_approval = step.when is conditions.needs_no_approval
    draw_everything(cast.stage)
    text = "3号楼路灯不亮了" if no_approval else "3号楼充电桩坏了"
    text += "，着火了" if step.action is Action.CALL else ""
    await cast.stage.hire("外社区网格长", Role.LEAD, FAR_GRID, FAR_LEAD)
    for_another = step.when is conditions.is_on_behalf
    filer = (cast.wang, "张奶奶") if for_another else (cast.chen, "")
    walker = await Walker.file(cast, text, *filer)
    source = await _prepare(walker, step, who)
    await _take(walker, step, who, source)
    events = await walker.events()
    happened = [e for e in events if e.action is step.action and e.source in step.sources]
    assert happened, [(e.action, e.source, e.actor) for e in events]
    assert happened[-1].target is _expected_target(step, happened[-1].source)
    assert (happened[-1].actor == 0) == (who is Relation.SYSTEM)


def _expected_target(step: Step, source: State) -> State:
    if step.target is SAME:
        return source
    return State.ACCEPTED if step.target == BEFORE else State(step.target)
