"""A clerk, or an operator, of a program of any version, in a process of its own.

Run with the folder of that program first on the path: `python clerk.py office HOME` or
`python clerk.py centre DATABASE PORT`. Each line of standard input is a list of a deed's name and
what it is given, as JSON; each line of standard output is what came of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.problems import Problem
from sync.progress import Silent
from sync.records import BY_NAME, KINDS
from sync.records.fields import fields_by_name
from sync.server.database import reading
from sync.server.embedded import EmbeddedCentre
from sync.server.settings import Settings
from vla_desktop.office import Office

PASSPHRASE = "chín con ngựa uống trà 2026"


def records_in(session: Session) -> dict[str, dict[str, dict[str, Any]]]:
    """Every record by kind and id, its fields as they travel."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for kind in KINDS:
        known = fields_by_name(kind)
        found[kind.__tablename__] = {
            record.id: {"deleted": record.deleted, "scope": record.scope}
            | {name: field.type.to_wire(getattr(record, name)) for name, field in known.items()}
            for record in session.scalars(select(kind))
        }
    return found


class Clerk:
    """Sits at an office, which is made when it is not there."""

    def __init__(self, home: Path) -> None:
        opening = Office.open if Office.exists(home) else Office.create
        self.office = opening(home, PASSPHRASE)

    def enrol(self, url: str, code: str) -> None:
        """Join a branch."""
        self.office.enrol(url, code)

    def save(self, kind: str, values: dict[str, Any], record: str | None = None) -> str:
        """Save a form; gives the record's id."""
        known = fields_by_name(BY_NAME[kind])
        plain = {name: known[name].type.from_wire(value) for name, value in values.items()}
        return self.office.store.save(BY_NAME[kind], plain, record).id

    def delete(self, kind: str, record: str) -> None:
        """Into the bin."""
        self.office.store.delete(BY_NAME[kind], record)

    def restore(self, kind: str, record: str) -> None:
        """Out of it."""
        self.office.store.restore(BY_NAME[kind], record)

    def synchronise(self) -> str:
        """Exchange; gives the colour of the light."""
        self.office.synchronise(Silent())
        return self.office.standing().light.value

    def tell(self) -> dict[str, Any]:
        """All that the clerk could see."""
        with self.office._reading() as session:
            records = records_in(session)
        lists = {name: sorted(text for (text,) in _listed(self.office, name)) for name in BY_NAME}
        newer = self.office.store.newer_records()
        return {"records": records, "lists": lists, "digests": self.office.digests(),
                "newer": newer, "pending": len(self.office.pending())}  # fmt: skip


def _listed(office: Office, kind: str) -> list[tuple[str]]:
    from vla_desktop.store.store import Query

    store = office.store
    ids = store.ids(BY_NAME[kind], Query())
    return [(f"{row.id} {row.title}",) for row in store.rows(BY_NAME[kind], ids)]


class Operator:
    """Runs a centre."""

    def __init__(self, database: str, port: int) -> None:
        self.centre = EmbeddedCentre(Settings(database=database, port=port))

    def address(self) -> str:
        """Where it is to be reached."""
        return self.centre.url

    def invite(self, branch: str) -> str:
        """A code for a PC."""
        return self.centre.invite(branch)

    def tell(self) -> dict[str, Any]:
        """All that stands there."""
        with reading(self.centre.centre.engine) as session:
            return {"records": records_in(session)}


def main(role: str, place: str, port: str = "0") -> None:
    """Do as one is told, until there is nothing more to hear."""
    try:
        somebody: Any = Clerk(Path(place)) if role == "office" else Operator(place, int(port))
    except Problem as problem:
        _answer({"problem": problem.code})
        return
    _answer({})
    for line in sys.stdin:
        deed, *given = json.loads(line)
        _answer(getattr(somebody, deed)(*given))


def _answer(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
