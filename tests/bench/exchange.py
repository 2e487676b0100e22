"""Synchronising 0, 1, 100 and 1,000 changed fields, both ways."""

from __future__ import annotations

import time

from sync.progress import Silent
from sync.records.member import Member
from sync.server.embedded import EmbeddedCentre
from tests.bench.figures import Figures
from vla_desktop.demo.stage import PASSPHRASE, Stage, open_second
from vla_desktop.office import Office
from vla_desktop.store.store import Query


def measure(stage: Stage, centre: EmbeddedCentre, figures: Figures) -> None:
    """Two offices of one branch; each amount goes up from one and down to the other."""
    with Office.open(stage.first, PASSPHRASE) as first:
        first.move(centre.url)
        with open_second(stage, centre, Silent()) as second:
            first.synchronise(Silent())
            second.synchronise(Silent())
            ids = first.store.ids(Member, Query())
            for amount in (0, 1, 100, 1000):
                first.store.save_many(
                    (Member, {"note": f"lần {amount}, số {place}"}, identity)
                    for place, identity in enumerate(ids[:amount])
                )
                _exchange(first, f"{amount:,} changed fields up", figures)
                _exchange(second, f"{amount:,} changed fields down", figures)


def _exchange(office: Office, name: str, figures: Figures) -> None:
    began = time.perf_counter()
    outcome = office.synchronise(Silent())
    figures.add(f"{name}: wall", (time.perf_counter() - began) * 1000, "ms")
    figures.add(f"{name}: requests", outcome.requests, "", 1)
    figures.add(f"{name}: body bytes up", outcome.bytes_up, "B")
    figures.add(f"{name}: body bytes down", outcome.bytes_down, "B")
