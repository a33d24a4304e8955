"""Alembic's entry: the connection comes from `upgrade`, or from `-x url=` at a terminal."""

from alembic import context
from sqlalchemy import Connection, create_engine

from workflows.core.faultpoints import point
from workflows.store.tables.base import metadata


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True,
        on_version_apply=lambda **_: point("migration.step"),
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).connect() as connection:
        _run(connection)
