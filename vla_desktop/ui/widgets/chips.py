"""States as a small drawing AND a word: never by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from sync.texts import _
from vla_desktop.ui import theme
from vla_desktop.ui.widgets.labels import IconLabel, label

if TYPE_CHECKING:
    from vla_desktop.store.store import RecordState


class Look(NamedTuple):
    """The drawing and the tone of a state; the tone is a colour role that has a `_soft` ground."""

    icon: str
    tone: str


_LOOKS = {
    "unsent": Look("pending", "info"),
    "waiting": Look("waiting", "warning"),
    "confirmed": Look("confirmed", "success"),
    "refused": Look("refused", "danger"),
    "conflict": Look("conflict", "warning"),
}


def look_of(state: RecordState) -> Look:
    """How a record's state is drawn, for chips and for those who paint lists."""
    return _LOOKS[state.value]


class Chip(QFrame):
    """A drawing and a word. Tones: neutral, primary, success, warning, danger, info."""

    def __init__(
        self, icon: str, text: str, tone: str = "neutral", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._icon = IconLabel(icon, "muted", 14)
        self._word = label(text)
        self._word.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 10, 3)
        row.setSpacing(5)
        row.addWidget(self._icon)
        row.addWidget(self._word)
        self.say(icon, text, tone)

    def say(self, icon: str, text: str, tone: str = "neutral") -> None:
        """Another state."""
        ink = {"neutral": "muted", "primary": "primary_text"}.get(tone, tone)
        self._icon.show_icon(icon, ink)
        self._word.setText(text)
        self.setAccessibleName(text)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            theme.repolish(self)
            theme.repolish(self._word)

    def text(self) -> str:
        """The word."""
        return self._word.text()


class StateChip(Chip):
    """How far a record has come on its way to the centre. `reason` is shown as a tool tip."""

    def __init__(self, state: RecordState, reason: str = "", parent: QWidget | None = None) -> None:
        super().__init__("record", "", "neutral", parent)
        self.set_state(state, reason)

    def set_state(self, state: RecordState, reason: str = "") -> None:
        """Another state."""
        look = look_of(state)
        word = _(state.word)
        self.say(look.icon, word[:1].upper() + word[1:], look.tone)
        self.setToolTip(reason)
