"""Requests to take a member over."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    op.create_table(
        "transfer_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("member_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("born_on", sa.String(length=10), server_default="", nullable=False),
        sa.Column("card_no", sa.String(length=20), server_default="", nullable=False),
        sa.Column("from_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("to_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("dues_until", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=40), server_default="", nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_note", sa.String(length=200), server_default="", nullable=False),
        sa.Column("from_branch", sa.String(length=32), server_default="", nullable=False),
        sa.Column("to_branch", sa.String(length=32), server_default="", nullable=False),
        sa.Column("member_record", sa.String(length=32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_request")),
    )
    with op.batch_alter_table("transfer_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_request_scope"), ["scope"], unique=False)
