"""What somebody can begin with, and what is around him."""

from chatting import Crew
from folk import BUILDING
from msgspec.structs import replace


async def at_home(crew: Crew) -> None:
    """陈师傅 lives in 3幢."""
    await crew.chen.start()
    async with crew.stage.service.store.begin(crew.stage.now) as tx:
        person = await tx.person(crew.chen.id)
        assert person
        tx.put_person(replace(person, last_place=BUILDING))


async def test_a_resident_is_shown_three_doors(crew: Crew):
    assert (await crew.chen.start()).labels == ["📝 我要反映", "我的事", "📍 身边"]
    assert (await crew.wang.start()).labels == ["❓ 这些词什么意思"]


async def test_who_wants_to_tell_something_is_asked_what_and_where(crew: Crew):
    await crew.chen.start()
    assert (await crew.chen.tap("我要反映")).text.startswith("您说，我听着")
    await crew.chen.say("3幢楼下充电桩坏了")
    assert "✅ 提交" in (await crew.chen.last()).text


async def test_what_is_open_where_he_lives_stands_there_and_opens(crew: Crew):
    await at_home(crew)
    await crew.chen.say("/topic 楼道里堆的东西怎么办")
    await crew.chen.say("/around")
    shown = await crew.chen.last()
    assert "这幢楼在商量" in shown.text and "点下面的按钮" in shown.text
    await crew.chen.tap("议题")
    assert "楼道里堆的东西" in (await crew.chen.last()).text


async def test_where_there_is_nothing_it_says_so(crew: Crew):
    said = await crew.chen.say("/around")
    assert "现在没有新的事" in said.text and said.labels == []
