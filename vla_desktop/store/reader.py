"""Looking at the office's records; each question opens its own short transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from sync import editing, rules
from sync.client.tables import BranchName, Office
from sync.places import Catalogue
from sync.problems import Finding
from sync.records import BY_NAME, KINDS, name_of
from sync.records import base as kinds
from sync.records.base import Record
from sync.records.fields import Field, fields
from sync.records.organisation_unit import OrganisationUnit
from sync.records.types import Link, Value
from sync.texts import _
from vla_desktop.store import listing
from vla_desktop.store.alike import Alike, alike
from vla_desktop.store.database import reading
from vla_desktop.store.history import Event, history
from vla_desktop.store.items import ReviewItem
from vla_desktop.store.newer import has_newer_parts, newer_records
from vla_desktop.store.review import review
from vla_desktop.store.rows import Query, Row, read_rows, titles_of


@dataclass(frozen=True)
class Suggestion:
    """A record to choose from while typing. `detail` tells it from others of the same title."""

    id: str
    title: str
    detail: str


@dataclass(frozen=True)
class Hand:
    """Who writes: the clerk's name and the PC's, as they are just now, and the clock (UTC).

    Another branch has `transfer_days` to answer a request.
    """

    author: Callable[[], str]
    computer: Callable[[], str]
    now: Callable[[], dt.datetime]
    transfer_days: Callable[[], int] = lambda: 30


class Reader:
    """Reads the records of one office."""

    def __init__(self, engine: Engine, catalogue: Catalogue, hand: Hand) -> None:
        self.engine, self._engine, self._hand = engine, engine, hand
        self.catalogue = catalogue

    def computer(self) -> str:
        """What this PC is called."""
        return self._hand.computer()

    def get(self, kind: type[Record], record_id: str) -> Row | None:
        """One record, also from the bin; None when there is none."""
        rows = self.rows(kind, [record_id])
        return rows[0] if rows else None

    def ids(self, kind: type[Record], query: Query) -> list[str]:
        """All records that fit, in the order asked for."""
        with reading(self._engine) as session:
            return listing.find_ids(session, self.catalogue, kind, query)

    def rows(self, kind: type[Record], ids: Sequence[str]) -> list[Row]:
        """These records in this order; what does not exist is left out."""
        with reading(self._engine) as session:
            return read_rows(session, self.catalogue, kind, ids)

    def count(self, kind: type[Record], query: Query) -> int:
        """How many records fit."""
        with reading(self._engine) as session:
            return listing.count(session, kind, query)

    def suggest(self, kind_name: str, text: str, limit: int = 12) -> list[Suggestion]:
        """Records whose words begin like the text, for choosing a link while typing."""
        kind = BY_NAME[kind_name]
        with reading(self._engine) as session:
            ids = listing.find_ids(session, self.catalogue, kind, Query(search=text), limit)
            rows = read_rows(session, self.catalogue, kind, ids)
        return [Suggestion(row.id, row.title, _detail(row, _details(kind))) for row in rows]

    def suggestion(self, kind_name: str, record_id: str) -> Suggestion | None:
        """One record as `suggest` would offer it; None when there is none."""
        kind = BY_NAME[kind_name]
        with reading(self._engine) as session:
            rows = read_rows(session, self.catalogue, kind, [record_id])
        return (
            Suggestion(record_id, rows[0].title, _detail(rows[0], _details(kind))) if rows else None
        )

    def title(self, kind_name: str, record_id: str) -> str:
        """What names the record; "" when there is none."""
        with reading(self._engine) as session:
            return titles_of(session, [record_id]).get(record_id, "")

    def linked(self, kind: type[Record], record_id: str) -> list[tuple[type[Record], str, int]]:
        """Which kinds point to this record, by which field, and how many records do."""
        found = []
        with reading(self._engine) as session:
            for other in KINDS:
                for link in _links_to(other, kind):
                    query = select(func.count()).select_from(other)
                    at = getattr(other, link.name) == record_id
                    number = session.scalar(query.where(at, other.deleted.is_(False))) or 0
                    found.append((other, link.name, number))
        return found

    def history(self, kind: type[Record], record_id: str) -> list[Event]:
        """What happened to the record, newest first."""
        with reading(self._engine) as session:
            own = session.get_one(Office, 1).device, self._hand.computer()
            return history(session, self.catalogue, kind, record_id, own)

    def review(self) -> list[ReviewItem]:
        """What a person should look at."""
        with reading(self._engine) as session:
            device = session.get_one(Office, 1).device
            return review(session, self.catalogue, device, self._today())

    def has_newer_parts(self, kind: type[Record], record_id: str) -> bool:
        """Whether something stands in the record that only a newer version can show."""
        with reading(self._engine) as session:
            return has_newer_parts(session, kind, record_id)

    def newer_records(self) -> int:
        """How many records are of kinds that only a newer version can show."""
        with reading(self._engine) as session:
            return newer_records(session)

    def initial(self, kind: type[Record]) -> dict[str, Value]:
        """What a new record starts with; the only unit there is, is chosen already."""
        values = kinds.initial(kind)
        for unit in _links_to(kind, OrganisationUnit):
            if unit.required:
                with reading(self._engine) as session:
                    ids = listing.find_ids(session, self.catalogue, OrganisationUnit, Query(), 2)
                if len(ids) == 1:
                    values[unit.name] = ids[0]
        return values

    def check(
        self, kind: type[Record], values: Mapping[str, Value], record_id: str | None
    ) -> list[Finding]:
        """What the rules say while somebody types."""
        with reading(self._engine) as session:
            record = session.get(kind, record_id) if record_id else None
            standing = editing.values_of(record) if record else kinds.initial(kind)
            full = standing | rules.tidied(kind, values)
            return [
                *rules.findings(kind, full, self._today(), record_id or ""),
                *rules.clashes(session, kind, full, record_id or ""),
                *rules.broken_links(session, kind, values),
            ]

    def alike(self, values: Mapping[str, Value], record_id: str | None) -> list[Alike]:
        """Members who may be the person of these values, the likeliest first."""
        with reading(self._engine) as session:
            return alike(session, values, record_id)

    def today(self) -> dt.date:
        """The day, by the clock of this office."""
        return self._today()

    def branch_name(self, code: str) -> str:
        """What a branch is called; "chi hội" and its code when nobody has said."""
        with reading(self._engine) as session:
            named = session.get(BranchName, code)
        return named.name if named else _("chi hội {code}").format(code=code)

    def transfer_days(self) -> int:
        """How long another branch has to answer a request."""
        return self._hand.transfer_days()

    def _today(self) -> dt.date:
        return self._hand.now().astimezone().date()


def _links_to(kind: type[Record], target: type[Record]) -> list[Field]:
    return [
        facts
        for facts in fields(kind)
        if isinstance(facts.type, Link) and facts.type.target == name_of(target)
    ]


def _details(kind: type[Record]) -> list[Field]:
    """The fields that tell two records of one name apart."""
    return [field for field in fields(kind) if field.listed and not field.titled][:2]


def _detail(row: Row, details: Sequence[Field]) -> str:
    return " · ".join(row.shown[facts.name] for facts in details if row.shown[facts.name])
