"""Records of the eight tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    op.create_table(
        "advisory_dossier",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("type", sa.String(length=40), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=400), server_default="", nullable=False),
        sa.Column("agency", sa.String(length=200), server_default="", nullable=False),
        sa.Column("request_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.String(length=200), server_default="", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("experts", sa.Text(), server_default="", nullable=False),
        sa.Column("report_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("uptake", sa.String(length=40), server_default="", nullable=False),
        sa.Column("cost_vnd", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advisory_dossier")),
    )
    with op.batch_alter_table("advisory_dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advisory_dossier_scope"), ["scope"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("library", sa.String(length=32), server_default="", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("criteria_set", sa.String(length=32), server_default="", nullable=False),
        sa.Column("result", sa.String(length=40), server_default="", nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("assessor", sa.String(length=200), server_default="", nullable=False),
        sa.Column("decision_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_criteria_set"), ["criteria_set"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assessment_library"), ["library"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_scope"), ["scope"], unique=False)

    op.create_table(
        "award",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("form", sa.String(length=40), server_default="", nullable=False),
        sa.Column("level", sa.String(length=40), server_default="", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("library", sa.String(length=32), server_default="", nullable=False),
        sa.Column("unit", sa.String(length=32), server_default="", nullable=False),
        sa.Column("decision_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
    )
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_library"), ["library"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_scope"), ["scope"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_unit"), ["unit"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("activity", sa.String(length=32), server_default="", nullable=False),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("guest_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("certificate_no", sa.String(length=40), server_default="", nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=40), server_default="", nullable=False),
        sa.Column("revoked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_activity"), ["activity"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_scope"), ["scope"], unique=False)

    op.create_table(
        "congress",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("unit", sa.String(length=32), server_default="", nullable=False),
        sa.Column("congress_no", sa.String(length=20), server_default="", nullable=False),
        sa.Column("type", sa.String(length=40), server_default="", nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("venue", sa.String(length=200), server_default="", nullable=False),
        sa.Column("permit_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("delegates", sa.Integer(), nullable=True),
        sa.Column("members_total", sa.Integer(), nullable=True),
        sa.Column("members_official", sa.Integer(), nullable=True),
        sa.Column("board_size", sa.Integer(), nullable=True),
        sa.Column("inspection_size", sa.Integer(), nullable=True),
        sa.Column("recognised_by", sa.String(length=60), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_congress")),
    )
    with op.batch_alter_table("congress", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_congress_scope"), ["scope"], unique=False)
        batch_op.create_index(batch_op.f("ix_congress_unit"), ["unit"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("purpose", sa.String(length=40), server_default="", nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("form", sa.String(length=40), server_default="", nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("keeping_place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_scope"), ["scope"], unique=False)

    op.create_table(
        "criteria_set",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("subject", sa.String(length=40), server_default="", nullable=False),
        sa.Column("version", sa.String(length=20), server_default="", nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=120), server_default="", nullable=False),
        sa.Column("pass_points", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria_set")),
    )
    with op.batch_alter_table("criteria_set", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criteria_set_scope"), ["scope"], unique=False)

    op.create_table(
        "criterion",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("criteria_set", sa.String(length=32), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=400), server_default="", nullable=False),
        sa.Column("most_points", sa.Integer(), nullable=True),
        sa.Column("obligatory", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("explanation", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
    )
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_criterion_criteria_set"), ["criteria_set"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_criterion_scope"), ["scope"], unique=False)

    op.create_table(
        "criterion_mark",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("assessment", sa.String(length=32), server_default="", nullable=False),
        sa.Column("criterion", sa.String(length=32), server_default="", nullable=False),
        sa.Column("met", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.String(length=400), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_mark")),
    )
    with op.batch_alter_table("criterion_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_criterion_mark_assessment"), ["assessment"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_criterion_mark_criterion"), ["criterion"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_criterion_mark_scope"), ["scope"], unique=False)

    op.create_table(
        "delegate",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("event", sa.String(length=32), server_default="", nullable=False),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("role", sa.String(length=40), server_default="", nullable=False),
        sa.Column("paper_title", sa.String(length=300), server_default="", nullable=False),
        sa.Column("paper_language", sa.String(length=40), server_default="", nullable=False),
        sa.Column("funding", sa.String(length=200), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegate")),
    )
    with op.batch_alter_table("delegate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegate_event"), ["event"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegate_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegate_scope"), ["scope"], unique=False)

    op.create_table(
        "development_action",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("name", sa.String(length=300), server_default="", nullable=False),
        sa.Column("goals", sa.String(length=400), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("activity", sa.String(length=32), server_default="", nullable=False),
        sa.Column("library", sa.String(length=32), server_default="", nullable=False),
        sa.Column("partners", sa.String(length=300), server_default="", nullable=False),
        sa.Column("with_ifla", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("beneficiaries", sa.Integer(), nullable=True),
        sa.Column("women_beneficiaries", sa.Integer(), nullable=True),
        sa.Column("beneficiary_groups", sa.String(length=200), server_default="", nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_action")),
    )
    with op.batch_alter_table("development_action", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_development_action_activity"), ["activity"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_development_action_library"), ["library"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_development_action_scope"), ["scope"], unique=False)

    op.create_table(
        "dues_payment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("paid_vnd", sa.BigInteger(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("form", sa.String(length=40), server_default="", nullable=False),
        sa.Column("receipt_no", sa.String(length=30), server_default="", nullable=False),
        sa.Column("collector", sa.String(length=200), server_default="", nullable=False),
        sa.Column("void", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("void_reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dues_payment")),
    )
    with op.batch_alter_table("dues_payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dues_payment_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_dues_payment_scope"), ["scope"], unique=False)

    op.create_table(
        "dues_rate",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("membership", sa.String(length=40), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=40), server_default="", nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=True),
        sa.Column("forwarded_percent", sa.Integer(), nullable=True),
        sa.Column("decision_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dues_rate")),
    )
    with op.batch_alter_table("dues_rate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dues_rate_scope"), ["scope"], unique=False)

    op.create_table(
        "dues_remittance",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=True),
        sa.Column("remitted_on", sa.Date(), nullable=True),
        sa.Column("receiver", sa.String(length=32), server_default="", nullable=False),
        sa.Column("document_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dues_remittance")),
    )
    with op.batch_alter_table("dues_remittance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dues_remittance_receiver"), ["receiver"], unique=False)
        batch_op.create_index(batch_op.f("ix_dues_remittance_scope"), ["scope"], unique=False)

    op.create_table(
        "ethics_pledge",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("library", sa.String(length=32), server_default="", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("pledged_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=40), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ethics_pledge")),
    )
    with op.batch_alter_table("ethics_pledge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ethics_pledge_library"), ["library"], unique=False)
        batch_op.create_index(batch_op.f("ix_ethics_pledge_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_ethics_pledge_scope"), ["scope"], unique=False)

    op.create_table(
        "heritage_item",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("name", sa.String(length=300), server_default="", nullable=False),
        sa.Column("library", sa.String(length=32), server_default="", nullable=False),
        sa.Column("type", sa.String(length=40), server_default="", nullable=False),
        sa.Column("dated_from", sa.Integer(), nullable=True),
        sa.Column("dated_to", sa.Integer(), nullable=True),
        sa.Column("criteria", sa.String(length=400), server_default="", nullable=False),
        sa.Column("condition", sa.String(length=200), server_default="", nullable=False),
        sa.Column("digitised", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("nomination", sa.String(length=40), server_default="", nullable=False),
        sa.Column("nominated_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heritage_item")),
    )
    with op.batch_alter_table("heritage_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heritage_item_library"), ["library"], unique=False)
        batch_op.create_index(batch_op.f("ix_heritage_item_scope"), ["scope"], unique=False)

    op.create_table(
        "international_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("name", sa.String(length=300), server_default="", nullable=False),
        sa.Column("series", sa.String(length=40), server_default="", nullable=False),
        sa.Column("country", sa.String(length=80), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("funding", sa.String(length=200), server_default="", nullable=False),
        sa.Column("cost_vnd", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_international_event")),
    )
    with op.batch_alter_table("international_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_international_event_scope"), ["scope"], unique=False)

    op.create_table(
        "member_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("type", sa.String(length=40), server_default="", nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=40), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_request")),
    )
    with op.batch_alter_table("member_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_request_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_request_scope"), ["scope"], unique=False)

    op.create_table(
        "office_holder",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("unit", sa.String(length=32), server_default="", nullable=False),
        sa.Column("member", sa.String(length=32), server_default="", nullable=False),
        sa.Column("position", sa.String(length=40), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("term", sa.String(length=32), server_default="", nullable=False),
        sa.Column("national_board", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("decision_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_holder")),
    )
    with op.batch_alter_table("office_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_holder_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_holder_scope"), ["scope"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_holder_term"), ["term"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_holder_unit"), ["unit"], unique=False)

    op.create_table(
        "office_term",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("unit", sa.String(length=32), server_default="", nullable=False),
        sa.Column("term_no", sa.String(length=20), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("decision_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_term")),
    )
    with op.batch_alter_table("office_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_term_scope"), ["scope"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_term_unit"), ["unit"], unique=False)

    op.create_table(
        "plan_line",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=32), server_default="", nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("task_no", sa.Integer(), nullable=True),
        sa.Column("content", sa.String(length=400), server_default="", nullable=False),
        sa.Column("agency", sa.String(length=200), server_default="", nullable=False),
        sa.Column("document_no", sa.String(length=60), server_default="", nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("progress", sa.String(length=40), server_default="", nullable=False),
        sa.Column("done_percent", sa.Integer(), nullable=True),
        sa.Column("activity", sa.String(length=32), server_default="", nullable=False),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
    )
    with op.batch_alter_table("plan_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_line_activity"), ["activity"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_line_scope"), ["scope"], unique=False)
