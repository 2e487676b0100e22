"""What two offices did to one thing without seeing each other, beyond two values in one field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, groupby

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from sync.applying import CHUNK
from sync.bases import bases_here, known_bases
from sync.changes import BINNED, DELETED, MOVED_TO, Action, Entry, Setback
from sync.identity import DEVICE_DIGITS, origin_of
from sync.meetings import PRESSES
from sync.records import BY_NAME, KINDS, name_of
from sync.records.base import Record
from sync.records.fields import fields, fields_by_name
from sync.records.types import Link
from sync.texts import _
from vla_desktop.store.items import ReviewItem, without_dismissed
from vla_desktop.store.rows import open_conflict, titles_of
from vla_desktop.store.tables import Listing

_FIELDS_NAMED = 3


def unseen(session: Session, device: str) -> list[ReviewItem]:
    """Records binned or written on, links into the bin, and records that are alike."""
    found = [*_binned(session, device), *_links(session, device), *_alike(session, device)]
    return list(without_dismissed(session, found))


def _is_by(entry: Entry, device: str) -> bool:
    return entry.id[:DEVICE_DIGITS] == device


def _is_unseen(session: Session, one: Entry, other: Entry) -> bool:
    """Whether neither author knew of the other's change."""
    if origin_of(one.id) == origin_of(other.id):
        return False
    earlier, later = sorted((one, other), key=lambda entry: (entry.seq is None, entry.seq or 0))
    return earlier.seq is not None and _base(session, later) < earlier.seq


def _base(session: Session, entry: Entry) -> int:
    """How far its author had seen this ledger."""
    if entry.seq is None:
        return known_bases(session, [entry.change()]).get(entry.id, 0)
    return bases_here(session, [(entry.seq, entry.change())])[entry.id]


def _author(entry: Entry) -> str:
    return entry.author or _("người khác")


# A record that is in the bin, and was written on by somebody who did not know


@dataclass
class _Binning:
    """The two sides, in the order of the ledger."""

    binnings: list[Entry]
    writings: list[Entry]


def _binned(session: Session, device: str) -> Iterator[ReviewItem]:
    by_record: dict[tuple[str, str], _Binning] = {}
    for later in session.scalars(select(Entry).where(*open_conflict()).order_by(Entry.seq)):
        if BINNED not in set(later.overlaps) - set(later.closed) or later.kind not in BY_NAME:
            continue
        sides = by_record.setdefault((later.kind, later.record), _Binning([], []))
        if later.values.get(DELETED):
            sides.binnings.append(later)
            sides.writings += _written_unseen(session, later)
        else:
            sides.binnings.append(session.get_one(Entry, later.overlaps[BINNED]))
            sides.writings.append(later)
    for (kind, record), sides in by_record.items():
        sentence, branch = _told(kind, sides, device), _branch_of(session, record)
        sort = "moved" if branch else "binned"
        if sentence and branch:
            sentence = _("Máy này chuyển đến chi hội {branch}, máy kia chuyển vào thùng rác.")
        if sentence:
            change = sides.writings[-1].id
            yield ReviewItem(kind, record, "", sort, "", sentence.format(branch=branch),
                             change_id=change, presses=PRESSES[sort])  # fmt: skip


def _branch_of(session: Session, record: str) -> str:
    """The branch that the record went to; "" for what is here."""
    query = select(Listing.moved_to).where(Listing.record == record)
    return session.scalar(query) or ""


def _written_unseen(session: Session, binning: Entry) -> list[Entry]:
    query = select(Entry).where(Entry.record == binning.record, Entry.seq < binning.seq)
    return [
        entry
        for entry in session.scalars(query.order_by(Entry.seq))
        if DELETED not in entry.values and _is_unseen(session, entry, binning)
    ]


def _told(kind: str, sides: _Binning, device: str) -> str:
    """The sentence for this computer; "" when neither side was typed here."""
    own = [entry for entry in sides.writings if _is_by(entry, device)]
    names = _labels(kind, own or sides.writings)
    if own:
        sentence = _("{author} đã chuyển vào thùng rác khi chưa thấy anh/chị sửa {fields}.")
        return sentence.format(author=_author(sides.binnings[-1]), fields=names)
    if any(_is_by(entry, device) for entry in sides.binnings):
        sentence = _("{author} đã sửa {fields} khi chưa thấy anh/chị chuyển vào thùng rác.")
        return sentence.format(author=_author(sides.writings[-1]), fields=names)
    return ""


def _labels(kind: str, entries: Iterable[Entry]) -> str:
    known = fields_by_name(BY_NAME[kind])
    names = [name for entry in entries for name in entry.values]
    labels = [f"“{_(known[name].label)}”" for name in dict.fromkeys(names) if name in known]
    more = [_("các ô khác")] if len(labels) > _FIELDS_NAMED or not labels else []
    return ", ".join(labels[:_FIELDS_NAMED] + more)


# A record that points into the bin, and whoever binned its target did not know


def _links(session: Session, device: str) -> Iterator[ReviewItem]:
    for kind in KINDS:
        for field in fields(kind):
            if isinstance(field.type, Link):
                yield from _links_by(session, kind, field.name, field.type.target, device)


