"""What rounds and findings hold about a person: given to him; erased on his wish, or when time is
over.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from workflows.core.numbers import format_number
from workflows.core.people import SYSTEM, Person
from workflows.core.talk.needs import TO, Answers
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.parts import Privacy
from workflows.patrols.store import queries
from workflows.patrols.store.kept import FINDINGS_KEPT, PLANS_KEPT, ROUNDS_KEPT
from workflows.store import Tx, erasure
from workflows.store.kept import Kept

_AT_ONCE = 50  # that a night's step takes the words out of
_ERASE = "erase"
_HIS = {ROUNDS_KEPT: queries.ids_walked, FINDINGS_KEPT: queries.ids_reported}


async def _held(kept: Kept[Any], tx: Tx, person: Person) -> dict[str, Any]:
    found = await tx.get_all(kept, await tx.ask(_HIS[kept], person.id))
    return {kept.kind: [_told(one, person) for one in found]}


def _told(one: Any, person: Person) -> dict[str, Any]:
    is_first = person.id in getattr(one, "finders", ())[:1]
    return {
        "number": format_number(one.id), "place": one.place, "name": one.name,
        "at": one.opened_at, "state": one.state.value, "text": one.text if is_first else "",
    }  # fmt: skip


async def _forget(kept: Kept[Any], context: Context, person: Person) -> int:
    """His words and his number go; what was found of a thing stays."""
    ids = await context.tx.ask(_HIS[kept], person.id)
    if ids:
        await context.tx.do(erasure.erase_words_of, person.id, ids, context.now)
    for one in await context.tx.get_all(kept, ids):
        await context.perform(one, kept.actions(_ERASE), SYSTEM, Answers({TO: person}))
    return 0


async def _expire(kept: Kept[Any], context: Context) -> bool:
    """Take the words out of some whose time is over."""
    if context.rules.retention is None:
        return False
    before = context.now - context.rules.retention
    ids = await context.tx.ask(queries.ids_to_erase, kept.kind, before, _AT_ONCE)
    for one in await context.tx.get_all(kept, ids):
        work = context.perform(one, kept.actions(_ERASE), SYSTEM)
        await guarding.tried(context, work)
    if ids:
        await context.tx.do(queries.erase, kept.kind, ids, context.now)
    return bool(ids)


def _privacy(kept: Kept[Any]) -> Privacy:
    return Privacy(
        held=partial(_held, kept), forget=partial(_forget, kept), expire=partial(_expire, kept)
    )


PLAN_PRIVACY = Privacy(expire=partial(_expire, PLANS_KEPT))
ROUND_PRIVACY = _privacy(ROUNDS_KEPT)
FINDING_PRIVACY = _privacy(FINDINGS_KEPT)
