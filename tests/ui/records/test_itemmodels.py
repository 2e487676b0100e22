"""The item model behind the lists: pages of rows, order, news."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from sqlalchemy import event

from sync.records.library import Library
from sync.records.member import Member
from sync.records.participation import Participation
from tests.ui import invented
from vla_desktop.store.store import Query, Store
from vla_desktop.ui.bridge import StoreBridge
from vla_desktop.ui.itemmodels import ROWS_PER_PAGE, STATE_ROLE, RecordTableModel


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The SQL that the block sends."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    yield sent
    event.remove(store._engine, "before_cursor_execute", note)


def column_texts(model: RecordTableModel, column: int) -> list[str]:
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def test_people_stand_by_given_name_then_family_name(store: Store, qtbot: QtBot) -> None:
    invented.members(store, ["Trần Văn Đức", "Lê Thị Bình", "Đỗ Thị Ái", "Nguyễn Văn Đức", "Ô An"])
    model = RecordTableModel(store, Member)
    model.refresh()
    assert column_texts(model, 0) == [
        "Đỗ Thị Ái", "Ô An", "Lê Thị Bình", "Nguyễn Văn Đức", "Trần Văn Đức",
    ]  # fmt: skip
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert column_texts(model, 0)[0] == "Trần Văn Đức"


def test_a_header_orders_by_its_field(store: Store, qtbot: QtBot) -> None:
    one, two = invented.members(store, ["Lê An", "Lê Bình"])
    store.save(Member, {"card_no": "9"}, one)
    store.save(Member, {"card_no": "1"}, two)
    model = RecordTableModel(store, Member)
    column = [field.name for field in model.columns].index("card_no")
    model.sort(column)
    assert column_texts(model, 0) == ["Lê Bình", "Lê An"]
    assert model.sorted_by == (column, Qt.SortOrder.AscendingOrder)


def test_the_last_column_says_the_state_in_words(store: Store, qtbot: QtBot) -> None:
    invented.members(store, ["Lê An"])
    model = RecordTableModel(store, Member)
    model.refresh()
    cell = model.index(0, model.state_column)
    assert cell.data() == "Chưa gửi"
    assert cell.data(STATE_ROLE).value == "unsent"
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Chưa gửi"


def test_a_page_of_rows_takes_at_most_five_statements(store: Store, qtbot: QtBot) -> None:
    invented.many_members(store, 2 * ROWS_PER_PAGE)
    model = RecordTableModel(store, Member)
    with statements(store) as asked:
        model.refresh()
    assert len(asked) <= 2
    with statements(store) as sent:
        texts = [
            model.index(row, column).data()
            for row in range(ROWS_PER_PAGE)
            for column in range(model.columnCount())
        ]
    assert all(texts[:: model.columnCount()])
    assert 0 < len(sent) <= 5
    with statements(store) as again:
        model.index(3, 2).data()
    assert again == []


def test_news_of_the_same_records_repaints_and_does_not_reset(store: Store, qtbot: QtBot) -> None:
    one, _two = invented.members(store, ["Lê An", "Lê Bình"])
    model = RecordTableModel(store, Member)
    model.refresh()
    assert model.index(0, 3).data() == ""
    store.save(Member, {"phone": "0100 222 333"}, one)
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        assert model.hear(frozenset({("member", one)}))
    assert "0100 222 333" in [model.index(0, column).data() for column in range(8)]


def test_news_of_another_kind_matters_only_when_it_is_named_here(
    store: Store, qtbot: QtBot
) -> None:
    place = invented.library(store, "Thư viện cũ")
    (one,) = invented.members(store, ["Lê An"])
    store.save(Member, {"workplace": place}, one)
    model = RecordTableModel(store, Member)
    model.refresh()
    column = [field.name for field in model.columns].index("workplace")
    assert model.index(0, column).data() == "Thư viện cũ"
    store.save(Library, {"name": "Thư viện mới"}, place)
    assert model.hear(frozenset({("library", place)}))
    assert model.index(0, column).data() == "Thư viện mới"
    assert not model.hear(frozenset({("activity", "0" * 32)}))


def test_a_record_that_left_the_query_is_not_found_any_more(store: Store, qtbot: QtBot) -> None:
    one, two = invented.members(store, ["Lê An", "Lê Bình"])
    model = RecordTableModel(store, Member)
    model.refresh()
    store.delete(Member, one)
    model.hear(frozenset({("member", one)}))
    assert model.place_of(one) is None
    assert model.place_of(two) == 0
    assert model.id_at(1) is None
    assert model.record_at(1) is None


def test_what_the_surroundings_say_has_no_column(store: Store, qtbot: QtBot) -> None:
    model = RecordTableModel(store, Participation, without=("activity",))
    assert "activity" not in [field.name for field in model.columns]


def test_qt_finds_no_fault_with_the_model(store: Store, qtbot: QtBot) -> None:
    invented.members(store, ["Lê An", "Lê Bình"])
    model = RecordTableModel(store, Member)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.refresh()
    model.show(Query(search="binh"))
    model.show(Query(search="nobody"))
    assert model.rowCount() == 0
    assert model.rowCount(QModelIndex()) == 0


def test_news_from_another_thread_arrives_in_the_windows_thread_once(
    store: Store, qtbot: QtBot
) -> None:
    ids = invented.members(store, ["Lê An", "Lê Bình"])
    bridge = StoreBridge(store)
    told: list[tuple[frozenset[tuple[str, str]], int]] = []
    bridge.changed.connect(lambda touched: told.append((touched, threading.get_ident())))

    def work() -> None:
        for one in ids:
            store.save(Member, {"note": "mới"}, one)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(80)
    assert told == [(frozenset({("member", one) for one in ids}), threading.get_ident())]
    bridge.close()
    store.save(Member, {"note": "nữa"}, ids[0])
    qtbot.wait(80)
    assert len(told) == 1
