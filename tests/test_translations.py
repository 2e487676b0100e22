"""English is complete: every text of the code has its translation, with the same blanks."""

from __future__ import annotations

import gettext
import re

import pytest

from sync.records import KINDS
from sync.texts import _, speak
from vla_desktop import i18n, paths

BLANKS = re.compile(r"\{(\w+)")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_text_of_the_code_is_translated(language: str) -> None:
    translated = {message.id for message in i18n.read(language) if message.id and message.string}

    missing = [m.id for m in i18n.gathered() if m.id and m.id not in translated]

    assert missing == []


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
