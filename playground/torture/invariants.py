"""What must hold however the bot died: the phones in people's hands against the rows in the store.

The twelve invariants, looked at from outside: the rows by plain SQL on the file, the phones as the
world has them; what else a workflow says must hold of its own. A bot that is at rest is supposed:
see `Theatre.settle`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playground.torture.evidence import Evidence, Row
from playground.world.updates import FIRST_UPDATE_ID
from playground.world.world import World
from workflows.core.places import community_of, covers
from workflows.petition.stages import ENDED, IN_HAND
from workflows.registry import KINDS, WORKFLOWS
from workflows.store import Store
from workflows.store.unit.codec import is_chain

_OF_TICKET = re.compile(r"[vt]:(\d+):")
_PHONE_NUMBER = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_SENT_ANEW = {"text", "card", "media", "document"}  # what a new message comes of
_OVER = {state.value for state in ENDED}
_HELD = {state.value for state in IN_HAND}
_LINKS = "SELECT ticket_id, person_id FROM followers UNION SELECT ticket_id, person_id FROM helpers"
_RECOGNIZED = 8  # letters of a petition by which it is recognized in a log


@dataclass(frozen=True, kw_only=True)
class Findings:
    """`broken` has a line for each violation, with the invariant's number before it;
    `doubled` are the moments, in Unix seconds, of messages that the store does not know of, by
    chat: each was sent again.
    """

    broken: tuple[str, ...]
    doubled: Mapping[int, list[int]]

    @property
    def duplicates(self) -> int:
        """How many in all."""
        return sum(len(moments) for moments in self.doubled.values())


def examine(world: World, database: Path, log: str = "") -> Findings:
    """Look at everything. `log` is what the bot wrote to stderr."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as conn:
        conn.row_factory = sqlite3.Row
        evidence = Evidence(world, conn, log)
        broken = [f"{n}: {what}" for n, check in enumerate(_CHECKS, 1) for what in check(evidence)]
        doubled: dict[int, list[int]] = defaultdict(list)
        for message in evidence.unaccounted:
            doubled[message.chat.id].append(message.date)
        return Findings(broken=tuple(broken), doubled=doubled)


async def faults(database: Path, now: datetime) -> list[str]:
    """What must hold of each workflow's own and does not, as `haitang doctor` says it."""
    store = Store.open(f"sqlite+aiosqlite:///{database}", KINDS)
    try:
        async with store.read(now) as tx:
            return await WORKFLOWS.faults(tx)
    finally:
        await store.close()


def _told_is_kept(e: Evidence) -> Iterator[str]:
    """1: who was shown a ticket has one, and it says what was said, word for word."""
    for message in e.from_bot():
        data = [b.get("callback_data") or "" for row in message.inline for b in row]
        named = {int(found[1]) for text in data if (found := _OF_TICKET.match(text))}
        yield from (f"{i} was told of and is lost" for i in named - set(e.subjects))
    said: dict[int, list[str]] = defaultdict(list)
    for row in e.words:
        chat = e.chats.get(row["person_id"])
        spoken = chat.find(row["message_id"]) if chat else None
        said[row["ticket_id"]].append(row["text"])
        if spoken is None or spoken.content.text != row["text"]:
            yield f"ticket {row['ticket_id']} holds what nobody said"
    for ticket_id, parts in said.items():
        kept = e.tickets[ticket_id]["text"].replace("\n", "")
        if kept != "".join(parts).replace("\n", ""):
            yield f"ticket {ticket_id} does not hold what was said"


def _one_ticket_each(e: Evidence) -> Iterator[str]:
    """2: a draft became one ticket, a message is part of one petition."""
    yield from _repeated((row["draft_id"] for row in e.tickets.values()), "a draft has tickets:")
    said = ((row["person_id"], row["message_id"]) for row in e.words)
    yield from _repeated(said, "a message is in tickets:")


def _notices_end(e: Evidence) -> Iterator[str]:
    """3: a change of state is told, and what is told ends as sent, parked, or dead with a word."""
    told = {(row["ticket_id"], row["created_at"]) for row in e.outbox}
    for event in (event for events in e.events.values() for event in events):
        is_change = event["source"] != event["target"]
        if is_change and (event["ticket_id"], event["at"]) not in told:
            yield f"ticket {event['ticket_id']}: {event['action']} was told to nobody"
    has_alert = any(row["template"] == "alert_dead" for row in e.outbox)
    for row in e.outbox:
        is_due = row["state"] in {"queued", "held"} and row["not_before"] <= e.now
        is_silent = row["state"] == "dead" and not has_alert and bool(_admins(e))
        if is_due or is_silent or row["leased_until"]:
            yield f"message {row['id']} ({row['template']}) stands at {row['state']}"
        if row["state"] == "sent" and row["kind"] in _SENT_ANEW and not _shown(e, row):
            yield f"message {row['id']} ({row['template']}) counts as sent and is on no phone"


