"""A list out of a real office, and back into it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sync.progress import Silent
from sync.records import KINDS
from sync.records.base import Record
from vla_desktop.demo.branch import Size, fill
from vla_desktop.exchange import ENDINGS, directory_of, export_rows, read_file
from vla_desktop.office import Office
from vla_desktop.store.store import Query, Row, Store

TODAY = dt.date(2026, 11, 20)


def all_rows(store: Store, kind: type[Record]) -> list[Row]:
    return store.rows(kind, store.ids(kind, Query()))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_branch_written_out_and_read_back_changes_nothing(tmp_path: Path, ending: str) -> None:
    def now() -> dt.datetime:
        return dt.datetime.combine(TODAY, dt.time(3), dt.UTC)

    with Office.create(tmp_path / "office", "một câu dài để thử", now) as office:
        store = office.store
        fill(store, store.catalogue, Size.SMALL, 1, Silent(), TODAY)
        pending = office.standing().pending
        for kind in KINDS:
            path = tmp_path / f"list{ending}"
            export_rows(path, kind, all_rows(store, kind), store.catalogue)
            sheet = read_file(path, directory_of(store), store.catalogue)
            assert sheet.faulty == []
            store.save_many([(kind, entry.values, entry.id) for entry in sheet.entries])
        assert office.standing().pending == pending
