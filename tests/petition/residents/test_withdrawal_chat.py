"""Withdrawing: the end of it when it was one's own alone, and not when others have it too."""

from chatting import Chat, Crew, number
from walking import Walker

from workflows.petition.words import State

SECRET = "我家电话13912345678"
SAID = f"3号楼下充电桩坏了，{SECRET}"
AGAIN = "3幢的充电桩又坏了"


async def withdraw(chat: Chat, walker: Walker, why: str = "写错了") -> None:
    await chat.say(number(walker))
    await chat.tap("撤回")
    await chat.say(why)


async def join(chat: Chat) -> None:
    await chat.say(AGAIN)
    await chat.tap("我也遇到了")


async def passed_on(crew: Crew) -> Walker:
    """陈 filed it, 周 has the same problem, 王 has it in hand; 陈 withdraws."""
    walker = await crew.accepted(SAID)
    await crew.chen.tap("留电话")
    await crew.chen.say("0512-65001234")
    await join(crew.zhou)
    await crew.zhou.mark()
    await withdraw(crew.chen, walker)
    return walker


async def test_alone_it_is_over_and_who_has_it_is_told(crew: Crew):
    walker = await crew.accepted()
    await withdraw(crew.chen, walker, "已经好了")
    assert (await walker.ticket()).state is State.WITHDRAWN
    told = (await crew.wang.last()).text
    assert "居民撤回了" in told and "已经好了" in told


async def test_with_others_it_goes_on_for_them(crew: Crew):
    walker = await passed_on(crew)
    ticket = await walker.ticket()
    assert (ticket.state, ticket.handler) == (State.ACCEPTED, crew.wang.id)
    assert (ticket.resident, ticket.author, ticket.followers) == (crew.zhou.id, crew.chen.id, ())
    told = (await crew.wang.last()).text
    assert "还有邻居在等" in told and "陈师傅" not in told and "周阿姨" not in told


async def test_who_withdraws_reads_one_sentence_that_says_what_becomes_of_it(crew: Crew):
    walker = await passed_on(crew)
    [said] = await crew.chen.new()
    assert number(walker) in said and "撤回了" in said and "还有邻居也遇到这件事" in said
    assert "没有找到" in (await crew.chen.say(number(walker))).text
    assert number(walker) not in (await crew.chen.say("/mine")).text


async def test_before_he_withdraws_he_is_told_that_others_have_it_too(crew: Crew):
    await crew.accepted(SAID)
    await join(crew.zhou)
    assert "还有邻居也遇到" in (await crew.chen.tap("撤回")).text


async def test_the_neighbour_is_told_asked_and_rates(crew: Crew):
    walker = await passed_on(crew)
    assert "这件现在算您的" in "".join(await crew.zhou.new())
    await crew.wang.tap(f"t:{walker.id}:ask")
    await crew.wang.say("几号桩？")
    assert "几号桩" in (await crew.zhou.last()).text
    await crew.zhou.say("三号桩")
    assert (await walker.ticket()).state is State.ACCEPTED
    await crew.wang.tap(f"t:{walker.id}:resolve")
    await crew.wang.say("换好了")
    await crew.zhou.tap("解决了，满意")
    assert (await walker.ticket()).rating == 3


async def test_nobody_reads_the_words_of_who_left(crew: Crew):
    walker = await passed_on(crew)
    await crew.zhou.say(number(walker))
    await crew.zhou.tap("经过")
    await crew.zhou.press(f"v:{walker.id}:text")
    await crew.zhou.press(f"v:{walker.id}:files")
    said = "".join(await crew.zhou.all())
    assert SECRET not in said and "写错了" not in said and "陈师傅" not in said


async def test_the_neighbour_reads_his_own_words_in_the_steps(crew: Crew):
    walker = await passed_on(crew)
    await crew.zhou.say(number(walker))
    await crew.zhou.tap("补充")
    await crew.zhou.say("晚上也不亮")
    assert "晚上也不亮" in (await crew.zhou.tap("经过")).text


async def test_the_number_of_who_left_goes_with_him(crew: Crew):
    walker = await passed_on(crew)
    assert (await walker.ticket()).contact == ""
    assert "65001234" not in (await crew.wang.say(number(walker))).text


async def test_who_left_can_have_his_words_erased_while_it_goes_on(crew: Crew):
    walker = await passed_on(crew)
    await crew.zhou.say(number(walker))
    await crew.zhou.tap("留电话")
    await crew.zhou.say("0512-67009999")
    await crew.chen.say("/forget")
    assert "已经删掉" in (await crew.chen.tap("确定")).text
    ticket = await walker.ticket()
    assert (ticket.text, ticket.state, ticket.resident) == ("", State.ACCEPTED, crew.zhou.id)
    assert ticket.contact == "0512-67009999"
    card = (await crew.wang.say(number(walker))).text
    assert SECRET not in card and "67009999" in card


async def test_who_joined_first_is_the_one_who_has_it_then(crew: Crew):
    walker = await crew.accepted(SAID)
    await join(crew.zhou)
    await crew.stage.forward(hours=1)
    later = Chat(crew.stage, await crew.stage.phones.add_user("马大姐", 901))  # the lower number
    await join(later)
    await withdraw(crew.chen, walker)
    ticket = await walker.ticket()
    assert (ticket.resident, ticket.followers) == (crew.zhou.id, (later.id,))
    assert "接着办" in (await later.last()).text and "算您的" not in (await later.last()).text
