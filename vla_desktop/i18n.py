"""`python -m vla_desktop.i18n update | compile`: the catalogues of languages, for developers.

Vietnamese stands in the code. `update` gathers every marked text into the catalogue of each
language and keeps what is translated; `compile` writes what the program reads.
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = ROOT / "resources" / "i18n"
LANGUAGES = ("en",)
KEYWORDS = {"_": None, "N_": None}
# A moment that does not change, so that the catalogue changes only with its texts.
EDITION = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
METHODS = [("**/versions/**", "ignore"), ("**.py", "python")]


def gathered() -> Catalog:
    """Every marked text of the program."""
    catalogue = Catalog(project="VLA Desktop", charset="utf-8", fuzzy=False)
    for package in ("sync", "vla_desktop"):
        found = extract_from_dir(
            str(ROOT / package), METHODS, keywords=KEYWORDS, strip_comment_tags=True
        )
        for path, _line, message, _comments, _context in found:
            # Files without lines: else every edit of the code would change the catalogue.
            catalogue.add(message, locations=[(f"{package}/{path}", 0)])
    return catalogue


def po_path(language: str) -> Path:
    """The catalogue that people edit."""
    return CATALOGUES / language / "LC_MESSAGES" / "vla.po"


def read(language: str) -> Catalog:
    """The catalogue of a language; an empty one when there is none yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, project="VLA Desktop", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update() -> None:
    """Bring every catalogue up to date with the code."""
    template = gathered()
    for language in LANGUAGES:
        catalogue = read(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.header_comment = f"# VLA Desktop in {catalogue.locale_identifier}."
        catalogue.creation_date = catalogue.revision_date = EDITION
        catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(
                file, catalogue, width=100, sort_output=True, omit_header=False,
                ignore_obsolete=True, include_lineno=False,
            )  # fmt: skip


def compile_all() -> None:
    """Write what the program reads."""
    for language in LANGUAGES:
        po_path(language).with_suffix(".mo").write_bytes(compiled(read(language)))


def main() -> int:
    """The command line."""
    verbs = {"update": update, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.stderr.write(__doc__ or "")
        return 2
    verbs[sys.argv[1]]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
