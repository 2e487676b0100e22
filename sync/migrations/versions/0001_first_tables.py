"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    op.create_table(
        "activity",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("name", sa.String(length=300), server_default="", nullable=False),
        sa.Column("type", sa.String(length=40), server_default="", nullable=False),
        sa.Column("term", sa.String(length=20), server_default="", nullable=False),
        sa.Column("task_no", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("venue", sa.String(length=200), server_default="", nullable=False),
        sa.Column("host", sa.String(length=200), server_default="", nullable=False),
        sa.Column("partners", sa.String(length=200), server_default="", nullable=False),
        sa.Column("with_state_agency", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("book_day", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("member_participants", sa.Integer(), nullable=True),
        sa.Column("women_participants", sa.Integer(), nullable=True),
        sa.Column("books", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("cost_vnd", sa.BigInteger(), nullable=True),
        sa.Column("funding", sa.String(length=200), server_default="", nullable=False),
        sa.Column("goals", sa.String(length=400), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_scope"), ["scope"], unique=False)

    op.create_table(
        "change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), server_default="", nullable=False),
        sa.Column("record", sa.String(length=32), server_default="", nullable=False),
        sa.Column("action", sa.String(length=16), server_default="", nullable=False),
        sa.Column("values", sa.Text(), server_default="{}", nullable=False),
        sa.Column("base", sa.Integer(), server_default="0", nullable=False),
        sa.Column("author", sa.String(length=120), server_default="", nullable=False),
        sa.Column("written_at", sa.String(length=32), server_default="", nullable=False),
        sa.Column("digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("before", sa.Text(), server_default="{}", nullable=False),
        sa.Column("overlaps", sa.Text(), server_default="{}", nullable=False),
        sa.Column("setback", sa.String(length=16), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("closed", sa.Text(), server_default="[]", nullable=False),
        sa.Column("settled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_change_pending",
            ["record"],
            unique=False,
            sqlite_where=sa.text("seq IS NULL"),
            postgresql_where=sa.text("seq IS NULL"),
        )
        batch_op.create_index("ix_change_record_seq", ["record", "seq"], unique=False)
        batch_op.create_index("ix_change_scope_seq", ["scope", "seq"], unique=False)

    op.create_table(
        "device",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("label", sa.String(length=120), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_table(
        "headcount",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("library", sa.String(length=32), server_default="", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=40), server_default="", nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("full_time", sa.Integer(), nullable=True),
        sa.Column("part_time", sa.Integer(), nullable=True),
        sa.Column("university_degree", sa.Integer(), nullable=True),
        sa.Column("college_degree", sa.Integer(), nullable=True),
        sa.Column("secondary_school", sa.Integer(), nullable=True),
        sa.Column("other_degree", sa.Integer(), nullable=True),
        sa.Column("trained_as_librarian", sa.Integer(), nullable=True),
        sa.Column("trained_otherwise", sa.Integer(), nullable=True),
        sa.Column("training_turns", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcount")),
    )
    with op.batch_alter_table("headcount", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_headcount_library"), ["library"], unique=False)
        batch_op.create_index(batch_op.f("ix_headcount_scope"), ["scope"], unique=False)

    op.create_table(
        "ledger",
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("digest", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_ledger")),
    )
    op.create_table(
        "library",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("type", sa.String(length=40), server_default="", nullable=False),
        sa.Column("education", sa.String(length=40), server_default="", nullable=False),
        sa.Column("ownership", sa.String(length=40), server_default="", nullable=False),
        sa.Column("governing_body", sa.String(length=200), server_default="", nullable=False),
        sa.Column("commune", sa.String(length=20), server_default="", nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("old_address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=40), server_default="", nullable=False),
        sa.Column("email", sa.String(length=200), server_default="", nullable=False),
        sa.Column("full_time_staff", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("status", sa.String(length=40), server_default="", nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.String(length=32), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library")),
    )
    with op.batch_alter_table("library", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_library_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index(batch_op.f("ix_library_scope"), ["scope"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("full_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=40), server_default="", nullable=False),
        sa.Column("membership", sa.String(length=40), server_default="", nullable=False),
        sa.Column("born_on", sa.String(length=10), server_default="", nullable=False),
        sa.Column("gender", sa.String(length=40), server_default="", nullable=False),
        sa.Column("occupation", sa.String(length=200), server_default="", nullable=False),
        sa.Column("workplace", sa.String(length=32), server_default="", nullable=False),
        sa.Column("outside_reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("representative", sa.String(length=200), server_default="", nullable=False),
        sa.Column("tax_code", sa.String(length=20), server_default="", nullable=False),
        sa.Column("address", sa.String(length=200), server_default="", nullable=False),
        sa.Column("commune", sa.String(length=20), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=60), server_default="", nullable=False),
        sa.Column("email", sa.String(length=200), server_default="", nullable=False),
        sa.Column("identity_no", sa.String(length=20), server_default="", nullable=False),
        sa.Column("unit", sa.String(length=32), server_default="", nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("decision_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("card_no", sa.String(length=20), server_default="", nullable=False),
        sa.Column("card_issued_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), server_default="", nullable=False),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column("status_reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("consented", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_scope"), ["scope"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_unit"), ["unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_workplace"), ["workplace"], unique=False)

    op.create_table(
        "member_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("type", sa.String(length=40), server_default="", nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("decision_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("from_value", sa.String(length=200), server_default="", nullable=False),
        sa.Column("to_value", sa.String(length=200), server_default="", nullable=False),
        sa.Column("from_workplace", sa.String(length=32), server_default="", nullable=False),
        sa.Column("to_workplace", sa.String(length=32), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_event")),
    )
    with op.batch_alter_table("member_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_member_event_from_workplace"), ["from_workplace"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_member_event_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_event_scope"), ["scope"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_member_event_to_workplace"), ["to_workplace"], unique=False
        )

    op.create_table(
        "organisation_unit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("type", sa.String(length=40), server_default="", nullable=False),
        sa.Column("parent", sa.String(length=32), server_default="", nullable=False),
        sa.Column("reach", sa.String(length=40), server_default="", nullable=False),
        sa.Column("provincial", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("province", sa.String(length=20), server_default="", nullable=False),
        sa.Column("founding_province", sa.String(length=20), server_default="", nullable=False),
        sa.Column("decision_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), server_default="", nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.String(length=32), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_unit")),
    )
    with op.batch_alter_table("organisation_unit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_unit_merged_into"), ["merged_into"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_organisation_unit_parent"), ["parent"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_unit_scope"), ["scope"], unique=False)

    op.create_table(
        "participation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("activity", sa.String(length=32), server_default="", nullable=False),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("guest_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("role", sa.String(length=40), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_activity"), ["activity"], unique=False)
        batch_op.create_index(batch_op.f("ix_participation_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_participation_scope"), ["scope"], unique=False)
