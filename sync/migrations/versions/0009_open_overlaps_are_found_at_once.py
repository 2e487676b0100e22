"""Open overlaps are found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring the tables forward. There is no way back: a copy is kept before."""
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_change_open_overlaps",
            ["record"],
            unique=False,
            sqlite_where=sa.text("overlaps != '{}' AND settled IS 0"),
            postgresql_where=sa.text("\"overlaps\" != '{}' AND settled IS false"),
        )
