"""What goes wrong elsewhere, and must not here. (Two bots on one account: tests/bot, F12.)"""

from datetime import datetime, timedelta

from chatting import Chat, Crew, number
from folk import SHANGHAI
from msgspec.structs import replace
from walking import Walker

from playground.api.contents import Content
from workflows.petition.words import Action, ClockName, State

SAID = "3号楼下充电桩坏了"


async def off_duty(crew: Crew) -> None:
    """Nobody of the grid is on duty."""
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        for phone in (crew.cast.wang, crew.cast.li, crew.cast.zhao, crew.cast.worker):
            person = await tx.person(phone.user_id)
            assert person
            tx.put_person(replace(person, on_duty=False))


async def remove(crew: Crew, chat: Chat) -> None:
    await crew.lead.say("/roster")
    await crew.lead.press(f"g:remove:{chat.id}:yes")


async def told_since(crew: Crew, *chats: Chat, **span: int) -> str:
    """What these people are told while time passes."""
    for chat in chats:
        await chat.mark()
    await crew.stage.forward(**span)
    return "".join([text for chat in chats for text in await chat.new()])


async def is_late(crew: Crew) -> bool:
    """Whether 王's own list or the lead's board calls anything late."""
    lists = [await crew.wang.say("/mine"), await crew.lead.say("/board")]
    labels = [label for shown in lists for label in shown.labels]
    counts = {label.rsplit(" ", 1)[-1] for label in labels if "逾期" in label}
    assert counts
    return counts != {"0"}


# coming in


async def test_a_photo_without_a_word_is_kept_until_it_is_said_what_it_shows(crew: Crew):
    await crew.chen.phone.send_photo()
    assert "请再说一句" in (await crew.chen.settled()).text
    await crew.chen.say(SAID)
    await crew.chen.tap("✅ 提交")
    [ticket] = await crew.chen.tickets()
    async with crew.stage.service.store.read(crew.stage.now) as tx:
        assert [f.kind for f in await tx.files(ticket.id)] == ["photo"]
    assert ticket.text == SAID


async def test_a_pinned_message_is_nobodys_words_and_not_answered(crew: Crew):
    await crew.chen.say(SAID)
    world = crew.stage.server.world
    pinned = {"message_id": 1, "date": 1, "chat": {"id": crew.chen.id, "type": "private"}}
    await crew.chen.mark()
    chat = next(c for (_, person), c in world.private.items() if person == crew.chen.id)
    world.post(chat, crew.chen.id, Content(media={"pinned_message": pinned}))
    await crew.chen.settled()
    assert await crew.chen.new() == []
    await crew.chen.tap("✅ 提交")
    assert [t.text for t in await crew.chen.tickets()] == [SAID]


async def test_a_hint_has_enough_to_judge_by(crew: Crew):
    """What, where, since when and how far: not a number alone."""
    walker = await crew.accepted()
    shown = (await crew.zhou.say("3幢的充电桩又坏了")).text
    for words in (number(walker), SAID, "1网格 3幢", "今天（周二）上午9点提交", "有人接手了"):
        assert words in shown, words


# clocks


async def test_nobody_is_reminded_at_night(crew: Crew):
    await crew.stage.forward(hours=4)
    walker = await crew.resolved()  # at one; half of the three days is over at one in the night
    assert not await told_since(crew, crew.chen, hours=42 - 1, minutes=59)  # 06:59
    assert "这件解决了吗" in await told_since(crew, crew.chen, minutes=2)
    asked = [m for m in await crew.chen.phone.inbox() if "这件解决了吗" in m.text]
    local = datetime.fromtimestamp(asked[-1].date, SHANGHAI)
    assert (local.day, local.hour) == (26, 7) and (await walker.ticket()).state is State.RESOLVED


async def test_the_first_answers_clock_says_nothing_once_the_plan_was_told(crew: Crew):
    walker = await crew.planned()
    assert (await walker.ticket()).told_at
    assert "逾期" not in await told_since(crew, crew.wang, crew.lead, hours=30)
    assert "方案说好的办结日期" in await told_since(crew, crew.wang, crew.lead, days=3)


async def test_no_clock_runs_after_the_end(crew: Crew):
    walker = await crew.resolved()
    await crew.chen.tap("✅ 解决了，满意")
    await crew.stage.forward(minutes=5)
    events = await walker.events()
    assert (await walker.ticket()).clocks == {}
    assert await told_since(crew, crew.chen, crew.wang, days=40) == ""
    assert await walker.events() == events


async def test_done_is_not_overdue_while_the_resident_is_silent(crew: Crew):
    await crew.resolved()
    told = await told_since(crew, crew.wang, crew.lead, hours=47)
    assert "逾期" not in told and not await is_late(crew)


