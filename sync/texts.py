"""Words for people. Vietnamese is the source language; other languages are gettext catalogues."""

import gettext
from pathlib import Path


class _Speech:
    """The one language of this process: gettext knows no other way."""

    catalogue: gettext.NullTranslations = gettext.NullTranslations()


def _(text: str) -> str:
    """The text in the language of whoever reads; Vietnamese when nothing was chosen."""
    return _Speech.catalogue.gettext(text) if text else ""


def N_(text: str) -> str:
    """Mark a text for the catalogue and leave it as it is."""
    return text


def speak(folder: Path, language: str) -> None:
    """Use the catalogue of `language` in `folder`; "vi", and unknown ones, are Vietnamese."""
    if language == "vi":
        _Speech.catalogue = gettext.NullTranslations()
    else:
        _Speech.catalogue = gettext.translation("vla", folder, [language], fallback=True)
