"""One field on a form: its name above, its editor, and one line below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sync.problems import Level
from sync.texts import _
from vla_desktop.ui import theme
from vla_desktop.ui.editors import FieldEditor
from vla_desktop.ui.widgets.labels import IconLabel, label


class FieldRow(QWidget):
    """The line below holds a mistake, else a doubt, else what is known, else the help."""

    def __init__(self, editor: FieldEditor) -> None:
        super().__init__()
        self.editor = editor
        self.field = editor.field
        name = _(self.field.label)
        self.label = label(f"{name} *" if self.field.required else name, "label")
        self.label.setBuddy(editor)
        self.note = label("", "help")
        self._icon: IconLabel | None = None
        self._level: Level | None = None
        self._sentence = ""
        self._below = QHBoxLayout()
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(5)
        self._below.addWidget(self.note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.label)
        column.addWidget(editor)
        column.addLayout(self._below)
        column.addStretch(1)
        self.show_finding("", None)

    @property
    def sentence(self) -> str:
        """The mistake or the doubt that stands here; "" when there is none."""
        return self._sentence

    @property
    def level(self) -> Level | None:
        """How much it weighs."""
        return self._level

    def show_finding(self, sentence: str, level: Level | None) -> None:
        """Say what is wrong or doubtful here; "" and None take it back."""
        words = sentence or self.editor.note() or _(self.field.help)
        if (sentence, level, words) == (self._sentence, self._level, self.note.text()):
            self.note.setVisible(bool(words))
            return
        self._sentence, self._level = sentence, level
        roles = {None: "help", Level.BLOCK: "error", Level.WARN: "warning"}
        self.note.setText(words)
        self.note.setVisible(bool(words))
        theme.set_role(self.note, roles[level])
        self._show_icon(level)
        self.editor.show_level(level)
        self.editor.describe(words)

    def _show_icon(self, level: Level | None) -> None:
        if level is None:
            if self._icon is not None:
                self._icon.hide()
            return
        if self._icon is None:
            self._icon = IconLabel("error", "danger", 14)
            self._below.insertWidget(0, self._icon, 0, Qt.AlignmentFlag.AlignTop)
        look = ("error", "danger") if level is Level.BLOCK else ("warning", "warning")
        self._icon.show_icon(*look)
        self._icon.show()
