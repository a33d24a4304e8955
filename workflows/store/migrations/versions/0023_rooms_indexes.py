"""Indexes by which the rooms' questions cost what they return, however old a community is."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for name in ("services", "gifts"):
        op.drop_index(f"{name}_place", name)
    op.create_index("services_day", "services", ["day", "place", "id"])
    op.create_index("gifts_code", "gifts", ["code", "id"])
    op.create_index("gifts_what", "gifts", ["what", "account", "opened_at", "state"])
    op.create_index("findings_opened", "findings", ["opened_at", "place", "id"])
    op.create_index("patrol_rounds_name", "patrol_rounds", ["name", "id"])
    is_open = sa.text("ended_at IS NULL")
    op.create_index("patrol_rounds_held", "patrol_rounds", ["holder", "id"],
                    sqlite_where=is_open, postgresql_where=is_open)  # fmt: skip


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
