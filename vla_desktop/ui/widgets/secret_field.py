"""A line for a passphrase, hidden unless the clerk wants to see it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from sync.texts import _
from vla_desktop.ui import theme


class SecretField(QLineEdit):
    """Never offers its content to the input method's memory."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setStyle(theme.theme().line_style)
        self.setAccessibleName(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhSensitiveData
        )
        self._eye = QAction(self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_eye)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self._on_eye(False)

    def _on_eye(self, seen: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if seen else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        self._eye.setIcon(theme.icon("eye-off" if seen else "eye", "muted"))
        self._eye.setText(_("Ẩn mật khẩu") if seen else _("Hiện mật khẩu"))
