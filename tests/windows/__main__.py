"""python3 dev.py windows | test-windows: what CONTRIBUTING.md says of the Windows program."""

from __future__ import annotations

import sys
import time

from tests.windows import icon
from tests.windows.build import FOLDER, build_folder, build_installer, installer_of, megabytes
from tests.windows.machine import machine
from tests.windows.trial import Trial


def build() -> None:
    """Build folder and installer and say how large they are."""
    begun = time.monotonic()
    with machine() as windows:
        folder = build_folder(windows)
    made = build_installer(folder)
    took = time.monotonic() - begun
    print(f"{folder}: {megabytes(folder):.1f} MB")
    print(f"{made}: {megabytes(made):.1f} MB; built in {took:.0f} s")


def trial() -> None:
    """Try the installer of today, built first where it is missing."""
    if not (FOLDER / "vla-desktop.exe").exists() or not installer_of(Trial.NOW).exists():
        build()
    with machine() as windows:
        Trial(windows).run()


def main(verb: str = "") -> int:
    """Do what the word says; 2 for another word."""
    done = {"windows": build, "test-windows": trial, "icon": icon.write}.get(verb)
    if done is None:
        print(__doc__)
        return 2
    done()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
