"""The events of a ticket, in the store: a chain that can be added to and not altered."""

import pytest
from folk import NOW, RULES, TO_ACCEPTED, TO_PLANNED, WANG, A, did, filed
from shelf import rows
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from workflows.petition import engine
from workflows.petition.model import Ticket
from workflows.petition.store.kept import TICKETS
from workflows.store import Store, timeline
from workflows.store import tables as t


async def tell(store: Store, *actions: A) -> Ticket:
    """File a ticket and do these actions, each in its own unit of work."""
    decision = engine.file(filed(), NOW, RULES)
    async with store.begin(NOW) as tx:
        tx.put(decision.subject, decision.timers)
        tx.add_event(decision.event)
    for action in actions:
        async with store.begin(NOW) as tx:
            ticket = await tx.get(TICKETS, 1001)
            assert ticket
            decision = did(ticket, action)
            tx.put(decision.subject, decision.timers)
            tx.add_event(decision.event)
    return decision.subject


async def is_sound(store: Store) -> bool:
    """Whether the ticket's chain verifies."""
    async with store.read(NOW) as tx:
        return await tx.ask(timeline.is_chained, 1001)


async def test_the_events_of_a_ticket_are_a_chain(store: Store):
    await tell(store, *TO_PLANNED)
    async with store.read(NOW) as tx:
        steps = await tx.ask(timeline.read, TICKETS, 1001)
    assert [e.action for e in steps] == [A.FILE, *TO_PLANNED]
    assert steps[3].data == {"text": "看过了"}
    assert steps[1].at == NOW and steps[2].actor == WANG.id
    assert await is_sound(store)


async def test_several_events_of_one_unit_of_work_are_chained_too(store: Store):
    first = engine.file(filed(), NOW, RULES)
    second = did(first.subject, A.DISPATCH)
    async with store.begin(NOW) as tx:
        tx.put(second.subject, second.timers)
        tx.add_event(first.event)
        tx.add_event(second.event)
    assert await is_sound(store) and len(await rows(store, t.events)) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET actor = 99",
        "UPDATE events SET hash = previous, data = NULL",
        "UPDATE events SET target = 'closed', data = NULL WHERE seq = 2",
        "UPDATE events SET data = '{}' WHERE seq = 2",
        "DELETE FROM events",
        "DELETE FROM events WHERE seq = 3",
    ],
)
async def test_events_can_be_neither_changed_nor_deleted(store: Store, change: str):
    await tell(store, A.DISPATCH, A.ACCEPT)
    with pytest.raises(DBAPIError, match="events are append-only"):
        async with store.engine.begin() as conn:
            await conn.execute(text(change))
    assert await is_sound(store) and len(await rows(store, t.events)) == 3


async def test_words_can_be_erased_and_the_chain_still_verifies(store: Store):
    await tell(store, *TO_ACCEPTED, A.INSPECT)
    async with store.engine.begin() as conn:
        await conn.execute(text("UPDATE events SET data = NULL WHERE seq = 4"))
    async with store.read(NOW) as tx:
        assert [dict(e.data) for e in await tx.ask(timeline.read, TICKETS, 1001)][3] == {}
    assert await is_sound(store)


async def test_an_event_needs_its_ticket(store: Store):
    event = engine.file(filed(), NOW, RULES).event
    with pytest.raises(IntegrityError):
        async with store.begin(NOW) as tx:
            tx.add_event(event)
