"""One person who floods the bot is told so once, and holds up nobody else."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from workflows.core.talk.dialogs import Burst
from workflows.core.talk.messages import Incoming, Kind
from workflows.desk.context import Context

_WINDOW = timedelta(minutes=1)
_COUNTED = {Kind.TEXT, Kind.MEDIA, Kind.LOCATION, Kind.PRESS, Kind.COMMAND, Kind.EDIT,
            Kind.CONTACT, Kind.UNSUPPORTED}  # fmt: skip


async def admits(context: Context, incoming: Incoming) -> bool:
    """Whether this update is still within what one person may do in a minute.

    The first one too many is answered; it and those after it are not handled.
    """
    most = context.rules.most_per_minute
    if not most or incoming.kind not in _COUNTED or not incoming.person_id:
        return True
    dialog = await context.tx.dialog(incoming.person_id)
    burst = dialog.burst if dialog.burst and context.now - dialog.burst.since < _WINDOW else None
    burst = Burst(
        since=burst.since if burst else context.now, count=burst.count + 1 if burst else 1
    )
    context.tx.put_dialog(replace(dialog, burst=burst))
    if burst.count == most + 1:
        context.say(incoming.person_id, "slow_down")
    return burst.count <= most
