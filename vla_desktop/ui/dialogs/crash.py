"""One calm dialog when the program itself is at fault."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from sync.texts import _
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label


class CrashDialog(QDialog):
    """Says that the work is safe and offers the report, which holds nothing personal."""

    def __init__(self, report: str, path: Path | None, parent: QWidget) -> None:
        """`path` is where the report was kept; None when it could not be."""
        super().__init__(parent)
        self.setWindowTitle(_("Lỗi của phần mềm"))
        self._report = report
        heading = label(_("Phần mềm vừa gặp lỗi ngoài dự kiến."), "heading")
        text = label(
            _(
                "Những gì đã lưu vẫn còn nguyên, anh/chị có thể làm tiếp. Nếu lỗi lặp lại, hãy gửi "
                "báo cáo dưới đây cho người hỗ trợ. Báo cáo không chứa thông tin cá nhân."
            )
        )
        box = QPlainTextEdit(report)
        box.setReadOnly(True)
        box.setAccessibleName(_("Báo cáo lỗi"))
        self.copy_button = buttons.secondary(buttons.Word.COPY, "copy", self._on_copy)
        close = buttons.primary(buttons.Word.CLOSE, callback=self.accept)
        close.setDefault(True)
        foot = QHBoxLayout()
        kept = label(_("Đã lưu: {name}").format(name=path.name) if path else "", "help")
        foot.addWidget(kept, 1)
        foot.addWidget(self.copy_button)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        for widget in (heading, text, box):
            layout.addWidget(widget)
        layout.addLayout(foot)
        close.setFocus()
        self.resize(560, 400)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self.copy_button.setText(_("Đã sao chép"))
