"""Checklists in the store: every version stays, and so does the copy that was answered."""

from typing import Any

import pytest
from folk import NOW, filed
from msgspec.structs import replace
from shelf import keep, rows
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from workflows.core.kernels import checklist
from workflows.core.kernels.checklist import Checklist, Item, Mark, Sheet, Verdict
from workflows.core.talk.messages import Attachment
from workflows.store import ConflictError, Store
from workflows.store.erasure import erase_words
from workflows.store.kernels import checklists
from workflows.store.tables import kernels as t

PLACE = "友新街道/南环一"
LIST = Checklist(place=PLACE, name="楼道", items=(Item(key="wires", text="飞线"),))
NEWER = checklist.revised(LIST, (Item(key="door", text="防火门"),))
FAULT = Mark(verdict=Verdict.FAULT, by=11, at=NOW, note="三根",
             photos=(Attachment(kind="photo", file_id="p1"),))  # fmt: skip


@pytest.fixture
async def listed(store: Store) -> Store:
    """A store with two versions of a list, and a sheet with the first."""
    await keep(store, filed())
    async with store.begin(NOW) as tx:
        for version in (LIST, NEWER):
            await tx.do(checklists.keep, version, 21, NOW)
        await tx.do(checklists.begin, checklist.begun(LIST, 1001, "1号点"))
    return store


async def load(store: Store) -> Sheet:
    async with store.read(NOW) as tx:
        found = await tx.ask(checklists.load, 1001, "1号点")
        assert found
        return found


async def put(store: Store, before: Sheet, after: Sheet) -> Sheet:
    async with store.begin(NOW) as tx:
        return await tx.do(checklists.put, before, after)


async def test_the_newest_version_is_the_one_to_begin_with(listed: Store):
    async with listed.read(NOW) as tx:
        assert await tx.ask(checklists.current, PLACE, "楼道") == NEWER
        assert await tx.ask(checklists.current, PLACE, "别的") is None
        assert await tx.ask(checklists.names, PLACE) == ["楼道"]


async def test_a_sheet_keeps_its_copy_and_comes_back_as_it_was(listed: Store):
    before = await load(listed)
    kept = await put(listed, before, checklist.marked(before, "wires", FAULT))
    assert await load(listed) == kept
    assert kept.checklist == LIST
    async with listed.begin(NOW) as tx:  # begun once more, it stays
        await tx.do(checklists.begin, checklist.begun(NEWER, 1001, "1号点"))
        assert await tx.ask(checklists.of_subject, 1001) == [kept]


async def test_two_who_edit_at_once_make_no_version_twice(listed: Store):
    other = replace(NEWER, items=(Item(key="lamp", text="灯"),))
    with pytest.raises(ConflictError):
        async with listed.begin(NOW) as tx:
            await tx.do(checklists.keep, other, 22, NOW)


async def test_a_version_that_is_kept_again_stays(listed: Store):
    async with listed.begin(NOW) as tx:
        await tx.do(checklists.keep, LIST, 22, NOW)
        assert await tx.ask(checklists.current, PLACE, "楼道") == NEWER
    assert [row["by"] for row in await rows(listed, t.checklists)] == [21, 21]


async def test_who_read_the_sheet_before_another_wrote_begins_anew(listed: Store):
    before = await load(listed)
    await put(listed, before, checklist.marked(before, "wires", FAULT))
    with pytest.raises(ConflictError):
        await put(listed, before, checklist.all_well(before, 12, NOW))


async def test_a_signed_sheet_is_written_no_more(listed: Store):
    before = await load(listed)
    marked = await put(listed, before, checklist.marked(before, "wires", FAULT))
    signed = await put(listed, marked, checklist.signed(marked, 11, NOW))
    with pytest.raises(checklist.SignedError):
        await put(listed, signed, marked)
    with pytest.raises(ConflictError):
        await put(listed, replace(signed, signed_at=None), marked)


@pytest.mark.parametrize("change", ["UPDATE checklists SET items = '[]'", "DELETE FROM checklists"])
async def test_no_version_is_changed_behind_it(listed: Store, change: str):
    async def _change(conn: Any) -> None:
        await conn.execute(text(change))

    with pytest.raises((DBAPIError, ConflictError)):
        async with listed.begin(NOW) as tx:
            await tx.do(_change)
    assert len(await rows(listed, t.checklists)) == 2


async def test_with_the_words_of_a_subject_those_of_its_sheets_go(listed: Store):
    before = await load(listed)
    await put(listed, before, checklist.marked(before, "wires", FAULT))
    async with listed.begin(NOW) as tx:
        await tx.do(erase_words, [1001], "erase", NOW)
    bare = await load(listed)
    assert (bare.marks["wires"].note, bare.marks["wires"].photos) == ("", ())
    assert bare.faults == LIST.items
