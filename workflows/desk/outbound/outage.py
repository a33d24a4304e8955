"""After the line to Telegram was down: presses made meanwhile are lost, so what waits for one is
shown again, once; after more than a day words are lost too, and the admins are told.

Telegram keeps an update for a day, but a tap can be answered for some minutes only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from workflows.desk import guarding
from workflows.desk.context import Context

NOTICED = timedelta(minutes=5)
_KEPT_BY_TELEGRAM = timedelta(hours=24)
_FRESH = timedelta(days=1)  # what was touched that long before is still being worked on
_log = structlog.get_logger()


async def recover(context: Context, since: datetime) -> None:
    """Owe what follows from having heard nothing since that moment (aware UTC)."""
    for workflow in context.workflows:
        await guarding.asked(context, None, workflow.recover, context, since - _FRESH)
    gap = context.now - since
    _log.warning("was_away", since=since.isoformat(), seconds=round(gap.total_seconds()))
    if gap > _KEPT_BY_TELEGRAM:
        await context.alert("alert_gap", start=since.isoformat(), end=context.now.isoformat(),
                         seconds=gap.total_seconds())  # fmt: skip