def _admins(e: Evidence) -> list[int]:
    return [i for i, roles in e.roles.items() if any(r["role"] == "admin" for r in roles)]


def _shown(e: Evidence, row: Row) -> bool:
    chat = e.chats.get(row["chat_id"])
    return bool(chat and 1 <= (row["message_id"] or 0) <= len(chat.messages))


def _order_holds(e: Evidence) -> Iterator[str]:
    """4: what was owed first is read first, within a chat and an urgency."""
    last: dict[tuple[int, int], Row] = {}
    for row in e.outbox:
        is_plain = row["state"] == "sent" and row["kind"] in {"text", "card"}
        is_first = row["attempts"] == 1 and row["not_before"] <= row["created_at"]
        if not (is_plain and is_first and row["message_id"]):
            continue  # what was held, or tried again, may be read later
        key = (row["chat_id"], row["priority"])
        before = last.get(key)
        if before and before["message_id"] > row["message_id"]:
            yield f"message {row['id']} overtook {before['id']}"
        last[key] = row


def _timers_fire_once(e: Evidence) -> Iterator[str]:
    """5: each timer rang once, none is due, and none rang or waits after the end."""
    timers = e.rows("SELECT * FROM timers")
    rang = ((r["ticket_id"], r["clock"], r["mark"], r["due_at"]) for r in timers if r["fired_at"])
    yield from _repeated(rang, "a timer rang again:")
    for row in timers:
        is_over = _is_over(e.subjects[row["ticket_id"]])
        if row["fired_at"] is None and (is_over or row["due_at"] <= e.now):
            yield f"a timer of {row['ticket_id']} did not ring: {row['clock']} {row['mark']}"
    once = (
        (x["ticket_id"], x["action"], x["at"], x["data"])
        for events in e.events.values()
        for x in events
        if x["actor"] == 0
    )
    yield from _repeated(once, "the clock acted again:")


def _flow(subject: Row) -> Any:
    workflow = WORKFLOWS.named(subject["kind"])
    assert workflow
    return workflow.flow


def _is_over(subject: Row) -> bool:
    stages = _flow(subject).stages
    return any(stage.is_end and state == subject["state"] for state, stage in stages.items())


def _one_holder(e: Evidence) -> Iterator[str]:
    """6: a ticket is in one hand, or offered to one, or to the grid; danger to both."""
    for row in e.tickets.values():
        is_open = row["open_to_grid"] and not (row["urgent"] and row["offered_to"])
        hands = [row["handler"], row["offered_to"], is_open or None]
        count = sum(hand is not None for hand in hands)
        is_held = row["state"] in _HELD
        if count > 1 or (is_held and row["handler"] is None):
            yield f"ticket {row['id']} ({row['state']}) has {count} holders"


def _stays_at_home(e: Evidence) -> Iterator[str]:
    """7: nobody is told of a ticket but its own people and the staff of a community it was in."""
    links = e.rows(_LINKS)
    joined = {(row["ticket_id"], row["person_id"]) for row in links}
    for row in (row for row in e.outbox if row["ticket_id"] in e.tickets and row["chat_id"] > 0):
        ticket, person = e.tickets[row["ticket_id"]], row["chat_id"]
        acted = {x["actor"] for x in e.events[ticket["id"]]}
        own = {ticket["resident"], ticket["author"], *acted}
        is_own = person in own or (ticket["id"], person) in joined
        homes = _homes(ticket, e.events[ticket["id"]])
        near = (
            covers(r["place"], h) or covers(h, r["place"]) for r in e.roles[person] for h in homes
        )
        if not is_own and not any(near):
            yield f"{row['template']} of ticket {ticket['id']} went to {person}"


def _homes(ticket: Row, events: Iterable[Row]) -> set[str]:
    """The communities it was in, and those that were asked to take it."""
    told = [json.loads(x["data"]) for x in events if x["data"]]
    past = [data.get(key) for data in told for key in ("place", "grid")]
    places = (ticket["place"], ticket["referred_to"], *past)
    return {community_of(place) for place in places if place} - {""}


