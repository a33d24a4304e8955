"""A scenario played with a bot that dies at a named point, and is started again a minute later."""

import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from casting import RESIDENTS, STAFF

from playground.http.people import Hand, file_content
from playground.phones.phone import Phone
from playground.stage.process import BotError
from playground.stage.process_stage import ProcessStage
from playground.stage.zygote import ForkedBot
from playground.torture.evidence import Evidence
from playground.torture.invariants import Findings, examine
from workflows.core.faultpoints import KILLED
from workflows.core.numbers import format_number as number_of

_PATIENCE = 60.0  # real seconds
_RATE = 4.0  # seconds of the story in a real one
_DOWN = 61.0  # seconds of the story until it is started again: what it had leased is free
_IDS = {who: known[-1] for who, known in (STAFF | RESIDENTS).items()}


@dataclass(frozen=True)
class Outcome:
    """What a scenario came to: `story` is what must be the same however often the bot died."""

    kills: int
    findings: Findings
    story: dict[str, Any]


class Trial:
    """The people, the bot, and where it dies: at the `order`'s point in each act ("" nowhere)."""

    def __init__(self, house: ProcessStage, database: Path, ticket_id: int, order: str) -> None:
        self.house = house
        self.ticket_id = ticket_id
        self.kills = 0
        self._database = database
        self._order = order
        self._until: datetime | None = None

    @property
    def bot(self) -> ForkedBot:
        assert isinstance(self.house.bot, ForkedBot)
        return self.house.bot

    def phone(self, who: str) -> Phone:
        return Phone(self.house.phones, _IDS[who], who)

    def pass_time(self, **span: float) -> None:
        """The act goes on until so much time has passed."""
        self._until = self.house.now + timedelta(**span)

    async def play(self, acts: Iterable["Act"]) -> Outcome:
        """One act after the other; the bot does all that follows before the next one."""
        self.house.clock.run(_RATE)
        for act in acts:
            self._until = None
            await self.bot.arm(self._order)
            await act(self)
            while not await self._survives():
                await self._revive()
        findings = self._examine()
        if findings.broken:  # something may have fallen due in the moment it was looked at
            self.house.clock.run(0.0)
            await self.house.settle(_PATIENCE)
            findings = self._examine()
        return Outcome(self.kills, findings, self._story())

    def _examine(self) -> Findings:
        log = self.bot.last_words(1_000_000)
        return examine(self.house.server.world, self._database, log)

    async def _survives(self) -> bool:
        """Whether the bot does all that is to be done without dying."""
        try:
            await self.house.settle(_PATIENCE)
            while self._until and (left := self._until - self.house.now) > timedelta(0):
                await self.house.forward(seconds=left.total_seconds())
        except (BotError, httpx.TransportError):
            if await self.bot.end() != KILLED:
                raise
        await self.bot.arm("")
        return self.bot.is_running

    async def _revive(self) -> None:
        self.kills += 1
        self.house.clock.advance(_DOWN)
        await self.house.start_bot()

    def _story(self) -> dict[str, Any]:
        """Every subject with its steps, every ticket, and who was sent what, but for what is drawn
        over, or shown once more because nothing was heard for a while.
        """
        return _story_of(self._database, self.house)


Act = Callable[[Trial], Awaitable[None]]


def _story_of(database: Path, house: ProcessStage) -> dict[str, Any]:
    with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as conn:
        conn.row_factory = sqlite3.Row
        e = Evidence(house.server.world, conn, "")
        steps = {
            i: [(x["action"], x["actor"], x["source"], x["target"]) for x in e.events[i]]
            for i in e.subjects
        }
        kept = ("state", "text", "resident", "handler", "offered_to", "place", "rating", "untold")
        tickets = {i: [row[name] for name in kept] for i, row in e.tickets.items()}
        sent = Counter(
            (row["chat_id"], row["template"], row["ticket_id"], row["state"])
            for row in e.outbox
            if row["kind"] in {"text", "card", "media"}
            and not row["replaces"]
            and row["template"] != "shown_again"
        )
        files = e.rows("SELECT ticket_id, kind, file_id FROM attachments ORDER BY id")
    conn.close()
    return {"tickets": tickets, "steps": steps, "sent": dict(sent), "files": files}


# What people do.


def start(who: str, payload: str = "st_nanhuan-east") -> Act:
    async def act(trial: Trial) -> None:
        await trial.phone(who).start(payload)

    return act


def say(who: str, text: str) -> Act:
    """Say it; {other} is the number of the ticket before."""

    async def act(trial: Trial) -> None:
        other = number_of(max(trial.ticket_id - 1, 0))
        await trial.phone(who).send(text.replace("{other}", other), split=True)

    return act


def album(who: str, photos: int, caption: str) -> Act:
    async def act(trial: Trial) -> None:
        await trial.phone(who).send_album(photos, caption)

    return act


def photo(who: str, caption: str) -> Act:
    async def act(trial: Trial) -> None:
        await trial.phone(who).send_photo(caption)

    return act


def album_part(who: str, caption: str = "") -> Act:
    """One photo of an album whose others come later, as over a slow line."""

    async def act(trial: Trial) -> None:
        world = trial.house.server.world
        [bot] = world.bots.values()
        photo = file_content(world, "photo", {"caption": caption})
        Hand(world, bot, world.users[_IDS[who]]).show(photo, album="1")

    return act


def edit(who: str, text: str) -> Act:
    """Change one's own last message."""

    async def act(trial: Trial) -> None:
        phone = trial.phone(who)
        own = [m for m in await phone.inbox() if m.sender == phone.user_id]
        await phone.edit(own[-1].id, text)

    return act


def tap(who: str, button: str) -> Act:
    """Press a button by its label or data; {id} is the ticket's."""

    async def act(trial: Trial) -> None:
        await trial.phone(who).tap(button.format(id=trial.ticket_id))

    return act


def tap_first(who: str) -> Act:
    """Press the first button of the last message."""

    async def act(trial: Trial) -> None:
        phone = trial.phone(who)
        last = await phone.last()
        await phone.tap(last.buttons[0][0].data or "", last.id)

    return act


def press(who: str, what: str, in_group: bool = False) -> Act:
    """Press a card's button, wherever the card is by now."""

    async def act(trial: Trial) -> None:
        group = next(iter(trial.house.server.world.groups)) if in_group else None
        phone = trial.phone(who)
        last = await phone.last(group)
        await phone.tap_data(f"t:{trial.ticket_id}:{what}", last.id, group)

    return act


def passes(**span: float) -> Act:
    async def act(trial: Trial) -> None:
        trial.pass_time(**span)

    return act


def block(who: str) -> Act:
    async def act(trial: Trial) -> None:
        await trial.phone(who).block()

    return act