def _links_by(
    session: Session, kind: type[Record], name: str, target: str, device: str
) -> Iterator[ReviewItem]:
    away = Listing.deleted.is_(True) | (Listing.moved_to != "")
    gone = select(Listing.record).where(Listing.kind == target, away)
    at = getattr(kind, name)
    query = select(kind.id, at).where(kind.deleted.is_(False), at.in_(gone)).order_by(at, kind.id)
    pairs = [(row[0], row[1]) for row in session.execute(query)]
    for identity, some in groupby(pairs, key=lambda pair: pair[1]):
        binning = _binning_of(session, identity)
        if binning is None:
            continue
        for writing in _linked_unseen(session, [record for record, _at in some], name, binning):
            sentence = _link_told(session, writing, binning, device)
            if sentence:
                sort = "link_moved" if MOVED_TO in binning.values else "link"
                yield ReviewItem(
                    name_of(kind), writing.record, "", sort, name, sentence,
                    change_id=writing.id, presses=PRESSES[sort], other=(target, identity),
                )  # fmt: skip


def _binning_of(session: Session, record: str) -> Entry | None:
    """The change that took a record out of the lists, the last one if several did."""
    lives = Entry.setback != Setback.WITHDRAWN.value
    at_odds = Entry.setback != Setback.REFUSED.value
    query = select(Entry).where(Entry.record == record, lives, at_odds)
    marks = [
        entry
        for entry in session.scalars(query)
        if entry.values.get(DELETED) or MOVED_TO in entry.values
    ]
    return max(marks, key=lambda entry: (entry.seq is None, entry.seq or 0), default=None)


def _linked_unseen(
    session: Session, records: list[str], name: str, binning: Entry
) -> Iterator[Entry]:
    """By record, the last change that made it point there, where that was not known."""
    for start in range(0, len(records), CHUNK):
        query = select(Entry).where(
            Entry.record.in_(records[start : start + CHUNK]),
            Entry.seq.is_(None) | (Entry.seq > _base(session, binning)),
            Entry.setback != Setback.WITHDRAWN.value,
        )
        found = session.scalars(query.order_by(Entry.record, Entry.seq.is_(None), Entry.seq))
        for _record, entries in groupby(found, key=lambda entry: entry.record):
            writings = [entry for entry in entries if name in entry.values]
            if writings and _is_unseen(session, writings[-1], binning):
                yield writings[-1]


def _link_told(session: Session, writing: Entry, binning: Entry, device: str) -> str:
    title = titles_of(session, [binning.record]).get(binning.record, "")
    if MOVED_TO in binning.values and device in {e.id[:DEVICE_DIGITS] for e in (writing, binning)}:
        sentence = _("“{title}” đã chuyển đến chi hội {branch} khi máy kia chưa thấy mục này.")
        return sentence.format(title=title, branch=binning.values[MOVED_TO])
    if _is_by(writing, device):
        sentence = _("{author} đã chuyển “{title}” vào thùng rác khi chưa thấy mục này.")
        return sentence.format(author=_author(binning), title=title)
    if _is_by(binning, device):
        sentence = _("{author} ghi mục này khi chưa thấy anh/chị chuyển “{title}” vào thùng rác.")
        return sentence.format(author=_author(writing), title=title)
    return ""


# Two records that are probably one, typed in at two offices


def _alike(session: Session, device: str) -> Iterator[ReviewItem]:
    for kind in KINDS:
        if kind.alike is None:
            continue
        sentence = _(kind.alike.sentence)
        for one, other in _pairs(session, kind, kind.alike.names[1:]):
            own, theirs = (one, other) if _is_by(one, device) else (other, one)
            if _is_by(own, device) and _is_unseen(session, one, other):
                told = _("{sentence} {author} đã ghi lúc chưa thấy bản ghi này.")
                told = told.format(sentence=sentence, author=_author(theirs))
                alike = (name_of(kind), theirs.record)
                yield ReviewItem(name_of(kind), own.record, "", "alike", "", told,
                                 "", "", own.id, None, PRESSES["alike"], alike)  # fmt: skip


def _pairs(session: Session, kind: type[Record], rest: list[str]) -> Iterator[tuple[Entry, Entry]]:
    """The creations of standing records of one title that agree in the rest."""
    columns = [getattr(kind, name) for name in rest]
    empty = [fields_by_name(kind)[name].type.empty for name in rest]
    given = [c.is_not(None) if e is None else c != e for c, e in zip(columns, empty, strict=True)]
    of_kind = (Listing.kind == name_of(kind), Listing.deleted.is_(False))
    named = select(Listing.sort_key).where(*of_kind).group_by(Listing.sort_key)
    query = (
        select(kind.id, Listing.sort_key, *columns)
        .join(Listing, Listing.record == kind.id)
        .where(*of_kind, *given, Listing.sort_key.in_(named.having(func.count() > 1)))
        .order_by(Listing.sort_key, *columns, kind.id)
    )
    alike = groupby(session.execute(query), key=lambda row: tuple(row[1:]))
    groups = [group for _key, rows in alike if len(group := [row[0] for row in rows]) > 1]
    creations = _creations(session, [record for group in groups for record in group])
    for group in groups:
        yield from combinations([creations[one] for one in group if one in creations], 2)


def _creations(session: Session, records: list[str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for start in range(0, len(records), CHUNK):
        some = Entry.record.in_(records[start : start + CHUNK])
        made = and_(some, Entry.action.in_([Action.CREATE.value, Action.ARRIVE.value]))
        query = select(Entry).where(made, Entry.setback != Setback.WITHDRAWN.value)
        found |= {entry.record: entry for entry in session.scalars(query)}
    return found
