"""Records that went to another branch."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("moved_to", sa.String(length=32), server_default="", nullable=False)
        )
