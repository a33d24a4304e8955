"""The room as the house takes it: two workflows with their parts, of one shape."""

from __future__ import annotations

from msgspec.structs import replace

from workflows.desk.parts import Chat
from workflows.passbook import lifecycle, service
from workflows.passbook.chat import lists, privacy, room
from workflows.passbook.chat.cards import AUDIENCES, cards_of
from workflows.passbook.faults import faults
from workflows.passbook.settings import PassbookSettings

SERVICE_WORKFLOW = lists.SERVICE_DESK.workflow(
    perform=service.perform, audiences=AUDIENCES, cards=cards_of(lists.SERVICE_DESK),
    lists=lists.SERVICE_LISTS, clocks=lifecycle.SERVICE_CLOCKS, settings=PassbookSettings,
    privacy=replace(privacy.SERVICES_SAID.privacy, held=privacy.held, forget=privacy.forget),
    chat=Chat(
        taps={room.ROOM: room.tap}, links=room.LINKS, hears=room.hears,
        understands=room.understands,
    ),
    documents=lists.DOCUMENTS, spawned=service.spawned, faults=faults,
)  # fmt: skip
GIFT_WORKFLOW = lists.GIFT_DESK.workflow(
    perform=service.perform, audiences=AUDIENCES, cards=cards_of(lists.GIFT_DESK),
    privacy=privacy.GIFTS_SAID.privacy, clocks=lifecycle.GIFT_CLOCKS,
    part_of=lifecycle.SERVICE.kind,
)  # fmt: skip
