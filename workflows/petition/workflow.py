"""The petition as the house takes it: its table and its parts (see `workflows.desk.workflow`)."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.core.people import Person
from workflows.core.places import grid_of
from workflows.core.talk.messages import Incoming
from workflows.desk.parts import Chat, Hands, Lists, Privacy, Promises, Readers
from workflows.desk.workflow import Workflow
from workflows.petition import engine, filing, promises, service
from workflows.petition.chat import (
    arriving,
    batch,
    commands,
    deciding,
    listening,
    privacy,
    recovery,
)
from workflows.petition.chat.asking import ASKING
from workflows.petition.chat.audiences import AUDIENCES
from workflows.petition.chat.cards import CARDS
from workflows.petition.intake import drafting
from workflows.petition.intake.view import CHOOSING, Verb
from workflows.petition.lifecycle import PETITION, RESIDENTS_ALONE, TOLD_TO_RESIDENTS
from workflows.petition.lists import export, hands, lines, morning, search, weekly
from workflows.petition.lists.board import SECTIONS
from workflows.petition.model import Ticket
from workflows.petition.rules.relations import AT_WORK, may_see, relations
from workflows.petition.settings import PetitionSettings
from workflows.petition.stages import DEFAULTS
from workflows.petition.store.kept import TICKETS
from workflows.store import Tx


def _is_own(person: Person, ticket: Ticket) -> bool:
    return person.id == ticket.resident or person.id in ticket.followers


def _is_work(person: Person, ticket: Ticket) -> bool:
    return bool(relations(person, ticket) & AT_WORK)


async def _read_ahead(tx: Tx, batch: Sequence[Incoming]) -> None:
    """The staff of all grids in which somebody is about to file are asked for together."""
    filing = [one.person_id for one in batch if one.person_id and one.tap.verb == Verb.SUBMIT]
    drafts = [dialog.draft for dialog in await tx.dialogs(filing)] if filing else []
    tx.expect(grid_of(draft["place"]) for draft in drafts if draft and draft["place"])


PETITION_WORKFLOW = Workflow(
    flow=PETITION,
    kept=TICKETS,
    command=engine.command,
    asking=ASKING,
    audiences=AUDIENCES,
    perform=service.perform,
    ring=service.ring,
    recover=recovery.recover,
    spawned=filing.spawned,
    chores=(weekly,),
    clocks=DEFAULTS,
    settings=PetitionSettings,
    promises=Promises(texts=promises.texts, answers=promises.answers),
    readers=Readers(
        may_see=may_see, is_own=_is_own, is_work=_is_work, open_to=engine.open_to,
        told=TOLD_TO_RESIDENTS, own=RESIDENTS_ALONE,
    ),
    chat=Chat(
        taps={"draft": drafting.tap, "decision": deciding.tap, "alike": batch.tap},
        commands=commands.COMMANDS, links=commands.LINKS, goes_on=drafting.goes_on,
        understands=listening.understands, begins=drafting.begins, amends=drafting.amends,
        cancels=commands.cancel, ahead=_read_ahead, menu=commands.MENU, with_category=(CHOOSING,),
    ),
    cards=CARDS,
    lists=Lists(
        line=lines.line, standing=lines.standing, in_hand=hands.in_hand, brought=hands.brought,
        found=search.found, sections=SECTIONS, morning=morning.morning, export=export.rows,
    ),
    hands=Hands(
        holder=lambda ticket: ticket.holder, helps=hands.helps, loads=hands.loads, held=hands.held,
        release=service.release, arrived=arriving.arrived,
    ),
    privacy=Privacy(
        held=privacy.held, check=privacy.check, forget=privacy.forget, expire=privacy.expire,
        needs_words="reopen_days",
    ),
)  # fmt: skip
