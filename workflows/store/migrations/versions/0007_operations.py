"""For whoever runs it: when it last did what, and what became of a dead letter."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    stuck = sa.text("state IN ('dead', 'parked')")
    op.create_index("outbox_stuck", "outbox", ["state"], sqlite_where=stuck, postgresql_where=stuck)
    op.add_column("dead_letters", sa.Column("outcome", sa.String(length=8), nullable=True))


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
