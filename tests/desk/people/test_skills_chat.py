"""Which categories a handler is offered: set by himself or by who manages him."""

from chatting import Chat, Crew
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from workflows.store import tables as t


async def limit(chat: Chat, *categories: str) -> None:
    await chat.say("/duty")
    await chat.tap("接哪些类别")
    for category in categories:
        await chat.tap(category)


async def held(chat: Chat) -> list[tuple[list[str], bool, int | None]]:
    """His rows of the roster: the categories, whether it still holds, and who set it."""
    m = t.memberships.c
    rows = select(m.categories, m.until, m.granted_by).where(m.person_id == chat.id).order_by(m.id)
    async with chat.stage.service.store.read(chat.stage.now) as tx:
        return [
            (c, until is None, by) for c, until, by in await tx.ask(AsyncConnection.execute, rows)
        ]


async def test_a_handler_is_offered_only_the_categories_he_chose(crew: Crew):
    await limit(crew.wang, "电梯", "停车")
    walker = await crew.file("3号楼充电桩坏了")
    assert (await walker.ticket()).offered_to != crew.wang.id
    other = await crew.file("3号楼电梯坏了")
    assert (await other.ticket()).offered_to == crew.wang.id


async def test_the_list_shows_what_is_chosen_and_a_second_tap_clears_it(crew: Crew):
    await limit(crew.wang, "电梯")
    shown = await crew.wang.last()
    assert "☑️ 电梯" in shown.labels and "⬜ 停车" in shown.labels and "只派：电梯" in shown.text
    cleared = await crew.wang.tap("电梯")
    assert "⬜ 电梯" in cleared.labels and "都派" in cleared.text
    walker = await crew.file()
    assert (await walker.ticket()).offered_to == crew.wang.id


async def test_every_change_is_a_row_of_its_own_so_that_the_past_stays_true(crew: Crew):
    [(_, _, lead)] = await held(crew.wang)
    await limit(crew.wang, "电梯", "停车")
    assert await held(crew.wang) == [
        ([], False, lead), (["电梯"], False, crew.wang.id), (["电梯", "停车"], True, crew.wang.id),
    ]  # fmt: skip


async def test_all_of_them_are_the_same_as_none(crew: Crew):
    await limit(crew.wang, *crew.stage.service.desk.rules.categories)
    assert (await held(crew.wang))[-1][0] == []


async def test_a_lead_sets_them_from_the_roster(crew: Crew):
    await crew.lead.say("/roster")
    await crew.lead.tap("王琴")
    assert "王琴 接哪些" in (await crew.lead.tap("接哪些类别")).text
    await crew.lead.tap("电梯")
    assert (await held(crew.wang))[-1] == (["电梯"], True, crew.lead.id)
    assert "电梯" in (await crew.wang.say("/duty")).text


async def test_nobody_limits_whom_he_does_not_manage(crew: Crew):
    await crew.li.say("/duty")
    for victim in (crew.wang, crew.lead, crew.chen):
        assert "没有找到" in await crew.li.press(f"s:{victim.id}:电梯")
    assert (await held(crew.wang))[-1][0] == []


async def test_who_is_offered_nothing_has_nothing_to_limit(crew: Crew):
    assert "接哪些类别" not in str((await crew.committee.say("/duty")).labels)
    assert "没有找到" in await crew.committee.press(f"s:{crew.committee.id}:电梯")


async def test_an_invented_category_changes_nothing(crew: Crew):
    await crew.wang.say("/duty")
    await crew.wang.press(f"s:{crew.wang.id}:算命")
    assert await held(crew.wang) == [([], True, (await held(crew.wang))[0][2])]
