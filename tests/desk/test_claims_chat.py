"""Whose it is what somebody says: the form's, a ticket's, the draft's, or a new petition's."""

from chatting import Crew, number

from workflows.petition.words import Action

# the open form comes first, where what is said is plainly for it


async def test_a_number_in_reply_to_the_question_is_its_answer(crew: Crew):
    walker = await crew.accepted()
    other = await crew.file("3号楼的充电桩充不了电", by=crew.zhou)
    asked = await crew.wang.tap(f"t:{walker.id}:{Action.INSPECT}")
    await crew.wang.reply(number(other), asked)
    assert (await walker.events())[-1].data["text"] == number(other)


async def test_the_number_that_a_form_asks_for_is_its_answer_whatever_it_replies_to(crew: Crew):
    walker = await crew.accepted()
    card = await crew.wang.last()
    other = await crew.file("3号楼的充电桩充不了电", by=crew.zhou)
    shown = await crew.wang.say(number(other))
    await crew.wang.tap(f"t:{walker.id}:{Action.MERGE}", card.id)
    await crew.wang.reply(number(other), shown)
    assert (await walker.ticket()).merged_into == other.id


# then a reply, then a number


async def test_a_reply_to_another_ticket_is_not_the_forms(crew: Crew):
    walker, other = await crew.waiting(), await crew.file("7幢路灯不亮")
    card = await crew.chen.last()
    await crew.chen.tap(f"t:{walker.id}:{Action.WITHDRAW}")
    await crew.chen.reply("两盏都不亮", card)
    assert (await other.events())[-1].data["text"] == "两盏都不亮"
    assert (await walker.ticket()).is_open


async def test_a_number_is_looked_up_while_a_form_and_a_draft_are_open(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.say("7幢路灯不亮")
    await crew.chen.tap(f"t:{walker.id}:{Action.WITHDRAW}")
    assert "您要看的" in (await crew.chen.say(number(walker))).text
    assert (await walker.ticket()).is_open


# then the open form, then the petition in the making


async def test_other_words_answer_the_form_before_they_belong_to_the_draft(crew: Crew):
    walker = await crew.waiting()
    await crew.chen.say("7幢路灯不亮")
    await crew.chen.tap(f"t:{walker.id}:{Action.WITHDRAW}")
    await crew.chen.say("不用了")
    assert not (await walker.ticket()).is_open
    assert "两盏都不亮" in (await crew.chen.say("两盏都不亮")).text
