"""Writing a file so that a power cut leaves the old one or the new one, never half of either."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file at `path` by `content`; on return it has reached the disk.

    Only its owner may read it. Raises OSError, and then the old file is as it was.
    """
    # A fixed name: what a power cut leaves behind is overwritten by the next write.
    draft = path.with_name(f"{path.name}.new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        _forget(draft)
        raise
    _reach_disk(path.parent)


def _forget(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return  # what matters is the failure that brought us here


def _reach_disk(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    if sys.platform == "win32":
        return  # Windows opens no folder for this; its journal keeps the rename
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
