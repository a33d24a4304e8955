"""A ticket's street in a column of its own, so that a street's lists cost what they show."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STREET = {
    "sqlite": "substr(place, 1, instr(place || '/', '/') - 1)",
    "postgresql": "split_part(place, '/', 1)",
}
_OPEN, _OVER = "ended_at IS NULL", "ended_at IS NOT NULL"
_UNASSIGNED, _PROMISED = "state = 'unassigned'", "promise_due IS NOT NULL"
_UNDECIDED = "undecided IS NOT NULL"


def upgrade() -> None:
    """Apply."""
    op.add_column("tickets", sa.Column("street", sa.Text(), nullable=False, server_default=""))
    op.execute(f"UPDATE tickets SET street = {_STREET[op.get_context().dialect.name]}")  # noqa: S608
    _widen("tickets_filed", ["street", "filed_at", "place"])
    _widen("tickets_ended", ["ended_at", "place", "id"])
    _widen("tickets_handler", ["handler", "state", "id"])
    _index("tickets_changed", ["changed_at"], _OPEN)
    _index("tickets_street_open", ["street", "id"], _OPEN)
    _index("tickets_street_over", ["street", "ended_at", "place"], _OVER)
    _index("tickets_street_unassigned", ["street", "id"], _UNASSIGNED)
    _index("tickets_street_promised", ["street", "promise_due", "id"], _PROMISED)
    _index("tickets_street_undecided", ["street", "undecided", "id"], _UNDECIDED)
    op.create_index("ix_followers_person_id", "followers", ["person_id"])


def _widen(name: str, columns: list[str]) -> None:
    op.drop_index(name, "tickets")
    op.create_index(name, "tickets", columns)


def _index(name: str, columns: list[str], rows: str) -> None:
    where = sa.text(rows)
    op.create_index(name, "tickets", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
