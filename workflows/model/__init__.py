"""The values the domain speaks in: frozen, keyword-only, aware UTC inside."""

from workflows.core.clocks import Clock
from workflows.core.errors import ForgedError, HaitangError, Refusal
from workflows.model.messages import (
    Button,
    Incoming,
    Kind,
    Notice,
)
from workflows.model.people import (
    SYSTEM,
    Membership,
    Person,
)
from workflows.model.stages import ENDED
from workflows.model.tickets import (
    Attachment,
    Event,
    Exclusion,
    Extension,
    Glimpse,
    Proposal,
    Ticket,
    Timer,
)
from workflows.model.words import (
    HANDLERS,
    Action,
    ClockName,
    Priority,
    Role,
    State,
    To,
    Values,
    community_of,
    covers,
    grid_of,
    street_of,
)
from workflows.tap import NO_TAP, Tap

__all__ = [
    "ENDED",
    "HANDLERS",
    "NO_TAP",
    "SYSTEM",
    "Action",
    "Attachment",
    "Button",
    "Clock",
    "ClockName",
    "Event",
    "Exclusion",
    "Extension",
    "ForgedError",
    "Glimpse",
    "HaitangError",
    "Incoming",
    "Kind",
    "Membership",
    "Notice",
    "Person",
    "Priority",
    "Proposal",
    "Refusal",
    "Role",
    "State",
    "Tap",
    "Ticket",
    "Timer",
    "To",
    "Values",
    "community_of",
    "covers",
    "grid_of",
    "street_of",
]
