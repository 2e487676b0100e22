"""What a file would do to the office, row by row, before anything is written."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sync.problems import Finding, InvalidRecord, Problem, blocking
from sync.progress import Progress
from sync.records import name_of
from sync.records.base import Record
from sync.records.fields import Field, fields, fields_by_name
from sync.records.member import Member
from sync.records.types import Link, Value
from sync.texts import N_, _
from sync.vietnamese import fold
from vla_desktop.exchange.sheet import Directory, Entry, Sheet
from vla_desktop.store.rows import show
from vla_desktop.store.store import Row, Store


class Mark(enum.Enum):
    """What becomes of a row. The value is what it is called on the screen."""

    NEW = N_("Mới")
    UPDATE = N_("Sửa")
    LIKELY = N_("Có thể trùng")
    ERROR = N_("Chưa đúng")
    SAME = N_("Không đổi")

    @property
    def may_be_written(self) -> bool:
        """Whether a clerk may choose the row at all."""
        return self not in (Mark.ERROR, Mark.SAME)


@dataclass(frozen=True)
class Difference:
    """A field as it stands here and as the file has it, in words; `before` is "" in a new row."""

    field: Field
    before: str
    after: str

    @property
    def empties(self) -> bool:
        """Whether the file has nothing where something stands here."""
        return bool(self.before) and not self.after


@dataclass(frozen=True)
class Planned:
    """A row of the file and what it would do. `reasons` say why a clerk should look at it."""

    entry: Entry
    mark: Mark
    title: str
    differences: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """A row that is to be written, without the fields that were left out of it."""

    row: Planned
    left_out: frozenset[str] = frozenset()

    @property
    def values(self) -> dict[str, Value]:
        """What is written."""
        return {name: v for name, v in self.row.entry.values.items() if name not in self.left_out}


class RowRefused(Problem):
    """A row breaks a rule that only the rows before it made it break; nothing was written."""

    def __init__(self, line: int, findings: Sequence[Finding]) -> None:
        """`line` as the file's own program counts."""
        self.line = line
        self.reasons = tuple(finding.sentence for finding in blocking(findings))
        super().__init__(
            _("Dòng {line} chưa ghi được: {why}").format(line=line, why=" ".join(self.reasons)),
            _("Chưa dòng nào được ghi. Dòng ấy đã được bỏ chọn; anh/chị bấm Ghi lần nữa."),
            code="exchange.row",
        )


def plan(sheet: Sheet, store: Store, directory: Directory, progress: Progress) -> list[Planned]:
    """Each row in the order of the file, marked. Writes nothing."""
    planner = _Planner(sheet.kind, store, directory)
    ids = [entry.id for entry in sheet.entries if entry.id]
    here = {row.id: row for row in store.rows(sheet.kind, ids)}
    planned = []
    for number, entry in enumerate(sheet.entries):
        progress.report(number, len(sheet.entries), "")
        planned.append(planner.planned(entry, here.get(entry.id or "")))
    return planned


def write(store: Store, kind: type[Record], rows: Sequence[Chosen], progress: Progress) -> None:
    """Write the rows: all or none, and one undo takes them all back.

    Raises `RowRefused`; `Cancelled` when nobody wants it any more.
    """
    line = 0

    def entries() -> Iterator[tuple[type[Record], Mapping[str, Value], str | None]]:
        nonlocal line
        for number, chosen in enumerate(rows):
            progress.report(number, len(rows), "")
            line = chosen.row.entry.line
            yield kind, chosen.values, chosen.row.entry.id

    try:
        store.save_many(entries())
    except InvalidRecord as refusal:
        raise RowRefused(line, refusal.findings) from refusal


def _closed(here: Row) -> str:
    """Why the record cannot be edited as it stands."""
    if here.is_issued:
        return _("Do Trung ương ban hành; ở chi hội chỉ để xem.")
    if here.moved_to:
        return _("Bản ghi này đã chuyển đến chi hội khác, ở đây chỉ để xem.")
    return _("Bản ghi này đang ở trong thùng rác; anh/chị khôi phục rồi nhập lại.")


