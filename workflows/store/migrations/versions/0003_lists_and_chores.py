"""What is due when, in a column of its own; and what the bot does once a day."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TICKETS = sa.table(
    "tickets",
    sa.column("id", sa.BigInteger),
    sa.column("clocks", sa.JSON),
    sa.column("promise_due", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "chores",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.add_column("tickets", sa.Column("promise_due", sa.DateTime(timezone=True), nullable=True))
    op.create_index("tickets_promise", "tickets", ["promise_due"])
    op.create_index("tickets_state", "tickets", ["state", "place"])
    _fill()


def _fill() -> None:
    """The tickets that are there already: the earliest promise that runs."""
    t, conn = _TICKETS.c, op.get_bind()
    for ticket_id, clocks in conn.execute(sa.select(t.id, t.clocks)).all():
        due = _promise_due(clocks)
        if due:
            row = sa.update(_TICKETS).where(t.id == ticket_id)
            conn.execute(row.values(promise_due=due))


def _promise_due(clocks: dict[str, Any]) -> datetime | None:
    promises = [clocks[name] for name in ("response", "plan") if name in clocks]
    running = [clock["due"] for clock in promises if not clock["paused"]]
    return min((datetime.fromisoformat(due).astimezone(UTC) for due in running), default=None)


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
