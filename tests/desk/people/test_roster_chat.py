"""The roster in chat: inviting, joining, taking off, being on duty; and many hands at once."""

import re

import pytest
from casting import Cast
from chatting import Chat, Crew, number
from folk import RULES
from msgspec.structs import replace
from walking import Walker

from bot.config.settings import Settings
from playground.stage.stage import Stage
from playground.text.refusals import Json
from workflows.core.people import Membership, Person, Role
from workflows.petition.words import State
from workflows.registry import WORKFLOWS

GRID = "友新街道/南环一/1网格"


async def invite(chat: Chat, role: str, *places: str) -> str:
    """Ask for an invitation, step by step; the payload of its link."""
    await chat.say("/invite")
    for label in (role, *places):
        await chat.tap(label)
    return payload_in((await chat.last()).text)


def payload_in(text: str) -> str:
    found = re.search(r"\?start=(iv_[\w-]+)", text)
    assert found, text
    return found[1]


async def newcomer(crew: Crew, name: str = "新人") -> Chat:
    return Chat(crew.stage, await crew.stage.phones.add_user(name))


async def person(chat: Chat) -> Person:
    async with chat.stage.service.store.read(chat.stage.now) as tx:
        found = await tx.person(chat.id)
    assert found
    return found


async def roles(chat: Chat) -> set[tuple[str, str]]:
    return {(m.role.value, m.place) for m in (await person(chat)).memberships}


# inviting


@pytest.mark.parametrize(
    ("who", "taps", "role", "place"),
    [
        ("lead", ["海棠先锋", "1网格 3幢"], Role.PIONEER, f"{GRID}/3幢"),
        ("lead", ["网格员"], Role.WORKER, GRID),
        ("committee", ["网格长", "2网格"], Role.LEAD, "友新街道/南环一/2网格"),
        ("committee", ["海棠先锋", "1网格", "1网格 4幢"], Role.PIONEER, f"{GRID}/4幢"),
        ("street", ["社区党委"], Role.COMMITTEE, "友新街道/南环一"),
    ],
)
async def test_each_managing_role_invites_step_by_step(
    crew: Crew, who: str, taps: list[str], role: Role, place: str
):
    host: Chat = getattr(crew, who)
    asked = await host.say("/invite")
    assert "邀请谁" in asked.text
    for label in taps:
        asked = await host.tap(label)
    if "?start=" not in asked.text:  # the only place there is, or the grid as a whole
        asked = await host.tap(place.rpartition("/")[2])
    guest = await newcomer(crew)
    welcome = await guest.start(payload_in(asked.text))
    assert "欢迎您" in "".join(await guest.new()) or "欢迎您" in welcome.text
    assert await roles(guest) == {(role.value, place)}
    assert "新人" in (await host.last()).text


async def test_an_admin_invites_for_the_street(settings: Settings, on_stage: Stage):
    boss = Chat(on_stage, await on_stage.hire("管理员", Role.ADMIN, "", 9001))
    asked = await boss.say("/invite")
    assert {"海棠先锋", "网格员", "网格长", "社区党委", "街道", "管理员"} == set(asked.labels)
    await boss.tap("街道")
    link = await boss.tap("友新街道")
    guest = Chat(on_stage, await on_stage.phones.add_user("街道办"))
    await guest.start(payload_in(link.text))
    assert await roles(guest) == {("street", "友新街道")}


async def test_nobody_is_offered_a_role_he_may_not_give(crew: Crew):
    offered = [
        set((await c.say("/invite")).labels) for c in (crew.lead, crew.committee, crew.street)
    ]
    assert offered[0] == {"海棠先锋", "网格员"}
    assert offered[1] == {"海棠先锋", "网格员", "网格长"}
    assert offered[2] == {"社区党委"}


async def test_a_lead_cannot_invite_a_lead_by_a_forged_button(crew: Crew):  # F47
    await crew.lead.say("/invite")
    assert "给工作人员用的" in await crew.lead.press("g:invite:lead")
    assert not await crew.lead.new()


async def test_who_manages_nobody_is_told_so(crew: Crew):
    for chat in (crew.chen, crew.wang):
        for command in ("/invite", "/roster"):
            assert "您现在用不了" in (await chat.say(command)).text


async def test_used_expired_and_forged_links_are_refused_alike(crew: Crew):  # F49
    used, late = [await invite(crew.lead, "海棠先锋", "1网格 3幢") for _ in range(2)]
    first, *others = [await newcomer(crew, name) for name in "甲乙丙丁"]
    await first.start(used)
    said = [(await others[0].start(used)).text]
    await crew.stage.forward(days=8)
    said.append((await others[1].start(late)).text)
    said.append((await others[2].start("iv_" + "x" * 32)).text)
    assert len(set(said)) == 1 and "不能用" in said[0]
    assert await roles(first) == {("pioneer", f"{GRID}/3幢")}


