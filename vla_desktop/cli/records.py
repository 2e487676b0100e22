"""add, edit, delete, restore, show, list: one record, or a list of them."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from sync.editing import to_wire
from sync.problems import Problem
from sync.records.base import Record
from sync.records.fields import fields
from sync.texts import _
from vla_desktop.cli.answer import Answer
from vla_desktop.cli.faults import about, noted, told
from vla_desktop.cli.fields import field_texts, found, read_values
from vla_desktop.cli.kinds import kind_named
from vla_desktop.cli.opening import opened
from vla_desktop.office import Office
from vla_desktop.store.history import Event
from vla_desktop.store.rows import Query, Row
from vla_desktop.store.store import Saved


def add(home: Path, given: Namespace) -> Answer:
    """Save a new record."""
    kind = kind_named(given.kind)
    texts = field_texts(kind, given.values)
    with opened(home) as office, about(kind):
        # As in the form: the only unit there is, is chosen already.
        start = office.store.initial(kind)
        values = read_values(office.store, kind, texts, start, None)
        return _saved(kind, office.store.save(kind, values))


def edit(home: Path, given: Namespace) -> Answer:
    """Save the given fields of a record."""
    kind = kind_named(given.kind)
    texts = field_texts(kind, given.values)
    with opened(home) as office, about(kind):
        row = found(office.store, kind, given.id)
        values = read_values(office.store, kind, texts, {}, row.id)
        return _saved(kind, office.store.save(kind, values, row.id))


def _saved(kind: type[Record], saved: Saved) -> Answer:
    document = {"id": saved.id, "warnings": noted(kind, saved.findings)}
    return Answer(document, [saved.id], told(kind, saved.findings))


def delete(home: Path, given: Namespace) -> Answer:
    """Move a record to the bin."""
    return _binned(home, given, deleted=True)


def restore(home: Path, given: Namespace) -> Answer:
    """Bring a record back from the bin."""
    return _binned(home, given, deleted=False)


def _binned(home: Path, given: Namespace, *, deleted: bool) -> Answer:
    kind = kind_named(given.kind)
    with opened(home) as office:
        row = found(office.store, kind, given.id)
        if deleted:
            office.store.delete(kind, row.id)
        else:
            office.store.restore(kind, row.id)
    return Answer({"id": row.id, "deleted": deleted}, [row.id])


def move(home: Path, given: Namespace) -> Answer:
    """Hand a record over to another branch."""
    kind = kind_named(given.kind)
    with opened(home) as office:
        row = found(office.store, kind, given.id)
        office.store.move(kind, row.id, given.branch)
    return Answer({"id": row.id, "moved_to": given.branch}, [row.id])


def show(home: Path, given: Namespace) -> Answer:
    """One record, with what happened to it when asked."""
    kind = kind_named(given.kind)
    with opened(home) as office:
        row = found(office.store, kind, given.id)
        missing = _fetched(office, kind, row.id) if given.history else []
        events = office.store.history(kind, row.id) if given.history else []
    document = row_document(kind, row)
    if given.history:
        document["history"] = [_event_document(event) for event in events]
    lines = [row.title, _state_line(row)]
    lines += [
        f"  {_(field.label)} [{field.name}]: {row.shown[field.name]}"
        for field in fields(kind)
        if row.shown[field.name]
    ]
    lines += [line for event in events for line in _event_lines(event)]
    return Answer(document, lines, missing)


def _fetched(office: Office, kind: type[Record], record_id: str) -> list[str]:
    """Bring the older history from the centre; what to say where that cannot be just now."""
    if office.elsewhere.has_more(kind, record_id):
        try:
            office.elsewhere.fetch(kind, record_id)
        except Problem as problem:
            return [_("Lịch sử cũ hơn còn ở Trung ương."), problem.what]
    return []


def list_(home: Path, given: Namespace) -> Answer:
    """The records of a kind, in the order of the window."""
    kind = kind_named(given.kind)
    query = Query(search=given.search, bin=given.bin, moved=given.moved)
    with opened(home) as office:
        ids = office.store.ids(kind, query)
        rows = office.store.rows(kind, ids[: given.limit])
    document = {
        "kind": given.kind,
        "total": len(ids),
        "records": [row_document(kind, row) for row in rows],
    }
    return Answer(document, [_row_line(kind, row) for row in rows])


def row_document(kind: type[Record], row: Row) -> dict[str, Any]:
    """A record with its values as they travel, and as people read them."""
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "state": row.state.value,
        "deleted": row.deleted,
        "moved_to": row.moved_to,
        "values": to_wire(kind, row.values),
        "shown": dict(row.shown),
    }


def _row_line(kind: type[Record], row: Row) -> str:
    listed = [row.shown[f.name] for f in fields(kind) if f.listed and not f.titled]
    return "\t".join([row.id, row.title, *listed, row.state.word])


def _state_line(row: Row) -> str:
    words = [row.id, row.state.word] + ([_("trong thùng rác")] if row.deleted else [])
    words += [_("đã chuyển đến {branch}").format(branch=row.moved_to)] if row.moved_to else []
    return " · ".join(words)


def _event_document(event: Event) -> dict[str, Any]:
    return {
        "action": event.action,
        "at": event.at.isoformat(),
        "author": event.author,
        "computer": event.computer,
        "state": event.state.value,
        "withdrawn": event.is_withdrawn,
        "seq": event.seq,
        "lines": [{"label": ln.label, "old": ln.old, "new": ln.new} for ln in event.lines],
    }


def _event_lines(event: Event) -> list[str]:
    at = f"{event.at.astimezone():%d/%m/%Y %H:%M}"
    who = " · ".join(part for part in (event.author, event.computer) if part)
    head = f"{at} · {event.action} · {who} · {event.state.word}"
    return [head, *(f"  {line.label}: {line.old} → {line.new}" for line in event.lines)]
