"""The one table of which roles may do what, and the commands that are in a role's menu.

Who may be handed something stands beside the roles themselves, since a person is asked for it.
"""

from __future__ import annotations

from msgspec import Struct

from workflows.core.people import Person, Role

RANKS = (Role.PIONEER, Role.WORKER, Role.LEAD, Role.COMMITTEE, Role.STREET, Role.ADMIN)
ABOVE = (
    Role.LEAD,
    Role.COMMITTEE,
    Role.STREET,
    Role.ADMIN,
)  # than the handlers, by who is told first
LIMITED = (Role.PIONEER, Role.WORKER)  # whom the system offers tickets, by category
LEADING = (Role.LEAD, Role.COMMITTEE)  # who answers for a grid, in the morning and to other grids
CONVENERS = (Role.LEAD, Role.COMMITTEE, Role.STREET)  # who calls a building's households together
UNPAID = (Role.PIONEER,)  # whose service is a gift: all others are paid for theirs
REVIEWERS = (Role.COMMITTEE, Role.STREET)  # who looks at what many are invited to
CALLERS = (Role.WORKER, Role.LEAD, Role.COMMITTEE)  # who asks residents how it went
KEEPERS = (Role.WORKER, Role.LEAD, Role.COMMITTEE)  # who hands out what neighbours are given
EXPORTERS = ABOVE
AUDITORS = (Role.COMMITTEE, Role.STREET, Role.ADMIN)  # who may read who saw a petition
BIND_STAFF = (Role.LEAD, Role.ADMIN)  # who may say that a group is a grid's staff
BIND_RESIDENTS = (Role.LEAD, Role.COMMITTEE, Role.ADMIN)  # that it is a place's residents

# At which depth of a place's path each role sits: street, community, grid, building.
DEPTHS: dict[Role, tuple[int, ...]] = {
    Role.PIONEER: (3, 4),
    Role.WORKER: (3,),
    Role.LEAD: (3,),
    Role.COMMITTEE: (2,),
    Role.STREET: (1,),
    Role.ADMIN: (1, 2),
}
# Who may invite and take off whom, at places his own role covers.
MANAGES: dict[Role, frozenset[Role]] = {
    Role.LEAD: frozenset({Role.PIONEER, Role.WORKER}),
    Role.COMMITTEE: frozenset({Role.PIONEER, Role.WORKER, Role.LEAD}),
    Role.STREET: frozenset({Role.COMMITTEE}),
    Role.ADMIN: frozenset(Role),
}
GROUP_COMMANDS = ("bind", "unbind")


def is_staff(person: Person, place: str) -> bool:
    """Whether somebody works at a place, or stands above who does."""
    return person.is_handler_in(place) or any(person.has_role(role, place) for role in ABOVE)


class Menu(Struct, frozen=True, kw_only=True):
    """Commands of a workflow's that are in menus: in everybody's, in those of the staff, in those
    of who stands above the handlers; `lists` are those of everybody's that stand beside his own.
    """

    lists: tuple[str, ...] = ()
    residents: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    above: tuple[str, ...] = ()

    def beside(self, other: Menu) -> Menu:
        """Both."""
        return Menu(
            lists=(*self.lists, *other.lists),
            residents=(*self.residents, *other.residents),
            staff=(*self.staff, *other.staff),
            above=(*self.above, *other.above),
        )


def commands_of(person: Person | None, more: Menu) -> list[str]:
    """The commands in somebody's menu, None for everybody's; `more` are the workflows'."""
    staff = ["t", "find", "duty", *more.staff] if person and person.is_staff else []
    is_above = person and any(m.role in MANAGES for m in person.memberships)
    above = ["board", *more.above, "export", "roster", "invite"] if is_above else []
    above += ["audit"] if person and any(m.role in AUDITORS for m in person.memberships) else []
    own = [*([] if staff else ["join"]), "mydata", "forget", *more.residents]
    return ["start", "mine", *more.lists, *staff, *above, "help", "cancel", *own]
