"""A number that a resident leaves by choice: who may have it, how long, and where it never is."""

from datetime import timedelta
from typing import Any

import pytest
from chatting import Chat, Crew, data_of, number
from folk import settled
from sqlalchemy import String, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection
from walking import Walker

from workflows.core.numbers import format_number
from workflows.core.talk.messages import Notice
from workflows.petition.store import tables as own
from workflows.petition.words import Action, State
from workflows.store import tables as t

PHONE = "0512-65001234"
DIGITS = "65001234"


async def shared(crew: Crew) -> Walker:
    """A ticket that 王 has in hand, whose resident left a number."""
    walker = await crew.accepted()
    await leave_number(crew, walker)
    return walker


async def leave_number(crew: Crew, walker: Walker) -> None:
    await crew.chen.say(number(walker))
    await crew.chen.tap("留电话")
    await crew.chen.say(PHONE)


async def sees(chat: Chat, walker: Walker) -> bool:
    return DIGITS in (await chat.say(number(walker))).text


async def finish(crew: Crew, walker: Walker) -> None:
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("已经换好了")
    await crew.chen.tap("✅ 解决了，满意")


# leaving it


async def test_nobody_has_a_number_or_a_name_that_was_not_given(crew: Crew):
    walker = await crew.accepted()
    shown = (await crew.wang.say(number(walker))).text
    assert "📞" not in shown and "陈师傅" not in "".join(await crew.wang.all())


async def test_the_card_of_what_was_filed_offers_it_with_one_tap(crew: Crew):
    await crew.chen.say("3号楼下充电桩坏了")
    filed = await crew.chen.tap("提交")
    assert "📞 留电话" in filed.labels and "看不到您是谁" in filed.text
    asked = await crew.chen.tap("留电话")
    assert "只给办这一件的人看" in asked.text
    done = await crew.chen.say(PHONE)
    assert "记下了" in done.text and "📞 留电话" not in done.labels
    [ticket] = await crew.chen.tickets()
    assert ticket.contact == PHONE


