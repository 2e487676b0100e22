"""The program's diary: what happened and to which ids, never to whom."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

FILE_NAME: Final = "vla-desktop.log"
LARGEST_BYTES: Final = 1024 * 1024
KEPT_FILES: Final = 5
_LONGEST_WAY: Final = 200

# Only our own packages: what others say of their work may quote an address or a record.
_OURS: Final = ("vla_desktop", "sync")

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up(folder: Path, *, level: int = logging.INFO) -> logging.Handler:
    """Write what our packages report to a file in `folder`, which is made if missing.

    Calling it again moves the diary. Give the result to `shut` at the end. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _DiaryHandler(
        folder / FILE_NAME, maxBytes=LARGEST_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
    )
    handler.setFormatter(_DiaryFormatter())
    for name in _OURS:
        logger = logging.getLogger(name)
        for old in [h for h in logger.handlers if isinstance(h, _DiaryHandler)]:
            shut(old)
        logger.addHandler(handler)
        logger.setLevel(level)
    return handler


def shut(handler: logging.Handler) -> None:
    """Close the diary that `set_up` opened."""
    for name in _OURS:
        logging.getLogger(name).removeHandler(handler)
    handler.close()


class _DiaryHandler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's spelling
        """A full disk must not stop the work, and a windowed program has nowhere to say it."""
        if sys.stderr is not None and not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


class _DiaryFormatter(logging.Formatter):
    """Instants in UTC; of an exception its kind and the way it took, not its words."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s")
        self.datefmt = "%Y-%m-%dT%H:%M:%S"

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - logging's spelling
        """The words of an exception may quote what a clerk typed."""
        lines: list[str] = []
        error = ei[1]
        while error is not None and len(lines) < _LONGEST_WAY:
            kind = type(error)
            lines.append(f"  {kind.__module__}.{kind.__qualname__}")
            steps = traceback.extract_tb(error.__traceback__)
            lines += [f"    {Path(step.filename).name}:{step.lineno} {step.name}" for step in steps]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