async def test_two_who_open_one_link_at_once_are_one_pioneer(crew: Crew):  # F49
    payload = await invite(crew.lead, "海棠先锋", "1网格 3幢")
    guests = [await newcomer(crew, name) for name in "甲乙"]
    for guest in guests:
        await guest.phone.start(payload)
    await crew.stage.settle()
    said = [(await g.last()).text for g in guests]
    assert ["欢迎您" in text for text in said] == [True, False]


# taking off


async def remove(crew: Crew, member: Chat) -> None:
    await crew.lead.say("/roster")
    await crew.lead.tap(f"r:card:{member.id}")
    asked = await crew.lead.tap("移除")
    assert "移除吗" in asked.text
    await crew.lead.tap("确定移除")


async def test_the_roster_names_its_people_and_asks_before_removing(crew: Crew):
    shown = await crew.lead.say("/roster")
    assert "王琴" in shown.text and "钱进" in shown.text and "吴书记" not in shown.text
    assert "👤 王琴" in shown.labels and "👤 钱进" not in shown.labels
    await crew.lead.tap("王琴")
    await crew.lead.tap("移除")
    assert await roles(crew.wang)


async def test_what_the_removed_had_in_hand_goes_on(crew: Crew):  # F51
    walker = await crew.accepted()
    await remove(crew, crew.wang)
    assert "1 件诉求转给别人" in (await crew.lead.last()).text or "派给" in "".join(
        await crew.lead.new()
    )
    ticket = await walker.ticket()
    assert ticket.state is State.DISPATCHED and ticket.offered_to not in {None, crew.wang.id}


async def test_the_removed_sees_nothing_any_more(crew: Crew):  # F51
    walker = await crew.accepted("3号楼充电桩坏了，电话13912345678")
    await remove(crew, crew.wang)
    cards = [m for m in await crew.wang.phone.inbox() if number(walker) in m.text]
    assert not [card for card in cards if card.buttons]
    assert "不再显示" in "".join(await crew.wang.all())
    assert "没有找到" in (await crew.wang.say(f"/t {number(walker)}")).text
    assert "您手里的" not in (await crew.wang.say("/mine")).text
    for what in ("steps", "files", "text", "card"):
        assert "没有找到" in await crew.wang.press(f"v:{walker.id}:{what}")
    assert "没有找到" in await crew.wang.press(f"t:{walker.id}:inspect")


async def test_an_open_form_of_the_removed_is_closed(crew: Crew):  # F51
    walker = await crew.accepted()
    await crew.wang.tap(f"t:{walker.id}:inspect")
    await remove(crew, crew.wang)
    said = (await crew.wang.say("到现场看过了")).text
    assert "没有找到" in said and "充电桩" not in said
    assert "✅ 提交" in (await crew.wang.say("3号楼路灯不亮")).labels


async def test_an_answer_for_the_removed_reaches_the_lead(crew: Crew):  # F51
    walker = await crew.waiting()
    await remove(crew, crew.wang)
    await crew.chen.say("三号桩")
    assert "三号桩" in (await crew.lead.last()).text
    offered_to = (await walker.ticket()).offered_to
    next_one = next(c for c in (crew.li, crew.zhao) if c.id == offered_to)
    assert "三号桩" in (await next_one.last()).text
    assert "三号桩" not in "".join(await crew.wang.all())


async def test_a_lead_ends_only_the_roles_he_may_end(crew: Crew):  # F47
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        li = await tx.person(crew.li.id)
        assert li
        await tx.grant(li, Membership(role=Role.LEAD, place=GRID), None)
    await remove(crew, crew.li)
    assert await roles(crew.li) == {("lead", GRID)}
    assert "现在还是网格长" in "".join(await crew.li.all())


async def test_a_forged_removal_changes_nothing(crew: Crew):  # F47
    await crew.chen.start()
    for victim in (crew.committee, crew.street, crew.lead, crew.chen):
        before = await roles(victim)
        assert "没有找到" in await crew.lead.press(f"g:remove:{victim.id}:yes")
        assert await roles(victim) == before


async def test_a_lead_who_holds_a_ticket_is_told_once(crew: Crew):
    walker = await crew.file()
    await crew.lead.say(number(walker))
    await crew.lead.tap(f"t:{walker.id}:dispatch")
    await crew.lead.phone.send(str(crew.lead.id))
    await crew.lead.settled()
    await crew.lead.tap(f"t:{walker.id}:accept")
    await crew.lead.mark()
    await crew.chen.tap("催一催")
    assert len(await crew.lead.new()) == 1


# duty and menu


async def test_off_duty_means_no_new_offers(crew: Crew):
    assert "您在值班" in (await crew.wang.say("/duty")).text
    assert "您在休息" in (await crew.wang.tap("休息")).text
    walker = await crew.file()
    assert (await walker.ticket()).offered_to != crew.wang.id
    await crew.wang.say("/duty")
    assert "您在值班" in (await crew.wang.tap("值班")).text
    other = await crew.file("3号楼路灯不亮")
    assert (await other.ticket()).offered_to == crew.wang.id


