"""The look: readable in both modes, whole on every screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontDatabase, QFontMetrics, QRawFont
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from vla_desktop.ui.theme import Mode, Tokens, apply_theme, icon, style_sheet, theme

GROUNDS = ("window", "surface", "raised", "sunken", "hover")
WORDS = [
    *((ink, ground) for ink in ("text", "muted", "primary_text") for ground in GROUNDS),
    *((ink, ground) for ink in ("success", "warning", "danger", "info") for ground in GROUNDS),
    *(
        (ink, f"{ink}_soft") for ink in ("success", "warning", "danger", "info", "accent")
    ),
    *(("text", f"{tone}_soft") for tone in ("success", "warning", "danger", "info", "primary")),
    ("primary_text", "primary_soft"), ("muted", "primary_soft"),
    ("on_primary", "primary"), ("on_primary", "primary_hover"), ("on_primary", "primary_pressed"),
    ("on_danger", "danger_fill"), ("on_tooltip", "tooltip"), ("accent", "surface"),
    *(
        (ink, ground)
        for ink in ("sidebar_text", "sidebar_muted")
        for ground in ("sidebar", "sidebar_hover", "sidebar_selected")
    ),
]  # fmt: skip
EDGES = [
    *((edge, ground) for edge in ("edge", "focus", "primary") for ground in ("surface", "window")),
    ("danger", "surface"), ("warning", "surface"), ("on_primary", "primary"),
]  # fmt: skip


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    shade = QColor(colour)
    parts = ((0.2126, shade.red()), (0.7152, shade.green()), (0.0722, shade.blue()))
    return sum(weight * linear(channel / 255) for weight, channel in parts)


def linear(part: float) -> float:
    """A channel from 0 to 1 without its gamma."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG 2 counts it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_counted_as_the_standard_does() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_can_be_read_on_every_ground(mode: Mode, ink: str, ground: str) -> None:
    tokens = Tokens(mode)
    assert contrast(tokens.colour(ink), tokens.colour(ground)) >= 4.5


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_what_is_used_can_be_seen(mode: Mode, edge: str, ground: str) -> None:
    tokens = Tokens(mode)
    assert contrast(tokens.colour(edge), tokens.colour(ground)) >= 3


@pytest.mark.parametrize("mode", Mode)
def test_the_style_sheet_names_only_colours_that_exist(mode: Mode) -> None:
    assert "$" not in style_sheet(Tokens(mode), "Be Vietnam Pro").replace("$-names", "")


def test_larger_text_makes_letters_and_fields_larger(qapp: QApplication, qtbot: QtBot) -> None:
    heights = []
    for scale in (1.0, 1.5):
        apply_theme(qapp, Mode.LIGHT, scale)
        line = QLineEdit()
        qtbot.addWidget(line)
        line.ensurePolished()
        heights.append(line.sizeHint().height())
        assert line.font().pixelSize() == round(14 * scale)
    apply_theme(qapp, Mode.LIGHT)
    assert heights[1] > heights[0] * 1.3


def test_the_font_we_carry_is_used_and_has_every_vietnamese_letter(themed: QApplication) -> None:
    font = theme().font("body")
    assert font.family() == "Be Vietnam Pro"
    assert "Be Vietnam Pro" in QFontDatabase.families()
    raw = QRawFont.fromFont(font)
    bases = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"]
    letters = {"đ", *bases, *"áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"}
    assert [
        x for x in letters | {x.upper() for x in letters} if not raw.supportsCharacter(ord(x))
    ] == []


def test_a_stacked_mark_fits_into_a_field(themed: QApplication, qtbot: QtBot) -> None:
    line = QLineEdit("Ễ Ặ Ộ ễ ặ ộ g")
    qtbot.addWidget(line)
    line.ensurePolished()
    room = line.sizeHint().height() - 4
    assert QFontMetrics(line.font()).boundingRect(line.text()).height() <= room


def test_an_icon_takes_the_colour_of_its_role_and_follows_the_theme(qapp: QApplication) -> None:
    drawing = icon("check", "primary")
    seen = []
    for mode in Mode:
        apply_theme(qapp, mode)
        image = drawing.pixmap(QSize(64, 64)).toImage()
        solid = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        seen.append(solid)
        assert solid == {Tokens(mode).colour("primary").lower()}
    apply_theme(qapp, Mode.LIGHT)
    assert seen[0] != seen[1]


def test_an_icon_is_drawn_at_the_full_sharpness_of_the_screen(themed: QApplication) -> None:
    for ratio in (1.0, 1.25, 1.5, 2.0):
        assert icon("save").pixmap(QSize(20, 20), ratio).width() == round(20 * ratio)


def test_a_missing_icon_leaves_no_hole(themed: QApplication) -> None:
    image = icon("no such drawing").pixmap(QSize(24, 24)).toImage()
    assert any(image.pixelColor(x, 12).alpha() > 0 for x in range(24))


def test_changing_the_mode_repaints_the_windows(qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    window.setProperty("role", "page")
    qtbot.addWidget(window)
    with qtbot.waitSignal(theme().changed):
        apply_theme(qapp, Mode.DARK)
    assert (
        window.grab().toImage().pixelColor(5, 5).name()
        == Tokens(Mode.DARK).colour("window").lower()
    )
    apply_theme(qapp, Mode.LIGHT)
