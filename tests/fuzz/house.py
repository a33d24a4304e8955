"""A bot on a stage that is hit by update after update, and has to go on answering."""

from itertools import count
from typing import Any

from casting import Cast
from post import rows

from workflows.store import tables as t

Json = Any
_FIRST = 900_000_000  # far from what the stage itself counts


class House:
    """The stage of everybody hired; each batch gets update ids of its own."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.stage = cast.stage
        self._ids = count(_FIRST)

    def numbered(self, update: Json) -> Json:
        """The update with an id that was not there yet, where its id is one."""
        is_plain = isinstance(update, dict) and type(update.get("update_id")) is int
        return update | {"update_id": next(self._ids)} if is_plain else update

    async def take(self, batch: list[Json]) -> None:
        """Hand a batch to the bot as a poll does."""
        self.stage.clock.advance(61)
        await self.stage.service.receiver.take(batch)

    async def is_answered(self) -> bool:
        """Whether somebody who asks for help gets it now."""
        zhou = self.cast.zhou
        [asked] = await zhou.send("/help")
        await self.stage.settle()
        return bool(await zhou.inbox(after=asked))

    async def letters(self) -> list[dict[str, Any]]:
        """All dead letters."""
        return await rows(self.stage, t.dead_letters)

    async def missing(self, batch: list[Json]) -> list[Json]:
        """Which updates of a batch with ids of their own ended neither as seen nor as dead."""
        known = {row["update_id"] for table in (t.seen_updates, t.dead_letters)
                 for row in await rows(self.stage, table)}  # fmt: skip
        ids = [u.get("update_id") for u in batch if isinstance(u, dict)]
        return [i for i in ids if type(i) is int and 0 <= i < 2**63 and i not in known]
