"""What the kernels hold about a person, whichever workflow put it there: given to him, and erased.

Workflows have their say before: what is open is theirs to refuse, or to end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from workflows.core.kernels.consent import Given, Who
from workflows.core.numbers import format_number
from workflows.core.people import Person
from workflows.desk.context import Context
from workflows.store import Tx
from workflows.store.kernels import consents, households, presences, slots


async def held(tx: Tx, person: Person) -> dict[str, Any]:
    """All of it, as JSON; of others nothing but that there was somebody."""
    return {name: await part(tx, person) for name, part in _PARTS.items()}


async def forget(context: Context, person: Person) -> None:
    """Where he lives, was and is to be goes; what he agreed to he withdraws."""
    tx = context.tx
    await tx.do(slots.forget, person.id, context.now)
    await tx.do(presences.forget, person.id)
    await tx.do(households.forget, person.id)
    await tx.do(consents.forget, person.id, context.now)


async def _consents(tx: Tx, person: Person) -> list[dict[str, Any]]:
    told = await tx.ask(consents.of, Who(person.id))
    return [
        {"what": "given" if isinstance(one, Given) else "withdrawn", "purpose": one.purpose,
         "at": one.at, "until": one.until if isinstance(one, Given) else None,
         "how": one.how.value, "about": _number(one.subject)}
        for one in told
    ]  # fmt: skip


async def _homes(tx: Tx, person: Person) -> list[dict[str, Any]]:
    return [
        {"place": home.place, "door": home.door, "as": one.tie.value,
         "standing": one.standing.value, "since": one.claimed_at, "until": one.ended_at}
        for one in await tx.ask(households.of_person, person.id)
        if (home := await tx.ask(households.load, one.household))
    ]  # fmt: skip


async def _presences(tx: Tx, person: Person) -> list[dict[str, Any]]:
    return [
        {"about": _number(one.subject), "name": one.name, "at": one.at, "by": one.way.value}
        for one in await tx.ask(presences.of_person, person.id)
    ]


async def _slots(tx: Tx, person: Person) -> list[dict[str, Any]]:
    return [
        {"about": _number(subject), "name": name, "people": one.size, "since": one.since,
         "standing": one.standing.value}
        for subject, name, one in await tx.ask(slots.of_person, person.id)
    ]  # fmt: skip


def _number(subject: int) -> str:
    return format_number(subject) if subject else ""


_PARTS: dict[str, Callable[[Tx, Person], Awaitable[list[dict[str, Any]]]]] = {
    "consents": _consents, "homes": _homes, "presences": _presences, "signed_up": _slots,
}  # fmt: skip
