"""The workflows that there are: the one list of them."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.core.policy import ClockDefaults
from workflows.petition import stages
from workflows.petition.model import Ticket

# By kind; the first is what a clock belongs to where the config names none.
CLOCKS: Mapping[str, ClockDefaults] = {Ticket.kind: stages.DEFAULTS}
