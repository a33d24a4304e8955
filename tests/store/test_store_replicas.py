"""Two replicas of the bot on one PostgreSQL: what only one of them does, and does once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from answering import answered
from folk import BUILDING, GRID, did, filed, pressed
from msgspec.structs import replace
from post import heard, listener, owe
from shelf import hire, keep, role, rows

from bot.config.settings import Settings
from playground.http.server import serve
from playground.phones.client import Phones
from playground.phones.phone import Phone
from playground.stage.stage import MORNING, TOKEN, Stage, at_playground, unpaced
from playground.world.clock import Clock
from playground.world.limits import Limits
from playground.world.world import World
from workflows.core.people import SYSTEM, Person, Role
from workflows.core.talk.messages import Incoming
from workflows.desk import Desk, Toast
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action
from workflows.store import Store
from workflows.store import tables as t
from workflows.store.outbox import LEASE

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
SIZE = 50
SECOND = timedelta(seconds=1)


@pytest.fixture
async def replicas(url: str, example: Settings) -> AsyncIterator[tuple[Stage, Stage]]:
    """Two bots in one world, on one database."""
    database = example.database.model_copy(update={"url": url})
    settings = example.model_copy(update={"database": database})
    world = World(clock=Clock.manual(MORNING), limits=Limits(enabled=False))
    async with serve(world) as server, Phones(server.root, TOKEN) as phones:
        told = unpaced(at_playground(settings, server.base_url))
        async with (
            _started(Stage(server, phones, told)) as one,
            _started(Stage(server, phones, told)) as two,
        ):
            yield one, two


@asynccontextmanager
async def _started(stage: Stage) -> AsyncIterator[Stage]:
    await stage.service.start()
    yield stage
    await stage.service.close()


async def paused(stage: Stage, phone: Phone, *texts: str) -> list:
    """A replica that has taken what is to be sent, and sleeps past its lease."""
    await owe(stage, phone.user_id, *texts)
    letters = (await stage.service.desk.turn(stage.now, is_allowed=lambda _: True)).letters
    assert [letter.owed.chat_id for letter in letters] == [phone.user_id]
    stage.clock.advance((LEASE + SECOND).total_seconds())
    return letters


async def test_a_replica_that_slept_past_its_lease_writes_nothing_of_it(
    replicas: tuple[Stage, Stage],
):
    """# F34: the other has sent it by then; its own late sending is the only one too many."""
    asleep, awake = replicas
    chen = await listener(awake, "陈师傅", 1001)
    [letter] = await paused(asleep, chen, "一", "二", "三")
    await awake.settle()
    assert await heard(chen) == ["一", "二", "三"]
    before = await rows(awake.service.store, t.outbox)
    late = await asleep.service.sender.send(letter)
    assert late.message_id
    turn = await asleep.service.desk.turn(asleep.now, sent=[late], is_allowed=lambda _: True)
    assert turn.letters == []
    assert await rows(awake.service.store, t.outbox) == before
    await asyncio.gather(asleep.settle(), awake.settle())
    assert await heard(chen) == ["一", "二", "三", "一"]


async def test_a_late_failure_does_not_undo_what_was_sent(replicas: tuple[Stage, Stage]):
    """# F34: it woke up to a Telegram that was down, and wants to try again."""
    asleep, awake = replicas
    chen = await listener(awake, "陈师傅", 1001)
    [letter] = await paused(asleep, chen, "一")
    await awake.settle()
    await asleep.phones.fault("502", "sendMessage")
    late = await asleep.service.sender.send(letter)
    await asleep.service.desk.turn(asleep.now, sent=[late], is_allowed=lambda _: True)
    for stage in (*replicas, *replicas):
        stage.clock.advance(120)
        await stage.settle()
    assert await heard(chen) == ["一"]


async def test_two_replicas_that_deliver_at_once_send_everything_once_and_in_order(
    replicas: tuple[Stage, Stage],
):
    """# F34, F35"""
    one, two = replicas
    phones = [await listener(one, f"居民{n}", 1001 + n) for n in range(6)]
    said = [f"第{n}句" for n in range(5)]
    for phone in phones:
        await owe(one, phone.user_id, *said)
    for _ in range(20):
        await asyncio.gather(one.service.deliverer.drain(), two.service.deliverer.drain())
        one.clock.advance(2)
    assert [await heard(phone) for phone in phones] == [said] * len(phones)


def _crowd() -> list[Person]:
    return [Person(id=7000 + n, name=f"先锋{n}", memberships=(role(Role.PIONEER, GRID),))
            for n in range(SIZE)]  # fmt: skip


def _tap(number: int, person: Person, ticket_id: int) -> Incoming:
    told = pressed(f"t:{ticket_id}:{Action.ACCEPT}")
    own = {"update_id": number, "person_id": person.id, "name": person.name, "chat_id": person.id,
           "callback_id": f"c{number}", "message_id": number, "is_private": True}  # fmt: skip
    return replace(told, **own)


async def _called(store: Store) -> int:
    """A ticket that anybody of its grid may take."""
    ticket = did(filed(place=BUILDING), Action.DISPATCH, by=SYSTEM, answers=answered(to_group=True))
    await keep(store, ticket.subject)
    async with store.begin(MORNING) as tx:
        await tx.get(TICKETS, ticket.subject.id)
        tx.add_event(ticket.event)
    return ticket.subject.id


@pytest.mark.parametrize("a_batch", [1, 7])
async def test_fifty_take_one_ticket_through_two_replicas_and_one_wins(
    replicas: tuple[Stage, Stage], a_batch: int
):
    """# F31, F34: each of the others is told who was first."""
    store = replicas[0].service.store
    people = _crowd()
    await hire(store, *people)
    ticket_id = await _called(store)
    taps = [_tap(5000 + n, person, ticket_id) for n, person in enumerate(people)]
    batches = [taps[n : n + a_batch] for n in range(0, SIZE, a_batch)]
    toasts = await _received([stage.service.desk for stage in replicas], batches)
    accepted = [r for r in await rows(store, t.events) if r["action"] == Action.ACCEPT]
    [winner] = [person for person in people if person.id == accepted[0]["actor"]]
    assert len(accepted) == 1
    losers = [toast for toast in toasts if toast.template == "refused_taken"]
    assert len(losers) == SIZE - 1
    assert {toast.values["name"] for toast in losers} == {winner.name}
    assert len(await rows(store, t.seen_updates)) == SIZE
    assert await rows(store, t.dead_letters) == []


async def _received(desks: list[Desk], batches: list[list[Incoming]]) -> list[Toast]:
    """Every batch at once, by turns through one replica and the other."""
    calls = [desks[n % 2].turn(MORNING, batch) for n, batch in enumerate(batches)]
    return [toast for turn in await asyncio.gather(*calls) for toast in turn.toasts]


async def test_an_update_that_both_replicas_fetch_is_handled_by_one(
    replicas: tuple[Stage, Stage],
):
    """# F14, F34: Telegram's webhook may call twice, at once."""
    chen = await replicas[0].phones.add_user("陈师傅", 1001)
    await chen.start("st_nanhuan-east")
    await chen.send("3号楼下充电桩坏了")
    bot = next(iter(replicas[0].server.world.bots.values()))
    batch = [update.as_json() for update in bot.mailbox.pending]
    await asyncio.gather(*(stage.service.receiver.take(batch) for stage in replicas))
    for stage in replicas:
        await stage.settle()
    store = replicas[0].service.store
    [dialog] = await rows(store, t.dialogs)
    assert len(dialog["body"]["draft"]["parts"]) == 1
