"""Taking the branch's records to the provinces and communes of today: one step, one way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from sync import editing
from sync.client.tables import Office
from sync.indicators.by_province import ProvinceCount, by_province
from sync.problems import Problem
from sync.progress import Progress
from sync.province_map import ProvinceMap
from sync.texts import _
from vla_desktop.store import bulk_edits, rehoming
from vla_desktop.store.bulk_edits import Edit
from vla_desktop.store.database import reading
from vla_desktop.store.rehoming import Choices, Line, Outcome
from vla_desktop.store.rows import Query
from vla_desktop.store.todo import REHOME, ToDo

if TYPE_CHECKING:
    from vla_desktop.store.desk import Desk
    from vla_desktop.store.store import Store

CHUNK = 500


class Merger:
    """Looks for records under former units and re-homes them. No network."""

    def __init__(self, engine: Engine, store: Store) -> None:
        self._engine, self._store = engine, store

    def lines(self, today: dt.date) -> list[Line]:
        """What stands under former units."""
        with reading(self._engine) as session:
            return rehoming.former(session, self._store.catalogue, _here(session), today)

    def to_do(self, today: dt.date) -> list[ToDo]:
        """A line for the first page, when there is anything to re-home."""
        lines = self.lines(today)
        count = sum(len(line.records) for line in lines)
        if not count:
            return []
        sentence = _("Bản ghi còn mang địa danh cũ, trước khi sắp xếp tỉnh, xã")
        ids = frozenset(record for line in lines for record in line.records)
        return [ToDo(sentence, count, lines[0].kind, Query(ids=ids), "place", REHOME)]

    def by_province(self, as_of: dt.date, map_on: dt.date) -> list[ProvinceCount]:
        """Libraries and members of a day by province, on the map of that or another day."""
        provinces = ProvinceMap(self._store.catalogue, map_on)
        with reading(self._engine) as session:
            return by_province(session, as_of, provinces, _here(session))

    def write(self, today: dt.date, choices: Choices, progress: Progress) -> Outcome:
        """Re-home all that can be, together; one `Store.undo` takes it back.

        Raises `Cancelled` when asked to stop, `Problem` "merger.totals" when a record would be
        lost or counted elsewhere; then nothing was written.
        """
        with self._store.written() as desk:
            return self._written(desk, today, choices, progress)

    def _written(self, desk: Desk, today: dt.date, choices: Choices, progress: Progress) -> Outcome:
        session, scope, catalogue = desk.session, desk.pen.scope, self._store.catalogue
        progress.report(0, 0, _("Đếm trước khi đổi"))
        before = rehoming.totals(session, catalogue, scope, today)
        lines = rehoming.former(session, catalogue, scope, today)
        changed, left = rehoming.counted(lines, choices)
        for line, some in rehoming.chunks(lines, CHUNK, progress, _("Đổi địa danh")):
            self._rehome(desk, line, some, choices)
        progress.report(0, 0, _("Đếm lại sau khi đổi"))
        session.flush()
        after = rehoming.totals(session, catalogue, scope, today)
        if before != after:
            raise Problem(
                _("Số bản ghi trước và sau khi đổi không bằng nhau nên không ghi gì."),
                _("Anh/chị gửi báo cáo lỗi cho Trung ương Hội; dữ liệu vẫn như trước."),
                code="merger.totals",
            )
        return Outcome(changed, left, before, after)

    def _rehome(self, desk: Desk, line: Line, some: tuple[str, ...], choices: Choices) -> None:
        wanted = {record: new for record in some if (new := choices.chosen(line, record))}
        heavy = bulk_edits.burdened(desk.session, list(wanted))
        edits = []
        for edit in self._edits(desk.session, line, wanted):
            if edit.record in heavy:
                written = editing.edit(desk.session, desk.pen, line.kind, edit.record, edit.values)
                desk.note(line.kind, written)
            else:
                edits.append(edit)
        desk.write_many(line.kind, edits)

    def _edits(self, session: Session, line: Line, wanted: dict[str, str]) -> Iterable[Edit]:
        names = rehoming.read_columns(line)
        columns = [getattr(line.kind, name) for name in names]
        query = select(line.kind.id, *columns).where(line.kind.id.in_(list(wanted)))
        for held in session.execute(query.order_by(line.kind.id)).mappings():
            record = held["id"]
            texts = {name: str(held[name]) for name in names}
            values = rehoming.values(self._store.catalogue, line, wanted[record], texts)
            yield Edit(record, values, {name: texts[name] for name in values})


def _here(session: Session) -> str:
    return session.get_one(Office, 1).branch
