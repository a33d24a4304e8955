"""What waits for a yes or no in a column of its own; the ways to figures and open follow-ups."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TICKETS = sa.table(
    "tickets",
    sa.column("id", sa.BigInteger),
    sa.column("state", sa.String),
    sa.column("extension", sa.JSON(none_as_null=True)),
    sa.column("exclusion", sa.JSON(none_as_null=True)),
    sa.column("undecided", sa.String),
)


def upgrade() -> None:
    """Apply."""
    op.add_column("tickets", sa.Column("undecided", sa.String(length=16), nullable=True))
    _index("tickets_undecided", ["place"], "undecided IS NOT NULL")
    op.create_index("tickets_filed", "tickets", ["filed_at", "place"])
    _index("tickets_unchecked", ["ended_at"], "checker IS NOT NULL AND checked = ''")
    _fill()


def _index(name: str, columns: list[str], rows: str) -> None:
    where = sa.text(rows)
    op.create_index(name, "tickets", columns, sqlite_where=where, postgresql_where=where)


def _fill() -> None:
    """The tickets that are there already."""
    t, conn = _TICKETS.c, op.get_bind()
    may_wait = sa.or_(t.state == "proposed", t.extension.is_not(None), t.exclusion.is_not(None))
    rows = sa.select(t.id, t.state, t.extension, t.exclusion).where(may_wait)
    for ticket_id, *known in conn.execute(rows).all():
        row = sa.update(_TICKETS).where(t.id == ticket_id)
        conn.execute(row.values(undecided=_undecided(*known)))


def _undecided(state: str, extension: Any, exclusion: Any) -> str | None:
    if state == "proposed":
        return "plan"
    if state == "planned" and extension:
        return "extension"
    return "exclusion" if exclusion and exclusion["approved_by"] is None else None


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
