"""Records that came from another branch, and what their new branch should look at."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.changes import BINNED, DELETED, Entry
from sync.client.tables import Office
from sync.identity import device_of
from sync.meetings import PRESSES
from sync.records import BY_NAME
from sync.records.base import Record
from sync.records.fields import fields_by_name
from sync.texts import _
from vla_desktop.store.history import left_behind
from vla_desktop.store.items import ReviewItem


def arrived(session: Session, office: Office) -> Iterator[ReviewItem]:
    """Links that had to stay behind, and records that the old branch had binned unseen."""
    if not office.centre_key:
        return
    # As a span of ids it is found by their index; a pattern is held against every change.
    centre = device_of(office.centre_key)
    by_centre = (Entry.id >= centre, Entry.id < centre + "g")
    query = select(Entry).where(*by_centre, Entry.scope == office.branch).order_by(Entry.seq)
    found: dict[tuple[str, str], ReviewItem] = {}
    for entry in session.scalars(query):
        kind = BY_NAME.get(entry.kind)
        record = session.get(kind, entry.record) if kind else None
        if kind and record and record.scope == office.branch and not record.deleted:
            for item in _told(session, kind, record, entry):
                found[item.id, item.field] = item
    yield from found.values()


def _told(
    session: Session, kind: type[Record], record: Record, entry: Entry
) -> Iterator[ReviewItem]:
    if entry.values.get(BINNED) and not _is_decided(session, entry):
        sentence = _("Chi hội cũ chuyển vào thùng rác khi chưa thấy việc chuyển đến đây.")
        yield ReviewItem(entry.kind, record.id, "", "was_binned", "", sentence,
                         change_id=entry.id, presses=PRESSES["was_binned"])  # fmt: skip
    for name, title in left_behind(entry).items():
        field = fields_by_name(kind).get(name)
        if field and field.type.is_empty(getattr(record, name)):
            sentence = _("“{label}” ở chi hội cũ: “{title}”. Chọn lại trong chi hội này.")
            told = sentence.format(label=_(field.label), title=title)
            yield ReviewItem(entry.kind, record.id, "", "left", name, told,
                             change_id=entry.id, presses=PRESSES["left"])  # fmt: skip


def _is_decided(session: Session, entry: Entry) -> bool:
    query = select(Entry.values).where(
        Entry.record == entry.record, Entry.scope == entry.scope, Entry.id != entry.id,
        Entry.seq.is_(None) | (Entry.seq > entry.seq),
    )  # fmt: skip
    return any(DELETED in values for values in session.scalars(query))
