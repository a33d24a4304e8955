"""The web application, and a way to run it inside a program."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from playground.api.answering import BotApi
from playground.api.fetching import Couriers
from playground.api.webhook import BackOff
from playground.http.front import Front, Guard, is_loopback
from playground.http.routes import PeopleApi, explain
from playground.text.refusals import Refusal
from playground.world.world import World


@dataclass(frozen=True)
class Server:
    """A playground that runs. `base_url` and `file_url` are what python-telegram-bot takes."""

    root: str
    world: World

    @property
    def base_url(self) -> str:
        """The Bot API's address without the token."""
        return f"{self.root}/bot"

    @property
    def file_url(self) -> str:
        """The address of downloads without the token."""
        return f"{self.root}/file/bot"


def create_app(
    world: World, couriers: Couriers, more: Sequence[BaseRoute] = (), abilities: Sequence[str] = ()
) -> Starlette:
    """Make the application: the Bot API, the people's side under /playground/, the page at /."""
    api = BotApi(world, couriers)
    bot_routes = [
        Route("/bot{token}/{method}", api.call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", api.download),
    ]
    # A malformed request of a test's author shows up as such, not as a broken server.
    handlers = dict.fromkeys((Refusal, ValueError, KeyError, TypeError), explain)
    page_routes = Front(world, tuple(abilities)).routes()
    return Starlette(
        routes=[*bot_routes, *_people_routes(world), *more, *page_routes],
        exception_handlers=handlers,
        middleware=[Middleware(Guard)],
    )


def _people_routes(world: World) -> list[Route]:
    people = PeopleApi(world)
    user, group = "/playground/users/{user_id:int}", "/playground/groups/{chat_id}"
    return [
        Route("/playground/users", people.add_user, methods=["POST"]),
        Route("/playground/users", people.list_chats, methods=["GET"]),
        Route(f"{user}/inbox", people.inbox, methods=["GET"]),
        Route(f"{user}/toasts", people.toasts, methods=["GET"]),
        Route(f"{user}/deactivate", people.deactivate, methods=["POST"]),
        Route(f"{user}/{{act}}", people.act, methods=["POST"]),
        Route("/playground/groups", people.add_group, methods=["POST"]),
        Route(f"{group}/bot", people.change_bot, methods=["POST"]),
        Route(f"{group}/upgrade", people.upgrade, methods=["POST"]),
        Route("/playground/files/{file_id}", people.file, methods=["GET"]),
        Route("/playground/bot", people.state, methods=["GET"]),
        Route("/playground/bot/updates", people.raw_update, methods=["POST"]),
        Route("/playground/bot/revoke", people.revoke, methods=["POST"]),
        Route("/playground/faults", people.faults, methods=["GET"]),
        Route("/playground/faults", people.add_fault, methods=["POST"]),
        Route("/playground/faults", people.clear_faults, methods=["DELETE"]),
        Route("/playground/limits", people.set_limits, methods=["POST"]),
        Route("/playground/calls", people.calls, methods=["GET"]),
        Route("/playground/clock", people.clock, methods=["GET"]),
        Route("/playground/clock", people.set_clock, methods=["POST"]),
        Route("/playground/events", people.events, methods=["GET"]),
    ]


@asynccontextmanager
async def serve(
    world: World | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    back_off: BackOff | None = None,
    more: Sequence[BaseRoute] = (),
    abilities: Sequence[str] = (),
) -> AsyncIterator[Server]:
    """Run a playground in the current event loop for as long as the context lasts.

    Port 0 takes a free one. It stops at once, even with long polls open. Raises ValueError
    for a host that others could reach: everybody who reaches it may act as anybody. `more`
    routes are served too, and the page is told of the `abilities` they give it.
    """
    if not is_loopback(host):
        raise ValueError(f"the playground serves only this machine, not {host!r}")
    world = world or World()
    couriers = Couriers(back_off or BackOff())
    listener = _listen(host, port)
    server = await _start(create_app(world, couriers, more, abilities), listener)
    name = f"[{host}]" if ":" in host else host
    try:
        yield Server(f"http://{name}:{listener.getsockname()[1]}", world)
    finally:
        await couriers.stop_all()
        await _stop(server, world)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only for sockets that name TCP does asyncio switch Nagle's algorithm off; without that
    # every answer waits 40 ms for the other side's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


async def _start(app: Starlette, listener: socket.socket) -> uvicorn.Server:
    """Start uvicorn without its own loop, whose ticks of 0.1 s would slow every stop."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="critical",
        date_header=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_keep_alive=60,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    return server


async def _stop(server: uvicorn.Server, world: World) -> None:
    """Let running answers end when woken, cancel the rest, and close every connection."""
    for listening in server.servers:
        listening.close()
    world.close()
    tasks = set(server.server_state.tasks)
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=0.05)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    for connection in list(server.server_state.connections):
        connection.transport.close()
    await asyncio.sleep(0)
