"""What records were made with."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    connection = op.get_bind()
    # Versions up to here read every column that they made, and no more.
    tables = sa.inspect(connection)
    known = {}
    for name in tables.get_table_names():
        columns = {column["name"] for column in tables.get_columns(name)}
        if columns > {"id", "scope", "deleted"}:
            fields = columns - {"id", "scope", "deleted"}
            known[name] = dict.fromkeys(sorted(fields), 1)
    knowledge = op.create_table(
        "knowledge",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kinds", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge")),
    )
    text = json.dumps(known, sort_keys=True, separators=(",", ":"))
    op.bulk_insert(knowledge, [{"id": 1, "kinds": text}])
