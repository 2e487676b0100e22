"""What the clerk may choose on this PC. Each choice takes effect at once."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from sync.texts import N_, _
from vla_desktop.settings import AppearanceSettings
from vla_desktop.ui.appearance import wear
from vla_desktop.ui.dialogs.about import AboutDialog
from vla_desktop.ui.dialogs.branch_keys import BranchKeysDialog
from vla_desktop.ui.dialogs.meetings import MeetingsDialog
from vla_desktop.ui.dialogs.passphrase import PassphraseDialog
from vla_desktop.ui.dialogs.shortcuts import ShortcutsDialog
from vla_desktop.ui.merger.dialog import show_merger
from vla_desktop.ui.pages.boundaries import boundaries
from vla_desktop.ui.pages.interval import IntervalCard
from vla_desktop.ui.pages.scrolled import ScrolledPage
from vla_desktop.ui.theme import theme
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.workplace import Workplace

THEMES = (("system", N_("Theo máy")), ("light", N_("Sáng")), ("dark", N_("Tối")))
LANGUAGES = (("vi", "Tiếng Việt"), ("en", "English"))
SIZES = (1.0, 1.15, 1.3, 1.5, 1.75, 2.0)


class SettingsPage(ScrolledPage):
    """Cards: who writes, how it looks, when it synchronises, what keeps it safe."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(860)
        self._workplace = workplace
        self._office = workplace.office
        self._names: list[tuple[QLabel, QWidget]] = []
        self.interval = IntervalCard(workplace)
        workplace.syncing.changed.connect(self.interval.read)
        for part in (
            PageHeader(_("Cài đặt"), _("Mỗi lựa chọn có hiệu lực ngay, không cần bấm lưu.")),
            self._person(),
            self._look(),
            self.interval,
            self._boundaries(),
            self._safety(),
            self._places(),
            self._help(),
        ):
            self.add(part)
        theme().changed.connect(self._line_up)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._line_up()

    def _line_up(self) -> None:
        """Let the fields of all cards begin below each other, however long the names are."""
        widest = 0
        for name, _field in self._names:
            name.setMinimumWidth(0)
            name.ensurePolished()
            widest = max(widest, name.sizeHint().width())
        for name, field in self._names:
            name.setFixedSize(widest, field.sizeHint().height())

    def _person(self) -> Card:
        settings = self._office.settings
        self.author = self._line(settings.author, _("Tên anh/chị"))
        self.computer = self._line(settings.computer, _("Tên máy này"))
        self.author.editingFinished.connect(self._keep_names)
        self.computer.editingFinished.connect(self._keep_names)
        return self._form(
            _("Người ghi"),
            (_("Tên anh/chị"), self.author, _("Hiện trong lịch sử của từng bản ghi.")),
            (_("Tên máy này"), self.computer, _("Để phân biệt các máy của chi hội.")),
        )

    def _look(self) -> Card:
        look = self._office.settings.appearance
        self.theme = self._choice(_("Nền"), THEMES, look.theme)
        self.text_size = QComboBox()
        self.text_size.setAccessibleName(_("Cỡ chữ"))
        for scale in sorted({*SIZES, look.text_scale}):
            self.text_size.addItem(f"{round(scale * 100)} %", scale)
        self.text_size.setCurrentIndex(self.text_size.findData(look.text_scale))
        self.language = self._choice(_("Ngôn ngữ"), LANGUAGES, look.language)
        for box in (self.theme, self.text_size, self.language):
            box.activated.connect(self._keep_look)
        return self._form(
            _("Hiển thị"),
            (_("Nền"), self.theme, ""),
            (_("Cỡ chữ"), self.text_size, ""),
            (_("Ngôn ngữ"), self.language, _("Đổi ngôn ngữ có hiệu lực khi mở lại phần mềm.")),
        )

    def _boundaries(self) -> Card:
        rows = boundaries(
            self._office, lambda: self._workplace.messages.show_done(_("Đã lưu giới hạn."))
        )
        self.boundaries = {setting: box for setting, (_name, box, _hint) in rows.items()}
        return self._form(_("Giới hạn và thời hạn"), *rows.values())

    def _safety(self) -> Card:
        card = Card(_("Dữ liệu trên máy này"))
        folder = label(str(self._office.home), "muted")
        card.body.addWidget(folder)
        card.body.addWidget(
            label(_("Đã khóa bằng mật khẩu. Đừng chép thư mục này khi phần mềm đang mở."), "help")
        )
        self.passphrase_button = buttons.secondary(_("Đổi mật khẩu"), "key", self._on_passphrase)
        self.folder_button = buttons.secondary(_("Mở thư mục"), "external", self._on_folder)
        keys = buttons.secondary(_("Khóa của chi hội"), "lock", self._on_branch_keys)
        card.body.addLayout(_row(self.passphrase_button, keys, self.folder_button))
        return card

    def _places(self) -> Card:
        card = Card(_("Sắp xếp tỉnh, xã"))
        words = _("Từ 1/7/2025 cả nước còn 34 tỉnh, thành phố. Bản ghi cũ đổi theo một lần, có "
                  "hoàn tác; xã bị chia thì phần mềm hỏi.")  # fmt: skip
        self.merger_button = buttons.secondary(
            _("Chuyển sang địa danh mới"), "place",
            lambda: show_merger(self._workplace, self),
        )  # fmt: skip
        card.body.addWidget(label(words, "help"))
        card.body.addLayout(_row(self.merger_button))
        return card

    def _help(self) -> Card:
        card = Card(_("Trợ giúp"))
        shortcuts = buttons.secondary(_("Phím tắt (F1)"), "help", self._on_shortcuts)
        self.about_button = buttons.secondary(_("Về phần mềm, giấy phép"), "info", self._on_about)
        meetings = buttons.secondary(_("Khi hai máy cùng làm"), "conflict", self._on_meetings)
        card.body.addLayout(_row(shortcuts, meetings, self.about_button))
        return card

    def _form(self, title: str, *rows: tuple[str, QWidget, str]) -> Card:
        card = Card(title)
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(12)
        for name, widget, hint in rows:
            widget.setMaximumWidth(420)
            words = label(name)
            words.setWordWrap(False)
            words.setBuddy(widget)
            self._names.append((words, widget))
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(widget)
            if hint:
                column.addWidget(label(hint, "help"))
            form.addRow(words, column)
        card.body.addLayout(form)
        return card

    @staticmethod
    def _line(text: str, name: str) -> QLineEdit:
        line = QLineEdit(text)
        line.setMaxLength(120)
        line.setAccessibleName(name)
        return line

    @staticmethod
    def _choice(name: str, words: tuple[tuple[str, str], ...], chosen: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for code, word in words:
            box.addItem(_(word), code)
        box.setCurrentIndex(box.findData(chosen))
        return box

    def _keep_names(self) -> None:
        chosen = dataclasses.replace(
            self._office.settings,
            author=self.author.text().strip(),
            computer=self.computer.text().strip(),
        )
        if chosen != self._office.settings:
            self._office.change_settings(chosen)
            self._workplace.messages.show_done(_("Đã lưu tên."))

    def _keep_look(self) -> None:
        look = AppearanceSettings(
            theme=self.theme.currentData(),
            language=self.language.currentData(),
            text_scale=float(self.text_size.currentData()),
        )
        self._office.change_settings(dataclasses.replace(self._office.settings, appearance=look))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            wear(app, look)

    def _on_passphrase(self) -> None:
        dialog = PassphraseDialog(
            self._office, self._workplace.pool, self._workplace.errors.show, self
        )
        dialog.accepted.connect(self._on_passphrase_changed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_passphrase_changed(self) -> None:
        self._workplace.messages.show_done(_("Đã đổi mật khẩu."))

    def _on_branch_keys(self) -> None:
        dialog = BranchKeysDialog(self._office.store.keys, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._office.home)))

    def _on_shortcuts(self) -> None:
        dialog = ShortcutsDialog(self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_meetings(self) -> None:
        dialog = MeetingsDialog(self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_about(self) -> None:
        dialog = AboutDialog(self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
