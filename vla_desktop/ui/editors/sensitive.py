"""Numbers of people's papers: covered until one asks to see them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent

from sync.records.fields import Field
from sync.records.types import Value
from sync.texts import _
from vla_desktop.ui import theme
from vla_desktop.ui.editors.base import LineEditor, add_end_button

if TYPE_CHECKING:
    from vla_desktop.store.store import Store


def masked(text: str) -> str:
    """The first and the last three signs, the rest covered: "0xx xxx xxx 123"."""
    bare = re.sub(r"\s", "", text)
    if len(bare) < 5:
        return "x" * len(bare)
    covered = bare[0] + "x" * (len(bare) - 4) + bare[-3:]
    return " ".join(covered[at : at + 3] for at in range(0, len(covered), 3))


class SensitiveEditor(LineEditor):
    """Covered and locked while it holds something; the eye, or any letter typed, opens it."""

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self._value: Value = ""
        self._is_covered = False
        self._eye = add_end_button(self.line, "eye", "", self.turn)
        self._cover(False)

    def value(self) -> Value:
        return self._value if self._is_covered else super().value()

    def set_value(self, value: Value) -> None:
        self._value = value
        self._is_covered = bool(value)
        self._cover(self._is_covered)

    def text_fault(self) -> str:
        return "" if self._is_covered else super().text_fault()

    def kept(self) -> Value:
        return self.value()

    def is_covered(self) -> bool:
        """Whether only the mask is on screen."""
        return self._is_covered

    def turn(self) -> None:
        """Uncover what is covered, cover what is not."""
        if not self._is_covered:
            self._value = super().value()
        self._cover(not self._is_covered and bool(self._value))
        self.line.setFocus()

    def _cover(self, is_covered: bool) -> None:
        self._is_covered = is_covered
        shown = str(self._value or "")
        self.line.setText(masked(shown) if is_covered else shown)
        self.line.setReadOnly(is_covered)
        what = _("Hiện") if is_covered else _("Che")
        name = f"{what}: {_(self.field.label)}"
        self._eye.setIcon(theme.icon("eye" if is_covered else "eye-off", "muted"))
        self._eye.setText(name)
        self._eye.setToolTip(name)

    def _on_key(self, event: QKeyEvent) -> bool:
        if self._is_covered and event.text().isprintable() and event.text().strip():
            self.turn()
            self.line.selectAll()
            return True
        return super()._on_key(event)

    def settle(self) -> None:
        if not self._is_covered:
            super().settle()
