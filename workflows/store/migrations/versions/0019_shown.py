"""What each message that can change shows, so that nothing is sent that is the same as before."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_PRESSABLE = sa.text("has_buttons")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "shown",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("face", sa.String(length=32), nullable=False),
        sa.Column("has_buttons", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id"),
    )
    op.create_index("ix_shown_at", "shown", ["at"])
    op.create_index(
        "shown_pressable", "shown", ["chat_id", "topic"],
        sqlite_where=_PRESSABLE, postgresql_where=_PRESSABLE,
    )  # fmt: skip


def downgrade() -> None:
    """Take back."""
    op.drop_table("shown")
