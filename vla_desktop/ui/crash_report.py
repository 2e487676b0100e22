"""What may be told about a fault of ours: where it happened, never what was being worked on.

The message of an exception and the values around it can hold a person's name; a file name can
hold the name of whoever is signed in. None of them is ever written.
"""

from __future__ import annotations

import datetime as dt
import platform
import sys
import traceback
from pathlib import Path, PurePath

import sync
from vla_desktop.files import write_whole

HEAD_FRAMES = 15
TAIL_FRAMES = 40
CAUSES = 5
KEPT_REPORTS = 20
OURS = ("vla_desktop", "sync")


def describe(fault: BaseException, at: dt.datetime) -> str:
    """The report: versions, kinds of exception, and places in the code."""
    lines = [
        f"VLA Desktop {sync.__version__}",
        f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC",
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}",
    ]
    for cause in _chain(fault):
        lines += ["", f"{type(cause).__module__}.{type(cause).__qualname__}{_number(cause)}"]
        lines += _places(cause)
    return "\n".join(lines) + "\n"


def keep(report: str, folder: Path, at: dt.datetime) -> Path | None:
    """Write the report into `folder`, where the newest are kept; None when the disk refuses."""
    path = folder / f"{at.astimezone(dt.UTC):%Y%m%d-%H%M%S-%f}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, report.encode())
        for old in sorted(folder.glob("*.txt"))[:-KEPT_REPORTS]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path


def _chain(fault: BaseException) -> list[BaseException]:
    """The fault and what led to it, newest first."""
    chain: list[BaseException] = []
    cause: BaseException | None = fault
    while cause is not None and cause not in chain and len(chain) < CAUSES:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    return chain


def _number(fault: BaseException) -> str:
    number = getattr(fault, "errno", None)
    return f" (errno {number})" if isinstance(number, int) else ""


def _places(fault: BaseException) -> list[str]:
    frames = [
        f"  {_file(frame.f_code.co_filename)}:{line} {frame.f_code.co_qualname}"
        for frame, line in traceback.walk_tb(fault.__traceback__)
    ]
    if len(frames) > HEAD_FRAMES + TAIL_FRAMES:
        frames[HEAD_FRAMES:-TAIL_FRAMES] = ["  …"]
    return frames


def _file(name: str) -> str:
    """The file without the folders above our packages, or only its own name."""
    path = PurePath(name)
    for package in OURS:
        if package in path.parts:
            at = len(path.parts) - 1 - path.parts[::-1].index(package)
            return "/".join(path.parts[at:])
    for folder in sys.path:
        if folder and path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return path.name
