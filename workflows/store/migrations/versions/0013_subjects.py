"""Whatever has a number is a subject, and what belongs to a number refers to that."""

import sqlalchemy as sa
from alembic import op

from workflows.core.faultpoints import point

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_REFERRING = ("attachments", "cards", "events", "followers", "handovers", "helpers", "looks",
              "ticket_texts", "timers")  # fmt: skip
_PLACE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_UNKNOWN = "1970-01-01 00:00:00.000000"
_STORED = sa.text(
    "SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL ORDER BY rowid"
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "subjects",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("place", _PLACE, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.execute(
        "INSERT INTO subjects (id, kind, place, opened_at) "
        "SELECT id, 'petition', place, filed_at FROM tickets ORDER BY id"
    )
    _rebuild() if op.get_bind().dialect.name == "sqlite" else _alter()


def _alter() -> None:
    for table in _REFERRING:
        name = f"{table}_ticket_id_fkey"
        op.drop_constraint(name, table)
        op.create_foreign_key(name, table, "subjects", ["ticket_id"], ["id"])
    op.create_foreign_key("tickets_id_fkey", "tickets", "subjects", ["id"], ["id"])


def _rebuild() -> None:
    """SQLite changes no key of a table: each is written anew, those that refer to tickets first.

    So nothing refers to a table that is dropped, no key is ever off, and every row that is copied
    is looked at.
    """
    _adopt()
    for table in _REFERRING:
        _copy(table, "REFERENCES tickets (id)", "REFERENCES subjects (id)")
    own = "PRIMARY KEY (id)"
    _copy("tickets", own, f"{own}, \n\tFOREIGN KEY(id) REFERENCES subjects (id)")


def _adopt() -> None:
    """What a ticket left behind that somebody deleted by hand, with the keys off, has a subject of
    its own: it stays, and stops nobody's upgrade.
    """
    numbers = " UNION ".join(f"SELECT ticket_id FROM {table}" for table in _REFERRING)  # noqa: S608
    left = f"({numbers}) WHERE ticket_id NOT IN (SELECT id FROM tickets)"  # noqa: S608
    _run(f"INSERT INTO subjects SELECT ticket_id, 'petition', '', '{_UNKNOWN}' FROM {left}")  # noqa: S608


def _copy(table: str, key: str, instead: str) -> None:
    """The same table with this key; its indexes and triggers go with the old one and come back."""
    made = op.get_bind().execute(_STORED, {"name": table}).all()
    [schema] = [sql for kind, sql in made if kind == "table"]
    if key not in schema:
        raise ValueError(f"{table} is not as the migrations made it")
    _run(schema.replace(table, f"{table}_anew", 1).replace(key, instead))
    _run(f"INSERT INTO {table}_anew SELECT * FROM {table}")  # noqa: S608 - a name from above
    _run(f"DROP TABLE {table}")
    _run(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for kind, sql in made:
        if kind != "table":
            _run(sql)
    point("migration.table")


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
