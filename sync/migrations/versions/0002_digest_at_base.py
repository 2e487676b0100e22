"""The digest at a change's base."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("base_digest", sa.String(length=8), server_default="", nullable=False)
        )
