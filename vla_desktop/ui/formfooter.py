"""The foot of a form, always in sight: how it stands, and the two ways out."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from sync.texts import _
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import IconLabel, label


class FormFooter(QFrame):
    """Save, cancel, and a word on what has been kept."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "footer")
        self.save = buttons.primary(buttons.Word.SAVE, "save")
        self.save.setToolTip(_("Lưu (Ctrl+S)"))
        self.cancel = buttons.secondary(buttons.Word.CANCEL)
        self._icon = IconLabel("draft", "muted", 18)
        self._words = label("", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)

    def state(self) -> str:
        """What is said on the left."""
        return self._words.text()

    def show_clean(self, *, is_new: bool) -> None:
        """Nothing was typed yet."""
        words = _("Các ô có dấu * phải ghi.") if is_new else _("Chưa có gì thay đổi.")
        self._say("info", "muted", words)

    def show_dirty(self, mistakes: int) -> None:
        """Something waits to be saved; so many fields hold a mistake."""
        if mistakes:
            words = _("{count} chỗ cần sửa trước khi lưu.").format(count=mistakes)
            self._say("error", "danger", words)
        else:
            self._say("draft", "muted", _("Chưa lưu. Phần đang ghi được tự giữ lại."))

    def show_saved(self, doubts: int) -> None:
        """It has been written down."""
        if doubts:
            words = _("Đã lưu. Có {count} chỗ nên xem lại.").format(count=doubts)
            self._say("warning", "warning", words)
        else:
            self._say("confirmed", "success", _("Đã lưu trên máy này."))

    def show_locked(self, *, is_issued: bool = False) -> None:
        """The record lies in the bin, or is the centre's."""
        in_bin = _("Bản ghi đang ở thùng rác: khôi phục rồi mới sửa được.")
        self._say(
            "lock", "muted", _("Do Trung ương ban hành, chỉ để xem.") if is_issued else in_bin
        )

    def _say(self, icon: str, role: str, words: str) -> None:
        self._icon.show_icon(icon, role)
        self._words.setText(words)
