"""export, import: lists out to files and back."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.problems import Finding, InvalidRecord, blocking
from sync.records import BY_NAME
from sync.records.base import Record
from sync.texts import _
from vla_desktop.cli.answer import DONE, REFUSED, Answer
from vla_desktop.cli.faults import noted, told
from vla_desktop.cli.kinds import kind_named
from vla_desktop.cli.opening import opened
from vla_desktop.exchange import Entry, TitleDirectory, export_rows, read_file
from vla_desktop.store.rows import Query
from vla_desktop.store.store import Store

PIECE = 200
MOST_TOLD = 20


def export(home: Path, given: Namespace) -> Answer:
    """Write the records of a kind, those in the bin left out, to a file."""
    kind, path = kind_named(given.kind), Path(given.file).absolute()
    with opened(home) as office:
        rows = office.store.rows(kind, office.store.ids(kind, Query()))
        export_rows(path, kind, rows, office.store.catalogue)
    words = _("Đã ghi {count} bản ghi ra {path}.").format(count=len(rows), path=path)
    return Answer({"kind": given.kind, "file": str(path), "records": len(rows)}, [words])


@dataclass
class Taken:
    """What came of the rows of a file. The refused and the doubtful are (line, findings)."""

    new: int = 0
    updated: int = 0
    same: int = 0
    refused: list[tuple[int, Sequence[Finding]]] = field(default_factory=list)
    doubtful: list[tuple[int, Sequence[Finding]]] = field(default_factory=list)


def import_(home: Path, given: Namespace) -> Answer:
    """Save the rows of a file: each whole or not at all. Any refused row makes a refusal."""
    asked = kind_named(given.kind) if given.kind else None
    with opened(home) as office:
        directory = TitleDirectory(lambda name: _titles(office.store, name))
        sheet = read_file(Path(given.file).absolute(), directory, office.store.catalogue, asked)
        taken = take_in(office.store, sheet.kind, sheet.entries)
    return _answer(sheet.kind, taken, sheet.unknown)


def _titles(store: Store, kind_name: str) -> Iterator[tuple[str, str, bool]]:
    kind = BY_NAME[kind_name]
    for is_bin in (False, True):
        for row in store.rows(kind, store.ids(kind, Query(bin=is_bin))):
            yield row.id, row.title, row.deleted


def take_in(store: Store, kind: type[Record], entries: Sequence[Entry]) -> Taken:
    """Save what can be saved, some hundred rows in a transaction."""
    taken = Taken()
    readable: list[Entry] = []
    for entry in entries:
        try:
            entry.raise_problems()
        except InvalidRecord as refusal:
            taken.refused.append((entry.line, refusal.findings))
        else:
            readable.append(entry)
    fresh = list(_fresh(store, kind, readable, taken))
    for start in range(0, len(fresh), PIECE):
        _save(store, kind, fresh[start : start + PIECE], taken)
    taken.refused.sort(key=lambda refused: refused[0])
    return taken


def _fresh(
    store: Store, kind: type[Record], entries: Sequence[Entry], taken: Taken
) -> Iterator[Entry]:
    """The rows that say something new."""
    ids = [entry.id for entry in entries if entry.id]
    standing = {row.id: row.values for row in store.rows(kind, ids)}
    for entry in entries:
        here = standing.get(entry.id or "")
        if here is not None and all(here[name] == value for name, value in entry.values.items()):
            taken.same += 1
        else:
            yield entry


def _save(store: Store, kind: type[Record], entries: Sequence[Entry], taken: Taken) -> None:
    """All in one transaction; when a row is refused, in halves, until it stands alone."""
    try:
        saved = store.save_many([(kind, entry.values, entry.id) for entry in entries])
    except InvalidRecord as refusal:
        if len(entries) == 1:
            taken.refused.append((entries[0].line, refusal.findings))
            return
        half = len(entries) // 2
        _save(store, kind, entries[:half], taken)
        _save(store, kind, entries[half:], taken)
        return
    for entry, done in zip(entries, saved, strict=True):
        taken.updated += entry.id is not None
        taken.new += entry.id is None
        if done.findings:
            taken.doubtful.append((entry.line, done.findings))


def _answer(kind: type[Record], taken: Taken, unknown: Sequence[str]) -> Answer:
    document = {
        "kind": kind.__tablename__,
        "new": taken.new,
        "updated": taken.updated,
        "same": taken.same,
        "refused": len(taken.refused),
        "refusals": _rows_document(kind, taken.refused),
        "warnings": _rows_document(kind, taken.doubtful),
        "unknown_columns": list(unknown),
    }
    lines = [
        _("Thêm mới [new]: {count}").format(count=taken.new),
        _("Cập nhật [updated]: {count}").format(count=taken.updated),
        _("Không đổi [same]: {count}").format(count=taken.same),
        _("Bị từ chối [refused]: {count}").format(count=len(taken.refused)),
    ]
    remarks = [_("Cột không dùng đến: {names}").format(names=", ".join(unknown))] if unknown else []
    for line, findings in taken.refused[:MOST_TOLD]:
        remarks += [_("Dòng {line} chưa được ghi:").format(line=line)]
        remarks += told(kind, blocking(findings))
    if len(taken.refused) > MOST_TOLD:
        more = _("… và {count} dòng khác; xem hết bằng --json.")
        remarks.append(more.format(count=len(taken.refused) - MOST_TOLD))
    return Answer(document, lines, remarks, REFUSED if taken.refused else DONE)


def _rows_document(
    kind: type[Record], rows: Sequence[tuple[int, Sequence[Finding]]]
) -> list[dict[str, Any]]:
    return [{"row": line, "fields": noted(kind, findings)} for line, findings in rows]