async def test_duty_is_for_staff(crew: Crew):
    assert "您现在用不了" in (await crew.chen.say("/duty")).text


async def commands_of(crew: Crew, chat: Chat | None) -> list[str]:
    stored = (await crew.stage.phones.bot())["commands"]
    wanted = "default" if chat is None else str(chat.id)
    return [c["command"] for key, found in stored.items() if wanted in key for c in found]


async def test_the_menu_is_what_the_role_may(crew: Crew):
    own = ["mydata", "forget", *WORKFLOWS.menu.residents]
    every = WORKFLOWS.offered(None, RULES).menu.residents  # what every community has
    lists = WORKFLOWS.menu.lists
    everybody = [
        "start",
        "mine",
        *WORKFLOWS.offered(None, RULES).menu.lists,
        "help",
        "cancel",
        "join",
        "mydata",
        "forget",
        *every,
    ]
    assert await commands_of(crew, None) == everybody
    assert await commands_of(crew, crew.chen) == []
    staff = ["start", "mine", *lists, "t", "find", "duty", "help", "cancel", *own]
    assert await commands_of(crew, crew.wang) == staff
    assert {"board", "roster", "invite"} <= set(await commands_of(crew, crew.lead))
    above = [await commands_of(crew, c) for c in (crew.lead, crew.committee, crew.street)]
    assert ["audit" in commands for commands in above] == [False, True, True]
    await remove(crew, crew.wang)
    assert await commands_of(crew, crew.wang) == everybody


# many hands


async def crowd(cast: Cast, size: int = 50) -> list[Chat]:
    """So many pioneers of the grid, none of them on duty, in one group with the lead."""
    phones = [await cast.stage.phones.add_user(f"先锋{i}", 7000 + i) for i in range(size)]
    async with cast.stage.service.store.begin(cast.stage.now) as tx:
        for phone in (cast.wang, cast.li, cast.zhao, cast.worker, *phones):
            known = await tx.person(phone.user_id)
            one = known or Person(id=phone.user_id, name=phone.name)
            tx.put_person(replace(one, on_duty=False))
            if known is None:
                await tx.grant(one, Membership(role=Role.PIONEER, place=GRID), None)
                tx.put_person(replace(await tx.person(one.id), on_duty=False))
    for phone in phones:
        await phone.start()  # who never wrote to the bot cannot be written to
    await cast.stage.settle()
    return [Chat(cast.stage, phone) for phone in phones]


@pytest.mark.parametrize("a_batch", [50, 7])
async def test_fifty_take_one_ticket_one_wins_and_all_are_told_who(cast: Cast, a_batch: int):  # F31
    takers = await crowd(cast)
    group = await cast.stage.phones.add_group("1网格", [cast.lead, *(t.phone for t in takers)])
    await cast.lead.send("/bind", chat=group)
    await cast.stage.settle()
    walker = await Walker.file(cast, "3号楼下充电桩坏了")
    card = await cast.lead.last(chat=group)
    for start in range(0, len(takers), a_batch):
        for taker in takers[start : start + a_batch]:
            await taker.phone.tap_data(f"t:{walker.id}:accept", card.id, chat=group)
        await cast.stage.settle()
    handler = (await walker.ticket()).handler
    winner = next(t for t in takers if t.id == handler)
    toasts = [await t.toast() for t in takers if t is not winner]
    assert len(toasts) == 49 and {f"晚了一步，这件 {winner.phone.name} 已经接了。谢谢您。"} == set(
        toasts
    )
    assert "已接单" in await winner.toast()
    assert winner.phone.name in (await cast.lead.last(chat=group)).text


async def edits(chat: Chat) -> list[Json]:
    """How often something was drawn again in this chat."""
    calls = await chat.stage.phones.calls()
    return [c for c in calls if c["method"] == "editMessageText"
            and int(c["params"]["chat_id"]) == chat.id]  # fmt: skip


async def test_an_old_offers_button_names_who_has_it_and_the_card_is_drawn_anew(
    crew: Crew,
):  # F48
    walker = await crew.file()
    old = await crew.wang.last()
    await crew.stage.forward(minutes=31)  # it goes to the next one
    drawn_before = len(await edits(crew.wang))
    await crew.wang.phone.tap_data(f"t:{walker.id}:accept", old.id)
    await crew.wang.settled()
    assert len(await edits(crew.wang)) > drawn_before
    taken_by = (await walker.ticket()).offered_to
    assert taken_by and "已经派给" in await crew.wang.toast()
    drawn = next(m for m in await crew.wang.phone.inbox() if m.id == old.id)
    assert "等接单" in drawn.text and "接单" not in drawn.labels
