"""The admins that the config names: their role comes and goes with it."""

from __future__ import annotations

from collections.abc import Collection

from workflows.core.people import Person
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.store.roster import memberships


async def appoint(context: Context, named: Collection[int]) -> None:
    """Once at every start. What an admin was given by others is not the config's to end."""
    for person_id in sorted(await context.tx.ask(memberships.appointed) - set(named)):
        person = await context.tx.person(person_id)
        if person:
            left = await memberships.dismiss(context.tx, person)
            _show_menu(context, left)
    for person_id in named:
        await guarding.done(context, _appoint(context, person_id))


async def _appoint(context: Context, person_id: int) -> None:
    person = await context.tx.known(person_id) or Person(id=person_id, name="")
    _show_menu(context, await memberships.appoint(context.tx, person))


def _show_menu(context: Context, person: Person) -> None:
    """Telegram knows no chat with who has never written; he gets his menu when he does."""
    if person.name:
        context.menu(person)
