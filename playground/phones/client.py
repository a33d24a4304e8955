"""The phones: an async client for the people's side of a playground."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from playground.phones.phone import Phone
from playground.phones.phone_client import (
    Button,
    Group,
    Message,
    PhoneClient,
    PhoneError,
    Time,
    Toast,
)
from playground.text.refusals import Json

__all__ = ["Button", "Group", "Message", "Phone", "PhoneError", "Phones", "Time", "Toast"]


class Phones(PhoneClient):
    """Everybody's phones, talking to one bot. Use it as an async context manager.

    Raises `PhoneError` for what a phone refuses and `LookupError` for what is not there.
    """

    async def add_user(
        self, name: str, user_id: int | None = None, username: str | None = None
    ) -> Phone:
        """Give somebody a phone; without an id they get a free one."""
        made = await self.post("users", name=name, user_id=user_id, username=username)
        return Phone(self, made["user_id"], made["name"])

    async def add_group(
        self,
        title: str,
        members: Iterable[Phone] = (),
        chat_id: int | None = None,
        bot_status: str = "member",
        topics: Sequence[int] = (),
    ) -> Group:
        """Make a group that the bot is added to; the first member owns it.

        `bot_status` "administrator" lets the bot read everything, pin and delete; `topics` are the
        numbers of a forum's.
        """
        ids = [member.user_id for member in members]
        made = await self.post(
            "groups", title=title, members=ids, chat_id=chat_id, bot_status=bot_status,
            topics=list(topics),
        )  # fmt: skip
        return Group(**made)

    async def upgrade(self, group: Group) -> Group:
        """Make a basic group a supergroup; return it under its new id."""
        return Group(**await self.post(f"groups/{group.chat_id}/upgrade"))

    async def set_bot_status(self, group: Group, status: str) -> None:
        """Make the bot "member", "administrator", "left" or "kicked" in a group."""
        await self.post(f"groups/{group.chat_id}/bot", status=status)

    # -- the bot ------------------------------------------------------------------------

    async def pending(self) -> int:
        """Count the updates that the bot has not confirmed."""
        return int((await self.get("bot"))["pending"])

    async def bot(self) -> Json:
        """Tell what the world knows of the bot: its account, pending, dropped, commands."""
        return await self.get("bot")

    async def push_update(self, kind: str, payload: Any) -> None:
        """Queue any update for the bot, however malformed."""
        await self.post("bot/updates", kind=kind, payload=payload)

    async def revoke(self) -> None:
        """Revoke the bot's token; it and these phones get 401 from now on."""
        await self.post("bot/revoke")

    async def calls(self, after: int = 0) -> list[Json]:
        """List the bot's calls after a number: n, at, method, params, status, answer, fault.

        getUpdates calls that brought nothing are left out.
        """
        return list((await self.get("calls", after=after))["calls"])

    async def fault(
        self,
        kind: str,
        method: str = "*",
        count: int = 1,
        chat_id: int | None = None,
        retry_after: int = 3,
        seconds: float = 60.0,
    ) -> None:
        """Let the next `count` fitting calls fail (0: until cleared); see `faults.Fault`."""
        await self.post(
            "faults",
            kind=kind,
            method=method,
            count=count,
            chat_id=chat_id,
            retry_after=retry_after,
            seconds=seconds,
        )

    async def clear_faults(self) -> None:
        """Forget all faults and let hanging calls go on."""
        await self.remove("faults")

    async def set_limits(self, **limits: float | bool) -> None:
        """Change the limits, such as enabled=False or private_per_second=5."""
        await self.post("limits", **limits)

    # -- time ---------------------------------------------------------------------------

    async def clock(self, after: int | None = None, timeout: float = 30.0) -> Time:  # noqa: ASYNC109
        """Tell the world's time; with a version, wait until it changes or `timeout` passed."""
        return _time(await self.get("clock", after=after, timeout=timeout))

    async def set_clock(self, now: datetime) -> Time:
        """Set the world's time to an aware datetime."""
        return _time(await self.post("clock", now=now.isoformat()))

    async def advance(self, seconds: float) -> Time:
        """Move the world's time on."""
        return _time(await self.post("clock", advance=seconds))

    async def set_rate(self, rate: float) -> Time:
        """Let the world's time run: 0 stands still, 1 is real."""
        return _time(await self.post("clock", rate=rate))


def _time(read: Json) -> Time:
    return Time(datetime.fromisoformat(read["now"]), read["rate"], read["version"])
