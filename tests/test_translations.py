"""English is complete: every text of the code has its translation, with the same blanks."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest

from sync.records import KINDS
from sync.texts import _, speak
from vla_desktop import i18n, paths

ROOT = Path(__file__).resolve().parents[1]
BLANKS = re.compile(r"\{(\w+)")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_text_of_the_code_is_translated(language: str) -> None:
    translated = {message.id for message in i18n.read(language) if message.id and message.string}

    missing = [m.id for m in i18n.gathered() if m.id and m.id not in translated]

    assert missing == []


def marked_inside_texts(path: Path) -> list[str]:
    """Texts marked inside an f-string, where Python 3.11 hides them from the gathering."""
    tree = ast.parse(path.read_text("utf-8"))
    return [
        ast.unparse(call)
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in i18n.KEYWORDS
        and isinstance(call.args[0], ast.Constant)
    ]


def test_no_text_is_marked_where_the_gathering_would_not_see_it(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("x = f\"{_('một')} {_(two)}\"", "utf-8")
    assert marked_inside_texts(planted) == ["_('một')"]

    sources = [path for name in ("sync", "vla_desktop") for path in (ROOT / name).rglob("*.py")]
    assert [found for path in sources for found in marked_inside_texts(path)] == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_translation_has_the_blanks_of_its_text(language: str) -> None:
    for message in i18n.read(language):
        if message.id:
            assert set(BLANKS.findall(str(message.string))) == set(BLANKS.findall(str(message.id)))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_the_program_reads_is_what_was_translated(language: str) -> None:
    compiled = i18n.po_path(language).with_suffix(".mo")

    with compiled.open("rb") as file:
        spoken = gettext.GNUTranslations(file)

    for message in i18n.read(language):
        if message.id:
            assert spoken.gettext(str(message.id)) == message.string


def test_english_is_spoken_when_chosen_and_vietnamese_again_after() -> None:
    speak(paths.resources() / "i18n", "en")
    try:
        labels = [_(kind.label) for kind in KINDS]
    finally:
        speak(paths.resources() / "i18n", "vi")

    assert labels[0] == "Member"
    assert [_(kind.label) for kind in KINDS] == [kind.label for kind in KINDS]
