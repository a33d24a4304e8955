"""What came of an application to help; one at a time a person."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("applications", sa.Column("is_granted", sa.Boolean(), nullable=True))
    undecided = sa.text("decided_at IS NULL")
    op.create_index(
        "applications_open", "applications", ["person_id"], unique=True,
        sqlite_where=undecided, postgresql_where=undecided,
    )  # fmt: skip


def downgrade() -> None:
    """What people decided is not thrown away."""
    raise NotImplementedError
