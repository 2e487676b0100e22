"""The plain counts: members, libraries, activities, people who took part."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.indicators.figure import Figure, count
from sync.indicators.libraries import Site
from sync.indicators.membership import Standing, kept
from sync.records.activity import Activity
from sync.records.library import LibraryType
from sync.records.member import Gender, Membership, Subject
from sync.records.participation import Participation
from sync.records.types import Words
from sync.texts import _


def member_figures(
    now: Sequence[Standing], at_new_year: Iterable[Standing], sites: Sequence[Site]
) -> Iterator[Figure]:
    """Members by sort, and how they came and went since the last day of the year before.

    What stood at the new year, with those who came and without those who went, is what stands.
    """
    active = [member for member in now if member.is_active]
    people = [member for member in active if member.is_person]
    yield count("M0", _("Hội viên đang sinh hoạt"), len(active))
    before = {member.id for member in at_new_year if member.is_active}
    after = {member.id for member in active}
    yield count("M0.opening", _("Hội viên đầu năm"), len(before))
    yield count("M0.in", _("Vào trong năm"), len(after - before))
    yield count("M0.out", _("Ra trong năm"), len(before - after))
    yield from _by_words("M0", Subject, (member.subject for member in active))
    yield from _by_words("M0", Membership, (member.membership for member in active))
    yield from _by_words("M0", Gender, (member.gender for member in people))
    type_of = {site.id: site.type for site in sites}
    at_work = [type_of.get(member.workplace, "") for member in people]
    yield from _by_words("M0.at", LibraryType, at_work)
    yield count("M0.at.none", _("Không làm ở thư viện"), at_work.count(""))


def library_figures(sites: Sequence[Site]) -> Iterator[Figure]:
    """Libraries of the area that stood on the day, by the types of the law."""
    yield count("L0", _("Thư viện trên địa bàn"), len(sites))
    yield from _by_words("L0", LibraryType, (site.type for site in sites))
    without = sum(site.staff is None for site in sites)
    yield count("L0.no_headcount", _("Thư viện chưa có số nhân sự"), without)


def activity_figures(session: Session, as_of: dt.date, scope: str | None) -> Iterator[Figure]:
    """Activities begun in the year up to the day, by task, and who took part in them."""
    begun = (Activity.starts_on >= as_of.replace(month=1, day=1), Activity.starts_on <= as_of)
    columns = (Activity.id, Activity.task_no, Activity.book_day)
    rows = session.execute(select(*columns).where(*kept(Activity, scope), *begun)).all()
    yield count("A0", _("Hoạt động trong năm"), len(rows))
    for task, number in sorted(Counter(row.task_no or 0 for row in rows).items()):
        yield count(f"A0.{task}", _("Hoạt động thuộc nhiệm vụ {task}").format(task=task), number)
    yield count("A0.book_day", _("Hoạt động gắn với Ngày Sách"), sum(row.book_day for row in rows))
    query = select(Participation.activity, Participation.member).join(
        Activity, Activity.id == Participation.activity
    )
    listed = (*kept(Participation, scope), Activity.deleted.is_(False), *begun)
    taken = session.execute(query.where(*listed)).all()
    yield count("P0", _("Lượt người tham dự có ghi tên"), len(taken))
    yield count("P0.members", _("Hội viên đã tham dự"), len({row.member for row in taken} - {""}))
    yield count("P0.activities", _("Hoạt động có danh sách"), len({row.activity for row in taken}))


def _by_words(code: str, words: type[Words], values: Iterable[str]) -> Iterator[Figure]:
    found = Counter(values)
    for word in words:
        yield count(f"{code}.{word}", _(word.word), found[str(word)])
