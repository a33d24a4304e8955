"""The admins that the config names: their role comes and goes with it."""

from __future__ import annotations

from collections.abc import Collection

from workflows.desk import guarding
from workflows.desk.case import Case
from workflows.model import Person
from workflows.store import memberships


async def appoint(case: Case, named: Collection[int]) -> None:
    """Once at every start. What an admin was given by others is not the config's to end."""
    for person_id in sorted(await memberships.appointed(case.tx) - set(named)):
        person = await case.tx.person(person_id)
        if person:
            left = await memberships.dismiss(case.tx, person)
            _show_menu(case, left)
    for person_id in named:
        await guarding.done(case, _appoint(case, person_id))


async def _appoint(case: Case, person_id: int) -> None:
    person = await case.tx.known(person_id) or Person(id=person_id, name="")
    _show_menu(case, await memberships.appoint(case.tx, person))


def _show_menu(case: Case, person: Person) -> None:
    """Telegram knows no chat with who has never written; he gets his menu when he does."""
    if person.name:
        case.menu(person)
