"""In which topic of a group it was bound."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("chats", sa.Column("topic", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Nobody needs the way back."""
    raise NotImplementedError
