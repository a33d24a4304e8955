"""Quick replies: the category's own come first; and texts that a community wrote itself."""

from collections.abc import Mapping
from pathlib import Path

from chatting import Chat, Crew
from folk import RULES

from workflows.core.people import Role
from workflows.petition.words import Action

OWN_FIRST = RULES.choices["petition"]["充电设施.resolve"]
GENERAL = RULES.choices["petition"]["resolve"]


async def own(crew: Crew, folder: Path, files: Mapping[str, str]) -> None:
    """The bot starts anew with a folder of the community's own."""
    (folder / "own" / "zh").mkdir(parents=True)
    for name, text in files.items():
        (folder / "own" / "zh" / name).write_text(text, "utf-8")
    changed = {"templates": folder / "own"}
    crew.stage.settings = crew.stage.settings.model_copy(update=changed)
    await crew.stage.restart()


async def boss_of(crew: Crew) -> Chat:
    return Chat(crew.stage, await crew.stage.hire("管理员", Role.ADMIN, "", 9001))


# by category


async def test_the_categorys_own_replies_come_before_the_general_ones(crew: Crew):
    walker = await crew.accepted()
    asked = await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    shown = asked.labels[:-1]
    assert shown == [*OWN_FIRST, *GENERAL][:8] and len(shown) == 7


async def test_a_category_without_its_own_has_the_general_ones(crew: Crew):
    walker = await crew.accepted("3号楼下车位被占了")
    asked = await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    assert asked.labels[:-1] == [*GENERAL]


async def test_what_is_tapped_is_what_is_said_also_after_a_restart(crew: Crew):
    walker = await crew.accepted()
    await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    await crew.stage.restart()
    await crew.wang.tap(OWN_FIRST[1])
    assert (await walker.ticket()).result == OWN_FIRST[1]


async def test_no_more_than_eight_are_shown(crew: Crew, tmp_path: Path):
    many = ", ".join(f'"办法{i}"' for i in range(9))
    await own(crew, tmp_path, {"choices.toml": f'["充电设施"]\nresolve = [{many}]'})
    walker = await crew.accepted()
    asked = await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    assert asked.labels == [*(f"办法{i}" for i in range(8)), "取消"]


# the community's own texts


async def test_own_replies_words_and_messages_hold_one_by_one(crew: Crew, tmp_path: Path):
    accepted = '{% extends "_notice.html" %}{% block headline %}小王这就来看！{% endblock %}'
    words = '[action]\nresolve = "办好啦"'
    await own(crew, tmp_path, {
        "choices.toml": 'note = ["打过招呼了"]', "words.toml": words, "accepted.html": accepted,
    })  # fmt: skip
    walker = await crew.accepted()
    assert "小王这就来看！" in "".join(await crew.chen.all())
    assert "办好啦" in (await crew.wang.last()).labels
    assert (await crew.wang.tap(f"t:{walker.id}:{Action.NOTE}")).labels == ["打过招呼了", "取消"]
    await crew.wang.tap("打过招呼了")
    asked = await crew.wang.tap(f"t:{walker.id}:{Action.RESOLVE}")
    assert asked.labels[0] == OWN_FIRST[0]


async def test_a_broken_message_goes_out_as_it_was_built_in_and_the_admin_hears(
    crew: Crew, tmp_path: Path
):
    boss = await boss_of(crew)
    await own(crew, tmp_path, {"accepted.html": "{{ letter.no_such_thing.at_all }}"})
    await crew.accepted()
    told = "".join(await crew.chen.all())
    assert "先去看看" in told
    alerts = [text for text in await boss.all() if "accepted.html" in text]
    assert len(alerts) == 1 and "先用原来的" in alerts[0]
    await crew.accepted("3号楼路灯不亮")
    assert len([text for text in await boss.all() if "accepted.html" in text]) == 1


async def test_what_cannot_be_read_at_the_start_is_told_to_the_admin(crew: Crew, tmp_path: Path):
    boss = await boss_of(crew)
    broken = {"words.toml": "[action\n", "choices.toml": 'note = [""]', "shown.html": "{% if %}"}
    await own(crew, tmp_path, broken)
    await crew.stage.settle()
    told = "".join(await boss.all())
    assert "words.toml" in told and "choices.note" in told and "shown.html:1" in told
    await crew.accepted()
    assert "办结" in (await crew.wang.last()).labels
