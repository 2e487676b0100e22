"""Damage in an office's own ledger is mended by a word."""

from __future__ import annotations

from sqlalchemy import select

from sync.changes import Entry
from sync.server.embedded import EmbeddedCentre
from tests.cli.desk import PASSPHRASE, Desk
from vla_desktop.office import Office


def damage(desk: Desk) -> None:
    """Something writes into the ledger past the program."""
    with Office.open(desk.home, PASSPHRASE) as office, office._writing() as session:
        entry = session.scalars(select(Entry).where(Entry.kind == "library")).one()
        entry.values = {**entry.values, "name": "Bị sửa"}


def test_a_damaged_ledger_is_mended_and_a_sound_one_left(
    desk: Desk, centre: EmbeddedCentre
) -> None:
    desk.ask("enrol", "--server", centre.url, "--code", centre.invite("DAKLAK"))
    desk.ask("sync")
    assert not desk.ask("mend")["damaged"]

    damage(desk)
    assert desk.type("verify-receipt").code == 1
    mended = desk.ask("mend")
    assert mended["damaged"]
    assert [one["kind"] for one in mended["records"]] == ["library"]
    assert desk.ask("verify-receipt", "--online")["holds"]
    assert not desk.ask("mend")["damaged"]


def test_an_office_that_never_joined_has_nothing_to_be_held_against(desk: Desk) -> None:
    assert desk.refusal("mend")["code"] == "sync.not_enrolled"
