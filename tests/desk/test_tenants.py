"""Two communities in one bot: nobody of one sees, finds, gets or touches anything of the other."""

import asyncio
import shutil
import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from chatting import Chat

from bot.config.settings import Settings
from playground.phones.phone import Phone
from playground.phones.phone_client import Group
from playground.stage.stage import Stage, stage
from playground.world import keeping
from playground.world.limits import Limits
from workflows.core.numbers import format_number as number_of
from workflows.core.people import Membership, Role
from workflows.core.places import place_key
from workflows.petition.model import Ticket
from workflows.petition.store.kept import TICKETS
from workflows.petition.words import Action, State
from workflows.store.messages import chats

HERE, THERE = "友新街道/南环一", "友新街道/北桥"
CANARY = "我姓陈电话13912345678"
NORTH = {
    "name": "北桥", "street": "友新街道",
    "grids": [
        {"name": "1网格", "buildings": [{"name": "1幢"}, {"name": "3幢"}]},
        {"name": "2网格", "buildings": [{"name": "5幢"}]},
    ],
}  # fmt: skip
STAFF = {
    "pioneer": (Role.PIONEER, "1网格/3幢"),
    "worker": (Role.WORKER, "1网格"),
    "lead": (Role.LEAD, "1网格"),
    "committee": (Role.COMMITTEE, ""),
    "admin": (Role.ADMIN, ""),
}


@dataclass
class Town:
    """One community's people; `group` is its first grid's."""

    people: dict[str, Chat]
    group: Group


@dataclass
class Two:
    """Both communities, and the tickets of the first."""

    stage: Stage
    here: Town
    there: Town
    offered: Ticket
    held: Ticket

    async def ticket(self, ticket: Ticket) -> Ticket:
        async with self.stage.service.store.read(self.stage.now) as tx:
            found = await tx.get(TICKETS, ticket.id)
        assert found
        return found


def _settings(example: Settings, folder: Path) -> Settings:
    """The example's settings with one more community on the same street, to try everything at."""
    told = tomllib.loads((Path(__file__).parents[2] / "config.example.toml").read_text("utf-8"))
    both = Settings.model_validate({"communities": [*told["communities"], NORTH]})
    database = example.database.model_copy(
        update={"url": f"sqlite+aiosqlite:///{folder / 'haitang.db'}"}
    )
    return example.model_copy(
        update={"communities": both.communities, "most_per_minute": 0, "database": database}
    )


async def _town(made: Stage, community: str, first_id: int) -> Town:
    people = {}
    for i, (name, (role, place)) in enumerate(STAFF.items()):
        path = f"{community}/{place}" if place else community
        payload = await made.service.desk.invite(Membership(role=role, place=path), made.now)
        phone = await made.phones.add_user(f"{community[-2:]}{name}", first_id + i)
        await phone.start(payload)
        people[name] = Chat(made, phone)
    for i, name in enumerate(("resident", "neighbour")):
        phone = await made.phones.add_user(f"{community[-2:]}{name}", first_id + 50 + i)
        people[name] = Chat(made, phone)
    group = await made.phones.add_group("群", [people["lead"].phone])
    await people["lead"].say("/bind", chat=group)
    return Town(people=people, group=group)


async def _file(chat: Chat, community: str, text: str) -> Ticket:
    await chat.say(text)
    await chat.tap(f"{community} 1网格")
    await chat.tap("提交")
    return (await chat.tickets())[0]


async def _settle_in(made: Stage) -> Two:
    here, there = await _town(made, HERE, 2000), await _town(made, THERE, 4000)
    held = await _file(here.people["resident"], "南环一", f"充电桩坏了，{CANARY}")
    async with made.service.store.read(made.now) as tx:
        offered_to = (await tx.get_all(TICKETS, [held.id]))[0].offered_to
    holder = next(c for c in here.people.values() if c.id == offered_to)
    await holder.tap("接单")
    offered = await _file(here.people["neighbour"], "南环一", f"电梯停了，{CANARY}")
    return Two(stage=made, here=here, there=there, offered=offered, held=held)


