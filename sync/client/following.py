"""An office follows its centre, which was restored from a backup, into the new epoch."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from sync.client.batches import Sessions
from sync.client.epochs import NewEpoch, go_back, heights
from sync.client.giving_back import give_back
from sync.client.halving import Asking, agreed_places
from sync.client.steps import Steps
from sync.client.tables import Office


def follow(
    ends: tuple[Sessions, Sessions], discovery: NewEpoch, ask: Asking, draw: Callable[[], str],
    applied: Callable[[Session, set[tuple[str, str]]], None],
) -> Steps[set[tuple[str, str]]]:  # fmt: skip
    """The centre is given back what it lacks, and what it does not take loses its number here.

    `ends` open sessions to read and to write. Returns the records that were touched.
    """
    reading, writing = ends
    with writing() as session:
        # From here on the receipts of the old epoch prove nothing.
        session.get_one(Office, 1).next_epoch = discovery.epoch
        most = heights(session, discovery.heads)
    agreed = yield from agreed_places(reading, most, ask, draw)
    if (yield from give_back(reading, agreed, ask)):
        with reading() as session:
            most = heights(session)
        agreed = yield from agreed_places(reading, most, ask, draw)
    with writing() as session:
        touched = go_back(session, agreed, discovery.epoch)
        applied(session, touched)
    return touched
