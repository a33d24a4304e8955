"""What the kernels keep: a ledger, places that are few, causes, sheets, days, who was there."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_PATH = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KEPT = {  # and which columns, where not all
    "ledger_postings": "",
    "ledger_legs": "",
    "checklists": "",
    "consents": '"id", "person", "purpose", "at", "until", "how", "by", "subject_id"',
}


def upgrade() -> None:
    """Apply."""
    _ledger()
    _slots()
    _causes()
    _checklists()
    _occurrences()
    _presence()
    _consents()
    _households()
    _keep()


def _subject(column: str = "subject_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["subjects.id"], deferrable=True, initially="DEFERRED")


def _ledger() -> None:
    op.create_table(
        "ledger_books",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("closed", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "ledger_postings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("book", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("reverses", sa.String(length=64)),
        sa.ForeignKeyConstraint(["book"], ["ledger_books.name"]),
        _subject(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("book", "key"),
        sa.UniqueConstraint("book", "reverses"),
    )
    op.create_table(
        "ledger_legs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=False),
        sa.Column("book", sa.String(length=16), nullable=False),
        sa.Column("sort", sa.String(length=16), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["ledger_postings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ledger_postings_subject_id", "ledger_postings", ["subject_id"])
    op.create_index("ix_ledger_legs_posting_id", "ledger_legs", ["posting_id"])
    op.create_index(
        "ledger_legs_account", "ledger_legs", ["book", "sort", "number", "id", "amount"]
    )


def _keep() -> None:
    """What stands in these stays as it is; a name can be taken out."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(
            "CREATE FUNCTION is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table, columns in _KEPT.items():
        changed = f"UPDATE OF {columns}" if columns else "UPDATE"
        for what in ("DELETE", changed) if is_sqlite else ("DELETE", changed, "TRUNCATE"):
            name = f"{table}_no_{what.partition(' ')[0].lower()}"
            op.execute((_sqlite if is_sqlite else _postgresql)(name, table, what))


def _sqlite(name: str, table: str, what: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _postgresql(name: str, table: str, what: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION is_kept()"
    )


def _slots() -> None:
    op.create_table(
        "slots",
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _subject(),
        sa.PrimaryKeyConstraint("subject_id", "name"),
    )
    op.create_table(
        "slot_claims",
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT),
        _subject(),
        sa.PrimaryKeyConstraint("subject_id", "name", "person"),
    )
    op.create_index("ix_slot_claims_person", "slot_claims", ["person"])


def _causes() -> None:
    op.create_table(
        "causes",
        sa.Column("cause", sa.BigInteger(), nullable=False),
        sa.Column("effect", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        _subject("cause"),
        _subject("effect"),
        sa.PrimaryKeyConstraint("cause", "effect"),
    )
    op.create_index("ix_causes_effect", "causes", ["effect"])


def _checklists() -> None:
    op.create_table(
        "checklists",
        sa.Column("place", _PATH, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("place", "name", "version"),
    )
    op.create_table(
        "sheets",
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("signed_at", _MOMENT),
        sa.Column("signed_by", sa.BigInteger()),
        _subject(),
        sa.PrimaryKeyConstraint("subject_id", "name"),
    )


def _occurrences() -> None:
    op.create_table(
        "horizons",
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        _subject(),
        sa.PrimaryKeyConstraint("subject_id"),
    )
    op.create_table(
        "occurrences",
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.Column("opens", _MOMENT, nullable=False),
        sa.Column("closes", _MOMENT, nullable=False),
        sa.Column("decided", sa.String(length=16), nullable=False),
        sa.Column("unannounced", sa.Integer(), nullable=False),
        sa.Column("fate", sa.String(length=16), nullable=False),
        sa.Column("settled_at", _MOMENT),
        sa.Column("settled_by", sa.BigInteger()),
        _subject(),
        sa.PrimaryKeyConstraint("subject_id", "slot"),
    )
    is_ahead = sa.text("fate = 'ahead'")
    op.create_index("occurrences_ahead", "occurrences", ["opens"],
                    sqlite_where=is_ahead, postgresql_where=is_ahead)  # fmt: skip


def _presence() -> None:
    op.create_table(
        "presence_keys",
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        _subject(),
        sa.PrimaryKeyConstraint("subject_id"),
    )
    op.create_table(
        "presences",
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("counter", sa.BigInteger()),
        sa.Column("witness", sa.BigInteger()),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
        _subject(),
        sa.PrimaryKeyConstraint("subject_id", "name", "person"),
        sa.UniqueConstraint("subject_id", "person", "counter"),
    )
    op.create_index("ix_presences_person", "presences", ["person"])


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger()),
        _subject(),
        sa.PrimaryKeyConstraint("id"),
    )
    ends = sa.text("until IS NOT NULL")
    op.create_index("ix_consents_subject_id", "consents", ["subject_id"])
    op.create_index("consents_who", "consents", ["person", "name"])
    op.create_index("consents_ending", "consents", ["until"],
                    sqlite_where=ends, postgresql_where=ends)  # fmt: skip


def _households() -> None:
    op.create_table(
        "households",
        sa.Column("id", _ID, nullable=False),
        sa.Column("place", _PATH, nullable=False),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("place", "door"),
    )
    op.create_table(
        "residences",
        sa.Column("id", _ID, nullable=False),
        sa.Column("household", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("tie", sa.String(length=16), nullable=False),
        sa.Column("claimed_at", _MOMENT, nullable=False),
        sa.Column("claimed_by", sa.BigInteger(), nullable=False),
        sa.Column("verified_at", _MOMENT),
        sa.Column("verified_by", sa.BigInteger()),
        sa.Column("ended_at", _MOMENT),
        sa.Column("ended_by", sa.BigInteger()),
        sa.ForeignKeyConstraint(["household"], ["households.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    is_current = sa.text("ended_at IS NULL")
    op.create_index("ix_residences_household", "residences", ["household"])
    op.create_index("ix_residences_person", "residences", ["person"])
    op.create_index("residences_current", "residences", ["household", "person"], unique=True,
                    sqlite_where=is_current, postgresql_where=is_current)  # fmt: skip


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
