"""How often a promise stood still, that an end was objected to, and what was merged into which."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    pauses = sa.Column("pauses", sa.Integer(), nullable=False, server_default="0")
    op.add_column("tickets", pauses)
    op.add_column("tickets", sa.Column("objected_at", _MOMENT))
    op.add_column("tickets", sa.Column("upheld_at", _MOMENT))
    is_merged = sa.text("merged_into IS NOT NULL")
    op.create_index("tickets_merged", "tickets", ["merged_into"],
                    sqlite_where=is_merged, postgresql_where=is_merged)  # fmt: skip


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
