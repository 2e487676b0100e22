"""Where the ledger begins."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begins", sa.Integer(), server_default="0", nullable=False))
