"""Which ticket a message was about, and every version of a petition's words."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_index("outbox_message", "outbox", ["chat_id", "message_id"])
    op.create_table(
        "ticket_texts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ticket_texts_ticket_id", "ticket_texts", ["ticket_id"])
    op.create_index("ticket_texts_message", "ticket_texts", ["person_id", "message_id"])


def downgrade() -> None:
    """What people wrote is not thrown away."""
    raise NotImplementedError
