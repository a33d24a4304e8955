"""A building's topics, who takes part, and the box for their ballots."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_PATH = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "topics",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("raiser", sa.BigInteger(), nullable=False),
        sa.Column("place", _PATH, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_at", _MOMENT, nullable=False),
        sa.Column("households", sa.JSON(), nullable=False),
        sa.Column("voted", sa.JSON(), nullable=False),
        sa.Column("electorate", sa.Integer(), nullable=False),
        sa.Column("quorum_percent", sa.Integer(), nullable=False),
        sa.Column("meets_at", _MOMENT),
        sa.Column("meets_where", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("result", sa.JSON()),
        sa.Column("ended_at", _MOMENT),
        sa.Column("clocks", sa.JSON(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("erased_at", _MOMENT),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _beside("council_members", sa.Column("person_id", sa.BigInteger(), nullable=False))
    _beside(
        "council_ballots",
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    _index()


def _beside(name: str, key: sa.Column[Any], *others: sa.Column[Any]) -> None:
    """A table of what belongs to a topic, once for each of its keys."""
    op.create_table(
        name,
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        key,
        *others,
        sa.ForeignKeyConstraint(["ticket_id"], ["subjects.id"]),
        sa.PrimaryKeyConstraint("ticket_id", key.name),
    )


def _index() -> None:
    is_open, is_worded = sa.text("ended_at IS NULL"), sa.text("erased_at IS NULL")
    op.create_index("ix_council_members_person_id", "council_members", ["person_id"])
    op.create_index("topics_raiser", "topics", ["raiser", "id"])
    op.create_index("topics_state", "topics", ["state", "place", "id"])
    op.create_index("topics_changed", "topics", ["changed_at"],
                    sqlite_where=is_open, postgresql_where=is_open)  # fmt: skip
    op.create_index("topics_worded", "topics", ["ended_at"],
                    sqlite_where=is_worded, postgresql_where=is_worded)  # fmt: skip
    op.create_index("people_last_place", "people", ["last_place"])


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
