"""What both stages have in common: a world, its phones, and time that passes in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, timedelta

from playground.http.server import Server
from playground.phones.client import Phones
from playground.phones.phone import Phone

SOON = timedelta(seconds=70)  # what the pace or an album holds back counts as now


class Scene(ABC):
    """A playground, phones, and a bot; how the bot plays is for the subclass to say."""

    def __init__(self, server: Server, phones: Phones) -> None:
        self.server = server
        self.phones = phones
        self.clock = server.world.clock

    @property
    def now(self) -> datetime:
        """The scene's moment, aware UTC."""
        return self.clock.now()

    @abstractmethod
    async def settle(self) -> None:
        """Let the bot do all that is to be done by now, held-back messages included."""

    @abstractmethod
    async def next_moment(self) -> datetime | None:
        """When something is due next: a timer, or a message that waits for the morning."""

    @abstractmethod
    async def invite(self, role: str, place: str) -> str:
        """The payload of a link to join the staff."""

    async def hire(
        self, name: str, role: str, place: str = "", user_id: int | None = None
    ) -> Phone:
        """Somebody who joins the staff as in life: by an invitation's link."""
        payload = await self.invite(role, place)
        phone = await self.phones.add_user(name, user_id)
        await phone.start(payload)
        await self.settle()
        return phone

    async def sleep(self, **span: float) -> None:
        """Let time pass (timedelta's arguments) at once: what fell due meanwhile is done late."""
        self.clock.set(self.now + timedelta(**span))
        await self.settle()

    async def forward(self, **span: float) -> None:
        """Let time pass (timedelta's arguments) through every due moment in order."""
        until = self.now + timedelta(**span)
        while (moment := await self.next_moment()) and moment <= until:
            self.clock.set(max(moment, self.now))
            await self.settle()
        self.clock.set(max(until, self.now))
        await self.settle()
