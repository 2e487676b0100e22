"""What there is to do, for the first page: each line opens the list it speaks of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.client.tables import Office
from sync.indicators import missing_libraries
from sync.indicators.coverage import COVERAGES, members_by_library
from sync.indicators.libraries import Site, sites
from sync.indicators.membership import standings
from sync.records.base import Record
from sync.records.library import Library
from sync.records.member import Member, MemberStatus
from sync.texts import _
from vla_desktop.store.rows import Query

REHOME = "rehome"


@dataclass(frozen=True)
class ToDo:
    """A line of the list. `kind` and `query` say which records it is about.

    `deed` names what is offered instead of their list, see `REHOME`.
    """

    sentence: str
    count: int
    kind: type[Record]
    query: Query
    icon: str
    deed: str = ""


def to_do(session: Session, today: dt.date) -> list[ToDo]:
    """The lines that have something in them, the weightiest first."""
    return [line for line in _lines(session, today) if line.count]


def _lines(session: Session, today: dt.date) -> Iterator[ToDo]:
    here = _here(session)
    missing = frozenset(missing_libraries(session, today, scope=here))
    yield ToDo(
        _("Thư viện chưa có số nhân sự năm nay hoặc năm trước"),
        len(missing), Library, Query(ids=missing), "people",
    )  # fmt: skip
    applied = _ids(session, Member.status == MemberStatus.APPLIED)
    yield ToDo(
        _("Đơn xin vào Hội chờ quyết định"),
        len(applied), Member, Query(filters={Member.status.key: "applied"}), "certificate",
    )  # fmt: skip
    active = Member.status == MemberStatus.ACTIVE
    no_card = _ids(session, active, Member.card_no == "")
    yield ToDo(
        _("Hội viên chưa có số thẻ"),
        len(no_card), Member, Query(ids=no_card), "certificate",
    )  # fmt: skip
    no_consent = _ids(session, active, Member.consented.is_(False))
    yield ToDo(
        _("Hội viên chưa ghi nhận đồng ý xử lý dữ liệu"),
        len(no_consent), Member, Query(ids=no_consent), "document",
    )  # fmt: skip


def behind(session: Session, today: dt.date) -> dict[str, list[ToDo]]:
    """The libraries that keep a ratio of members where it is: by its code, what is the matter.

    What nothing is the matter with is left out.
    """
    here = _here(session)
    stood = sites(session, today, here)
    at_work = members_by_library(standings(session, today, here))
    return {
        each.code: list(_behind([site for site in stood if each.covers(site)], at_work))
        for each in COVERAGES
    }


def _behind(asked: list[Site], at_work: Mapping[str, int]) -> Iterator[ToDo]:
    over = [(site.id, at_work.get(site.id, 0) - site.staff) for site in asked
            if site.staff is not None]  # fmt: skip
    found = (
        (_("Thư viện chưa có số nhân sự"), "people", {s.id for s in asked if s.staff is None}),
        (_("Thư viện có hội viên nhiều hơn số nhân sự"), "warning", {i for i, n in over if n > 0}),
        (_("Thư viện còn người chưa là hội viên"), "target", {i for i, n in over if n < 0}),
    )
    for sentence, icon, ids in found:
        if ids:
            yield ToDo(sentence, len(ids), Library, Query(ids=frozenset(ids)), icon)


def _ids(session: Session, *conditions: object) -> frozenset[str]:
    of_here = (Member.deleted.is_(False), Member.scope == _here(session))
    query = select(Member.id).where(*of_here, *conditions)  # type: ignore[arg-type]
    return frozenset(session.scalars(query))


def _here(session: Session) -> str:
    """The branch: what went to others is theirs to do."""
    return session.get_one(Office, 1).branch
