"""What the preview suggests: a category, another one a tap away, and where else one can turn."""

from chatting import Crew

from workflows.petition.words import State

SAID = "3幢业主想问，开发商什么时候办房产证"
TURN = "住建部门"


async def test_the_second_category_is_among_the_first_buttons(crew: Crew):
    preview = await crew.chen.say("3幢有人乱停车，堵住消防通道")
    assert "消防安全" in preview.text
    asked = await crew.chen.tap("改类别")
    assert asked.labels[:2] == ["消防安全", "停车"]
    assert "停车" in (await crew.chen.tap("停车")).text
    await crew.chen.tap("提交")
    assert [t.category for t in await crew.chen.tickets()] == ["停车"]


async def test_what_others_decide_is_told_kindly_with_where_to_turn(crew: Crew):
    preview = await crew.chen.say(SAID)
    for words in ("买房和房屋质量", TURN, "12345", "照样可以提交", "🏷 其他"):
        assert words in preview.text, words


async def test_it_is_never_refused_for_it(crew: Crew):
    await crew.chen.say(SAID)
    assert "您的事记下了" in (await crew.chen.tap("提交")).text
    [ticket] = await crew.chen.tickets()
    assert (ticket.category, ticket.state, ticket.text) == ("其他", State.DISPATCHED, SAID)


async def test_who_chose_a_category_is_not_told_again(crew: Crew):
    assert TURN in (await crew.chen.say(SAID)).text
    await crew.chen.tap("改类别")
    chosen = await crew.chen.tap("物业服务")
    assert TURN not in chosen.text and "🏷 物业服务" in chosen.text


async def test_a_later_sentence_brings_it_back_home(crew: Crew):
    assert TURN in (await crew.chen.say(SAID)).text
    more = await crew.chen.say("楼上漏水，水管爆管，渗水到我家，屋顶漏水，地下室积水，水管一直滴水")
    assert TURN not in more.text and "🏷 渗漏水" in more.text


async def test_a_petition_of_the_communitys_own_says_nothing_of_it(crew: Crew):
    assert "12345" not in (await crew.chen.say("3幢路灯不亮")).text
