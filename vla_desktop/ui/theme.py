"""Puts the visual language on the application: fonts, palette, style sheet, icons."""

from __future__ import annotations

import dataclasses
import functools
import string
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleFactory,
    QStyleOption,
    QWidget,
)

from vla_desktop import paths
from vla_desktop.ui.icons import RoleIconEngine
from vla_desktop.ui.tokens import Mode, Tokens

__all__ = [
    "Mode", "Theme", "Tokens", "apply_theme", "colour", "icon", "repolish", "set_role",
    "style_sheet", "theme",
]  # fmt: skip

FAMILY = "Be Vietnam Pro"

# Item views and menus have fonts of their own on Windows and stay tiny unless told.
_CLASSES_WITH_OWN_FONT = (
    "QAbstractItemView", "QHeaderView", "QMenu", "QMenuBar", "QMessageBox", "QStatusBar",
    "QTipLabel", "QToolButton", "QComboBoxPrivateContainer",
)  # fmt: skip


class LineStyle(QProxyStyle):
    """Lets the drawings in a line to type into grow with the letters; Qt has one size for them."""

    ICON = 16

    def __init__(self) -> None:
        super().__init__("Fusion")
        self.side = self.ICON

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric is QStyle.PixelMetric.PM_LineEditIconSize:
            return self.side
        return super().pixelMetric(metric, option, widget)


class Theme(QObject):
    """The look in force. One hangs under the application; `theme()` finds it."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.tokens = Tokens()
        self.line_style = LineStyle()
        self.line_style.setParent(self)
        self._family = _load_fonts()
        app.setStyle(QStyleFactory.create("Fusion"))
        QLocale.setDefault(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))

    def apply(self, tokens: Tokens) -> None:
        """Change the look of every window."""
        app = self.parent()
        assert isinstance(app, QApplication)  # noqa: S101 - told to the type checker
        self.tokens = tokens
        self.line_style.side = tokens.px(LineStyle.ICON)
        font = self.font("body")
        app.setFont(font)
        for name in _CLASSES_WITH_OWN_FONT:
            # PySide takes the name as text, whatever its stubs say.
            app.setFont(font, name)  # type: ignore[arg-type]
        app.setPalette(_palette(tokens))
        app.setStyleSheet(style_sheet(tokens, font.family()))
        self.changed.emit()

    def font(self, size: str, *, strong: bool = False) -> QFont:
        """The font of a step of the type scale: caption, small, body, heading, title, display."""
        font = QFont(self._family) if self._family else QFont(QApplication.font())
        font.setPixelSize(self.tokens.sizes[size])
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        return font


def theme() -> Theme:
    """The theme of the running application; the light one comes up when none was applied."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("no QApplication yet")
    found = app.findChild(Theme, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found or Theme(app)


def apply_theme(app: QApplication, mode: Mode = Mode.LIGHT, text_scale: float = 1.0) -> Theme:
    """Give the whole application its look; may be called again at any time."""
    found = app.findChild(Theme, options=Qt.FindChildOption.FindDirectChildrenOnly) or Theme(app)
    found.apply(Tokens(mode, text_scale))
    return found


def colour(role: str) -> QColor:
    """A colour of the theme in force, for those who paint."""
    return QColor(theme().tokens.colour(role))


def icon(name: str, role: str = "text") -> QIcon:
    """The icon `name` in the colour of `role`. It follows the theme by itself."""
    theme()  # comes up here if nowhere else: to change the style while painting would crash
    return QIcon(RoleIconEngine(name, role, _colour_in_force))


def _colour_in_force(role: str) -> str:
    return theme().tokens.colour(role)


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget its part in the style sheet, now or later."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    repolish(widget)


def repolish(widget: QWidget) -> None:
    """Have the style sheet look again at the properties of a widget."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def style_sheet(tokens: Tokens, family: str) -> str:
    """The one style sheet, with the figures of `tokens` put in."""
    words: dict[str, object] = dict(dataclasses.asdict(tokens.colours))
    words |= {f"size_{name}": f"{size}px" for name, size in tokens.sizes.items()}
    words |= {
        f"px_{size}": f"{tokens.px(size)}px" for size in (12, 14, 16, 18, 20, 28, 32, 36, 40, 44)
    }
    words |= {"family": family, "mode": tokens.mode.value, "radius": f"{tokens.RADIUS}px"}
    words["images"] = (paths.resources() / "style").as_posix()
    return string.Template(_template(paths.resources() / "style.qss")).substitute(words)


@functools.cache
def _template(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _load_fonts() -> str:
    """Bring in the fonts we carry; "" when they are missing and the system's must serve."""
    families: list[str] = []
    for path in sorted((paths.resources() / "fonts").glob("BeVietnamPro*.ttf")):
        families += QFontDatabase.applicationFontFamilies(
            QFontDatabase.addApplicationFont(str(path))
        )
    return FAMILY if FAMILY in families else (families or [""])[0]


def _palette(tokens: Tokens) -> QPalette:
    colours, role = tokens.colours, QPalette.ColorRole
    palette = QPalette()
    for part, value in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.sunken,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.ToolTipBase: colours.tooltip,
        role.ToolTipText: colours.on_tooltip,
        role.Link: colours.primary_text,
        role.LinkVisited: colours.primary_text,
        role.Highlight: colours.primary,
        role.HighlightedText: colours.on_primary,
        role.Light: colours.raised,
        role.Midlight: colours.hover,
        role.Mid: colours.border,
        role.Dark: colours.edge,
        role.Shadow: colours.edge,
        role.Accent: colours.primary,
    }.items():
        palette.setColor(part, QColor(value))
    for part in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(colours.disabled))
    return palette
