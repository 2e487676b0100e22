"""From what the clerk chose to what the window wears."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from vla_desktop.settings import AppearanceSettings
from vla_desktop.ui.theme import apply_theme
from vla_desktop.ui.tokens import Mode


def mode_of(app: QApplication, look: AppearanceSettings) -> Mode:
    """Light or dark; what the system says when that was chosen, light when it says nothing."""
    if look.theme == "system":
        is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return Mode.DARK if is_dark else Mode.LIGHT
    return Mode(look.theme)


def wear(app: QApplication, look: AppearanceSettings) -> None:
    """Give every window this look."""
    apply_theme(app, mode_of(app, look), look.text_scale)
