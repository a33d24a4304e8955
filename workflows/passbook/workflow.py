"""The room as the house takes it: two workflows with their parts (see `workflows.desk.workflow`)."""

from __future__ import annotations

from typing import Any

from workflows.core.policy import ClockDefaults, Rules
from workflows.core.talk.forms import Form, Forms
from workflows.desk.asking import Asking
from workflows.desk.parts import Chat, Lists, Readers
from workflows.desk.workflow import Workflow
from workflows.passbook import lifecycle, relations, service
from workflows.passbook.chat import room
from workflows.passbook.chat.cards import AUDIENCES, CARDS
from workflows.passbook.chat.lists import DOCUMENTS, GIFT_LISTS, SERVICE_LISTS
from workflows.passbook.chat.privacy import privacy
from workflows.passbook.lifecycle import GIFT_CLOCKS, SERVICE_CLOCKS, Step
from workflows.passbook.model import Entry, Service
from workflows.passbook.needs import NEEDS
from workflows.passbook.settings import PassbookSettings
from workflows.passbook.store.kept import GIFTS, SERVICES
from workflows.store.kept import Kept


def _begin(entry: Entry, step: Step, _: Rules) -> Form:
    names = tuple(need.name for need in step.needs)
    return Form(ticket_id=entry.id, kind=entry.kind, action=step.action.value, needs=names)


def _workflow(kept: Kept[Any], lists: Lists, clocks: ClockDefaults, **more: Any) -> Workflow:
    """One of the two; what they do not share stands with each."""
    flow, needs = lifecycle.FLOWS[kept.kind], {need.name: need for need in NEEDS}
    home = flow.actions_that(lambda row: row.who & ~lifecycle.HOME)
    return Workflow(
        flow=flow, kept=kept, command=relations.attempt, cards=CARDS, audiences=AUDIENCES,
        readers=Readers(
            may_see=relations.may_see, is_own=relations.is_own, is_work=relations.is_work,
            open_to=relations.open_to, told=lifecycle.told(flow),
            own=frozenset(flow.named) - home,
        ),
        asking=Asking(forms=Forms(kind=flow.kind, needs=needs), begin=_begin),
        perform=service.perform, lists=lists, clocks=clocks, privacy=privacy(kept), **more,
    )  # fmt: skip


SERVICE_WORKFLOW = _workflow(
    SERVICES, SERVICE_LISTS, SERVICE_CLOCKS, settings=PassbookSettings, documents=DOCUMENTS,
    chat=Chat(taps={room.ROOM: room.tap}, links=room.LINKS, hears=room.hears),
    spawned=service.spawned,
)  # fmt: skip
GIFT_WORKFLOW = _workflow(GIFTS, GIFT_LISTS, GIFT_CLOCKS, part_of=Service.kind)
