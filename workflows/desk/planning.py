"""Plans: their occurrences are written ahead, and nobody is left to guess at a holiday."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.core.kernels.schedule import (
    BEHIND,
    Change,
    Occurrence,
    Plan,
    expand,
    unannounced,
)
from workflows.core.policy import Rules
from workflows.desk.context import Context
from workflows.store.kernels import occurrences

HORIZON = timedelta(days=14)


def times_of(plan: Plan, rules: Rules, since: datetime, until: datetime) -> list[Occurrence]:
    """The times of a plan that open from one moment until another, wherever its rule has them."""
    around = expand(plan, 0, rules.working, since - BEHIND, until + BEHIND)
    return [one for one in around if since <= one.opens <= until]


async def warn(context: Context, plan: Plan) -> None:
    """Tell the admins, in time, of a day that hangs on holidays which nobody has announced."""
    until = context.now + HORIZON
    ahead = times_of(plan, context.rules, until - timedelta(days=1), until)
    if years := unannounced(ahead):
        await context.alert("alert_holidays", years=years)


async def plan_ahead(context: Context, subject_id: int, plan: Plan) -> Change:
    """Write what a plan has in the days to come; done again, it changes nothing but what the plan
    or the calendar does. Where the holidays are not announced, weekends alone count, and the admins
    are told. Raises RuleError.
    """
    until = context.now + HORIZON
    change: Change = await context.tx.do(
        occurrences.refresh, subject_id, plan, context.rules.working, context.now, until
    )
    if years := unannounced(change.new):
        await context.alert("alert_holidays", years=years)
    return change
