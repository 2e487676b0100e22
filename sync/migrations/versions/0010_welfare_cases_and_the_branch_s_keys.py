"""Welfare cases and the branch's keys."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    op.create_table(
        "key_holder",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("computer", sa.String(length=120), server_default="", nullable=False),
        sa.Column("device", sa.String(length=12), server_default="", nullable=False),
        sa.Column("public_key", sa.String(length=64), server_default="", nullable=False),
        sa.Column("wrapped", sa.String(length=1400), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_holder")),
    )
    with op.batch_alter_table("key_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_holder_scope"), ["scope"], unique=False)

    op.create_table(
        "welfare_case",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("case_no", sa.String(length=40), server_default="", nullable=False),
        sa.Column("type", sa.String(length=40), server_default="", nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("beneficiary", sa.String(length=32), server_default="", nullable=False),
        sa.Column("narrative", sa.Text(), server_default="", nullable=False),
        sa.Column("result", sa.String(length=40), server_default="", nullable=False),
        sa.Column("support_vnd", sa.BigInteger(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welfare_case")),
    )
    with op.batch_alter_table("welfare_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_welfare_case_beneficiary"), ["beneficiary"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_welfare_case_scope"), ["scope"], unique=False)