@pytest.fixture(scope="module")
def settled(
    tmp_path_factory: pytest.TempPathFactory, migrated: Path, example: Settings
) -> tuple[Path, Two]:
    """A folder to be copied: the database and the world once both communities have begun; and
    who is in them.
    """
    folder = tmp_path_factory.mktemp("towns")
    shutil.copy(migrated, folder / "haitang.db")
    return folder, asyncio.run(_begin(_settings(example, folder), folder))


async def _begin(settings: Settings, folder: Path) -> Two:
    async with stage(settings, limits=Limits(enabled=False)) as made:
        two = await _settle_in(made)
        keeping.Keeper(made.server.world, folder).save()
        return two


@pytest.fixture
async def two(tmp_path: Path, settled: tuple[Path, Two], example: Settings) -> AsyncIterator[Two]:
    """Both communities on a stage of their own, going on from a copy of what `settled` left."""
    folder, left = settled
    shutil.copy(folder / "haitang.db", tmp_path / "haitang.db")
    world = keeping.load(folder)
    assert world
    world.limits.enabled = False
    async with stage(_settings(example, tmp_path), world=world) as made:
        here, there = _again(made, left.here), _again(made, left.there)
        yield replace(left, stage=made, here=here, there=there)


def _again(made: Stage, town: Town) -> Town:
    """The same people with phones on another stage."""
    return replace(town, people={
        name: Chat(made, Phone(made.phones, chat.id, chat.phone.name))
        for name, chat in town.people.items()
    })  # fmt: skip


async def test_both_communities_are_offered_and_kept_apart(two: Two):  # F50
    ticket = await _file(two.there.people["resident"], "北桥", "充电桩坏了")
    assert ticket.place == f"{THERE}/1网格"
    assert ticket.offered_to in {two.there.people["pioneer"].id, two.there.people["worker"].id}
    assert two.held.place == f"{HERE}/1网格"


async def test_nothing_of_one_is_ever_sent_to_the_other(two: Two):  # F50
    await two.here.people["resident"].say(number_of(two.held.id))
    await two.here.people["resident"].tap("催一催")
    await two.stage.forward(days=2)  # every reminder, breach and climb
    for chat in two.there.people.values():
        said = "".join(await chat.all()) if chat.id < 4050 else ""
        assert CANARY not in said and number_of(two.held.id) not in said
    told = [m.text for m in await two.there.people["lead"].phone.inbox(chat=two.there.group)]
    assert not [text for text in told if "充电" in text or "电梯" in text]


async def test_no_button_of_a_card_works_for_the_other(two: Two):  # F50
    before = [await two.ticket(t) for t in (two.held, two.offered)]
    for chat in two.there.people.values():
        await chat.start()
        for ticket in before:
            presses = [f"t:{ticket.id}:{action}:3" for action in Action]
            presses += [f"v:{ticket.id}:{what}" for what in ("card", "steps", "files", "text")]
            await _press_all(two, chat, presses)
    assert [await two.ticket(t) for t in before] == before


async def _press_all(two: Two, chat: Chat, presses: list[str]) -> None:
    """Press them in one batch: each is answered as if there were no such ticket."""
    await chat.mark()
    last, known = await chat.last(), len(await chat.phone.toasts())
    for press in presses:
        await chat.phone.tap_data(press, last.id)
    await two.stage.settle()
    toasts = [t.text for t in (await chat.phone.toasts())[known:]]
    assert len(toasts) == len(presses)
    assert all("没有找到" in text for text in toasts), set(toasts)
    assert not await chat.new()


async def test_no_command_finds_it_for_the_other(two: Two):  # F50 F52
    spoken = number_of(two.held.id)
    for chat in two.there.people.values():
        await chat.say(f"/t {spoken}", f"/t {number_of(4711)}")
        said = await chat.new()
        assert len(said) == 2 and said[0] == said[1]
        await chat.say("/mine", "/roster", "/invite", "/help", spoken, "/cancel")
        text = "".join(await chat.new())
        assert "南环" not in text and CANARY not in text and "充电桩坏了，" not in text


