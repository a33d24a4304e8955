"""What each role may manage, and the commands that are in its menu."""

from __future__ import annotations

from workflows.core.people import Person, Role

LIMITED = (Role.PIONEER, Role.WORKER)  # whom the system offers tickets, by category


# Who may invite and take off whom, at places his own role covers.
MANAGES: dict[Role, frozenset[Role]] = {
    Role.LEAD: frozenset({Role.PIONEER, Role.WORKER}),
    Role.COMMITTEE: frozenset({Role.PIONEER, Role.WORKER, Role.LEAD}),
    Role.STREET: frozenset({Role.COMMITTEE}),
    Role.ADMIN: frozenset(Role),
}
AUDITORS = (Role.COMMITTEE, Role.STREET, Role.ADMIN)  # who may read who saw a petition
GROUP_COMMANDS = ("bind", "unbind")


def commands_of(person: Person | None) -> list[str]:
    """The commands in somebody's menu; None for the menu of everybody."""
    staff = ["t", "find", "duty"] if person and person.is_staff else []
    is_above = person and any(m.role in MANAGES for m in person.memberships)
    above = ["board", "figures", "export", "roster", "invite"] if is_above else []
    above += ["audit"] if person and any(m.role in AUDITORS for m in person.memberships) else []
    own = [*([] if staff else ["join"]), "mydata", "forget", "private"]
    return ["start", "mine", *staff, *above, "help", "cancel", *own]
