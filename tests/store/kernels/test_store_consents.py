"""Consents in the store: they stay, but for the names of those without an account."""

from typing import Any

import pytest
from folk import CHEN, DAY, HOUR, NOW, WANG, filed
from msgspec.structs import replace
from shelf import keep, rows
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from workflows.core.kernels import consent
from workflows.core.kernels.consent import Given, How, Who
from workflows.store import ConflictError, Store
from workflows.store.erasure import erase_words
from workflows.store.kernels import consents
from workflows.store.tables import kernels as t

HIM, NAMED = Who(CHEN.id), Who(name="张奶奶，3幢301")
GIVEN = Given(
    who=HIM, purpose="photo", at=NOW, until=NOW + 30 * DAY, how=How.TAP, by=CHEN.id
)  # fmt: skip
ASKED = Given(
    who=NAMED, purpose="visit.notes", at=NOW, until=NOW + DAY, how=How.SAID, by=WANG.id,
    subject=1001,
)  # fmt: skip
BACK = consent.withdrawal(GIVEN, at=NOW + HOUR, how=How.SAID, by=WANG.id)


@pytest.fixture
async def told(store: Store) -> Store:
    """A store with what two people said."""
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        for event in (GIVEN, ASKED):
            await tx.do(consents.record, event)
    return store


async def test_what_was_said_comes_back_in_order(told: Store):
    async with told.begin(NOW) as tx:
        await tx.do(consents.record, BACK)
        assert await tx.ask(consents.of, HIM) == [GIVEN, BACK]
        assert await tx.ask(consents.of_subject, 1001) == [ASKED]
        assert await tx.ask(consents.standing, HIM, "photo", NOW) == GIVEN
        assert await tx.ask(consents.standing, HIM, "photo", NOW + HOUR) is None
        assert await tx.ask(consents.standing, NAMED, "visit.notes", NOW, 1001) == ASKED


async def test_what_is_no_consent_is_not_written(told: Store):
    async with told.begin(NOW) as tx:
        with pytest.raises(consent.EndlessError):
            await tx.do(consents.record, replace(GIVEN, until=NOW))
    assert len(await rows(told, t.consents)) == 2


async def test_what_ends_soon_is_found_so_that_he_can_be_asked_again(told: Store):
    async with told.read(NOW) as tx:
        assert await tx.ask(consents.ending, NOW, NOW + 2 * DAY) == [ASKED]
        assert await tx.ask(consents.ending, NOW, NOW + 40 * DAY) == [ASKED, GIVEN]


@pytest.mark.parametrize(
    "change",
    ["UPDATE consents SET until = NULL", "UPDATE consents SET person = 9", "DELETE FROM consents"],
)
async def test_nothing_of_it_is_changed_behind_it(told: Store, change: str):
    async def _change(conn: Any) -> None:
        await conn.execute(text(change))

    with pytest.raises((DBAPIError, ConflictError)):
        async with told.begin(NOW) as tx:
            await tx.do(_change)
    async with told.read(NOW) as tx:
        assert await tx.ask(consents.of, HIM) == [GIVEN]


async def test_who_is_forgotten_has_withdrawn_all(told: Store):
    async with told.begin(NOW) as tx:
        for _ in range(2):
            await tx.do(consents.forget, CHEN.id, NOW + HOUR)
        assert await tx.ask(consents.of, HIM) == [
            GIVEN, replace(BACK, how=How.TAP, by=CHEN.id),
        ]  # fmt: skip


async def test_with_the_words_of_a_subject_the_names_go(told: Store):
    async with told.begin(NOW) as tx:
        await tx.do(erase_words, [1001], "erase", NOW)
        assert await tx.ask(consents.of_subject, 1001) == [replace(ASKED, who=Who())]
        assert await tx.ask(consents.of, HIM) == [GIVEN]
