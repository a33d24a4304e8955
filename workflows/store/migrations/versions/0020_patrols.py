"""Rounds, and what they find."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_PATH = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_WHOLE, _BIG, _JSON = sa.Integer(), sa.BigInteger(), sa.JSON()


def upgrade() -> None:
    """Apply."""
    _subjects(
        "patrol_rounds",
        _said("name"), _needed("slot", sa.String(16)), _needed("opened_at", _MOMENT),
        _needed("walk", _JSON), _needed("is_campaign", sa.Boolean()), _needed("roles", _JSON),
        sa.Column("holder", _BIG), _needed("service_minutes", _WHOLE), _said("text"),
        sa.Column("missed_at", _MOMENT), sa.Column("done_at", _MOMENT),
        sa.Column("verified_by", _BIG),
        sa.UniqueConstraint("name", "slot"),
    )  # fmt: skip
    _subjects(
        "findings",
        _needed("round", _BIG), _needed("point", sa.String(24)),
        *map(_said, ("name", "category", "item", "text")), _needed("level", sa.String(16)),
        _needed("finders", _JSON), _needed("opened_at", _MOMENT), _needed("faulted_at", _JSON),
        _needed("fixers", _JSON), _needed("failed", _WHOLE), _needed("cost", _WHOLE),
        _needed("plan", _JSON), sa.Column("cleared_at", _MOMENT),
    )  # fmt: skip
    op.create_table(
        "finding_finders",
        _needed("ticket_id", _BIG),
        _needed("person_id", _BIG),
        sa.ForeignKeyConstraint(["ticket_id"], ["subjects.id"]),
        sa.PrimaryKeyConstraint("ticket_id", "person_id"),
    )
    _index()


def _subjects(name: str, *own: Any) -> None:
    """A table with what every subject has."""
    op.create_table(
        name,
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        _needed("version", _WHOLE), _needed("state", sa.String(16)), _needed("place", _PATH),
        *own,
        sa.Column("ended_at", _MOMENT), _needed("clocks", _JSON),
        _needed("changed_at", _MOMENT), sa.Column("erased_at", _MOMENT),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"]), sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    is_worded = sa.text("erased_at IS NULL")
    op.create_index(f"{name}_worded", name, ["ended_at"],
                    sqlite_where=is_worded, postgresql_where=is_worded)  # fmt: skip


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _said(name: str) -> sa.Column[Any]:
    return _needed(name, sa.Text())


def _index() -> None:
    op.create_index("ix_patrol_rounds_holder", "patrol_rounds", ["holder"])
    op.create_index("ix_findings_round", "findings", ["round"])
    op.create_index("ix_finding_finders_person_id", "finding_finders", ["person_id"])
    op.create_index("findings_point", "findings", ["point", "id"])
    is_open = sa.text("ended_at IS NULL")
    for name in ("patrol_rounds", "findings"):
        op.create_index(f"{name}_open", name, ["place", "id"],
                        sqlite_where=is_open, postgresql_where=is_open)  # fmt: skip


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
