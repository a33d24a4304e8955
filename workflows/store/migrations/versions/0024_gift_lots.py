"""What came in of the gifts, entered in the chat: written down once, and never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "gift_lots",
        sa.Column("id", _ID, nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("yuan", sa.Integer(), nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for what in ("DELETE", "UPDATE", *([] if is_sqlite else ["TRUNCATE"])):
        then = (
            "BEGIN SELECT RAISE(ABORT, 'gift_lots is append-only'); END"
            if is_sqlite
            else "FOR EACH STATEMENT EXECUTE FUNCTION is_kept()"
        )
        name = f"gift_lots_no_{what.lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {what} ON gift_lots {then}")


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
