"""A sentence above the page: what happened, what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sync.problems import Problem
from sync.texts import _
from vla_desktop.ui import theme
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import IconLabel, label

Action = Callable[[], object]


class MessageBar(QFrame):
    """Hidden until there is something to say. Only good news goes away by itself."""

    dismissed = Signal()
    DONE_SHOWN_S = 10
    _ICONS = {  # noqa: RUF012
        "success": "confirmed", "warning": "warning", "danger": "error", "info": "info",
    }  # fmt: skip

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._tone = ""
        self._icon = IconLabel("info", "info")
        self._what = label("", "strong")
        self._advice = label("")
        self._action: Action | None = None
        self._button = buttons.secondary("", callback=self._act)
        self._close = buttons.icon_only("close", _("Đóng thông báo"), self.dismiss)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self._button.setAccessibleName(_("Không có gì để làm"))
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._what)
        words.addWidget(self._advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_problem(
        self, problem: Problem, action_text: str = "", action: Action | None = None
    ) -> None:
        """The world's fault, in its two sentences."""
        self._show("danger", problem.what, problem.advice, action_text, action)

    def show_error(
        self, what: str, advice: str = "", action_text: str = "", action: Action | None = None
    ) -> None:
        """Something that stops the work until it is mended."""
        self._show("danger", what, advice, action_text, action)

    def show_done(self, text: str, action_text: str = "", action: Action | None = None) -> None:
        """Good news; goes away after some seconds."""
        self._show("success", text, "", action_text, action)
        self._timer.start(self.DONE_SHOWN_S * 1000)

    def show_warning(
        self, text: str, advice: str = "", action_text: str = "", action: Action | None = None
    ) -> None:
        """Something to look at, that stops nothing."""
        self._show("warning", text, advice, action_text, action)

    def show_note(
        self, text: str, advice: str = "", action_text: str = "", action: Action | None = None
    ) -> None:
        """Something good to know."""
        self._show("info", text, advice, action_text, action)

    def dismiss(self) -> None:
        """Hide it."""
        self._timer.stop()
        if not self.isHidden():
            self.hide()
            self.dismissed.emit()

    def text(self) -> str:
        """What is being said; "" while hidden."""
        if self.isHidden():
            return ""
        return f"{self._what.text()} {self._advice.text()}".strip()

    def _show(
        self, tone: str, what: str, advice: str, action_text: str, action: Action | None
    ) -> None:
        self._timer.stop()
        self._what.setText(what)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._action = action
        self._button.setText(action_text)
        self._button.setAccessibleName(action_text or _("Không có gì để làm"))
        self._button.setVisible(bool(action_text))
        self._icon.show_icon(self._ICONS[tone], tone)
        if tone != self._tone:
            self._tone = tone
            self.setProperty("tone", tone)
            theme.repolish(self)
        self.setAccessibleName(f"{what} {advice}".strip())
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _act(self) -> None:
        action = self._action
        self.dismiss()
        if action is not None:
            action()
