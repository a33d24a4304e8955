"""What the petition promises: by when it is answered, and how long it can be opened again."""

from __future__ import annotations

from workflows.core.policy import ClockPolicy, Rules
from workflows.core.talk.messages import Values
from workflows.petition.model import Ticket
from workflows.petition.rules import timing
from workflows.petition.settings import PetitionSettings
from workflows.petition.words import ClockName


def texts(rules: Rules) -> Values:
    """The answer, whether some kinds wait for it longer, and reopening."""
    usual, within = (
        rules.clocks[Ticket.kind][ClockName.RESPONSE],
        rules.of(PetitionSettings).reopen_within,
    )
    own = [policy for policy, _ in answers(rules).values()]
    return {
        "promised": usual,
        "varies": any(p.counts is not usual.counts or p.length > usual.length for p in own),
        "reopen_days": within.days,
        "reopen_within": within,
    }


def answers(rules: Rules) -> dict[str, tuple[ClockPolicy, ClockPolicy]]:
    """By category, the answer's clock: usually, and where it is urgent."""
    return {
        key: (_answer(key, rules), _answer(key, rules, urgent=True)) for key in rules.categories
    }


def _answer(category: str, rules: Rules, *, urgent: bool = False) -> ClockPolicy:
    return timing.policy(ClockName.RESPONSE, category, rules, urgent=urgent)
