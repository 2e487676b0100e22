"""Keys of the branch."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    op.create_table(
        "branch_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=32), server_default="", nullable=False),
        sa.Column("codes", sa.String(length=400), server_default="", nullable=False),
        sa.Column("salt", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch_key")),
    )
