"""What the program is, and whose work it stands on."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

import sync
from sync.texts import _
from vla_desktop import paths
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import IconLabel, label

# Name, licence, where its source is. Texts that lie in our own resources are shown in full.
PARTS = (
    ("Qt, PySide6", "LGPL-3.0", "https://code.qt.io"),
    ("SQLCipher, SQLite", "BSD-3-Clause, public domain", "https://www.zetetic.net/sqlcipher"),
    ("SQLAlchemy, Alembic", "MIT", "https://www.sqlalchemy.org"),
    ("cryptography", "Apache-2.0 / BSD-3-Clause", "https://cryptography.io"),
    ("requests, urllib3", "Apache-2.0, MIT", "https://requests.readthedocs.io"),
    ("msgpack, zstandard, openpyxl, filelock, platformdirs", "Apache-2.0, BSD, MIT, Unlicense", ""),
    ("Be Vietnam Pro", "OFL-1.1", "https://github.com/bettergui/BeVietnamPro"),
    ("Lucide", "ISC, MIT", "https://lucide.dev"),
)
TEXTS = (("icons", "LICENSE-lucide.txt"), ("fonts", "OFL.txt"), ("catalogues", "LICENSES.txt"))


def licences() -> str:
    """The list, then the texts that the program carries."""
    lines = [f"{name}: {licence} {source}".rstrip() for name, licence, source in PARTS]
    for folder, name in TEXTS:
        path = paths.resources() / folder / name
        if path.is_file():
            lines += ["", "─" * 40, f"{folder}/{name}", "", path.read_text(encoding="utf-8")]
    return "\n".join(lines)


class AboutDialog(QDialog):
    """Version and licences."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Về phần mềm"))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(_("VLA Desktop {version}").format(version=sync.__version__), "title"))
        words.addWidget(label(_("Phần mềm tự do cho các chi hội thư viện, giấy phép Apache-2.0.")))
        running = f"Python {platform.python_version()}, Qt {PySide6.__version__}"
        words.addWidget(label(running, "muted"))
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(IconLabel("app", "primary", 48))
        top.addLayout(words, 1)
        box = QPlainTextEdit(licences())
        box.setReadOnly(True)
        box.setAccessibleName(_("Giấy phép"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(top)
        layout.addWidget(label(_("Phần mềm dùng công trình của:"), "strong"))
        layout.addWidget(box, 1)
        layout.addLayout(buttons.closing_row(self))
        self.resize(640, 520)
