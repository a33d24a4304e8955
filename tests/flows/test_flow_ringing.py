"""A workflow may do nothing at a due moment, or when somebody leaves: then its subject stays."""

from collections.abc import AsyncIterator

import pytest
from folk import HOUR, NOW, RULES, filed
from msgspec.structs import replace
from shelf import keep

from bot.config.settings import Settings
from workflows.core.talk.needs import NOTHING
from workflows.desk import performing
from workflows.desk.context import Context
from workflows.desk.workflow import Workflows
from workflows.petition.store.kept import TICKETS
from workflows.petition.workflow import PETITION_WORKFLOW
from workflows.registry import KINDS
from workflows.store import Store

FLOW = replace(PETITION_WORKFLOW.flow, reminds=None, escalates=None, returns=None)
IDLE = Workflows(replace(PETITION_WORKFLOW, flow=FLOW, ring=performing.ring))


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """An empty store."""
    made = Store.open(settings.database.url, KINDS)
    yield made
    await made.close()


async def test_a_moment_at_which_nothing_is_done_is_kept_and_comes_once(store: Store):
    await keep(store, filed())
    async with store.begin(NOW + HOUR) as tx:
        context = Context(tx=tx, rules=RULES, workflows=IDLE, now=tx.now, key="t")
        [timer] = await tx.due_timers(9)
        await performing.ring(context, timer)
    async with store.begin(NOW + HOUR) as tx:
        found = await tx.get(TICKETS, 1001)
        assert found and timer.mark in found.clocks[timer.clock].fired
        assert (found.state, await tx.due_timers(9)) == (filed().state, [])
        assert await tx.timeline(found) == []


async def test_nothing_is_taken_back_where_there_is_no_such_step(store: Store):
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        context = Context(tx=tx, rules=RULES, workflows=IDLE, now=NOW, key="t")
        assert await performing.take_back(context, filed(), NOTHING) == filed()
        assert tx.work.changed == set()
