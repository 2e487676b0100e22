"""Snapshots, and the older history of records."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("manifest", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("signature", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("centre_key", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("stands", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("looked", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
    )
    op.create_table(
        "snapshot_page",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_snapshot_page")),
    )
    op.create_table(
        "older_history",
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_older_history")),
    )
