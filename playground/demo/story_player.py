"""A story on the page: where it stands, one step at a time or on and on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from playground.demo.play import CAST, Play
from playground.demo.story import STORIES, Step
from playground.http.people import CannotDo
from playground.text.refusals import Json

Move = Callable[[Coroutine[Any, Any, None]], Awaitable[None]]


class StoryPlayer:
    """Plays a chosen story. `move` does a step alone; `pace` is seconds between two of them."""

    def __init__(self, play: Play, move: Move) -> None:
        self.pace = 1.0
        self._play = play
        self._move = move
        self._name = next(iter(STORIES))
        self._at = 0
        self._trouble = ""
        self._going: asyncio.Task[None] | None = None
        self._paused = asyncio.Event()

    def choose(self, name: str) -> None:
        """Begin a story anew. Raises CannotDo for one that is not there."""
        if name not in STORIES:
            raise CannotDo(f"there is no story {name!r}")
        self.pause()
        self._name, self._at, self._trouble = name, 0, ""

    async def step(self) -> None:
        """Play the next step. Raises CannotDo at the end, or when it cannot be played."""
        steps = STORIES[self._name]
        if self._at >= len(steps):
            raise CannotDo("the story is at its end")
        self._trouble = ""
        await self._move(self._play.do(steps[self._at]))
        self._at += 1

    def play_on(self, tell: Callable[[], None]) -> None:
        """Play step after step until the end, a pause or a trouble; `tell` after each."""
        if not self.is_playing:
            self._paused.clear()
            self._going = asyncio.create_task(self._go(tell))

    async def _go(self, tell: Callable[[], None]) -> None:
        while self._at < len(STORIES[self._name]) and not self._paused.is_set():
            try:
                await self.step()
            except CannotDo as error:
                self._trouble = str(error)
                break
            tell()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._paused.wait(), self.pace)
        asyncio.get_running_loop().call_soon(tell)

    def pause(self) -> None:
        """Stop after the step that is being played."""
        self._paused.set()

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._going is not None and not self._going.done()

    def state(self) -> Json:
        """The chosen story with its steps in words, and which is next."""
        words = self._play.narrator.words
        return {
            "names": {name: words["titles"][name] for name in STORIES},
            "name": self._name,
            "steps": [self._said(step) for step in STORIES[self._name]],
            "at": self._at,
            "playing": self.is_playing,
            "pace": self.pace,
            "trouble": self._trouble,
        }

    def _said(self, step: Step) -> str:
        words = self._play.narrator.words["steps"]
        kind = "later" if step.kind == "at" and step.day else step.kind
        who = CAST[step.who].name if step.who else ""
        return str(words[kind].format(who=who, text=step.text, day=step.day + 1))
