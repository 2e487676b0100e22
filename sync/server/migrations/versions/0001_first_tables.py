"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    op.create_table(
        "branch",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_branch")),
    )
    op.create_table(
        "centre",
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_centre")),
    )
    op.create_table(
        "enrolment",
        sa.Column("device", sa.String(length=12), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("branch", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("enrolled_at", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", sa.String(length=32), nullable=False),
        sa.Column("last_seen_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_enrolment_branch")),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_enrolment")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_branch"), ["branch"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("selector", sa.String(length=4), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("branch", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.String(length=32), nullable=False),
        sa.Column("used_by", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.code"], name=op.f("fk_invitation_branch")),
        sa.PrimaryKeyConstraint("selector", name=op.f("pk_invitation")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_branch"), ["branch"], unique=False)

    op.create_table(
        "incarnation",
        sa.Column("device", sa.String(length=12), nullable=False),
        sa.Column("incarnation", sa.String(length=8), nullable=False),
        sa.Column("exchange", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device"], ["enrolment.device"], name=op.f("fk_incarnation_device")
        ),
        sa.PrimaryKeyConstraint("device", "incarnation", name=op.f("pk_incarnation")),
    )
