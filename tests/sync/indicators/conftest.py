"""An empty office in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from sync.records.base import Shared
from tests.sync.indicators.office import Office


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Shared.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def office(session: Session) -> Office:
    return Office(session)
