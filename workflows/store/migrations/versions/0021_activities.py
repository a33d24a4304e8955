"""The activities of a neighbourhood."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_PATH = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_WORDED = sa.text("erased_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "activities",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("leader", sa.BigInteger(), nullable=False),
        sa.Column("place", _PATH, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("erased_at", _MOMENT),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("activities_state", "activities", ["state", "place", "starts_at"])
    op.create_index("activities_leader", "activities", ["leader", "id"])
    op.create_index(
        "activities_worded", "activities", ["ended_at"],
        sqlite_where=_WORDED, postgresql_where=_WORDED,
    )  # fmt: skip
