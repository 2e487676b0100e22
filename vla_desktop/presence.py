"""Tells Windows that the program runs, so that no installer swaps it beneath a clerk's hands."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

# The installer asks for it: RUNNING in resources/windows/installer.nsi.
MUTEX_NAME: Final = "VLADesktop.Running"


def announce() -> int:
    """Hold the name until the process ends; returns its handle, 0 where there is no Windows."""
    handle = 0
    if sys.platform == "win32":
        create = ctypes.WinDLL("kernel32").CreateMutexW
        create.restype = ctypes.c_void_p
        handle = create(None, False, MUTEX_NAME) or 0
    return handle
