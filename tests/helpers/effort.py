"""How hard the tests try: few examples for a change, many for a night (HYPOTHESIS_PROFILE=night).

A change tries the same examples every time; a night draws new ones, and remembers what failed.
"""

import os
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings

_SHARED = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
_QUICK = (
    Phase.explicit,
    Phase.generate,
)  # a failure is told as it was found, not shrunk for minutes
settings.register_profile("change", _SHARED, derandomize=True, database=None, phases=_QUICK)
settings.register_profile("night", _SHARED)

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "change")
T = TypeVar("T")


def effort(*, change: T, night: T) -> T:
    """What holds now."""
    return night if PROFILE == "night" else change


def examples(*, change: int, night: int, **more: int) -> settings:
    """The settings of a property test that tries so many examples."""
    known = settings.get_profile(PROFILE)
    return settings(known, max_examples=effort(change=change, night=night), **more)
