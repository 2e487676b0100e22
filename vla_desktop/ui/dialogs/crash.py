"""One calm dialog when the program itself is at fault."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sync.texts import _


class CrashDialog(QDialog):
    """Says that the work is safe and offers the report, which holds nothing personal."""

    def __init__(self, report: str, path: Path | None, parent: QWidget) -> None:
        """`path` is where the report was kept; None when it could not be."""
        super().__init__(parent)
        self.setWindowTitle(_("Lỗi của chương trình"))
        self._report = report
        heading = QLabel(_("Chương trình vừa gặp lỗi ngoài dự kiến."))
        heading.setProperty("role", "heading")
        text = QLabel(
            _(
                "Những gì đã lưu vẫn còn nguyên, anh/chị có thể làm tiếp. Nếu lỗi lặp lại, hãy gửi "
                "báo cáo dưới đây cho người hỗ trợ. Báo cáo không chứa thông tin cá nhân."
            )
        )
        text.setWordWrap(True)
        box = QPlainTextEdit(report)
        box.setReadOnly(True)
        box.setAccessibleName(_("Báo cáo lỗi"))
        self.copy_button = QPushButton(_("Sao chép"))
        self.copy_button.clicked.connect(self._on_copy)
        close = QPushButton(_("Đóng"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        kept = QLabel(_("Đã lưu: {name}").format(name=path.name) if path else "")
        kept.setProperty("role", "muted")
        buttons.addWidget(kept, 1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        for widget in (heading, text, box):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.resize(560, 400)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self.copy_button.setText(_("Đã sao chép"))
