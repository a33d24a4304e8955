"""When the first of what staff owe for a ticket is over, in a column of its own."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TICKETS = sa.table(
    "tickets", sa.column("id", sa.BigInteger()), sa.column("clocks", sa.JSON()),
    sa.column("overdue_at", _MOMENT),
)  # fmt: skip
_NOT_OWED = {"accept", "wait", "followup", "referral"}  # they do something of their own


def upgrade() -> None:
    """Apply."""
    op.add_column("tickets", sa.Column("overdue_at", _MOMENT, nullable=True))
    _fill()
    _index("tickets_overdue", ["overdue_at"])
    _index("tickets_overdue_at", ["place", "overdue_at"])
    _index("tickets_street_overdue", ["street", "overdue_at", "id"])


def _fill() -> None:
    t, conn = _TICKETS.c, op.get_bind()
    for ticket_id, clocks in conn.execute(sa.select(t.id, t.clocks)).all():
        if due := _overdue_at(clocks):
            row = sa.update(_TICKETS).where(t.id == ticket_id)
            conn.execute(row.values(overdue_at=due))


def _overdue_at(clocks: dict[str, Any]) -> datetime | None:
    owed = [clock for name, clock in clocks.items() if name not in _NOT_OWED]
    running = [clock["due"] for clock in owed if not clock["paused"]]
    return min((datetime.fromisoformat(due).astimezone(UTC) for due in running), default=None)


def _index(name: str, columns: list[str]) -> None:
    where = sa.text("overdue_at IS NOT NULL")
    op.create_index(name, "tickets", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
