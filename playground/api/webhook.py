"""Webhooks: hands a bot its updates over HTTP, one at a time and in order."""

import asyncio
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from playground.text.refusals import bad_request
from playground.world.actors import Bot
from playground.world.updates import Update
from playground.world.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PATIENCE = 30.0  # real seconds for one delivery


@dataclass(frozen=True)
class BackOff:
    """Real seconds to wait after a failed delivery: doubled each time, up to `most`."""

    first: float = 0.5
    most: float = 60.0


@dataclass
class Courier:
    """Delivers one bot's updates to its webhook until stopped.

    Telegram uses up to `max_connections` at once and keeps order per chat; this one uses a
    single connection, which keeps all of them in order.
    """

    world: World
    bot: Bot
    url: str
    secret: str
    back_off: BackOff = field(default_factory=BackOff)
    last_error_at: int = 0
    last_error: str = ""
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver, in the running event loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop at once; an update under way stays pending."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
            while True:
                if update := await self.bot.mailbox.peek():
                    await self._deliver(client, update)

    async def _deliver(self, client: httpx.AsyncClient, update: Update) -> None:
        wait = self.back_off.first
        while not await self._accepted(client, update):
            await asyncio.sleep(wait)
            wait = min(wait * 2, self.back_off.most)
            self.bot.mailbox.expire(self.world.clock.timestamp())
        self.bot.mailbox.confirm(update.id + 1)

    async def _accepted(self, client: httpx.AsyncClient, update: Update) -> bool:
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            answer = await client.post(self.url, json=update.as_json(), headers=headers)
        except httpx.HTTPError as error:
            return self._failed(f"Connection failed: {type(error).__name__}")
        if answer.is_success:
            return True
        status = f"{answer.status_code} {answer.reason_phrase}"
        return self._failed(f"Wrong response from the webhook: {status}")

    def _failed(self, description: str) -> bool:
        self.last_error_at = self.world.clock.timestamp()
        self.last_error = description
        return False


def check_webhook(url: str, secret: str) -> None:
    """Refuse an address or secret that Telegram would refuse; plain HTTP only on loopback."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
