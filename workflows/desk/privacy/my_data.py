"""A person's rights over what is held about him: /mydata to have it, /forget to have it erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from msgspec.structs import replace

from workflows.core.errors import Refusal
from workflows.core.people import Person
from workflows.core.policy import Rules
from workflows.core.talk.dialogs import Dialog
from workflows.core.talk.messages import Button, Incoming, Notice, Priority, Values
from workflows.core.talk.tap import Tap
from workflows.desk import guarding
from workflows.desk.context import Context
from workflows.desk.privacy import kernels
from workflows.desk.workflow import Workflow, Workflows, merged
from workflows.store import Tx, erasure
from workflows.store.roster import applications, memberships

_FORGET = Tap(kind="privacy", verb="forget")
RIGHTS = tuple(
    Button(tap=Tap(kind="privacy", verb=verb), label=f"rights.{verb}") for verb in ("data", "ask")
)
_log = structlog.get_logger()


async def mydata(context: Context, _: Incoming, person: Person) -> None:
    """Owe the person everything held about him: as a page to read, then as a file for machines.

    Each is gathered when it is sent.
    """
    page = Notice(to=person.id, template="mydata", priority=Priority.REPLY)
    data = Notice(to=person.id, template="mydata_data", priority=Priority.REPLY)
    for notice in (page, data):
        key = f"{context.key}:{notice.template}"
        context.tx.owe(notice, person.id, "document", key, context.now)


async def forget(context: Context, _: Incoming, person: Person) -> None:
    """Ask first."""
    await _check(context, person)
    buttons = ((Button(tap=_FORGET, label="rights.forget"),),)
    notice = Notice(to=person.id, template="forget_sure", buttons=buttons, priority=Priority.REPLY)
    context.reply(notice)


async def tap(context: Context, incoming: Incoming, person: Person) -> None:
    """A button: to have it, to have it erased, and that he is sure."""
    await incoming.tap.meant(_VERBS)(context, incoming, person)
    context.toast(incoming)


async def _forget(context: Context, _: Incoming, person: Person) -> None:
    """He is sure."""
    await _check(context, person)
    count = sum([await one.privacy.forget(context, person) for one in context.workflows])
    await kernels.forget(context, person)
    await context.tx.do(erasure.forget_sent_to, person.id)
    context.tx.put_dialog(Dialog(person_id=person.id))
    context.tx.put_person(replace(person, name="", last_place="", consented_at=None))
    context.say(person.id, "forgotten")
    _log.info("forgotten", person=person.id, tickets=count)


_VERBS = {"data": mydata, "ask": forget, _FORGET.verb: _forget}


async def _check(context: Context, person: Person) -> None:
    """Raises Refusal while he is staff, or something of his is open."""
    if person.is_staff:
        raise Refusal("refused_forget_staff")
    for workflow in context.workflows:
        await workflow.privacy.check(context, person)


async def gather(
    tx: Tx, person: Person, rules: Rules, workflows: Workflows, _: Values
) -> dict[str, Any]:
    """Everything held about a person, as data; of others only the role they acted in."""
    found: dict[str, Any] = {
        "profile": {
            "id": person.id, "name": person.name, "last_place": person.last_place,
            "consented_at": person.consented_at, "on_duty": person.on_duty,
            "is_unlisted": person.is_unlisted,
        },
        "roles": await tx.ask(memberships.history, person.id),
        "applications": await tx.ask(applications.history, person.id),
        **await kernels.held(tx, person),
    }  # fmt: skip
    context = Context(tx=tx, rules=rules, workflows=workflows, now=tx.now,
                      key=f"mydata{person.id}.{tx.now.timestamp():.0f}")  # fmt: skip
    held = {one.kind: await _held(context, person, one) for one in workflows}
    missing = [kind for kind, part in held.items() if part is None]
    told = [{"missing": missing}] if missing else []
    return merged([found, *(part for part in held.values() if part is not None), *told])


async def _held(context: Context, person: Person, workflow: Workflow) -> Mapping[str, Any] | None:
    """What a workflow holds about him; None where that cannot be told now, which the file says."""
    return await guarding.asked(context, None, workflow.privacy.held, context.tx, person)
