"""Webhooks: secret, order, retries."""

import asyncio
from dataclasses import dataclass, field

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from playground.http.server import _listen, _start, _stop
from playground.text.refusals import WEBHOOK_ACTIVE
from playground.world.world import World


@dataclass
class Hook:
    """A bot's side: answers with the statuses given, then with 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    updates: list[dict] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)

    async def receive(self, request):
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)

    async def got(self, count):
        async with asyncio.timeout(2):
            while len(self.updates) < count:
                await asyncio.sleep(0.002)
        return [update["message"]["text"] for update in self.updates]


@pytest.fixture
async def hook():
    made = Hook()
    listener = _listen("127.0.0.1", 0)
    app = Starlette(routes=[Route("/hook", made.receive, methods=["POST"])])
    running: uvicorn.Server = await _start(app, listener)
    made.url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
    yield made
    await _stop(running, World())


async def test_updates_arrive_with_the_secret_and_are_confirmed(api, chen, hook, phones):
    await api("setWebhook", url=hook.url, secret_token="s3cret_-")
    await chen.send("a")
    assert await hook.got(1) == ["a"]
    assert hook.secrets == ["s3cret_-"]
    await asyncio.sleep(0.01)
    assert await phones.pending() == 0


async def test_a_failed_update_is_retried_before_the_next(api, chen, hook):
    hook.statuses = [500, 403]
    await chen.send("a")
    await chen.send("b")
    await api("setWebhook", url=hook.url)
    assert await hook.got(4) == ["a", "a", "a", "b"]
    info = await api("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 403 Forbidden"


async def test_polling_conflicts_with_a_webhook(api, hook):
    poll = asyncio.create_task(api.refused("getUpdates", timeout=10))
    await asyncio.sleep(0.01)
    await api("setWebhook", url=hook.url)
    assert await poll == "409 Conflict: terminated by setWebhook request"
    assert await api.refused("getUpdates") == f"409 {WEBHOOK_ACTIVE}"
    await api("deleteWebhook")
    assert await api("getUpdates") == []


async def test_pending_updates_can_be_dropped(api, chen):
    await chen.send("a")
    await api("deleteWebhook", drop_pending_updates=True)
    assert await api("getUpdates") == []


async def test_webhook_info_tells_what_waits(api, chen):
    await chen.send("a")
    info = await api("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == ("", 1)


@pytest.mark.parametrize(
    ("url", "secret", "reason"),
    [
        ("ftp://x", "", "invalid webhook URL specified"),
        ("http://example.org", "", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://example.org", "a b", "secret token contains unallowed characters"),
        ("https://example.org", "a" * 257, "secret token is too long"),
    ],
)
async def test_unfit_webhooks_are_refused(api, url, secret, reason):
    refusal = await api.refused("setWebhook", url=url, secret_token=secret)
    assert refusal == f"400 Bad Request: {reason}"
