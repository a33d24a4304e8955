"""Everybody who could stand around a place: residents, staff there and elsewhere, the system."""

from collections.abc import Iterator

from folk import CHEN, MA, RULES, ZHOU
from msgspec.structs import replace

from workflows.core.people import SYSTEM, Membership, Person, Role
from workflows.core.permissions import DEPTHS
from workflows.core.places import covers

RESIDENTS = (CHEN, ZHOU, MA)  # the last was at home in the community before
NEIGHBOURS = (Person(id=4, name="何老师"), Person(id=5, name="林大爷"))  # at home at the place
_FIRST = 100


def around(place: str) -> tuple[Person, ...]:
    """People as the roster could have them: those of the place first, the system last."""
    held = [*_here(place), *_elsewhere(place)]
    staff = (
        Person(id=_FIRST + i, name=f"{one.role}{i}", memberships=(one,))
        for i, one in enumerate(held)
    )
    at_home = (replace(person, last_place=place) for person in NEIGHBOURS)
    return (*RESIDENTS, *at_home, *staff, SYSTEM)


def _here(place: str) -> Iterator[Membership]:
    parts = place.split("/")
    for role, depths in DEPTHS.items():
        for depth in depths:
            yield Membership(role=role, place="/".join(parts[:depth]))


def _elsewhere(place: str) -> Iterator[Membership]:
    """Each role at each other place of its kind: whatever moves there finds hands."""
    for role in Role:
        others = (p.path for p in RULES.places.inside("", DEPTHS[role][0]))
        yield from (Membership(role=role, place=o) for o in others if not covers(o, place))
