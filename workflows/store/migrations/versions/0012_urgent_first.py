"""What is urgent is found without reading what is not: it stands first in every list."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_URGENT = sa.text("urgent")


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "tickets_urgent", "tickets", ["ended_at", "place", "id"],
        sqlite_where=_URGENT, postgresql_where=_URGENT,
    )  # fmt: skip


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
