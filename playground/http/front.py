"""The page: its files, the view of everything that it starts from, and who may ask."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.api.answering import answer
from playground.text.refusals import Json
from playground.world.messages import Chat
from playground.world.world import World

PAGE = Path(__file__).parent.parent / "page"
_RECENT_CALLS = 300
_HEADERS = {
    # The page is complete in itself: a browser is told to ask no other address.
    "content-security-policy": "default-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


class Guard:
    """Lets in only who asks this machine by its own name: no other site's page, no rebound name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403 what another site's page asks for."""
        headers = dict(scope.get("headers") or ())
        host, origin = headers.get(b"host", b"").decode(), headers.get(b"origin", b"").decode()
        if scope["type"] != "http" or _is_at_home(host, origin):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse("only this machine", 403)(scope, receive, send)


def _is_at_home(host: str, origin: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    return is_loopback(name) and origin in ("", f"http://{host}")


def is_loopback(host: str) -> bool:
    """Whether a host's name or address means this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Front:
    """The page's own endpoints. `abilities` name what stands behind the glass, if anything."""

    def __init__(self, world: World, abilities: tuple[str, ...] = ()) -> None:
        self._world = world
        self._abilities = abilities

    def routes(self) -> list[Route | Mount]:
        """The page at /, its files under /page/, and the view of everything."""
        return [
            Route("/", self.page),
            Route("/playground/world", self.everything),
            Mount("/page", _Files(directory=PAGE)),
        ]

    async def page(self, _request: Request) -> Response:
        """The page itself."""
        return FileResponse(PAGE / "index.html", headers=_HEADERS)

    async def everything(self, _request: Request) -> Response:
        """All people, chats with their messages, bots, the clock, faults and recent calls."""
        world = self._world
        chats = [*world.groups.values(), *world.private.values()]
        calls = list(world.calls.entries)[-_RECENT_CALLS:]
        return answer(
            {
                "bots": [world.bot_state(bot) for bot in world.bots.values()],
                "users": [u.as_json() | {"gone": u.deactivated} for u in world.users.values()],
                "chats": [self._chat(chat) for chat in chats],
                "clock": world.time(),
                "calls": calls,
                "abilities": self._abilities,
            }
        )

    def _chat(self, chat: Chat) -> Json:
        messages = [self._world.shown(message) for message in chat.messages]
        return self._world.chat_state(chat) | {"messages": messages}


class _Files(StaticFiles):
    """The page's files, looked at anew each time: an edited one shows at once."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(_HEADERS)
        return response
