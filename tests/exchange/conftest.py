from __future__ import annotations

from pathlib import Path

import pytest

from sync.places import Catalogue
from tests.exchange.shelf import Shelf


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load(Path(__file__).parents[2] / "resources" / "catalogues")


@pytest.fixture
def shelf(catalogue: Catalogue) -> Shelf:
    return Shelf(catalogue)
