"""Alerts that do not flood: more of the same within the hour changes the first one and its count.

The outbox's own rows remember; nothing else is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from workflows.core.messages import Notice, Priority, Values
from workflows.petition.store import texts
from workflows.store import Tx

_TOGETHER = timedelta(hours=1)
_UNSENT = {"queued", "held"}


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
        before = last["body"]["values"]
        counted = {"count": before["count"] + 1, "since": before["since"]}
        shown = last.get("message_id") or before.get("message_id")
    told = {**values, **counted} | ({"message_id": shown} if shown else {})
    notice = Notice(to=chat_id, template=template, values=told, priority=Priority.REPLY,
                    replaces=group)  # fmt: skip
    return Alert(notice=notice, kind="redraw" if shown else "text")


def _goes_on(last: Mapping[str, Any], now: datetime) -> bool:
    since = datetime.fromisoformat(last["body"]["values"]["since"])
    return last["state"] in _UNSENT or abs(now - since) < _TOGETHER


async def _last(tx: Tx, chat_id: int, group: str) -> Mapping[str, Any] | None:
    """The newest of these alerts, also when it is not written yet."""
    same = [o for o in tx.work.owed if (o["chat_id"], o["replaces"]) == (chat_id, group)]
    if same:
        return same[-1]
    return await texts.newest_of(tx.conn, chat_id, group)
