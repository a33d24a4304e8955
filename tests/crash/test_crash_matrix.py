"""Every point × every scene: the bot dies at the point in each act, and nobody is the worse for it.

A calm run is the measure: the same tickets, the same steps, the same messages.
"""

from collections.abc import Callable

import pytest
from scenes import SCENES
from trial import Outcome

from playground.stage.process import _free_port

Run = Callable[..., Outcome]

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
    "commit.before:1", "commit.before:2",  # after a turn of the clock the first notes that alone
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
    assert_unharmed(crashed, calm)


def assert_unharmed(crashed: Outcome, calm: Outcome) -> None:
    """Nothing else happened, and in no chat was more than one message repeated by a death."""
    assert crashed.findings.broken == ()
    assert all(len(again) <= crashed.kills for again in crashed.findings.doubled.values())
    assert crashed.story == calm.story


@pytest.mark.parametrize("scene", ["file", "album", "rate"])
@pytest.mark.parametrize("order", ["receive.before:1", "receive.after:1", "confirm.before:1"])
def test_telegrams_calls_come_again_until_one_was_answered(order: str, scene: str, run: Run):
    """# F17, F18 by webhook: 200 is only said once what came is committed."""
    port = str(_free_port())
    hook = {"URL": f"http://127.0.0.1:{port}/telegram", "SECRET": "s3cret", "PORT": port}
    environment = {f"HAITANG_TELEGRAM__WEBHOOK__{name}": value for name, value in hook.items()}
    crashed = run(scene, order, HAITANG_TELEGRAM__MODE="webhook", **environment)
    assert crashed.kills > 0
    assert_unharmed(crashed, run(scene, ""))
