"""The page's hand on the bot's process and on time, its look behind the glass, stories.

It serves only in the demo, where the playground runs the bot itself. One thing that moves time
happens at once: a jump, or a step of a story.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from datetime import timedelta
from typing import Any

import aiohttp
import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.api.answering import answer
from playground.demo.inspector import Inspector
from playground.demo.play import Play
from playground.demo.story_player import StoryPlayer
from playground.http.people import CannotDo
from playground.stage.process import BotError
from playground.text.refusals import Json

_FAILURES = (BotError, LookupError, ValueError, httpx.HTTPError, aiohttp.ClientError)
ABILITIES = ("bot", "glass", "stories", "forward")


class ControlApi:
    """The endpoints under /backstage/. `open` it once the bot runs; until then it is closed."""

    def __init__(self) -> None:
        self._play: Play | None = None
        self._inspector: Inspector | None = None
        self._player: StoryPlayer | None = None
        self._moving: asyncio.Task[None] | None = None
        self._rate = 1.0
        self._looking = asyncio.Lock()

    def routes(self) -> list[Route]:
        """What the playground's server serves in addition."""
        return [
            Route("/backstage/look", self.look, methods=["GET"]),
            Route("/backstage/diagram", self.diagram, methods=["GET"]),
            Route("/backstage/bot", self.turn_bot, methods=["POST"]),
            Route("/backstage/time", self.turn_time, methods=["POST"]),
            Route("/backstage/story", self.turn_story, methods=["POST"]),
        ]

    def open(self, play: Play, inspector: Inspector) -> None:
        """Let the page in; from now on time passes as the page says."""
        self._play, self._inspector = play, inspector
        self._player = StoryPlayer(play, self._move)
        play.stage.clock.run(self._rate)
        self._tell()

    async def close(self) -> None:
        """Let nobody in any more, and wait for who still looks: the store is going to close."""
        if self._moving:
            self._moving.cancel()
            await asyncio.wait({self._moving})
        async with self._looking:
            self._play = self._inspector = self._player = None

    @property
    def play(self) -> Play:
        """The play on stage. Raises CannotDo before it is open."""
        if self._play is None:
            raise CannotDo("the bot is still on its way")
        return self._play

    @property
    def inspector(self) -> Inspector:
        """The glass to look through. Raises CannotDo before it is open."""
        if self._inspector is None:
            raise CannotDo("the bot is still on its way")
        return self._inspector

    def _tell(self) -> None:
        """Let every page look again."""
        if self._play:
            self._play.stage.server.world.feed.emit("backstage")

    # -- looking ------------------------------------------------------------------------

    async def look(self, request: Request) -> Response:
        """The bot's process, the stories, the tickets, timers and what is owed: ?ticket=<id>."""
        chosen = request.query_params.get("ticket", "")
        async with self._looking:
            if self._player is None:
                return answer({"open": False})
            seen = await self.inspector.look(int(chosen) if chosen.isdigit() else None)
            return answer(seen | self._state(self._player) | {"roles": await self._roles()})

    def _state(self, player: StoryPlayer) -> Json:
        return {
            "open": True,
            "bot": self._bot_state(),
            "busy": self._is_moving,
            "rate": self._rate,
            "story": player.state(),
        }

    async def _roles(self) -> dict[int, str]:
        return await self.inspector.roles(list(self.play.stage.server.world.users))

    def _bot_state(self) -> Json:
        world, bot = self.play.stage.server.world, self.play.stage.bot
        waiting = sum(len(each.mailbox.pending) for each in world.bots.values())
        return {"running": bot.is_running, "waiting": waiting}

    async def diagram(self, _request: Request) -> Response:
        """The lifecycle's states and arrows, and the neighbourhood's buildings."""
        return answer(self.inspector.diagram() | {"places": self.inspector.places()})

    # -- the bot's process --------------------------------------------------------------

    async def turn_bot(self, request: Request) -> Response:
        """Stop (SIGTERM), kill (SIGKILL) or start the bot: {"do": …}."""
        stage = self.play.stage
        acts = {"stop": stage.stop, "kill": stage.kill, "start": stage.start_bot}
        wanted = (await request.json()).get("do")
        if wanted not in acts:
            raise CannotDo(f"a bot can be {', '.join(acts)}")
        await _tried(acts[wanted]())
        self._tell()
        return answer(self._bot_state())

    # -- time ---------------------------------------------------------------------------

    async def turn_time(self, request: Request) -> Response:
        """Move on: {"seconds": n}, {"next": true}, {"rate": n} from now on, or {"halt": true}."""
        body = await request.json()
        if "rate" in body:
            self._set_rate(float(body["rate"]))
        if body.get("halt") and self._moving:
            self._moving.cancel()
        if body.get("next"):
            await self._move(self._to_next())
        if "seconds" in body:
            await self._move(self._forward(float(body["seconds"])))
        return answer(self.play.stage.server.world.time())

    def _set_rate(self, rate: float) -> None:
        self._rate = rate
        if not self._is_moving:
            self.play.stage.clock.run(rate)

    @property
    def _is_moving(self) -> bool:
        return self._moving is not None and not self._moving.done()

    async def _move(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what moves time, alone; afterwards it passes as it did. Raises CannotDo."""
        if self._is_moving:
            work.close()
            raise CannotDo("time is moving already")
        self._moving = task = asyncio.create_task(self._moved(work))
        self._tell()
        await asyncio.wait({task})
        if task.cancelled():
            raise CannotDo("time was halted")
        task.result()

    async def _moved(self, work: Awaitable[None]) -> None:
        try:
            await _tried(work)
        finally:
            self.play.stage.clock.run(self._rate)
            asyncio.get_running_loop().call_soon(self._tell)  # once this task is done

    async def _forward(self, seconds: float) -> None:
        """Through every due moment in order; without a bot nothing is due, time just passes."""
        if not 0 < seconds <= timedelta(days=60).total_seconds():
            raise CannotDo("time moves on, at most 60 days at once")
        stage = self.play.stage
        if stage.bot.is_running:
            await stage.forward(seconds=seconds)
        else:
            stage.clock.advance(seconds)

    async def _to_next(self) -> None:
        """To the next moment that is due; what is on its way at this one arrives first."""
        stage = self.play.stage
        await stage.settle()
        moment = await stage.next_moment()
        if moment is None:
            raise CannotDo("nothing is due")
        await self._forward(max((moment - stage.now).total_seconds(), 0.0) + 1.0)

    # -- stories ------------------------------------------------------------------------

    async def turn_story(self, request: Request) -> Response:
        """Choose a story {"name": …}; {"do": "step"|"play"|"pause"}, {"pace": seconds}."""
        body = await request.json()
        player = self._player
        if player is None:
            raise CannotDo("the bot is still on its way")
        if "name" in body:
            player.choose(str(body["name"]))
        if "pace" in body:
            player.pace = max(float(body["pace"]), 0.0)
        match body.get("do"):
            case "step":
                await player.step()
            case "play":
                player.play_on(self._tell)
            case "pause":
                player.pause()
        self._tell()
        return answer(player.state())


async def _tried(work: Awaitable[object]) -> None:
    """Wait for something; what went wrong becomes an answer for the page."""
    try:
        await work
    except _FAILURES as error:
        raise CannotDo(str(error).partition("\n")[0] or repr(error)) from error
