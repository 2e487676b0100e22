"""Choosing one thing by typing a part of its name, without marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from sync.records.fields import Field
from sync.records.types import Value
from sync.texts import _
from sync.vietnamese import fold
from vla_desktop.ui.editors.base import FieldEditor, add_end_button
from vla_desktop.ui.editors.suggestions import Offer, SuggestionList

if TYPE_CHECKING:
    from vla_desktop.store.store import Store


class PickEditor(FieldEditor):
    """A line that shows the name of what was chosen and keeps its id.

    Typing filters, Down or F4 opens the list, Enter and Tab take the marked one, Esc closes.
    """

    DELAY_MS = 80

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self.line = QLineEdit()
        self._add_main(self.line)
        self._id = ""
        self._title = ""
        self._note = ""
        self._is_all = False
        self._list: SuggestionList | None = None
        # The first one added stands outermost.
        self._open = add_end_button(
            self.line, self.drawing(), _("Mở danh sách (F4)"), self.open_list
        )
        self._clear = add_end_button(self.line, "close", _("Bỏ chọn"), self._on_cleared)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(self.DELAY_MS)
        self._timer.timeout.connect(self._suggest)
        self.line.textEdited.connect(self._on_edited)
        self._refresh()

    def drawing(self) -> str:
        """The icon at the end of the line."""
        return "chevron-down"

    def offers(self, text: str) -> Sequence[Offer]:
        """What fits the text; for "" what is worth showing to someone who only looks."""
        raise NotImplementedError

    def offer_of(self, value: str) -> Offer:
        """How a kept value is shown."""
        raise NotImplementedError

    def value(self) -> Value:
        return self._id

    def set_value(self, value: Value) -> None:
        kept = str(value or "")
        if kept and not self.field.type.fits(kept):
            self._show(Offer("", kept))
        else:
            self._show(self.offer_of(kept) if kept else Offer("", ""))

    def text_fault(self) -> str:
        if self._id or not self.line.text().strip():
            return ""
        return _("Chưa có tên nào như vậy trong danh sách: anh/chị chọn một tên được gợi ý.")

    def kept(self) -> Value:
        return self._id or self.line.text()

    def note(self) -> str:
        return self._note

    def suggestions(self) -> Sequence[Offer]:
        """What the open list shows."""
        is_open = self._list is not None and self._list.isVisible()
        return self._list.offers.offers if self._list is not None and is_open else ()

    def open_list(self) -> None:
        """Show everything on offer, with the present choice marked."""
        self.line.setFocus()
        self._is_all = bool(self._id) or not self.line.text()
        self._suggest()

    def pick(self, offer: Offer) -> None:
        """Choose."""
        is_new = offer.id != self._id
        self._show(offer)
        if is_new:
            self.changed.emit()

    def _show(self, offer: Offer) -> None:
        self._id, self._title, self._note = offer
        self.line.setText(offer.title)
        self.line.setCursorPosition(0)
        self._refresh()

    def _refresh(self) -> None:
        self._clear.setVisible(bool(self.line.text()) and self.line.isEnabled())

    def _on_edited(self, text: str) -> None:
        self._id, self._note = "", ""
        self._is_all = False
        self._refresh()
        self._timer.start()
        if not text and self._list is not None:
            self._list.hide()
        self.changed.emit()

    def _on_cleared(self) -> None:
        self._show(Offer("", ""))
        self.line.setFocus()
        self.changed.emit()

    def _suggest(self) -> None:
        if not self.line.hasFocus():
            return
        text = "" if self._is_all else self.line.text()
        found = self.offers(text)
        ids = [offer.id for offer in found]
        current = ids.index(self._id) if self._id in ids else 0 if text.strip() else -1
        self._drop_down().offer(found, current)

    def _drop_down(self) -> SuggestionList:
        if self._list is None:
            self._list = SuggestionList(self.line)
            self._list.picked.connect(self._on_picked)
            self.destroyed.connect(self._list.deleteLater)
        return self._list

    def _on_picked(self, row: int) -> None:
        self.pick(self._drop_down().offers.offers[row])

    def settle(self) -> None:
        """Take what was typed when it can only mean one thing."""
        self._timer.stop()
        text = self.line.text().strip()
        if self._id or not text:
            return
        found = self.offers(text)
        same = [offer for offer in found if fold(offer.title) == fold(text)]
        if len(same) == 1 or len(found) == 1:
            self.pick((same or found)[0])

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4):
            self.open_list()
            return True
        return super()._on_key(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # By Tab or mouse alike, the next letter begins a new name.
        if watched is self.line and event.type() is QEvent.Type.FocusIn:
            QTimer.singleShot(0, self.line, self.line.selectAll)
        return super().eventFilter(watched, event)
