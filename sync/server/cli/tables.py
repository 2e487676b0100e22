"""migrate and check: the database brought up to date, and what it lacks."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from sync.server import checking, isolation
from sync.server.centre import open_database
from sync.server.database import open_engine
from sync.server.settings import Settings


def migrate(settings: Settings, given: argparse.Namespace) -> int:
    """Bring the tables forward as their owner, and let a serving role at them."""
    engine = open_database(settings)
    try:
        if given.serve_as and engine.dialect.name != "postgresql":
            print("SQLite has no roles.", file=sys.stderr)
            return 2
        if given.serve_as:
            isolation.grant(engine, given.serve_as)
    finally:
        engine.dispose()
    if given.json:
        print(json.dumps({"tables": "newest", "serve_as": given.serve_as}))
    return 0


def check(settings: Settings, given: argparse.Namespace) -> int:
    """Say what is missing; 1 when anything of it is a fault."""
    engine = open_engine(settings.database)
    try:
        found = checking.remarks(engine)
    finally:
        engine.dispose()
    if given.json:
        print(json.dumps([asdict(remark) for remark in found], ensure_ascii=False))
    else:
        for remark in found:
            print(remark)
    return int(any(remark.is_fault for remark in found))