async def test_asked_is_not_overdue_while_the_resident_is_silent(crew: Crew):
    walker = await crew.waiting()
    assert "逾期" not in await told_since(crew, crew.wang, crew.lead, hours=47)
    assert not await is_late(crew)
    assert (await walker.ticket()).clocks[ClockName.RESPONSE].paused


async def test_silence_is_reminded_of_and_ends_the_pause_by_itself(crew: Crew):
    walker = await crew.waiting()
    assert "还在等您回话" in await told_since(crew, crew.chen, hours=30)
    assert "居民没有补充" in await told_since(crew, crew.wang, hours=48)
    ticket = await walker.ticket()
    assert ticket.state is State.ACCEPTED and not ticket.clocks[ClockName.RESPONSE].paused


# talking back and forth


async def test_a_resident_asks_back_and_is_answered_without_any_pause(crew: Crew):
    walker = await crew.accepted()
    await crew.chen.tap("补充")
    await crew.chen.say("师傅几点来？")
    card = await crew.wang.last()
    assert "师傅几点来" in card.text and "点「💬 给居民留言」" in card.text
    due = (await walker.ticket()).clocks[ClockName.RESPONSE].due
    await crew.wang.tap("给居民留言")
    await crew.wang.say("明天上午九点")
    said = (await crew.chen.last()).text
    assert "明天上午九点" in said and "王琴" in said
    ticket = await walker.ticket()
    clock = ticket.clocks[ClockName.RESPONSE]
    assert (ticket.state, clock.paused, clock.due) == (State.ACCEPTED, None, due)


# the end


async def test_closed_is_not_called_fixed(crew: Crew):
    """Nobody answered: neither the resident nor staff read that it was solved."""
    walker = await crew.resolved()
    await crew.stage.forward(days=4)
    shown = (await crew.chen.say("/mine")).text
    assert "已结束" in shown and "解决" not in shown
    for chat in (crew.chen, crew.wang):
        card = (await chat.say(number(walker))).text
        assert "已经解决" not in card and "满意" not in card
    assert "居民没有评价" in (await crew.wang.last()).text


async def test_not_solved_finds_hands_though_nobody_is_left(crew: Crew):
    """Who had it has left the roster, and nobody else is on duty: the lead is asked."""
    walker = await crew.resolved()
    await remove(crew, crew.wang)
    await off_duty(crew)
    await crew.lead.mark()
    await crew.chen.tap("还没解决")
    await crew.chen.say("又坏了")
    told = "".join(await crew.lead.new())
    assert "又坏了" in told and "请您派单" in told
    ticket = await walker.ticket()
    assert ticket.state is State.UNASSIGNED and ClockName.ASSIGN in ticket.clocks


async def test_with_nobody_on_duty_the_lead_is_asked_and_then_those_above(crew: Crew):
    await off_duty(crew)
    walker = await crew.file(SAID)
    assert "没有人可派" in (await crew.lead.last()).text
    assert "逾期：派单" in await told_since(crew, crew.lead, hours=3)
    assert "逾期" in await told_since(crew, crew.committee, days=2)
    await crew.lead.say(number(walker))
    await crew.lead.tap("派单")
    await crew.lead.tap("王琴")
    await crew.wang.tap(f"t:{walker.id}:{Action.ACCEPT}")
    assert (await walker.ticket()).handler == crew.wang.id


async def test_who_files_for_somebody_and_falls_silent_loses_nothing(crew: Crew):
    """A draft that waits for consent is still there the next day."""
    await crew.li.say(SAID)
    await crew.li.tap("代居民提交")
    await crew.li.say("3幢 张阿姨")
    await crew.stage.forward(days=1)
    await crew.li.tap("本人同意了")
    await crew.li.tap("✅ 提交")
    [ticket] = await crew.li.tickets()
    assert ticket.text == SAID and crew.stage.now - ticket.filed_at < timedelta(minutes=1)


async def test_a_ticket_moved_on_keeps_its_clock_from_starting_anew(crew: Crew):
    """Handing on is no way to win time."""
    walker = await crew.accepted()
    due = (await walker.ticket()).clocks[ClockName.RESPONSE].due
    await crew.stage.forward(hours=5)
    await crew.wang.say(number(walker))
    await crew.wang.tap(f"t:{walker.id}:transfer")
    await crew.wang.tap("李明")
    await crew.wang.say("您更熟悉")
    assert (await walker.ticket()).clocks[ClockName.RESPONSE].due == due


async def test_walking_away_from_a_question_files_no_wrong_answer(crew: Crew):
    """A withdrawal that was tapped and forgotten does not swallow the next petition."""
    walker: Walker = await crew.accepted()
    await crew.chen.tap("撤回")
    await crew.stage.forward(hours=2)
    assert "请您看一看" in (await crew.chen.say("3号楼路灯不亮")).text
    assert (await walker.ticket()).is_open
