"""Plans: their occurrences are written ahead, and nobody is left to guess at a holiday."""

from __future__ import annotations

from datetime import timedelta

from workflows.core.kernels.schedule import Change, Plan, unannounced
from workflows.desk.context import Context
from workflows.store.kernels import occurrences

HORIZON = timedelta(days=14)


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
