"""What is looked at once the bot is at rest: the phones, the rows of the file, the log."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import cached_property
from typing import Any

from playground.world.messages import Message
from playground.world.world import World
from workflows.registry import WORKFLOWS

Row = Mapping[str, Any]


class Evidence:
    """The phones, the rows and the log."""

    def __init__(self, world: World, conn: sqlite3.Connection, log: str) -> None:
        self.world = world
        self.conn = conn
        self.log = log
        self.now = world.clock.now().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        self.chats = {chat.id: chat for chat in (*world.private.values(), *world.groups.values())}

    def rows(self, sql: str) -> list[Row]:
        """What a query finds."""
        return [dict(row) for row in self.conn.execute(sql)]

    @cached_property
    def tickets(self) -> dict[int, Row]:
        """Every ticket by its id."""
        return {row["id"]: row for row in self.rows("SELECT * FROM tickets")}

    @cached_property
    def subjects(self) -> dict[int, Row]:
        """Everything with a number, of whatever kind, by it: its kind, state and place."""
        states = " UNION ALL ".join(
            f"SELECT id, state FROM {one.kept.table.name}"  # noqa: S608 - the tables' own names
            for one in WORKFLOWS
        )
        found = self.rows(f"SELECT * FROM subjects JOIN ({states}) USING (id)")  # noqa: S608
        return {row["id"]: row for row in found}

    @cached_property
    def events(self) -> dict[int, list[Row]]:
        """Every subject's events, in order."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.rows("SELECT * FROM events ORDER BY ticket_id, seq"):
            found[row["ticket_id"]].append(row)
        return found

    @cached_property
    def outbox(self) -> list[Row]:
        """Everything that was ever owed, in its order."""
        return self.rows("SELECT * FROM outbox ORDER BY id")

    @cached_property
    def words(self) -> list[Row]:
        """Each message of each petition in its newest version."""
        newest = "SELECT max(id) FROM ticket_texts GROUP BY ticket_id, person_id, message_id"
        said = "ticket_id, person_id, message_id"  # an edit leaves a message in its place
        return self.rows(f"SELECT * FROM ticket_texts WHERE id IN ({newest}) ORDER BY {said}")  # noqa: S608

    @cached_property
    def roles(self) -> dict[int, list[Row]]:
        """Everybody's memberships, those that ended too."""
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.rows("SELECT * FROM memberships"):
            found[row["person_id"]].append(row)
        return found

    def from_bot(self) -> Iterator[Message]:
        """Everything the bot says on anybody's phone."""
        for chat in self.chats.values():
            yield from (m for m in chat.messages if m.sender in self.world.bots)

    @cached_property
    def unaccounted(self) -> list[Message]:
        """The bot's messages that the store knows nothing of: each was sent again later."""
        known = {(row["chat_id"], row["message_id"]) for row in self.outbox}
        known_albums = {
            (m.chat.id, m.album) for m in self.from_bot() if (m.chat.id, m.id) in known and m.album
        }
        lost = [
            m for m in self.from_bot()
            if (m.chat.id, m.id) not in known and (m.chat.id, m.album) not in known_albums
        ]  # fmt: skip
        return list({(m.chat.id, m.album or m.id): m for m in lost}.values())
