"""Builds the program folder of Windows and the installer around it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import dev
import sync
from tests.windows.licences import collect
from tests.windows.machine import WORK, Machine

FOLDER: Final = WORK / "dist" / "vla-desktop"
# What Wine writes into every library of its own; none of them may travel.
WINE_MARKS: Final = (b"Wine builtin DLL", b"Wine placeholder DLL")


def installer_of(version: str) -> Path:
    """Where the installer of a version is put."""
    return WORK / f"vla-desktop-{version}-setup.exe"


def build_folder(machine: Machine) -> Path:
    """Build the program folder, with licences and the list of parts beside the .exe."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    options = ["-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    options += [f"--distpath={machine.path(WORK / 'dist')}"]
    options += [f"--workpath={machine.path(WORK / 'work')}"]
    machine.python(*options, machine.path(dev.ROOT / "build.spec"))
    for path in FOLDER.rglob("*.dll"):
        if any(mark in path.read_bytes()[:4096] for mark in WINE_MARKS):
            sys.exit(f"{path.name} is a library of Wine, not of Windows")
    parts = WORK / "parts.json"
    machine.python(machine.path(Path(__file__).with_name("parts.py")), machine.path(parts))
    collect(json.loads(parts.read_text("utf-8")), FOLDER)
    return FOLDER


def build_installer(folder: Path, version: str = sync.__version__) -> Path:
    """Wrap the folder into an installer that says it is `version`."""
    target = installer_of(version)
    makensis = shutil.which("makensis") or r"C:\Program Files (x86)\NSIS\makensis.exe"
    script = dev.ROOT / "resources" / "windows" / "installer.nsi"
    words = [f"-DVERSION={version}", f"-DFOLDER={folder}", f"-DOUTPUT={target}"]
    subprocess.run([makensis, "-V2", "-INPUTCHARSET", "UTF8", *words, str(script)], check=True)
    return target


def megabytes(path: Path) -> float:
    """Size of a file or of all files of a folder, in units of 10^6 bytes."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
