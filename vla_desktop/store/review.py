"""What a person should look at: refused, waiting, conflicting, doubled, against the rules."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from sync import rules
from sync.changes import ASSOCIATION, BINNED, Action, Entry, Setback
from sync.client.tables import Office
from sync.editing import values_of
from sync.identity import DEVICE_DIGITS
from sync.meetings import PRESSES
from sync.places import Catalogue
from sync.problems import blocking
from sync.protocol import AWAITS_UPGRADE
from sync.records import BY_NAME, KINDS, name_of
from sync.records.base import Record
from sync.records.fields import fields, fields_by_name
from sync.texts import _
from vla_desktop.store import transfers
from vla_desktop.store.arrivals import arrived
from vla_desktop.store.conflicts import Pair
from vla_desktop.store.items import ReviewItem, without_dismissed
from vla_desktop.store.rows import open_conflict, titles_of
from vla_desktop.store.tables import Listing
from vla_desktop.store.unseen import unseen

MOST_DOUBTFUL = 500


def review(session: Session, catalogue: Catalogue, device: str, today: dt.date) -> list[ReviewItem]:
    """Everything there is to look at on this computer."""
    found = [
        *_setbacks(session),
        *_conflicts(session, catalogue, device),
        *unseen(session, device),
        *without_dismissed(session, list(arrived(session, session.get_one(Office, 1)))),
        *without_dismissed(session, list(transfers.lines(session, today))),
        *_doubled(session),
        *_against_rules(session, today),
    ]
    titles = titles_of(session, {item.id for item in found})
    return [_titled(item, titles.get(item.id, "")) for item in found]


def _titled(item: ReviewItem, title: str) -> ReviewItem:
    return replace(item, title=title or _("(chưa có tên)"))


def _setbacks(session: Session) -> Iterator[ReviewItem]:
    query = select(Entry).where(
        Entry.seq.is_(None),
        Entry.setback.in_([Setback.REFUSED.value, Setback.WAITING.value]),
    )
    for entry in session.scalars(query.order_by(func.substr(Entry.id, 21))):
        reason = json.loads(entry.reason or "{}")
        if entry.setback == Setback.REFUSED:
            sentence = reason.get("sentence") or _("Trung ương không nhận thay đổi này.")
            is_about_move = entry.action == Action.MOVE or reason.get("code") == "moved"
            presses = PRESSES["refused"] if is_about_move else ()
            yield ReviewItem(entry.kind, entry.record, "", "refused", reason.get("field", ""),
                             sentence, change_id=entry.id, presses=presses)  # fmt: skip
        elif reason.get("waiting_for") == AWAITS_UPGRADE:
            yield ReviewItem(entry.kind, entry.record, "", "waiting", "",
                             _("Đang chờ Trung ương nâng cấp phần mềm rồi sẽ tự gửi."),
                             change_id=entry.id)  # fmt: skip
        else:
            awaited = titles_of(session, [reason.get("waiting_for", "")])
            name = next(iter(awaited.values()), _("một bản ghi khác"))
            yield ReviewItem(entry.kind, entry.record, "", "waiting", "",
                             _("Đang chờ “{name}” được gửi trước.").format(name=name),
                             change_id=entry.id)  # fmt: skip


def _conflicts(session: Session, catalogue: Catalogue, device: str) -> Iterator[ReviewItem]:
    """Pairs in which one side was typed on this computer, the last one of each field.

    The later one stands.
    """
    found: dict[tuple[str, str], ReviewItem] = {}
    for later in session.scalars(select(Entry).where(*open_conflict()).order_by(Entry.seq)):
        if later.kind not in BY_NAME:
            continue
        for name in sorted(set(later.overlaps) - set(later.closed) - {BINNED}):
            pair = Pair(session, later, name, device)
            if not pair.is_mine:
                continue
            told = pair.told(catalogue)
            sentence = _("“{label}” đã được {author} sửa cùng lúc; giá trị gửi sau đang được giữ.")
            author = pair.theirs.author or _("người khác")
            found[later.record, name] = ReviewItem(
                later.kind, later.record, "", "conflict", name,
                sentence.format(label=told.label, author=author),
                told.mine.value, told.theirs.value, later.id, told,
            )  # fmt: skip
    yield from found.values()


def _doubled(session: Session) -> Iterator[ReviewItem]:
    """What may stand only once and stands twice, since two offices wrote it unseen."""
    for kind in KINDS:
        groups = [([f.name], _("“{label}” này có ở hai bản ghi.").format(label=_(f.label)))
                  for f in fields(kind) if f.unique]  # fmt: skip
        groups += [(together.names, _(together.sentence)) for together in kind.once]
        for names, sentence in groups:
            for identity in _repeated(session, kind, names):
                yield ReviewItem(name_of(kind), identity, "", "once", names[-1], sentence)


def _repeated(session: Session, kind: type[Record], names: list[str]) -> list[str]:
    columns = [getattr(kind, name) for name in names]
    given = [
        column != fields_by_name(kind)[name].type.empty
        for name, column in zip(names, columns, strict=True)
        if fields_by_name(kind)[name].type.empty is not None
    ]
    doubled = (
        select(*columns)
        .where(kind.deleted.is_(False), *given)
        .group_by(*columns)
        .having(func.count() > 1)
    ).subquery()
    joined = [getattr(doubled.c, name) == getattr(kind, name) for name in names]
    gone = select(Listing.record).where(Listing.moved_to != "")
    stands = (kind.deleted.is_(False), kind.id.not_in(gone))
    query = select(kind.id).join(doubled, and_(*joined)).where(*stands)
    return list(session.scalars(query.order_by(*columns, kind.id)))


def _against_rules(session: Session, today: dt.date) -> Iterator[ReviewItem]:
    """Records that several computers wrote, each rightly, and that break a rule together."""
    here = ("", ASSOCIATION, session.get_one(Office, 1).branch)
    # The index alone tells which records were written more than once; the rest is not looked at.
    again = select(Entry.record).group_by(Entry.record).having(func.count() > 1)
    several = (
        select(Entry.kind, Entry.record)
        .where(Entry.record.in_(again))
        .group_by(Entry.kind, Entry.record)
        .having(func.count(func.distinct(func.substr(Entry.id, 1, DEVICE_DIGITS))) > 1)
        .limit(MOST_DOUBTFUL)
    )
    for name, identity in session.execute(several):
        record = session.get(BY_NAME[name], identity) if name in BY_NAME else None
        if record is None or record.deleted or record.scope not in here:
            continue
        for finding in blocking(rules.findings(type(record), values_of(record), today, identity)):
            yield ReviewItem(name, identity, "", "rule", finding.field, finding.sentence)


__all__ = ["ReviewItem", "review"]
