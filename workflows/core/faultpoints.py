"""Named points at which the process can be made to die as by kill -9, so that dying can be tried.

In a normal run nothing is armed and a point costs a look at an empty dict. With
FAULTPOINT="send.after:2" in the environment the process ends when it passes that point for the
second time: no goodbye, nothing flushed, nothing closed.
"""

from __future__ import annotations

import os

KILLED = 137  # as a shell reports a kill -9

# Before and after what must not be half done; tests/crash tries every one.
POINTS = (
    "receive.before", "receive.after",  # the commit of a batch of updates
    "confirm.before", "confirm.after",  # telling Telegram that it need not send them again
    "answer.before", "answer.after",  # of a tap
    "exchange.before", "exchange.after",  # the commit of what is leased and what was sent
    "send.before", "send.after",  # one message: not yet tried; accepted, not yet written down
    "timer.before", "timer.after",  # one timer, inside its transaction
    "tick.before", "tick.after",  # the commit of what rang
    "chore.before", "chore.after",  # the commit of what is done daily
    "commit.before",  # any commit: everything is written but for the COMMIT itself
    "migration.step", "migration.before", "migration.after",  # each step; the commit of all
    "migration.table",  # one table is written anew, in the middle of a step
    "backup.before", "backup.after",  # the copy is whole, but has its name not yet; has it
)  # fmt: skip

_left: dict[str, int] = {}


def arm(order: str) -> None:
    """Die at a point's n-th passing from now on: "send.after:2", or 1 if unsaid; "" never.

    Raises ValueError for a point there is not.
    """
    name, _, times = order.partition(":")
    if order and name not in POINTS:
        raise ValueError(f"there is no point {name!r}")
    _left.clear()
    _left.update({name: int(times or 1)} if order else {})


def point(name: str) -> None:
    """Pass a point."""
    if name in _left:
        _left[name] -= 1
        if not _left[name]:
            os._exit(KILLED)


arm(os.environ.get("FAULTPOINT", ""))
