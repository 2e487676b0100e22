"""A real office and the theme, for windows that are tested off screen."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from sync.records.library import Library
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import Value
from vla_desktop.office import Office
from vla_desktop.store.store import Store
from vla_desktop.ui.theme import Mode, Tokens, apply_theme, theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PASSPHRASE = "chín con ngựa uống trà 2026"
BA_DINH = "00004"


@dataclass(frozen=True)
class Branch:
    """A small branch: its store, its one unit, one library in it."""

    store: Store
    unit: str
    library: str

    def member(self, **values: Value) -> dict[str, Value]:
        """What a new member's form holds when nothing is wrong with it."""
        return {
            "full_name": "Nguyễn Thị Hằng",
            "subject": "person",
            "membership": "official",
            "born_on": "1975",
            "occupation": "Thủ thư",
            "workplace": self.library,
            "address": "Số 1, phố Sách",
            "commune": BA_DINH,
            "unit": self.unit,
            "joined_on": dt.date(2010, 4, 21),
            "decision_no": "12/QĐ",
            "status": "active",
            "consented": True,
            **values,
        }


@pytest.fixture
def themed(qapp: QApplication) -> QApplication:
    """The application in its light clothes."""
    # What earlier tests threw away is gone only now, and would be dressed anew with the rest.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not qapp.styleSheet() or theme().tokens != Tokens():
        apply_theme(qapp, Mode.LIGHT)
    return qapp


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A new, empty office."""
    with Office.create(tmp_path / "office", PASSPHRASE) as office:
        yield office


@pytest.fixture
def branch(office: Office, themed: QApplication) -> Branch:
    """An office with a unit and a library."""
    return _branch(office.store)


@pytest.fixture(scope="session")
def still_branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branch]:
    """The same for tests that only read: one for all of them."""
    with Office.create(tmp_path_factory.mktemp("still") / "office", PASSPHRASE) as office:
        yield _branch(office.store)


def _branch(store: Store) -> Branch:
    unit = store.save(OrganisationUnit, {"name": "Chi hội Thư viện tỉnh"}).id
    library = {"name": "Thư viện tỉnh Đắk Lắk", "type": "public", "commune": BA_DINH}
    return Branch(store, unit, store.save(Library, library).id)
