"""More hands on a ticket, referrals, follow-ups, stand-ins, and who looked at what."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_WORDS = ("contact", "referred_to", "partner", "why")
_NUMBERS = ("parent", "referred_by", "supervisor", "checker")
_VALUES = ("proposal", "exclusion")


def upgrade() -> None:
    """Apply."""
    _extend_tickets()
    _extend_people()
    _create_links()
    _create_records()
    op.add_column("chats", _filled("audience", sa.String(length=16), "grid"))


def _filled(name: str, kind: sa.types.TypeEngine[str], value: str = "") -> sa.Column[str]:
    return sa.Column(name, kind, nullable=False, server_default=value)


def _extend_tickets() -> None:
    for name in _WORDS:
        op.add_column("tickets", _filled(name, sa.Text()))
    for name in ("solved", "checked"):
        op.add_column("tickets", _filled(name, sa.String(length=8)))
    for name in _NUMBERS:
        op.add_column("tickets", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in _VALUES:
        op.add_column("tickets", sa.Column(name, sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "tickets", sa.Column("author", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.create_index("ix_tickets_parent", "tickets", ["parent"])
    tickets = sa.table(
        "tickets", sa.column("author", sa.BigInteger), sa.column("resident", sa.BigInteger)
    )
    op.execute(sa.update(tickets).values(author=tickets.c.resident))


def _extend_people() -> None:
    op.add_column("people", sa.Column("away_until", _MOMENT, nullable=True))
    op.add_column("people", sa.Column("stand_in", sa.BigInteger(), nullable=True))
    op.add_column(
        "people", sa.Column("is_unlisted", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("ix_people_stand_in", "people", ["stand_in"])
    op.add_column("dialogs", sa.Column("ticket_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_dialogs_ticket_id", "dialogs", ["ticket_id"])


def _create_links() -> None:
    op.create_table(
        "helpers",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("ticket_id", "person_id"),
    )
    op.create_index("ix_helpers_person_id", "helpers", ["person_id"])
    op.create_table(
        "handovers",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )


def _create_records() -> None:
    op.create_table(
        "applications",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_applications_person_id", "applications", ["person_id"])
    op.create_index("ix_applications_place", "applications", ["place"])
    op.create_table(
        "looks",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_looks_ticket_id", "looks", ["ticket_id"])
    op.create_index("ix_looks_person_id", "looks", ["person_id"])


def downgrade() -> None:
    """What people decided is not thrown away."""
    raise NotImplementedError
