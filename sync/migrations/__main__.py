"""`python -m sync.migrations new "Add a thing"`: a script for what the declarations have more."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

from sync.migrations import Chain, configured, upgrade


def new_script(chain: Chain, message: str) -> Path:
    """Write the next script of the chain by comparing an empty database, upgraded, with it."""
    engine = _empty_engine()
    revisions = chain.revisions()
    if revisions:
        upgrade(engine, chain)
    with engine.begin() as connection:
        script = command.revision(
            configured(connection, chain),
            message,
            autogenerate=True,
            rev_id=f"{int(revisions[-1]) + 1 if revisions else 1:04}",
        )
    engine.dispose()
    if script is None or isinstance(script, list):
        raise AssertionError("Alembic wrote no script, or several")
    return Path(script.path)


def _empty_engine() -> Engine:
    engine = create_engine(
        "sqlite://",
        poolclass=StaticPool,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "begin", begin)
    return engine


def main(words: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m sync.migrations", description=__doc__)
    verbs = parser.add_subparsers(required=True, dest="verb")
    new = verbs.add_parser("new", help="write the next script")
    new.add_argument("message", help="what it does, a few English words")
    new.add_argument(
        "--chain",
        default="sync.migrations:SHARED",
        metavar="MODULE:NAME",
        help="default: %(default)s",
    )
    given = parser.parse_args(words)
    module, _, name = given.chain.partition(":")
    chain: Any = getattr(importlib.import_module(module), name)
    print(new_script(chain, given.message))


if __name__ == "__main__":
    main()
