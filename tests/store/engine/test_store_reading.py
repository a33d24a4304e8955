"""A row that cannot be read stands alone: who reads many goes on, who needs that one is told."""

import pytest
from folk import NOW, RULES, WANG, A, filed
from shelf import hire, keep
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.petition import engine
from workflows.petition.store.kept import TICKETS
from workflows.store import Store, timeline, unreadable
from workflows.store.reading import UnreadableError, by_key


async def mend(store: Store, *statements: str) -> None:
    async with store.begin(NOW) as tx:
        for statement in statements:
            await tx.ask(AsyncConnection.execute, text(statement))


async def keep_some(store: Store) -> list[int]:
    """Five tickets; the second and the fourth stand in a state of another version."""
    ids = [1001, 1002, 1003, 1004, 1005]
    for number in ids:
        await keep(store, filed(number, draft_id=f"d{number}"))
    await mend(store, "UPDATE tickets SET state = 'nonsense' WHERE id IN (1002, 1004)")
    return ids


async def test_many_are_read_without_those_that_cannot_be(store: Store):
    ids = await keep_some(store)
    async with store.read(NOW) as tx:
        found = await tx.get_all(TICKETS, ids)
        met = tx.take_unreadable()
    assert [ticket.id for ticket in found] == [1001, 1003, 1005]
    assert [(one.what, one.number) for one in met] == [("ticket", 1002), ("ticket", 1004)]


async def test_the_very_one_is_an_error_and_none_is_none(store: Store):
    await keep_some(store)
    async with store.read(NOW) as tx:
        with pytest.raises(UnreadableError, match=r"ticket 1002: .*nonsense"):
            await tx.get(TICKETS, 1002)
        assert await tx.get(TICKETS, 9999) is None and await tx.get(TICKETS, 1001)


@pytest.mark.usefixtures("own_schema")
async def test_a_step_of_another_version_is_left_out(store: Store):
    decision = engine.file(filed(), NOW, RULES)
    async with store.begin(NOW) as tx:
        tx.put(decision.subject, decision.timers)
        tx.add_event(decision.event)
        tx.add_event(decision.event)
    on = " ON events" if store.engine.dialect.name == "postgresql" else ""
    await mend(store, f"DROP TRIGGER events_no_update{on}",
               "UPDATE events SET action = 'nonsense' WHERE seq = 2")  # fmt: skip
    async with store.read(NOW) as tx:
        steps = await tx.ask(timeline.read, TICKETS, 1001)
        [met] = await tx.ask(unreadable.look, tx.kinds)
    assert [step.action for step in steps] == [A.FILE] and met.what == "step"


async def test_a_glance_names_what_stands_in_no_known_state_and_not_the_rest(store: Store):
    await keep_some(store)
    async with store.read(NOW) as tx:
        await tx.ask(unreadable.glance, tx.kinds)
        met = tx.take_unreadable()
    assert str(met[0]).startswith("ticket 1002: ")
    assert [one.number for one in met] == [1002, 1004]


async def test_what_is_as_it_should_be_is_not_named(store: Store):
    await keep(store, filed())
    async with store.read(NOW) as tx:
        assert await tx.ask(unreadable.look, tx.kinds) == []


async def test_a_glance_reads_no_more_of_a_state_than_it_names(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    await keep_some(store)
    monkeypatch.setattr(unreadable, "_NAMED", 1)
    monkeypatch.setattr(unreadable, "_GLANCED", 0)
    async with store.read(NOW) as tx:
        await tx.ask(unreadable.glance, tx.kinds)
        assert len(tx.take_unreadable()) == 1


async def test_roles_and_clocks_of_another_version_are_named(store: Store):
    await keep(store, filed())
    await hire(store, WANG)
    await mend(store, f"UPDATE memberships SET role = 'nonsense' WHERE person_id = {WANG.id}",
               "UPDATE timers SET clock = 'nonsense' WHERE clock = 'response'")  # fmt: skip
    async with store.read(NOW) as tx:
        met = {one.what for one in await tx.ask(unreadable.look, tx.kinds)}
    assert met == {"person", "timer"}


async def test_a_fault_of_the_database_is_no_unreadable_row(store: Store):
    async def away(_: object) -> dict[int, str]:
        raise ConnectionResetError

    async with store.read(NOW) as tx:
        with pytest.raises(ConnectionResetError):
            await tx.ask(by_key, "ticket", [1, 2], away)
        assert tx.take_unreadable() == []
