"""A neighbourhood that lives on: its people, what they do, and what befalls the bot meanwhile."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from casting import RESIDENTS, STAFF
from post import full_disk, rows
from telegram.error import TelegramError

from bot.telegram.tap_codec import decode, encode
from playground.phones.client import PhoneError
from playground.phones.phone import Phone
from playground.stage.stage import Stage
from playground.world.updates import Update
from workflows.core.numbers import format_number as number_of
from workflows.core.talk.forms import Form
from workflows.core.talk.needs import DUE, NOTE_OR_PHOTO, PHOTO, TO
from workflows.core.talk.tap import Tap
from workflows.petition.needs import CONTACT, GRID, INTO, PARTNER, RATING, SOLVED
from workflows.petition.words import Action
from workflows.registry import WORKFLOWS
from workflows.store import tables as t

IDS = {who: known[-1] for who, known in (STAFF | RESIDENTS).items()}
WORDS = ("3号楼下充电桩坏了，充不上电", "3号楼楼道灯不亮", "电梯里有烧焦的味道", "谢谢", "10017")
STATION = "st_nanhuan-east"
_SENDING = ("sendMessage", "editMessageText", "getUpdates", "answerCallbackQuery")
_DULL = {Action.NOTE, Action.WITHDRAW, Action.MERGE, Action.DECLINE, Action.SPLIT}
_SAID = ("301", "9天", "12", "明天晚上7点半", "第一次说明")
_WRITTEN = {DUE: "9天", CONTACT: "0512-65001234"}
_LATELY = timedelta(hours=20)  # Telegram brings nothing again that is older than a day


@dataclass(frozen=True)
class Move:
    """Somebody does something; `luck` says which of what is possible."""

    what: str
    luck: int


class Neighbourhood:
    """The people's side of a stage, and the bot's misfortunes."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.world = stage.server.world
        self.phones = {who: Phone(stage.phones, IDS[who], who) for who in IDS}
        self.lost = 0  # answers that never came: so many messages may be there twice
        self.known: dict[int, Update] = {}

    # -- one step -------------------------------------------------------------------------

    async def live(self, moves: Iterable[Move], trouble: str) -> None:
        """People do this at one moment, and the bot has this trouble with it."""
        self.stage.clock.advance(1)
        for move in moves:
            with suppress(PhoneError, LookupError):  # there is no such button, or a bot blocked
                await _MOVES[move.what](self, move.luck)
        self._remember()
        before = len(self.world.calls.entries)
        await _TROUBLES[trouble](self)
        await self.rest()
        calls = list(self.world.calls.entries)[before:]
        self.lost += sum(c["fault"] == "drop" and c["method"].startswith("send") for c in calls)

    async def rest(self) -> None:
        """The bot does all that is to be done, however often the line fails."""
        for _ in range(20):
            try:
                await self.stage.settle()
                return
            except TelegramError:
                self.stage.clock.advance(5)
        raise AssertionError("it never comes to rest")

    def _remember(self) -> None:
        for bot in self.world.bots.values():
            self.known |= {update.id: update for update in bot.mailbox.pending}

    # -- what people do ---------------------------------------------------------------------

    async def say(self, luck: int) -> None:
        phone = self.phones["chen" if luck % 2 else "zhou"]
        await phone.start(STATION)
        await phone.send(WORDS[luck // 2 % len(WORDS)])

    async def submit(self, luck: int) -> None:
        await self.phones["chen" if luck % 2 else "zhou"].tap("提交")

    async def press(self, luck: int) -> None:
        """One of the actions that somebody's card offers now; sometimes two go for it at once."""
        everybody = [*self.phones.items()]
        async with self.stage.service.store.read(self.stage.now) as tx:
            people = [(phone, await tx.person(IDS[who])) for who, phone in everybody]
            subjects = await tx.subjects(await self._ids())
        rules, now = self.stage.service.desk.rules, self.stage.now
        open_to = [
            (phone, subject, action)
            for subject in subjects
            for phone, person in people
            if person
            for action in WORKFLOWS.of(subject).actions(person, subject, now, rules)
            if action not in _DULL or luck % 5 == 0
        ]
        if open_to:
            phone, subject, action = open_to[luck % len(open_to)]
            args = ("3",) if action is Action.CONFIRM else ()
            tap = Tap(kind=subject.kind, subject=subject.id, verb=action.value, args=args)
            await self._tap(phone, encode(tap))

    async def _ids(self) -> list[int]:
        return [row["id"] for row in await rows(self.stage, t.subjects)]

    async def _tap(self, phone: Phone, data: str) -> None:
        await phone.tap_data(data, (await phone.last()).id)

    async def answer(self, luck: int) -> None:
        """Somebody answers what the bot asks."""
        asked = []
        async with self.stage.service.store.read(self.stage.now) as tx:
            for phone in self.phones.values():
                form = (await tx.dialog(phone.user_id)).form
                if form and form.need:
                    asked.append((phone, form))
        if asked:
            await self._fill(*asked[luck % len(asked)], luck)

    async def _fill(self, phone: Phone, form: Form, luck: int) -> None:
        workflow = WORKFLOWS.named(form.kind)
        need = workflow.asking.forms.asked(form) if workflow else None
        question = await phone.last()
        buttons = [b.data for row in question.buttons for b in row if _answers(b.data)]
        if buttons and (need in {TO, GRID, SOLVED, RATING, PARTNER} or luck % 4):
            await phone.tap_data(buttons[luck % len(buttons)] or "", question.id)
        elif need is PHOTO or (need is NOTE_OR_PHOTO and luck % 3 == 0):
            await phone.send_photo()
        elif need is INTO:
            ids = await self._ids()
            await phone.send(number_of(ids[luck % len(ids)]))
        elif need and need.is_words:
            await phone.send(f"第{luck}个说明，已经看过了")
        else:
            await phone.send(_WRITTEN.get(need, _SAID[luck % len(_SAID)]))

    async def press_old(self, luck: int) -> None:
        """Any button that anybody ever saw."""
        phone = [*self.phones.values()][luck % len(self.phones)]
        seen = [(m.id, b.data) for m in await phone.inbox() for row in m.buttons for b in row]
        there = [(i, data) for i, data in seen if data]
        if there:
            message_id, data = there[luck // 7 % len(there)]
            await phone.tap_data(data, message_id)

    async def edit(self, luck: int) -> None:
        phone = self.phones["chen" if luck % 2 else "zhou"]
        own = [m for m in await phone.inbox() if m.sender == phone.user_id and m.text]
        own = [m for m in own if not m.text.startswith("/")]
        if own:
            await phone.edit(own[luck // 2 % len(own)].id, f"{WORDS[luck % 3]}，第{luck}次说")

    async def come_and_go(self, luck: int) -> None:
        phone = self.phones["chen" if luck % 2 else "zhou"]
        await (phone.unblock() if luck % 4 < 2 else phone.block())

    async def wait(self, luck: int) -> None:
        """Time passes, the bot being down or slow: what fell due then is rung late."""
        minutes = (3, 17, 40, 100, 150, 400)[luck % 6]
        self.stage.clock.advance(60 * minutes)

    async def faults(self) -> list[str]:
        """What a workflow says must hold and does not."""
        async with self.stage.service.store.read(self.stage.now) as tx:
            return await WORKFLOWS.faults(tx)

    # -- what befalls the bot -----------------------------------------------------------------

    async def nothing(self) -> None:
        """All is well."""

    async def _poll(self) -> None:
        with suppress(TelegramError):
            await self.stage.service.poller.step(0)

    async def die_committed(self) -> None:
        """It has committed what came, and dies before it says so: the same comes again. F18"""
        await self._poll()
        await self.stage.restart()

    async def die_leased(self) -> None:
        """It has taken what is to be sent, and dies before it sends it. F19"""
        await self._poll()
        service = self.stage.service
        await service.desk.turn(self.stage.now, is_allowed=lambda _: True)
        await self.stage.restart()

    async def die_sent(self) -> None:
        """It has sent it, and dies before it writes that down: once more, but once. F20"""
        await self._poll()
        service = self.stage.service
        letters = (await service.desk.turn(self.stage.now, is_allowed=lambda _: True)).letters
        for letter in letters:
            await service.sender.send(letter)
        self.lost += len(letters)
        await self.stage.restart()

    async def die_ringing(self) -> None:
        """The clock has rung, and it dies before anything of that is sent."""
        await self.stage.service.desk.tick(self.stage.now)
        await self.stage.restart()

    async def have_no_disk(self) -> None:
        """Nothing can be committed, so nothing is confirmed. F24"""
        async with full_disk(self.stage):
            with suppress(Exception):
                await self.stage.service.poller.step(0)

    async def hear_thrice(self) -> None:
        """What waits comes three times, the repeats in any order; then Telegram brings it. F14"""
        waiting = [u for bot in self.world.bots.values() for u in bot.mailbox.pending]
        await self._hear([*waiting, *_shuffled(waiting * 2)])

    async def hear_again(self) -> None:
        """What was handled long ago comes three times more, and nothing comes of it. F14"""
        await self.rest()
        since = (self.stage.now - _LATELY).timestamp()
        lately = [update for update in self.known.values() if update.at > since]
        before = await self._all()
        await self._hear(_shuffled(lately * 3))
        assert await self._all() == before

    async def _hear(self, updates: list[Update]) -> None:
        if updates:
            await self.stage.service.receiver.take([update.as_json() for update in updates])

    async def _all(self) -> list[object]:
        kept = (
            *(one.kept.table for one in WORKFLOWS),
            t.events,
            t.outbox,
            t.timers,
            t.dialogs,
            t.seen_updates,
            t.dead_letters,
        )
        return [await rows(self.stage, table) for table in kept]


def _answers(data: str | None) -> bool:
    """Whether a button answers a question."""
    return bool(data) and decode(data or "").kind == "form"


def _shuffled(updates: list[Update]) -> list[Update]:
    mixed = [*updates]
    Random(len(mixed)).shuffle(mixed)
    return mixed


def _fails(kind: str) -> Callable[[Neighbourhood], Awaitable[None]]:
    """The next call of each method fails like this. F1, F2, F15"""

    async def fail(here: Neighbourhood) -> None:
        for method in _SENDING:
            await here.stage.phones.fault(kind, method)

    return fail


_MOVES: dict[str, Callable[[Neighbourhood, int], Awaitable[None]]] = {
    "press": Neighbourhood.press,
    "answer": Neighbourhood.answer,
    "say": Neighbourhood.say,
    "submit": Neighbourhood.submit,
    "press_old": Neighbourhood.press_old,
    "edit": Neighbourhood.edit,
    "come_and_go": Neighbourhood.come_and_go,
    "wait": Neighbourhood.wait,
}
_TROUBLES: dict[str, Callable[[Neighbourhood], Awaitable[None]]] = {
    "nothing": Neighbourhood.nothing,
    "die_committed": Neighbourhood.die_committed,
    "die_leased": Neighbourhood.die_leased,
    "die_sent": Neighbourhood.die_sent,
    "die_ringing": Neighbourhood.die_ringing,
    "have_no_disk": Neighbourhood.have_no_disk,
    "hear_thrice": Neighbourhood.hear_thrice,
    "hear_again": Neighbourhood.hear_again,
    **{f"fails_{kind}": _fails(kind) for kind in ("429", "502", "html", "json", "stop", "drop")},
}
MOVES, TROUBLES = tuple(_MOVES), tuple(_TROUBLES)
