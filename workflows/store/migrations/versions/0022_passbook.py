"""Passbooks, and what stands in them: services and gifts."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_PATH = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "passbooks",
        sa.Column("number", _ID, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("place", _PATH, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    for column in ("person", "code"):
        op.create_index(f"ix_passbooks_{column}", "passbooks", [column])
    for name in ("services", "gifts"):
        _entries(name)


def _entries(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("place", _PATH, nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("clocks", sa.JSON(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("erased_at", _MOMENT),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    is_open, is_worded = sa.text("ended_at IS NULL"), sa.text("erased_at IS NULL")
    op.create_index(f"{name}_account", name, ["account", "day"])
    op.create_index(f"{name}_changed", name, ["changed_at"],
                    sqlite_where=is_open, postgresql_where=is_open)  # fmt: skip
    op.create_index(f"{name}_person", name, ["person", "id"])
    op.create_index(f"{name}_place", name, ["place", "day"])
    op.create_index(f"{name}_state", name, ["state", "place", "id"])
    op.create_index(f"{name}_worded", name, ["ended_at"],
                    sqlite_where=is_worded, postgresql_where=is_worded)  # fmt: skip


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
