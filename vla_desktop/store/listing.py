"""Finding records: the index of titles, order and words, and the questions asked of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Integer, Table, column, delete, func, literal, select, text
from sqlalchemy.orm import Session, aliased

from sync.bulk import CHUNK, insert_rows, spans
from sync.canonical import canonical
from sync.changes import ASSOCIATION
from sync.client.tables import Office
from sync.knowledge import Lesson
from sync.places import Catalogue
from sync.records import BY_NAME, KINDS, name_of
from sync.records.base import Record
from sync.records.fields import fields, fields_by_name
from sync.records.member import Member
from sync.records.types import Choice, Day, Link, LongText, PlaceCode, Text, Value
from sync.vietnamese import clean, has_marks, text_key, words
from vla_desktop.store.likeness import block_keys
from vla_desktop.store.rows import Query, show, state_condition, titles_of
from vla_desktop.store.tables import Listing

# Raise it when titles, keys or words are made in another way: the index is then made anew.
INDEX_VERSION = 2

_LISTINGS: Table = Listing.__table__  # type: ignore[assignment]
_LISTED = ("number", "record", "kind", "title", "sort_key", "deleted", "moved_to")
_NO_DIGIT = re.compile(r"\D")
_LONG_NUMBER = 7
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_TONELESS = str.maketrans(dict.fromkeys(_TONES))


def rebuild_if_old(session: Session, catalogue: Catalogue) -> bool:
    """Make the index anew when another version of the program made it; says whether it was so."""
    version = session.execute(text("PRAGMA user_version")).scalar_one()
    if version == INDEX_VERSION:
        return False
    session.execute(text("DELETE FROM search"))
    session.execute(delete(Listing))
    for kind in sorted(KINDS, key=_titled_links):
        ids = session.scalars(select(kind.id)).all()
        reindex(session, catalogue, {(name_of(kind), identity) for identity in ids})
    session.execute(text(f"PRAGMA user_version = {INDEX_VERSION:d}"))
    return True


def relisted(learnt: Iterable[tuple[Lesson, set[str]]]) -> set[tuple[str, str]]:
    """The records, as (kind, id), whose place in the index what was learnt may change."""
    found: set[tuple[str, str]] = set()
    for lesson, ids in learnt:
        kind = BY_NAME[lesson.kind]
        told = {field.name for field in fields(kind) if field.titled or field.searched}
        told |= {Member.born_on.key} if kind is Member else set()
        is_sorted_by_fields = "sort_key" in vars(kind)
        if lesson.is_new or lesson.fields & told or is_sorted_by_fields:
            found |= {(lesson.kind, identity) for identity in ids}
    return found


def _titled_links(kind: type[Record]) -> int:
    return sum(isinstance(field.type, Link) and field.titled for field in fields(kind))


def reindex(session: Session, catalogue: Catalogue, touched: Iterable[tuple[str, str]]) -> None:
    """Bring the index up to date for records, as (kind, id), and for what is named after them."""
    session.flush()
    by_kind: dict[str, set[str]] = {}
    for name, identity in touched:
        if name in BY_NAME:
            by_kind.setdefault(name, set()).add(identity)
    for name in sorted(by_kind, key=lambda name: _titled_links(BY_NAME[name])):
        renamed = _reindex_kind(session, catalogue, BY_NAME[name], by_kind[name])
        dependents = _named_after(session, BY_NAME[name], renamed)
        if dependents:
            reindex(session, catalogue, dependents)


def _reindex_kind(
    session: Session, catalogue: Catalogue, kind: type[Record], ids: set[str]
) -> set[str]:
    """Returns the ids of records that already stood here and have another title now."""
    rows = _told(session, kind, ids)
    titled = [f for f in fields(kind) if f.titled]
    searched = [f.name for f in fields(kind) if f.searched and not f.titled]
    names = titles_of(
        session,
        {str(row[f.name]) for row in rows.values() for f in titled
         if isinstance(f.type, Link) and row[f.name]},
    )  # fmt: skip
    former = _former(session, ids)
    listings: list[tuple[object, ...]] = []
    searches: list[tuple[int, str]] = []
    renamed: set[str] = set()
    here = {"", ASSOCIATION, session.scalar(select(Office.branch)) or ""}
    following = session.scalar(select(func.max(Listing.number))) or 0
    for identity, row in rows.items():
        shown = [show(f, row[f.name], names, catalogue) for f in titled]
        title = " · ".join([part for part in shown if part])
        if identity in former:
            number, old_title = former[identity]
            renamed |= {identity} if old_title != title else set()
        else:
            following += 1
            number = following
        # Plain attributes are all it needs, and a record of SQLAlchemy's costs thirty times more.
        key = kind.sort_key(cast(Record, SimpleNamespace(**row)), title)
        moved_to = "" if row["scope"] in here else row["scope"]
        listings.append(
            (number, identity, name_of(kind), title, key, int(row["deleted"]), moved_to)
        )
        told = _words(row, searched, title)
        told |= block_keys(title, str(row["born_on"])) if kind is Member else set()
        searches.append((number, " ".join(told)))
    _replace(session, listings, searches, [number for number, _ in former.values()])
    return renamed


def _told(session: Session, kind: type[Record], ids: set[str]) -> dict[str, dict[str, Any]]:
    """By id, what a record is listed by: neither its days nor its long texts, unless they name it
    or find it.
    """
    left_out = {
        field.name
        for field in fields(kind)
        if isinstance(field.type, (Day, LongText)) and not (field.titled or field.searched)
    }
    columns = [column for column in kind.__table__.columns if column.name not in left_out]
    names = [column.name for column in columns]
    at = names.index("id")
    return {
        row[at]: dict(zip(names, row, strict=True))
        for some in spans(session, kind.id, ids)
        for row in session.execute(select(*columns).where(some)).all()
        if row[at] in ids
    }


def _former(session: Session, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    wanted = sorted(ids)
    former: dict[str, tuple[int, str]] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(Listing.record, Listing.number, Listing.title).where(
            Listing.record.in_(wanted[start : start + CHUNK])
        )
        former |= {row.record: (row.number, row.title) for row in session.execute(query)}
    return former


def _replace(
    session: Session, listings: list[tuple[object, ...]], searches: list[tuple[int, str]],
    numbers: list[int],
) -> None:  # fmt: skip
    connection = session.connection()
    if numbers:
        gone = [{"number": number} for number in numbers]
        connection.execute(text("DELETE FROM search WHERE rowid = :number"), gone)
        connection.execute(text("DELETE FROM listing WHERE number = :number"), gone)
    if listings:
        insert_rows(session, _LISTINGS, _LISTED, listings)
        connection.exec_driver_sql("INSERT INTO search (rowid, words) VALUES (?, ?)", searches)


def _words(row: Mapping[str, Value], searched: Iterable[str], title: str) -> set[str]:
    """The folded words to find a record by; a long number also by its last digits."""
    found = set(words(title))
    for name in searched:
        value = row[name]
        if value:
            told = str(value)
            found.update(words(told))
            digits = told if told.isdecimal() else _NO_DIGIT.sub("", told)
            if len(digits) >= _LONG_NUMBER:
                found.update([digits[start:] for start in range(len(digits) - 2)])
    return found


def _named_after(session: Session, kind: type[Record], ids: set[str]) -> set[tuple[str, str]]:
    """The records whose title holds the title of one of these."""
    found: set[tuple[str, str]] = set()
    if not ids:
        return found
    for other in KINDS:
        for field in fields(other):
            if field.titled and isinstance(field.type, Link) and field.type.target == name_of(kind):
                column = getattr(other, field.name)
                query = select(other.id).where(column.in_(sorted(ids)))
                found |= {(name_of(other), identity) for identity in session.scalars(query)}
    return found


def matching(search: str) -> str:
    """The question to the full-text table: every word begun; "" when there is no word."""
    return " ".join(f'"{word}"*' for word in words(search))


def find_ids(
    session: Session, catalogue: Catalogue, kind: type[Record], query: Query,
    limit: int | None = None,
) -> list[str]:  # fmt: skip
    """The records that fit, in order: all of them, or the first `limit`."""
    order = _order(session, catalogue, kind, query)
    if not has_marks(query.search):
        # Without the title, the index alone answers.
        statement = _asked(select(Listing.record), kind, query).order_by(*order)
        return list(session.scalars(statement.limit(limit)))
    statement = _asked(select(Listing.record, Listing.title), kind, query)
    found = session.execute(statement.order_by(*order)).all()
    # Whoever types the marks wants those first; the rest stays in order behind.
    typed = _spelled(clean(query.search))
    ranked = sorted(found, key=lambda row: not _bears(row.title, typed))
    return [row.record for row in ranked[:limit]]


def _bears(title: str, typed: list[tuple[str, str]]) -> bool:
    """Whether every typed word begins a word of the title, marks and all."""
    parts = _spelled(title)
    return all(any(_begins(part, word) for part in parts) for word in typed)


def _begins(part: tuple[str, str], word: tuple[str, str]) -> bool:
    """The letters must agree; the tone may be still to come."""
    if not part[0].startswith(word[0]):
        return False
    tone = _tone(word[1])
    return tone == _tone(part[1]) or (not tone and len(word[0]) < len(part[0]))


def _tone(word: str) -> str:
    return "".join(sorted(_TONES.intersection(word)))


def _spelled(text: str) -> list[tuple[str, str]]:
    """The words without and with their tones: people set those on one vowel or another."""
    whole = unicodedata.normalize("NFD", text.casefold())
    return list(zip(whole.translate(_TONELESS).split(), whole.split(), strict=True))


def count(session: Session, kind: type[Record], query: Query) -> int:
    """How many records fit."""
    return session.scalar(_asked(select(func.count()).select_from(Listing), kind, query)) or 0


def _asked(statement: Any, kind: type[Record], query: Query) -> Any:
    statement = statement.where(Listing.kind == name_of(kind))
    if query.moved:
        statement = statement.where(Listing.moved_to != "")
    else:
        statement = statement.where(Listing.deleted.is_(bool(query.bin)), Listing.moved_to == "")
    if query.filters or query.order:
        statement = statement.join(kind, kind.id == Listing.record)
    for name, value in query.filters.items():
        own = getattr(kind, name)
        wanted = fields_by_name(kind)[name].type.empty if value is None else value
        statement = statement.where(own.is_(None) if wanted is None else own == wanted)
    if query.state:
        statement = statement.where(state_condition(query.state))
    if query.ids is not None:
        wanted_ids = select(func.json_each(canonical(sorted(query.ids))).table_valued("value"))
        statement = statement.where(Listing.record.in_(wanted_ids))
    question = matching(query.search)
    if question:
        found = text("SELECT rowid FROM search WHERE search MATCH :question")
        numbers = found.bindparams(question=question).columns(column("rowid", Integer))
        statement = statement.where(Listing.number.in_(numbers.scalar_subquery()))
    return statement


def _order(
    session: Session, catalogue: Catalogue, kind: type[Record], query: Query
) -> tuple[Any, ...]:
    first: Any = Listing.sort_key
    if query.order:
        first = _order_column(session, catalogue, kind, query.order)
    behind = (Listing.sort_key, Listing.record) if query.order else (Listing.record,)
    return (first.desc() if query.descending else first.asc(), *behind)


def _order_column(session: Session, catalogue: Catalogue, kind: type[Record], name: str) -> Any:
    """What people read goes by the Vietnamese alphabet, numbers and days by value."""
    field, own = fields_by_name(kind)[name], getattr(kind, name)
    if isinstance(field.type, Link):
        other = aliased(Listing)
        return select(other.sort_key).where(other.record == own).scalar_subquery()
    if isinstance(field.type, (Choice, PlaceCode)):
        used = session.scalars(select(own).distinct()).all()
        in_order = sorted(used, key=lambda code: text_key(show(field, code, {}, catalogue)))
        ranks = canonical({code: rank for rank, code in enumerate(in_order)})
        return func.json_extract(ranks, literal('$."') + own + literal('"'))
    if isinstance(field.type, Text):
        return func.vietnamese_key(own)
    return own