class _Planner:
    def __init__(self, kind: type[Record], store: Store, directory: Directory) -> None:
        self._kind, self._store, self._directory = kind, store, directory
        self._known = fields_by_name(kind)
        self._initial = store.initial(kind)
        self._lines: dict[tuple[str, ...], int] = {}

    def planned(self, entry: Entry, here: Row | None) -> Planned:
        """The row, given the record that it is about."""
        title = self._title(entry) or (here.title if here else "")
        if entry.problems:
            return Planned(entry, Mark.ERROR, title, (), tuple(self._told(entry.problems)))
        found = self._updated(entry, here) if here else self._new(entry)
        return replace(found, title=title)

    def _updated(self, entry: Entry, here: Row) -> Planned:
        changed = {n: v for n, v in entry.values.items() if here.values[n] != v}
        if not changed:
            return Planned(entry, Mark.SAME, "")
        found = self._store.check(self._kind, {**here.values, **changed}, entry.id)
        # What was wrong here before is not the file's to mend.
        wrong = [one for one in blocking(found) if one.field in changed or not one.field]
        differences = tuple(
            Difference(self._known[name], here.shown[name], self._shown(name, value))
            for name, value in changed.items()
        )
        if here.is_read_only:
            return Planned(entry, Mark.ERROR, "", differences, (_closed(here),))
        return self._judged(entry, Mark.UPDATE, differences, wrong)

    def _new(self, entry: Entry) -> Planned:
        # An empty cell says nothing; the form's own beginning stands in its place.
        given = {n: v for n, v in entry.values.items() if not self._known[n].type.is_empty(v)}
        full = {**self._initial, **given}
        entry = replace(entry, values=full)
        wrong = blocking(self._store.check(self._kind, full, None))
        differences = tuple(
            Difference(self._known[name], "", self._shown(name, value))
            for name, value in given.items()
        )
        planned = self._judged(entry, Mark.NEW, differences, wrong)
        if planned.mark is Mark.ERROR:
            return planned
        doubts = tuple(self._doubts(entry, full))
        return replace(planned, mark=Mark.LIKELY, reasons=doubts) if doubts else planned

    def _judged(
        self, entry: Entry, mark: Mark, differences: tuple[Difference, ...], wrong: list[Finding]
    ) -> Planned:
        if not wrong:
            return Planned(entry, mark, "", differences)
        reasons = tuple(self._told({finding.field: finding.sentence for finding in wrong}))
        return Planned(entry, Mark.ERROR, "", differences, reasons)

    def _doubts(self, entry: Entry, full: Mapping[str, Value]) -> Iterator[str]:
        """Why the row may be a record that is here already, or one of the same file."""
        title = self._title(entry)
        key = (fold(title), str(full.get("born_on") or ""))
        first = self._lines.setdefault(key, entry.line)
        if first != entry.line:
            yield _("Giống dòng {line} của tệp.").format(line=first)
        people = self._store.alike(full, None) if self._kind is Member else []
        for alike in people:
            why = alike.likeness.sentence()
            yield _("Giống “{title}” đã có: {why}.").format(title=alike.title, why=why)
        if not people and self._is_here(title, full):
            yield _("Đã có “{title}” trong danh sách.").format(title=title)

    def _is_here(self, title: str, full: Mapping[str, Value]) -> bool:
        """Whether a record bears the title; of people, one who may be born in the same year.

        Where many years are known by their number alone, a namesake of the same year is too
        little for a warning while one types, but enough to be looked at before it is doubled.
        """
        known = self._directory.titled(name_of(self._kind), title) if title else ()
        if self._kind is not Member:
            return bool(known)
        year = str(full.get("born_on") or "")[:4]
        rows = self._store.rows(self._kind, known)
        years = {str(row.values["born_on"] or "")[:4] for row in rows}
        return any(not year or not other or year == other for other in years)

    def _told(self, problems: Mapping[str, str]) -> Iterator[str]:
        for name, sentence in problems.items():
            known = self._known.get(name)
            yield f"{_(known.label)}: {sentence}" if known else sentence

    def _title(self, entry: Entry) -> str:
        titled = (field.name for field in fields(self._kind) if field.titled)
        shown = [self._shown(name, entry.values[name]) for name in titled if name in entry.values]
        return " · ".join(part for part in shown if part)

    def _shown(self, name: str, value: Value) -> str:
        field = self._known[name]
        titles: dict[str, str] = {}
        if isinstance(field.type, Link) and value:
            titles[str(value)] = self._store.title(field.type.target, str(value))
        return show(field, value, titles, self._store.catalogue)
