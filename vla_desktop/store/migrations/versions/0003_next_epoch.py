"""The epoch that the centre has gone on to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("next_epoch", sa.String(length=64), server_default="", nullable=False)
        )
