"""The privacy of subjects that keep people's words in plain columns: theirs to have and to have
erased, and gone when their time is over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from workflows.core.engine.subject import ERASE
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.messages import Values
from workflows.core.talk.needs import TO, Answers
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.parts import Privacy
from workflows.store import Tx, erasure
from workflows.store.kept import Kept

_AT_ONCE = 50  # that a night's step takes the words out of
IdsOf = Callable[..., Awaitable[list[int]]]  # of a connection and a person


def privacy_of(
    kept: Kept[Any], bare: Values, ids_of: IdsOf, told: Callable[[Any, Person], Mapping[str, Any]]
) -> Privacy:
    """Of a kind: what its columns are `bare` of words, which are somebody's, what of each he is
    told. Its step `erase` takes out one person's words where it names him, else everybody's.
    """
    return Privacy(
        held=partial(_held, kept, ids_of, told), forget=partial(_forget, kept, ids_of),
        expire=partial(_expire, kept, bare),
    )  # fmt: skip


async def _held(
    kept: Kept[Any], ids_of: IdsOf, told: Callable[..., Any], tx: Tx, person: Person
) -> dict[str, Any]:
    found = await tx.get_all(kept, await tx.ask(ids_of, person.id))
    return {kept.kind: [told(one, person) for one in found]}


async def _forget(kept: Kept[Any], ids_of: IdsOf, context: Context, person: Person) -> int:
    """His words and his number go; what was found of a thing stays."""
    ids = await context.tx.ask(ids_of, person.id)
    found = [one for i in ids if (one := await context.tx.get(kept, i))]  # raises UnreadableError
    if ids:
        await context.tx.do(erasure.erase_said_by, person.id, ids, context.now)
    for one in found:
        await context.perform(one, kept.actions(ERASE), SYSTEM, Answers({TO: person}))
    return 0


async def _expire(kept: Kept[Any], bare: Values, context: Context) -> bool:
    """Take the words out of some whose time is over."""
    if context.rules.retention is None:
        return False
    before = context.now - context.rules.retention
    ids = await context.tx.ask(erasure.ids_worded, kept.table, before, _AT_ONCE)
    for one in await context.tx.get_all(kept, ids):
        await guarding.tried(context, context.perform(one, kept.actions(ERASE), SYSTEM))
    if ids:
        await context.tx.do(erasure.blank, kept.table, ids, bare, context.now)
    return bool(ids)
