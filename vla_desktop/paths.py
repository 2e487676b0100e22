"""Where things lie: what the program brings along, and what an office keeps."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs


def resources() -> Path:
    """The folder of what the program brings along, in the source tree and in the bundle."""
    bundle: str | None = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parent.parent
    return root / "resources"


def default_home() -> Path:
    """The office's folder of whoever is signed in on this PC. It may not exist yet."""
    return Path(platformdirs.user_data_dir("VLA Desktop", appauthor=False))


def database_file(home: Path) -> Path:
    """The office's encrypted database."""
    return home / "office.db"


def log_folder(home: Path) -> Path:
    """Where the office's log files are."""
    return home / "logs"
