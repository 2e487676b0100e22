"""Pools of card numbers, and the names of branches."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    op.create_table(
        "number_pool",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incarnation", sa.String(length=8), server_default="", nullable=False),
        sa.Column("ask", sa.Integer(), server_default="0", nullable=False),
        sa.Column("begins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next", sa.Integer(), server_default="0", nullable=False),
        sa.Column("prefix", sa.String(length=12), server_default="", nullable=False),
        sa.Column("digits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("place", sa.String(length=32), server_default="", nullable=False),
        sa.Column("given_up", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_pool")),
    )
    op.create_table(
        "branch_name",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_branch_name")),
    )
    op.create_table(
        "provided",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.String(length=10), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provided")),
    )
