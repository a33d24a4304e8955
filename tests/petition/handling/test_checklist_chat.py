"""A category's checklist: tapped on the spot, kept with the step, forced on nobody."""

from chatting import Chat, Crew
from folk import RULES
from walking import Walker

from playground.phones.phone_client import Message
from workflows.petition.words import Action, State

LIFT = "3号楼电梯停了"
FIRST, SECOND, *_ = LISTED = RULES.categories["电梯"].checklist


async def inspecting(crew: Crew) -> tuple[Walker, Message]:
    walker = await crew.accepted(LIFT)
    return walker, await crew.wang.tap(f"t:{walker.id}:{Action.INSPECT}")


async def ticks(chat: Chat) -> list[str]:
    return [label for label in (await chat.last()).labels if label[0] in "☐☑"]


async def test_the_list_is_there_to_tap_and_stands_where_it_stood(crew: Crew):
    _, asked = await inspecting(crew)
    assert await ticks(crew.wang) == [f"☐ {one}" for one in LISTED]
    shown = await crew.wang.tap(f"☐ {SECOND}")
    assert shown.id == asked.id and not await crew.wang.new()
    assert (await ticks(crew.wang))[:2] == [f"☐ {FIRST}", f"☑ {SECOND}"]
    await crew.wang.tap(f"☑ {SECOND}")
    assert await ticks(crew.wang) == [f"☐ {one}" for one in LISTED]


async def test_what_was_ticked_is_kept_with_the_step_over_a_restart(crew: Crew):
    walker, _ = await inspecting(crew)
    await crew.wang.tap(f"☐ {SECOND}")
    await crew.stage.restart()
    await crew.wang.tap(f"☐ {FIRST}")
    await crew.wang.say("没有人被困，在等师傅")
    event = (await walker.events())[-1]
    assert event.action is Action.INSPECT and event.data["checked"] == [FIRST, SECOND]


async def test_a_photo_ends_it_and_the_steps_show_it_to_staff_alone(crew: Crew):
    await inspecting(crew)
    await crew.wang.tap(f"☐ {FIRST}")
    await crew.wang.phone.send_photo()
    await crew.wang.settled()
    assert f"☑ {FIRST}" in (await crew.wang.tap("经过")).text
    assert FIRST not in (await crew.chen.tap("经过")).text
    assert FIRST not in "".join(await crew.chen.all())


async def test_nothing_is_forced(crew: Crew):
    walker, _ = await inspecting(crew)
    await crew.wang.say("看过了")
    assert (await walker.ticket()).state is State.INSPECTED
    assert "checked" not in (await walker.events())[-1].data


async def test_an_old_list_ticks_nothing_any_more(crew: Crew):
    _, asked = await inspecting(crew)
    await crew.wang.say("看过了")
    await crew.wang.press_late(f"☐ {FIRST}", asked)
    assert "过时了" in await crew.wang.toast()


async def test_a_category_without_a_list_shows_none(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.tap(f"t:{walker.id}:{Action.INSPECT}")
    assert not await ticks(crew.wang)
    forged = f"f:{walker.id}:inspect:note_or_photo:c0"
    await crew.wang.press(forged)
    assert (await walker.ticket()).state is State.ACCEPTED
