"""What upkeep needs: what is done is found by its date, what is asked often by an index of its own;
which ticket a message was about outlives the message's row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    _remember_messages()
    _part_outbox()
    _sort_places_by_bytes()
    _index_tickets()
    _partial("timers_fired", "timers", ["fired_at"], "fired_at IS NOT NULL")
    _partial("events_actor", "events", ["actor"], "data IS NOT NULL")
    op.create_index("ix_attachments_person_id", "attachments", ["person_id"])
    op.create_index("ix_dead_letters_at", "dead_letters", ["at"])
    op.create_index("ix_dead_letters_person_id", "dead_letters", ["person_id"])


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _remember_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id"),
    )
    op.create_index("ix_messages_ticket_id", "messages", ["ticket_id"])
    op.execute(
        "INSERT INTO messages (chat_id, message_id, ticket_id) "
        "SELECT chat_id, message_id, max(ticket_id) FROM outbox "
        "WHERE message_id IS NOT NULL AND ticket_id IS NOT NULL GROUP BY chat_id, message_id"
    )


def _part_outbox() -> None:
    """What waits for its moment is `held` from now on."""
    op.drop_index("outbox_message", "outbox")
    _partial("outbox_held", "outbox", ["not_before"], "state = 'held'")
    _partial("outbox_flying", "outbox", ["chat_id", "leased_until"], "leased_until IS NOT NULL")
    _partial("outbox_done", "outbox", ["sent_at"], "state IN ('sent', 'dropped', 'dead')")
    op.create_index("outbox_chat", "outbox", ["chat_id", "replaces"])
    op.create_index("outbox_ticket", "outbox", ["ticket_id"])
    op.execute(
        "UPDATE outbox SET state = 'held' "
        "WHERE state = 'queued' AND token IS NULL AND not_before > CURRENT_TIMESTAMP"
    )


def _sort_places_by_bytes() -> None:
    """So that what lies in a place is one stretch of an index, on PostgreSQL as on SQLite."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("tickets", "memberships"):
            op.execute(f'ALTER TABLE {table} ALTER COLUMN place TYPE text COLLATE "C"')


def _index_tickets() -> None:
    op.add_column("tickets", sa.Column("erased_at", _MOMENT, nullable=True))
    op.drop_index("tickets_place", "tickets")
    op.create_index("tickets_ended", "tickets", ["ended_at", "place"])
    op.create_index("tickets_author", "tickets", ["author"])
    _partial("tickets_promised", "tickets", ["place", "promise_due"], "promise_due IS NOT NULL")
    _partial("tickets_worded", "tickets", ["ended_at"], "erased_at IS NULL")


def downgrade() -> None:
    """What was thrown away does not come back."""
    raise NotImplementedError
