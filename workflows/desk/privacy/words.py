"""The privacy of what a workflow keeps: theirs to have and to have erased, and gone when its time
is over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import Struct, field

from workflows.core.engine.subject import ERASE
from workflows.core.errors import Refusal
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.messages import Values
from workflows.core.talk.needs import TO, Answers
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.parts import Privacy
from workflows.store import Tx, erasure
from workflows.store.kept import Kept

_AT_ONCE = 50  # that a night's step takes the words out of


async def _stays(_: Context, subject: Any, __: Person) -> Any:
    return subject


class Words(Struct, frozen=True, kw_only=True, eq=False):
    """What people leave with the subjects of a kind: `bare` is what stands in its columns and its
    lists of people without; `ids_of` asks the store which somebody has to do with, `told` says what
    of each he is given, all under a `name`.

    What `is_his` own is not forgotten while it is open, where there is a refusal `refused` for it.
    By `leaves` he is out of one before its step `erase`, which takes out one person's words where
    it names him, else everybody's; where `whole`, all of it is his, and nothing stays that says so.
    """

    kept: Kept[Any]
    bare: Values = field(default_factory=dict)
    ids_of: Callable[..., Awaitable[list[int]]]
    told: Callable[[Any, Person], Mapping[str, Any]]
    name: str = ""
    is_his: Callable[[Any, Person], bool] = lambda _, __: False
    refused: str = ""
    leaves: Callable[[Context, Any, Person], Awaitable[Any]] = _stays
    whole: bool = False

    @property
    def privacy(self) -> Privacy:
        """The part of the workflow."""
        return Privacy(
            held=self.held, check=self._check, forget=self.forget, expire=self._expire
        )  # fmt: skip

    async def held(self, tx: Tx, person: Person) -> dict[str, Any]:
        """All of his that can be read."""
        found = await tx.get_all(self.kept, await tx.ask(self.ids_of, person.id))
        return {self.name or self.kept.kind: [self.told(one, person) for one in found]}

    async def _his(self, context: Context, person: Person) -> list[Any]:
        """All of his: what is to be erased must be read. Raises UnreadableError."""
        ids = await context.tx.ask(self.ids_of, person.id)
        return [one for i in ids if (one := await context.tx.get(self.kept, i))]

    async def _check(self, context: Context, person: Person) -> None:
        """Raises Refusal while something that is his own is open."""
        for one in await self._his(context, person) if self.refused else ():
            if one.ended_at is None and (self.whole or self.is_his(one, person)):
                raise Refusal(self.refused, about=one.id)

    async def forget(self, context: Context, person: Person) -> int:
        """What he said goes, and his number; how many were his."""
        his = await self._his(context, person)
        found = [await self.leaves(context, one, person) for one in his]
        ids = [one.id for one in found]
        if self.whole:
            await self._erase(context, ids, found)
            return len(found)
        if ids:
            await context.tx.do(erasure.erase_said_by, person.id, ids, context.now)
        for one in found:
            erase = self.kept.actions(ERASE)
            await context.perform(one, erase, SYSTEM, Answers({TO: person}))
        return sum(self.is_his(one, person) for one in found)

    async def _expire(self, context: Context) -> bool:
        """Take the words out of some whose time is over."""
        if context.rules.retention is None:
            return False
        before = context.now - context.rules.retention
        ids = await context.tx.ask(erasure.ids_worded, self.kept.table, before, _AT_ONCE)
        await self._erase(context, ids, await context.tx.get_all(self.kept, ids))
        return bool(ids)

    async def _erase(self, context: Context, ids: list[int], found: list[Any]) -> None:
        """By their own step, then by a deed of the store for what no step can reach, which also
        notes that it was done.
        """
        for one in found:
            erase = self.kept.actions(ERASE)
            await guarding.tried(context, context.perform(one, erase, SYSTEM))
        if ids:
            await context.tx.do(erasure.blank, self.kept, ids, self.bare, context.now)
