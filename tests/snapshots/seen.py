"""What can be seen of an office, to hold two of them against each other."""

from __future__ import annotations

from typing import Any

from sync.changes import Ledger
from sync.client.older import History
from sync.client.steps import Wire, drive
from sync.progress import Silent
from sync.records import KINDS, name_of
from sync.records.library import Library
from sync.records.member import Member
from tests.builders import TODAY, everything
from vla_desktop.office import Office
from vla_desktop.store.rows import Query


def records(office: Office) -> dict[str, Any]:
    """Every row of every kind, as the tables have it."""
    found = everything(office)
    return {name_of(kind): found[name_of(kind)] for kind in KINDS}


def seen(office: Office) -> dict[str, Any]:
    """Lists, bins, states, figures, and how far the ledger reaches."""
    return {
        "lists": [
            [
                (row.id, row.title, row.deleted, row.state, dict(row.shown))
                for row in office.store.rows(kind, office.store.ids(kind, Query(bin=is_bin)))
            ]
            for kind in KINDS
            for is_bin in (False, True)
        ],
        "found": office.store.ids(Library, Query(search="thu vien 3")),
        "figures": office.figures(TODAY),
        "to do": [(one.sentence, one.count) for one in office.to_do(TODAY)],
        "digests": office.digests(),
    }


def place(office: Office) -> tuple[int, int]:
    """Where the ledger of the branch begins here, and how far it reaches."""
    with office._reading() as session:
        ledger = session.get_one(Ledger, "HN")
        return ledger.begins, ledger.seq


def a_library_of(office: Office, name: str = "Thư viện 3") -> str:
    """The id of a library by its name."""
    return office.store.ids(Library, Query(search=name))[0]


def the_member(office: Office) -> str:
    """The id of the only member."""
    return office.store.ids(Member, Query())[0]


def fetch_history(office: Office, wire: Wire, record: str) -> None:
    """What `Office.fetch_history` does, over a given wire."""
    history = History(office._reading, office._writing, office.store.exchanged, office.world)
    drive(history.of_records("HN", [record]), wire, Silent(), office.world)
