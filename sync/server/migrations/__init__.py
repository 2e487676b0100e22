"""The chain of the centre's own tables."""

from __future__ import annotations

from pathlib import Path

from sync.migrations import Chain
from sync.server.tables import Own

CENTRE = Chain(
    "centre", Path(__file__).resolve().parent / "versions", "alembic_version_centre", Own.metadata
)
