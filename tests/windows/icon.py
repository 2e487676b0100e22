"""The program's picture as Windows wants it: one file with every size it is shown in.

`python -m tests.windows icon` writes resources/windows/vla-desktop.ico anew from app.svg.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

import dev

SIZES: Final = (16, 20, 24, 32, 40, 48, 64, 256)
SOURCE: Final = dev.ROOT / "resources" / "icons" / "app.svg"
TARGET: Final = dev.ROOT / "resources" / "windows" / "vla-desktop.ico"
HEADER: Final = struct.Struct("<HHH")
ENTRY: Final = struct.Struct("<BBBBHHII")


def drawn(size: int) -> bytes:
    """The picture as PNG, `size` pixels wide and high."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def write(target: Path = TARGET) -> None:
    """Write the icon file: a table of sizes, then the pictures."""
    application = QGuiApplication.instance() or QGuiApplication([])
    pictures = [drawn(size) for size in SIZES]
    offset = HEADER.size + ENTRY.size * len(SIZES)
    table = HEADER.pack(0, 1, len(SIZES))
    for size, picture in zip(SIZES, pictures, strict=True):
        # A width of 256 is written as 0.
        table += ENTRY.pack(size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    target.write_bytes(table + b"".join(pictures))
    del application