def _steps_are_legal(e: Evidence) -> Iterator[str]:
    """8: every step is a row of the table, each begins where the last ended, the chain holds."""
    allowed = {one.kind: _allowed(one.flow) for one in WORKFLOWS}
    for number, subject in e.subjects.items():
        flow = _flow(subject)
        stands = flow.start.value
        for x in e.events[number]:
            step = (x["action"], x["source"], x["target"])
            is_first = x["action"] == flow.begins and x["seq"] == 1
            if not (is_first or step in allowed[flow.kind]) or x["source"] != stands:
                yield f"{flow.kind} {number}: step {x['seq']} is {step} after {stands}"
            stands = x["target"]
        if stands != subject["state"]:
            yield f"{flow.kind} {number} stands at {subject['state']}, its events say {stands}"
        if not is_chain(_typed(x) for x in e.events[number]):
            yield f"{flow.kind} {number}: the chain does not hold"


def _allowed(flow: Any) -> set[tuple[str, str, str]]:
    """What can happen from where, as the events spell it."""
    return {(step.action.value, source.value, target) for step in flow.steps
            for source in step.sources for target in _targets(flow, step, source)}  # fmt: skip


def _typed(row: Row) -> Row:
    at = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
    return {**row, "at": at, "data": json.loads(row["data"]) if row["data"] else None}


def _targets(flow: Any, step: Any, source: Any) -> Iterable[str]:
    return [(target or source).value for target in flow.targets(step)]


def _nothing_private_in_groups(e: Evidence) -> Iterator[str]:
    """9: no resident's name, words or number in a group; no words and no token in the log."""
    texts = {row["text"] for row in e.words if len(row["text"]) >= _RECOGNIZED}
    residents = {row["resident"] for row in e.tickets.values()} - set(e.roles)
    private = texts | {e.world.users[i].name for i in residents if i in e.world.users}
    for message in (m for m in e.from_bot() if not m.chat.is_private):
        told = message.content.text
        if _PHONE_NUMBER.search(told) or any(text in told for text in private):
            yield f"the group {message.chat.id} reads what is private"
    tokens = {bot.token for bot in e.world.bots.values()}
    if any(secret in e.log for secret in texts | tokens):
        yield "the log holds a petition's words, or the token"


def _repeats_change_nothing(e: Evidence) -> Iterator[str]:
    """10: nothing is owed twice, and nothing was filed, joined or attached twice."""
    files = e.rows("SELECT ticket_id, file_id, action FROM attachments")
    yield from _repeated((tuple(row.values()) for row in files), "attached twice:")
    yield from _repeated((row["dedupe_key"] for row in e.outbox), "owed twice:")


def _updates_end(e: Evidence) -> Iterator[str]:
    """11: every update was seen, and none waits; a dead letter has its error."""
    known = e.rows("SELECT update_id FROM seen_updates UNION SELECT update_id FROM dead_letters")
    seen = {row["update_id"] for row in known}
    for bot in e.world.bots.values():
        ids = range(FIRST_UPDATE_ID, bot.mailbox.next_id)
        yield from (f"update {i} was never seen" for i in ids if i not in seen)
        if bot.mailbox.pending:
            yield f"{len(bot.mailbox.pending)} updates wait"
    for row in e.rows("SELECT update_id, error FROM dead_letters"):
        yield f"update {row['update_id']} is a dead letter: {row['error']}"


def _nobody_is_forgotten(e: Evidence) -> Iterator[str]:
    """12: what is open has a timer, and a ticket somebody who may act."""
    timed = {r["ticket_id"] for r in e.rows("SELECT ticket_id FROM timers WHERE fired_at IS NULL")}
    for row in (row for row in e.subjects.values() if not _is_over(row)):
        if row["id"] not in timed:
            yield f"{row['kind']} {row['id']} ({row['state']}) has no timer"
    current = {i: [r for r in roles if r["until"] is None] for i, roles in e.roles.items()}
    above = {"lead", "committee"}
    leads = [r["place"] for roles in current.values() for r in roles if r["role"] in above]
    for row in (row for row in e.tickets.values() if row["state"] not in _OVER):
        is_held = any(current.get(row[hand] or 0) for hand in ("handler", "offered_to"))
        is_led = any(covers(place, row["place"]) for place in leads)
        where = f"ticket {row['id']} ({row['state']}, {row['place']})"
        if not (is_held or is_led or row["open_to_grid"]):
            yield f"nobody may act on {where}"


def _repeated(values: Iterable[Any], what: str) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{what} {count} × {json.dumps(value, default=str)}"


_CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    _told_is_kept, _one_ticket_each, _notices_end, _order_holds, _timers_fire_once, _one_holder,
    _stays_at_home, _steps_are_legal, _nothing_private_in_groups, _repeats_change_nothing,
    _updates_end, _nobody_is_forgotten,
)  # fmt: skip
