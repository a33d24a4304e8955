"""Alerts that do not flood: more of the same within the hour changes the first one and its count.

The outbox's own rows remember; nothing else is kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from workflows.core.talk.messages import Notice, Priority, Values
from workflows.store import Tx
from workflows.store.messages import said
from workflows.store.messages.said import Newest

_TOGETHER = timedelta(hours=1)


class Alert(Struct, frozen=True, kw_only=True):
    """A message to one admin, and in which way it goes out."""

    notice: Notice
    kind: str


async def compose(tx: Tx, chat_id: int, template: str, values: Values, now: datetime) -> Alert:
    """The alert, counted together with the last one of its kind if that is young or unsent."""
    group = f"alert:{template}"
    last = await _last(tx, chat_id, group)
    counted: dict[str, object] = {"count": 1, "since": now.isoformat()}
    shown = None
    if last and _goes_on(last, now):
        before = last.values
        counted = {"count": before["count"] + 1, "since": before["since"]}
        shown = last.message_id or before.get("message_id")
    told = {**values, **counted} | ({"message_id": shown} if shown else {})
    notice = Notice(to=chat_id, template=template, values=told, priority=Priority.REPLY,
                    replaces=group)  # fmt: skip
    return Alert(notice=notice, kind="redraw" if shown else "text")


def _goes_on(last: Newest, now: datetime) -> bool:
    since = datetime.fromisoformat(last.values["since"])
    return last.is_unsent or abs(now - since) < _TOGETHER


async def _last(tx: Tx, chat_id: int, group: str) -> Newest | None:
    """The newest of these alerts, also when it is not written yet."""
    same = [o for o in tx.work.owed if (o.chat_id, o.replaces) == (chat_id, group)]
    if same:
        return Newest(values=same[-1].values)
    return await tx.ask(said.newest_of, chat_id, group)
