"""Every point × every scene: the bot dies at the point in each act, and nobody is the worse for it.

A calm run is the measure: the same tickets, the same steps, the same messages.
"""

from collections.abc import Callable

import pytest
from scenes import SCENES
from trial import Outcome

Run = Callable[[str, str], Outcome]

ORDERS = [
    "receive.before:1",  # F17
    "receive.after:1",  # F18
    "confirm.before:1", "confirm.after:1",
    "answer.before:1", "answer.after:1",
    "exchange.before:1", "exchange.after:1",  # leased, not yet sent: F19
    "exchange.before:2", "exchange.after:2",  # sent, being written down
    "send.before:1",  # F19
    "send.after:1",  # F20
    "timer.before:1", "timer.after:1", "tick.before:1", "tick.after:1",  # F21
    "chore.before:1", "chore.after:1",
    "commit.before:1",
]  # fmt: skip
_CLOCK = ("tick", "timer", "chore")


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("order", ORDERS)
def test_a_death_changes_nothing(
    order: str, scene: str, run: Run, record_property: Callable[[str, object], None]
):
    calm = run(scene, "tick" if order.startswith(_CLOCK) else "")
    assert calm.findings.broken == () and calm.findings.duplicates == 0
    crashed = run(scene, order)
    for name, value in (("point", order), ("scene", scene), ("kills", crashed.kills),
                        ("duplicates", crashed.findings.duplicates)):  # fmt: skip
        record_property(name, value)
    assert crashed.findings.broken == ()
    assert all(count <= crashed.kills for count in crashed.findings.doubled.values())  # F20
    assert crashed.story == calm.story
