"""What topics hold about a neighbour: his to have, his to have erased, and gone after its time."""

from datetime import timedelta

from chatting import Chat, data_of, page_of, read
from msgspec.structs import replace
from neighbours import SAID, Building
from plain_words import OFFICE
from sqlalchemy import select
from test_council_chat import rows_of, vote

from workflows.council.store import tables as own
from workflows.council.store.kept import TOPICS
from workflows.council.words import State
from workflows.store import tables as t
from workflows.store import timeline


async def forget(chat: Chat) -> str:
    await chat.say("/forget")
    return (await chat.tap("确定")).text


async def test_he_is_given_his_words_and_his_door_and_no_choice(building: Building):
    await building.voting()
    await vote(building, chen="赞成")
    chen, zhou = await data_of(building.chen), await data_of(building.zhou)
    [topic], [other] = chen["topics"], zhou["topics"]
    assert (topic["text"], topic["household"], topic["household_voted"]) == (SAID, "301", True)
    assert (other["text"], other["household"], other["household_voted"]) == ("", "302", False)
    assert not {"yes", "choice"} & topic.keys() and "赞成" not in str(topic)


async def test_a_topics_words_tell_no_neighbour_who_raised_it(building: Building):
    said = "我是张三，微信zhangsan88，电话13912345678，楼道里堆的东西怎么办" + "，堆得很高" * 80
    await building.raised(said)
    assert "张三" in (await building.chen.last()).text
    await building.zhou.tap("经过")
    await building.zhou.tap("全文")
    read = "".join(await building.zhou.all())
    assert "楼道里堆的东西" in read
    assert not [who for who in ("张三", "zhangsan88", "13912345678") if who in read]


async def test_the_page_he_can_read_has_his_topic_in_plain_words(building: Building):
    await building.voting()
    await vote(building, chen="赞成")
    said = read(await page_of(building.chen))
    assert SAID in said and "您报的门牌号：301，您家投过了" in said and "赞成" not in said
    assert not OFFICE.search(said)


async def test_while_neighbours_talk_of_his_topic_he_is_not_forgotten(building: Building):
    await building.seconded()
    assert "还在商量" in (await building.chen.say("/forget")).text
    assert "已经删掉" in await forget(building.zhou)


async def test_who_withdraws_his_topic_may_be_forgotten(building: Building):
    await building.seconded()
    assert "确定要撤回" in (await building.chen.tap("撤回议题")).text
    await building.chen.tap("确定撤回")
    assert (await building.topic()).state is State.WITHDRAWN
    for chat in (building.zhou, building.lead):
        assert "撤回了" in (await chat.last()).text
    assert "已经删掉" in await forget(building.chen)


async def test_words_instead_of_the_tap_withdraw_nothing(building: Building):
    await building.raised()
    await building.chen.tap("撤回议题")
    await building.chen.say("3号楼漏水")
    assert "请您看一看" in (await building.chen.last()).text
    assert (await building.topic()).state is State.RAISED


async def test_who_is_forgotten_changes_no_count(building: Building):
    await building.voting()
    await vote(building, zhou="赞成", ma="赞成")
    await forget(building.zhou)
    topic = await building.topic()
    assert topic.households["302"] == () and str(building.zhou.id) not in str(topic.households)
    assert building.zhou.id not in [r["person_id"] for r in await rows_of(building, own.members)]
    await building.stage.forward(days=3, minutes=1)
    closed = await building.topic()
    assert closed.result and (closed.result.yes, closed.result.electorate) == (2, 3)


async def test_his_words_go_from_everywhere(building: Building):
    topic = await building.raised()
    await building.stage.forward(days=7, minutes=1)
    await forget(building.chen)
    for table in (own.topics, t.events, t.outbox, t.cards):
        assert SAID not in str(await rows_of(building, table))
    async with building.stage.service.store.engine.connect() as conn:
        assert await timeline.is_chained(conn, topic.id)


async def test_after_its_time_the_words_go_and_the_result_stays(building: Building):
    desk = building.stage.service.desk
    desk.rules = replace(desk.rules, retention=timedelta(days=3))  # no year of mornings
    topic = await building.voting()
    await vote(building, chen="赞成", zhou="赞成")
    await building.stage.forward(days=4)
    await building.stage.forward(days=4)
    async with building.stage.service.store.read(building.stage.now) as tx:
        bare = await tx.get(TOPICS, topic.id)
    assert bare and (bare.text, bare.meets_where, bare.households) == ("", "", {})
    assert bare.result and (bare.result.yes, bare.result.electorate) == (2, 3)
    [row] = await rows_of(building, select(own.topics.c.erased_at).subquery())
    assert row["erased_at"] and SAID not in str(await rows_of(building, t.events))
