"""Run by Alembic, for every chain alike: `configured` says which, and by which connection."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DefaultClause
from sqlalchemy.sql.elements import False_, True_
from sqlalchemy.types import TypeDecorator

from sync.migrations import Chain


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """How a new script writes what would differ between databases, or with our own code."""
    if kind == "server_default" and isinstance(item, DefaultClause):
        # SQLite's spelling, 0 or 1, is no boolean to PostgreSQL.
        if isinstance(item.arg, False_):
            return "sa.false()"
        if isinstance(item.arg, True_):
            return "sa.true()"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def _run() -> None:
    chain: Chain = context.config.attributes["chain"]
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=chain.metadata,
        version_table=chain.version_table,
        render_as_batch=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
