"""Who gets a ticket: an order of people, computed from the roster and what each has in hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from workflows.core.people import Person, Role
from workflows.core.permissions import CALLERS
from workflows.core.places import covers, grid_of
from workflows.core.policy import Rules
from workflows.petition.model import Ticket
from workflows.petition.settings import PetitionSettings

_NEVER = datetime.min.replace(tzinfo=UTC)


class Load(Struct, frozen=True, kw_only=True):
    """What a handler has in hand: open tickets, and when the last one came (aware UTC)."""

    open: int = 0
    last_at: datetime | None = None


class Candidate(Struct, frozen=True, kw_only=True):
    """A member of the grid's staff with his load, and what keeps the system from asking him."""

    person: Person
    load: Load = Load()
    is_away: bool = False
    is_full: bool = False  # has as much in hand as the config allows

    @property
    def is_absent(self) -> bool:
        """Whether he is not working now: off duty or away."""
        return self.is_away or not self.person.on_duty


class Offer(Struct, frozen=True, kw_only=True):
    """Whom to offer a ticket next: a person, or the grid's group; neither when nobody is left."""

    to: Person | None = None
    to_group: bool = False


def candidate(person: Person, load: Load, now: datetime, rules: Rules) -> Candidate:
    """A member of the staff as he is at `now` (aware UTC)."""
    is_full = 0 < rules.of(PetitionSettings).most_open <= load.open
    return Candidate(person=person, load=load, is_away=person.is_away(now), is_full=is_full)


def next_offer(ticket: Ticket, staff: Iterable[Candidate], *, has_group: bool) -> Offer:
    """The building's pioneers, the grid's pioneers, its workers, then its group.

    On duty, not away, within reach, not full unless it is urgent, with the category, not asked yet
    this round; fewest open tickets first, then the longest idle. A stand-in is asked in his own
    place. After the group nobody is left: the lead dispatches.
    """
    if ticket.open_to_grid:
        return Offer()
    ranked = rank(ticket, staff)
    # Nobody is offered his own petition; who filed for somebody else is a handler like others.
    asked = {*ticket.offers, *([] if ticket.on_behalf else [ticket.resident])}
    to = next((c.person for c in ranked if c.person.id not in asked), None)
    return Offer(to=to, to_group=to is None and has_group)


def rank(ticket: Ticket, staff: Iterable[Candidate]) -> list[Candidate]:
    """The handlers of a ticket's grid who could take it now, best first."""
    free = [(_tier(c.person, ticket), c) for c in staff if _is_free(c, ticket)]
    fit = [(tier, c) for tier, c in free if tier is not None]
    return [c for _, c in sorted(fit, key=lambda one: (one[0], *_fairness(one[1])))]


def choices(ticket: Ticket, staff: Iterable[Candidate]) -> list[Candidate]:
    """Everybody a person may hand a ticket to: first who could be offered it, then the others, last
    who is not working now.

    Off duty, away, full or limited to other categories only keeps the system from asking; a lead
    knows better. Who cannot be reached is nobody's choice.
    """
    everybody = [c for c in staff if c.person.is_reachable]
    ranked = rank(ticket, everybody)
    others = [c for c in everybody if c not in ranked and c.person.is_handler_in(ticket.place)]
    return [*ranked, *sorted(others, key=_likelihood)]


def near(staff: Iterable[Candidate]) -> list[Candidate]:
    """Who works elsewhere and could be asked to lend a hand, as `choices` has them."""
    return sorted((c for c in staff if c.person.is_reachable), key=_likelihood)


def _likelihood(candidate: Candidate) -> tuple[bool, bool, int, datetime, int]:
    return candidate.is_away, not candidate.person.on_duty, *_fairness(candidate)


def better(ticket: Ticket, staff: Iterable[Candidate]) -> Person | None:
    """The building's own pioneer, where somebody else has it."""
    first = next(iter(rank(ticket, staff)), None)
    is_own = first is not None and _tier(first.person, ticket) == 0
    return first.person if first and is_own and first.person.id != ticket.holder else None


def _is_free(candidate: Candidate, ticket: Ticket) -> bool:
    person = candidate.person
    is_here = person.on_duty and person.is_reachable and not candidate.is_away
    return is_here and (ticket.urgent or not candidate.is_full)


def _fairness(candidate: Candidate) -> tuple[int, datetime, int]:
    load = candidate.load
    return load.open, load.last_at or _NEVER, candidate.person.id


def _tier(person: Person, ticket: Ticket) -> int | None:
    """0 the building's pioneer, 1 another pioneer of the grid, 2 a worker of the grid."""
    grid = grid_of(ticket.place)
    tiers = []
    for m in person.memberships:
        if m.categories and ticket.category not in m.categories:
            continue
        if m.role is Role.PIONEER and covers(grid, m.place):
            tiers.append(0 if m.place != grid and covers(m.place, ticket.place) else 1)
        if m.role is Role.WORKER and (covers(grid, m.place) or covers(m.place, grid)):
            tiers.append(2)
    return min(tiers, default=None)


def neutral(ticket: Ticket, staff: Iterable[Person]) -> Person | None:
    """Who asks the resident how it went: staff with no hand in it, by the ticket's own lot; who is
    off duty only where nobody else is left.
    """
    hands = {ticket.handler, *ticket.helpers, ticket.resident, ticket.author, *ticket.followers}
    able = [p for p in staff if p.id not in hands and _asks_residents(p)]
    fit = [p for p in able if p.on_duty] or able
    lot = int(hashlib.sha256(f"{ticket.draft_id}?".encode()).hexdigest()[:8], 16)
    return sorted(fit, key=lambda p: p.id)[lot % len(fit)] if fit else None


def _asks_residents(person: Person) -> bool:
    return any(m.role in CALLERS for m in person.memberships)
