"""Each night: what was done with is thrown away, and old petitions lose their words."""

from datetime import timedelta

import pytest
from chatting import Crew, number
from folk import BUILDING
from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from workflows.petition.store import tables as own
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action
from workflows.store import tables as t
from workflows.store import timeline

PHONE = "13912345678"
TEXT = f"3号楼下充电桩坏了，电话{PHONE}"


async def later(crew: Crew, days: float) -> None:
    """After so many days at once, and the night after that."""
    crew.stage.clock.set(crew.stage.now + timedelta(days=days))
    await crew.stage.settle()


async def count(crew: Crew, table: Table) -> int:
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        return await tx.ask(AsyncConnection.scalar, select(func.count()).select_from(table)) or 0


async def everything(crew: Crew) -> str:
    """All that is written in the tables in which words can be."""
    tables = (
        own.tickets,
        own.ticket_texts,
        t.events,
        t.outbox,
        t.cards,
        t.attachments,
        t.dead_letters,
    )
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        found = [(await tx.ask(AsyncConnection.execute, select(table))).all() for table in tables]
    return str(found)


async def closed(crew: Crew) -> Walker:
    """A petition with words of everybody in it, and a photo."""
    walker = await crew.resolved(TEXT)
    await crew.chen.tap("满意")
    return walker


async def test_after_its_time_a_petition_has_no_words_and_still_counts(crew: Crew):
    walker = await closed(crew)
    await later(crew, 364)
    assert (await walker.ticket()).text == TEXT
    await later(crew, 2)
    ticket = await walker.ticket()
    assert (ticket.text, ticket.plan, ticket.result, ticket.contact) == ("", "", "", "")
    assert (ticket.rating, ticket.place, ticket.category) == (3, BUILDING, "充电设施")
    written = await everything(crew)
    assert PHONE not in written and "已经换好了" not in written


async def test_the_chain_still_verifies_and_has_every_step(crew: Crew):
    walker = await closed(crew)
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        before = [e.action for e in await tx.ask(timeline.read, TICKETS, walker.id)]
    await later(crew, 366)
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        assert await tx.ask(timeline.is_chained, walker.id)
        after = await tx.ask(timeline.read, TICKETS, walker.id)
    assert [e.action for e in after] == [*before, Action.ERASE]
    assert not any(e.data for e in after)


async def test_the_cards_that_people_still_have_lose_them_too(crew: Crew):
    await closed(crew)
    await later(crew, 366)
    shown = [m.text for m in await crew.wang.phone.inbox() if m.sender == "bot" and m.buttons]
    assert shown and PHONE not in "".join(shown)


async def test_no_retention_keeps_them_for_ever(crew: Crew):
    privacy = crew.stage.settings.privacy.model_copy(update={"retention_days": 0})
    crew.stage.settings = crew.stage.settings.model_copy(update={"privacy": privacy})
    await crew.stage.restart()
    walker = await closed(crew)
    await later(crew, 400)
    assert (await walker.ticket()).text == TEXT


async def test_it_is_said_in_the_log_with_the_numbers_and_no_words(
    crew: Crew, capsys: pytest.CaptureFixture[str]
):
    walker = await closed(crew)
    await later(crew, 366)
    [line] = [x for x in capsys.readouterr().out.splitlines() if "words_expired" in x]
    assert str(walker.id) in line and PHONE not in line


async def test_after_a_week_what_was_sent_and_handled_is_gone(crew: Crew):
    await closed(crew)
    kept = [await count(crew, table) for table in (t.outbox, t.seen_updates)]
    assert all(kept)
    await later(crew, 8)
    assert not await count(crew, t.seen_updates)
    assert await count(crew, t.outbox) < 5  # what this morning brought


async def test_a_reply_to_an_old_message_still_belongs_to_its_petition(crew: Crew):
    walker = await crew.accepted()
    card = next(m for m in await crew.chen.phone.inbox() if number(walker) in m.text)
    await later(crew, 20)
    await crew.chen.reply("还在等", card)
    assert Action.ADD in [e.action for e in await steps_of(crew, walker)]


async def steps_of(crew: Crew, walker: Walker):  # type: ignore[no-untyped-def]
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        return await tx.ask(timeline.read, TICKETS, walker.id)


async def test_it_is_done_in_steps_until_nothing_is_left(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
):
    """However much there is, no other work waits for more than one of them."""
    monkeypatch.setattr("workflows.desk.privacy.retention._ROWS", 5)
    await closed(crew)
    crew.stage.clock.set(crew.stage.now + timedelta(days=8))
    before = await count(crew, t.seen_updates)
    await crew.stage.service.desk.tick(crew.stage.now)
    assert await count(crew, t.seen_updates) == before - 5
    await crew.stage.settle()
    assert not await count(crew, t.seen_updates)


async def test_a_restart_in_the_midst_of_it_goes_on(crew: Crew):
    walker = await closed(crew)
    crew.stage.clock.set(crew.stage.now + timedelta(days=366))
    await crew.stage.restart()
    await crew.stage.settle()
    assert (await walker.ticket()).text == ""
    moment = await crew.stage.next_moment()
    assert moment and moment - crew.stage.now <= timedelta(days=1)
