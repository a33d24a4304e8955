"""The people of the tests."""

from dataclasses import dataclass

from playground.phone import Phone
from playground.stage import Stage


@dataclass
class Cast:
    """One grid's people: two residents, three pioneers, and everybody above them."""

    stage: Stage
    chen: Phone
    zhou: Phone
    wang: Phone
    li: Phone
    zhao: Phone
    worker: Phone
    lead: Phone
    committee: Phone
    street: Phone