async def test_a_form_takes_nobody_and_no_ticket_of_the_other(two: Two):  # F50
    theirs = await _file(two.there.people["resident"], "北桥", "充电桩坏了")
    lead = two.there.people["lead"]
    await lead.say(number_of(theirs.id))
    asked = await lead.tap("派单")
    assert not [label for label in asked.labels if label.startswith("环一")]
    await lead.say(str(two.here.people["pioneer"].id))
    assert (await two.ticket(theirs)).offered_to != two.here.people["pioneer"].id
    await lead.say("/cancel")
    await lead.say(number_of(theirs.id))
    await lead.tap("并案")
    there_is, there_is_none = [
        (await lead.say(number_of(n))).text for n in (two.held.id, 4711)
    ]  # fmt: skip
    assert there_is == there_is_none and "不能并到" in there_is
    assert (await two.ticket(theirs)).state is not State.MERGED


async def test_the_roster_of_the_other_is_out_of_reach(two: Two):  # F50
    for who in ("lead", "committee", "admin"):
        chat = two.there.people[who]
        shown = await chat.say("/roster")
        assert "环一" not in shown.text and not [x for x in shown.labels if "环一" in x]
        verbs = (
            "g:remove:{}:yes", "r:card:{}", "r:move:{}", "a:leave:{}:3", "a:back:{}", "s:{}:电梯",
        )  # fmt: skip
        presses = [verb.format(c.id) for c in two.here.people.values() for verb in verbs]
        await _press_all(two, chat, presses)
    async with two.stage.service.store.read(two.stage.now) as tx:
        assert all([(await tx.person(two.here.people[n].id)).is_staff for n in STAFF])


@pytest.mark.parametrize("who", ["lead", "committee", "admin"])
async def test_no_role_of_the_other_can_be_given(two: Two, who: str):  # F50
    chat = two.there.people[who]
    await chat.say("/invite")
    last = await chat.last()
    for role in Role:
        for place in (f"{HERE}/1网格/3幢", f"{HERE}/1网格", HERE, "友新街道"):
            press = f"g:invite:{role}:{place_key(place)}:yes"
            await chat.phone.tap_data(press, last.id)
    await two.stage.settle()
    assert not [text for text in await chat.all() if "?start=" in text]


async def test_the_group_of_the_other_is_out_of_reach(two: Two):  # F50
    for who in ("lead", "admin"):
        chat = two.there.people[who]
        await chat.phone.join(two.here.group)
        for command in ("/bind", "/unbind", "/bind 1网格", "/bind 北桥/1网格"):
            await chat.say(command, chat=two.here.group)
            async with two.stage.service.store.read(two.stage.now) as tx:
                assert await tx.ask(chats.place_of, two.here.group.chat_id) == f"{HERE}/1网格"
                assert await tx.ask(chats.place_of, two.there.group.chat_id) == f"{THERE}/1网格"


async def test_the_others_group_cannot_take_a_called_ticket(two: Two):  # F50
    while not (await two.ticket(two.offered)).open_to_grid:
        await two.stage.forward(minutes=30)
    card = await two.here.people["lead"].phone.last(chat=two.here.group)
    for name in ("pioneer", "worker", "lead"):
        chat = two.there.people[name]
        await chat.phone.join(two.here.group)
        await chat.phone.tap_data(f"t:{two.offered.id}:accept", card.id, chat=two.here.group)
        await two.stage.settle()
        assert "没有找到" in await chat.toast()
    assert (await two.ticket(two.offered)).state is State.DISPATCHED


async def test_a_draft_of_the_other_is_out_of_reach(two: Two):  # F50
    mine, other = two.here.people["resident"], two.there.people["resident"]
    await mine.say("3号楼路灯不亮")
    press = next(b.data for row in (await mine.last()).buttons for b in row)
    await other.start()
    assert "过时了" in await other.press(press)
    assert not await other.tickets()
