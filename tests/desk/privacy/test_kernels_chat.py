"""What the kernels hold about somebody: he can have it, and have it erased."""

import json

from chatting import Crew, data_of
from folk import BUILDING, CHEN, NOW, WANG, ZHOU, filed
from shelf import keep
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.core.kernels import consent, presence
from workflows.core.kernels import households as homes
from workflows.core.kernels import slots as few
from workflows.core.kernels.consent import Given, How, Who
from workflows.core.kernels.households import Tie
from workflows.core.kernels.slots import Slot
from workflows.store import Store, Tx
from workflows.store.erasure import erase_words
from workflows.store.kernels import consents, households, presences, slots
from workflows.store.tables import kernels as t

WITNESS = WANG.id


async def _put(tx: Tx, person: int) -> None:
    """He agrees to a photo, says where he lives, was there, and signed up."""
    until = NOW.replace(year=NOW.year + 1)
    await tx.do(consents.record, Given(who=Who(person), purpose="photo", at=NOW, until=until,
                                       how=How.TAP, by=person, subject=9001))  # fmt: skip
    home = await tx.do(households.behind, BUILDING, "2-301")
    members = await tx.ask(households.members, home.id)
    await tx.do(households.add, homes.claim(members, home.id, person, Tie.OWNER, person, NOW))
    seen = presence.by_witness(subject=9001, person=person, witness=WITNESS, at=NOW)
    await tx.do(presences.take_down, seen)
    slot = await tx.ask(slots.load, 9001)
    assert slot
    await tx.do(slots.put, slot, few.claim(slot, person, NOW))


async def _fill(store: Store, *people: int) -> None:
    await keep(store, filed(9001, resident=WITNESS, author=WITNESS))
    async with store.begin(NOW) as tx:
        await tx.do(slots.begin, Slot(subject=9001, capacity=1))
        for person in people:
            await _put(tx, person)


async def _all(tx: Tx, table: Table) -> list[dict[str, object]]:
    return [dict(row) for row in (await tx.ask(AsyncConnection.execute, select(table))).mappings()]


async def test_he_has_all_of_it_and_no_one_elses(crew: Crew):
    store = crew.stage.service.store
    await _fill(store, crew.zhou.id, crew.chen.id)
    found = await data_of(crew.chen)
    assert [one["purpose"] for one in found["consents"]] == ["photo"]
    assert [(one["door"], one["standing"]) for one in found["homes"]] == [("2-301", "claimed")]
    assert [one["by"] for one in found["presences"]] == ["witness"]
    assert [one["standing"] for one in found["signed_up"]] == ["waiting"]
    assert str(crew.zhou.id) not in json.dumps(found)
    assert (await data_of(crew.wang))["homes"] == []


async def test_forgotten_he_is_nowhere_and_agrees_to_nothing(crew: Crew):
    store = crew.stage.service.store
    await _fill(store, crew.chen.id, crew.zhou.id)
    await crew.chen.say("/forget")
    await crew.chen.tap("确定")
    async with store.read(crew.stage.now) as tx:
        for table in (t.residences, t.presences, t.slot_claims):
            assert [row["person"] for row in await _all(tx, table)] == [crew.zhou.id]
        [claim] = await _all(tx, t.slot_claims)
        assert claim["standing"] == "in"  # the place that fell free is hers
        who, now = Who(crew.chen.id), crew.stage.now
        told = await tx.ask(consents.of, who)
        assert len(told) == 2 and consent.standing(told, who, "photo", now, 9001) is None


async def test_when_the_time_of_the_words_is_over_nobody_can_tell_who_was_there(crew: Crew):
    store = crew.stage.service.store
    await _fill(store, CHEN.id, ZHOU.id)
    async with store.begin(NOW) as tx:
        await tx.do(erase_words, [9001], "erase", NOW)
        assert await _all(tx, t.presences) == await _all(tx, t.slot_claims) == []
        assert len(await _all(tx, t.residences)) == 2