async def test_ones_own_card_of_the_phone_is_a_number_too(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.tap("留电话")
    await crew.chen.phone.send_contact("+86 512 65001234")
    assert "记下了" in (await crew.chen.settled()).text
    assert DIGITS in (await walker.ticket()).contact
    assert DIGITS in (await crew.wang.last()).text


async def test_somebody_elses_card_is_not_taken(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.tap("留电话")
    await crew.chen.phone.send_contact("65001234", "老王")
    assert "别人的号码" in (await crew.chen.settled()).text
    assert (await walker.ticket()).contact == ""
    await crew.chen.say(PHONE)
    assert (await walker.ticket()).contact == PHONE


async def test_what_is_no_number_is_asked_again(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.tap("留电话")
    await crew.chen.say("打我电话")
    assert "没有看到电话号码" in "".join(await crew.chen.new())
    await crew.chen.say(PHONE)
    assert (await walker.ticket()).contact == PHONE


async def test_a_wrong_number_is_changed_where_it_was_left(crew: Crew):
    walker = await shared(crew)
    assert "📞 改电话" in (await crew.chen.say(number(walker))).labels
    await crew.chen.tap("改电话")
    done = await crew.chen.say("0512-65009999")
    assert "改好了" in done.text
    told = (await crew.wang.last()).text
    assert "改了联系电话" in told and "65009999" in told and DIGITS not in told
    assert (await walker.ticket()).contact == "0512-65009999"
    assert DIGITS not in "".join(m.text for m in await crew.wang.phone.inbox())


async def test_the_question_says_which_number_is_there_and_nothing_keeps_it(crew: Crew):
    walker = await shared(crew)
    asked = await crew.chen.tap("改电话")
    assert f"现在留的是 {PHONE}" in asked.text
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        said = await tx.ask(AsyncConnection.scalars, select(cast(t.outbox.c.body, String)))
        assert DIGITS not in "".join(said.all())
    assert (await walker.ticket()).contact == PHONE


async def test_what_was_split_off_gets_the_new_number_too(crew: Crew):
    walker = await shared(crew)
    await crew.wang.more(f"t:{walker.id}:split")
    await crew.wang.say("另一根桩也坏了")
    await crew.chen.say(number(walker))
    await crew.chen.tap("改电话")
    await crew.chen.say("0512-65009999")
    numbers = [ticket.contact for ticket in await crew.chen.tickets()]
    assert numbers == ["0512-65009999"] * 2


async def test_a_part_with_a_number_of_its_own_keeps_that(crew: Crew):
    walker = await shared(crew)
    await crew.wang.more(f"t:{walker.id}:split")
    await crew.wang.say("另一根桩也坏了")
    [part] = [one for one in await crew.chen.tickets() if one.id != walker.id]
    for ticket_id, digits in ((part.id, "0512-61111111"), (walker.id, "0512-65009999")):
        await crew.chen.say(format_number(ticket_id))
        await crew.chen.tap("改电话")
        await crew.chen.say(digits)
    numbers = {one.id: one.contact for one in await crew.chen.tickets()}
    assert numbers == {part.id: "0512-61111111", walker.id: "0512-65009999"}


async def test_only_the_newest_card_has_it_and_the_others_say_so(crew: Crew):
    walker = await shared(crew)
    await crew.wang.say(number(walker))
    said = [m for m in await crew.wang.phone.inbox() if m.sender == "bot"]
    *older, newest = [m for m in said if "10019" in m.text]
    assert DIGITS in newest.text and newest.buttons
    assert not any(DIGITS in m.text or m.buttons for m in older)
    assert "居民留的电话：这一条里不再显示" in older[-1].text and "留了联系电话" in older[-1].text


async def test_a_number_is_changed_by_who_left_it_alone_and_while_it_is_open(crew: Crew):
    walker = await shared(crew)
    await crew.zhou.say("3幢的充电桩又坏了")
    followed = await crew.zhou.tap("我也遇到了")
    assert "📞 改电话" not in [*followed.labels, *(await crew.wang.last()).labels]
    await crew.wang.press(f"t:{walker.id}:correct")
    await crew.wang.say("0512-65009999")
    await finish(crew, walker)
    assert "📞 改电话" not in (await crew.chen.say(number(walker))).labels
    assert (await walker.ticket()).contact == PHONE


# who has it


async def test_who_works_on_it_has_the_number_and_nobody_else(crew: Crew):
    walker = await shared(crew)
    await crew.zhou.say("3幢的充电桩又坏了")
    await crew.zhou.tap("我也遇到了")
    for chat, has_it in (
        (crew.wang, True),
        (crew.lead, True),
        (crew.li, False),
        (crew.committee, False),
        (crew.street, False),
        (crew.zhou, False),
    ):
        assert await sees(chat, walker) is has_it
        await chat.tap("经过")
        assert (DIGITS in "".join(await chat.all())) is has_it


async def test_who_handles_it_and_has_it_himself_keeps_it_no_longer_either(crew: Crew):
    """王's own petition about the same is merged into the one she handles: she follows it."""
    walker = await shared(crew)
    own = await crew.file("3号楼楼道灯不亮", crew.wang)
    await crew.lead.say(number(own))
    await crew.lead.press(f"t:{own.id}:merge")
    await crew.lead.say(number(walker))
    assert crew.wang.id in (await walker.ticket()).followers
    assert await sees(crew.wang, walker)
    await finish(crew, walker)
    assert DIGITS not in "".join(await crew.wang.all())


async def test_who_withdraws_while_others_go_on_takes_his_number_along(crew: Crew):
    walker = await shared(crew)
    await crew.zhou.say("3幢的充电桩又坏了")
    await crew.zhou.tap("我也遇到了")
    await crew.chen.say(number(walker))
    await crew.chen.tap("撤回")
    await crew.chen.say("我搬走了")
    assert (await walker.ticket()).resident == crew.zhou.id
    assert DIGITS not in "".join(await crew.wang.all())


async def test_so_does_who_withdraws_a_part_of_it(crew: Crew):
    """What was split off was given the number; nobody left it there."""
    walker = await shared(crew)
    await crew.zhou.say("3幢的充电桩又坏了")
    await crew.zhou.tap("我也遇到了")
    await crew.wang.more(f"t:{walker.id}:split")
    await crew.wang.say("另一根桩也坏了")
    [part] = [one for one in await crew.chen.tickets() if one.id != walker.id]
    await crew.wang.press(f"t:{part.id}:accept")
    assert DIGITS in (await crew.wang.say(format_number(part.id))).text
    await crew.chen.say(format_number(part.id))
    await crew.chen.tap("撤回")
    await crew.chen.say("这一根好了")
    texts = [
        m.text
        for m in await crew.wang.phone.inbox()
        if f"诉求 {format_number(part.id)} ·" in m.text
    ]
    assert texts and DIGITS not in "".join(texts)


async def test_staff_keep_what_was_said_to_them_about_their_own(crew: Crew):
    walker = await crew.file("3号楼楼道灯不亮", crew.lead)
    await crew.wang.press(f"t:{walker.id}:accept")
    await crew.lead.say(number(walker))
    await crew.lead.tap("留电话")
    await crew.lead.say(PHONE)
    await crew.wang.tap(f"t:{walker.id}:ask")
    await crew.wang.say("请问是哪一层的灯")
    await crew.lead.say("三层的")
    assert "请问是哪一层的灯" in "".join(await crew.lead.all())


async def test_an_old_card_does_not_say_again_what_is_over(crew: Crew):
    """Its headline went when the ticket went on; taking the number out does not bring it back."""
    walker = await crew.file()
    await leave_number(crew, walker)
    await crew.chen.press(f"t:{walker.id}:nudge")
    await crew.wang.tap(f"t:{walker.id}:{Action.ACCEPT}")
    await crew.lead.say(number(walker))
    old = [m for m in await crew.lead.phone.inbox() if m.sender == "bot" and not m.buttons]
    assert number(walker) in old[-1].text and "催一催" not in old[-1].text


async def test_a_helper_has_it(crew: Crew):
    walker = await shared(crew)
    assert not await sees(crew.li, walker)
    await crew.wang.say(number(walker))
    await crew.wang.press(f"t:{walker.id}:assist")
    await crew.wang.tap("李明")
    await crew.wang.say("请一起去看看")
    assert await sees(crew.li, walker)


async def test_the_group_does_not_read_it(crew: Crew):
    group = await crew.group()
    walker = await crew.file()
    await leave_number(crew, walker)
    await crew.called(walker)
    messages = await crew.lead.phone.inbox(chat=group)
    assert messages and DIGITS not in "".join(m.text for m in messages)


async def test_who_handed_it_on_has_it_no_more(crew: Crew):
    walker = await shared(crew)
    await crew.wang.say(number(walker))
    await crew.wang.tap(f"t:{walker.id}:transfer")
    await crew.wang.tap("李明")
    await crew.wang.say("您更熟悉")
    assert not await sees(crew.wang, walker) and not await sees(crew.li, walker)
    await crew.li.tap(f"t:{walker.id}:accept")
    assert await sees(crew.li, walker)


async def test_after_the_end_it_is_shown_to_nobody_not_even_on_old_cards(crew: Crew):
    walker = await shared(crew)
    await finish(crew, walker)
    assert not await sees(crew.wang, walker) and not await sees(crew.lead, walker)
    for chat in (crew.wang, crew.lead):
        cards = [m.text for m in await chat.phone.inbox() if m.sender == "bot"]
        assert cards and DIGITS not in "".join(cards)


async def test_when_it_is_not_solved_who_has_it_may_call_again(crew: Crew):
    walker = await shared(crew)
    await finish(crew, walker)
    await crew.chen.tap("还没解决")
    await crew.chen.say("又坏了")
    assert await sees(crew.wang, walker)


async def test_who_is_to_ask_how_it_went_has_it_until_he_has_asked(crew: Crew):
    desk = crew.stage.service.desk
    desk.rules = settled(desk.rules, followup_percent=100)
    walker = await shared(crew)
    await finish(crew, walker)
    drawn = (await walker.ticket()).checker
    phones = (crew.cast.worker, crew.cast.lead, crew.cast.committee)
    checker = Chat(crew.stage, next(p for p in phones if p.user_id == drawn))
    assert DIGITS in (await checker.last()).text
    await checker.tap(f"t:{walker.id}:{Action.CHECK}")
    await checker.tap("解决了")
    await checker.say("居民说好了")
    assert not await sees(checker, walker)


# telling in person


async def untold(crew: Crew, walker: Walker) -> str:
    """The plan cannot reach the resident's phone: what 王 reads."""
    await crew.chen.phone.block()
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("已经换好了")
    return (await crew.wang.last()).text


async def test_what_could_not_be_told_says_whom_to_call(crew: Crew):
    walker = await shared(crew)
    told = await untold(crew, walker)
    assert "他留了电话" in told and DIGITS in told
    assert "打电话" in (await crew.wang.say(number(walker))).text


async def test_without_a_number_it_says_what_else_to_do(crew: Crew):
    walker = await crew.accepted()
    told = await untold(crew, walker)
    assert "没有留电话" in told and "已告知居民" in "".join((await crew.wang.last()).labels)
    await crew.wang.tap("已告知居民")
    assert (await walker.ticket()).told_at


# where it is


def _with_digits(column: Any) -> Any:
    return select(column).where(cast(column, String).contains(DIGITS))


async def test_it_is_with_the_ticket_alone(crew: Crew, capsys: pytest.CaptureFixture[str]):
    """No event, no message kept, no log holds it."""
    walker = await shared(crew)
    places = (t.events.c.data, t.outbox.c.body, t.cards.c["values"], t.dialogs.c.body,
              own.ticket_texts.c.text, own.tickets.c.contact)  # fmt: skip
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        found = [
            str(column)
            for column in places
            if (await tx.ask(AsyncConnection.scalars, _with_digits(column))).all()
        ]  # fmt: skip
    assert found == ["tickets.contact"] and (await walker.ticket()).contact == PHONE
    assert DIGITS not in capsys.readouterr().out


async def test_he_finds_it_in_his_data_and_takes_it_away_with_his_words(crew: Crew):
    walker = await shared(crew)
    [petition] = (await data_of(crew.chen))["petitions"]
    assert petition["contact"] == PHONE
    await finish(crew, walker)
    await crew.chen.say("/forget")
    await crew.chen.tap("确定")
    assert (await walker.ticket()).contact == ""


async def test_an_old_card_that_waits_to_lose_it_still_does_when_words_are_erased(crew: Crew):
    walker = await shared(crew)
    old = await crew.wang.last()
    values = {"actor": crew.chen.id, "message_id": old.id}
    notice = Notice(to=crew.wang.id, template="shared", ticket_id=walker.id, values=values)
    store, waiting = crew.stage.service.store, t.outbox.c.dedupe_key == "waiting"
    async with store.begin(crew.stage.now) as tx:
        tx.owe(notice, crew.wang.id, "fade", "waiting", crew.stage.now + timedelta(days=1))
    await finish(crew, walker)
    await crew.chen.say("/forget")
    await crew.chen.tap("确定")
    async with store.read(crew.stage.now) as tx:
        row = (await tx.ask(AsyncConnection.execute, select(t.outbox).where(waiting))).one()
    assert row.state == "held" and row.template == "card"
    assert row.body["values"] == {"message_id": old.id}


async def test_it_goes_with_the_words_when_their_time_is_over(crew: Crew):
    walker = await shared(crew)
    await finish(crew, walker)
    crew.stage.clock.advance(364 * 24 * 3600)
    await crew.stage.settle()
    assert (await walker.ticket()).contact == PHONE
    await crew.stage.forward(days=3)
    ticket = await walker.ticket()
    assert (ticket.state, ticket.contact) == (State.CLOSED, "")
