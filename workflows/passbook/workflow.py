"""The room as the house takes it: two workflows with their parts, of one shape."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workflows.core.engine.flow import Flow
from workflows.desk import plain
from workflows.desk.parts import Chat, readers_of
from workflows.desk.workflow import Workflow
from workflows.passbook import lifecycle, service
from workflows.passbook.chat import lists, privacy, room, stock
from workflows.passbook.chat.cards import AUDIENCES, cards_of
from workflows.passbook.faults import faults
from workflows.passbook.lifecycle import GIFT, SERVICE
from workflows.passbook.needs import NEEDS
from workflows.passbook.relations import HOME, attempt, relations
from workflows.passbook.settings import PassbookSettings
from workflows.passbook.store.tables import GIFTS, SERVICES
from workflows.passbook.words import Action


def _workflow(flow: Flow[Any, Any, Any, Any, Any], **more: Any) -> Workflow:
    """Whoever stands to it in some way reads all of it."""
    alone = frozenset(flow.named) - flow.actions_that(lambda row: row.who & ~HOME)
    readers = readers_of(
        flow, relations, work=~HOME, own=HOME, opens=frozenset(Action), alone=alone
    )  # fmt: skip
    return plain.workflow(
        flow=flow, command=attempt, needs=NEEDS, readers=readers, audiences=AUDIENCES,
        perform=service.perform, cards=cards_of(flow), **more,
    )  # fmt: skip


SERVICE_WORKFLOW = _workflow(
    SERVICE, kept=SERVICES, lists=lists.SERVICE_LISTS, clocks=lifecycle.SERVICE_CLOCKS,
    settings=PassbookSettings,
    privacy=replace(privacy.SERVICES_SAID.privacy, held=privacy.held, forget=privacy.forget),
    chat=Chat(
        taps={room.ROOM: room.tap}, links=room.LINKS, hears=room.hears,
        understands=room.understands,
    ),
    documents=lists.DOCUMENTS, spawned=service.spawned, faults=faults,
)  # fmt: skip
GIFT_WORKFLOW = _workflow(
    GIFT, kept=GIFTS, lists=lists.GIFT_LISTS, clocks=lifecycle.GIFT_CLOCKS,
    privacy=privacy.GIFTS_SAID.privacy, part_of=SERVICE.kind,
    chat=Chat(taps={stock.ROOM: stock.tap}, hears=stock.hears),
)  # fmt: skip
