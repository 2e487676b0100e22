"""A walk through the registry: whatever is declared is complete, whoever declared it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Table, UniqueConstraint, create_engine
from sqlalchemy import inspect as looked_at
from sqlalchemy.orm import Session

import sync.records
from sync import rules
from sync.changes import Change
from sync.consignments import changes_from_wire, changes_to_wire
from sync.editing import to_wire
from sync.identity import Origin
from sync.migrations import SHARED, upgrade
from sync.records import BY_NAME, KINDS, name_of
from sync.records.base import Record, Shared, blank, initial
from sync.records.fields import Field, fields, fields_by_name
from sync.records.types import (
    Choice,
    Choices,
    Day,
    Link,
    Number,
    PartialDay,
    PlaceCode,
    Sealed,
    Value,
    YesNo,
)
from sync.server.database import open_engine
from sync.unfolding import Reader
from tests.builders import COMMUNE, SEALED_SAMPLE, TODAY
from vla_desktop import paths
from vla_desktop.office import Office
from vla_desktop.store.rows import Query

EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=name_of)
ORIGIN = Origin("0" * 11 + "1", "00000001")
WORDS = re.compile(r"[À-ỹ]")
SHORTENED = {"addr", "amt", "cnt", "desc", "dob", "dt", "idx", "info", "lib", "mgr", "msg", "nr",
             "num", "org", "pct", "ref", "tel", "tmp", "val", "ts", "qty", "prov"}  # fmt: skip


def a_value(field: Field) -> Value:
    """Some value of the field's type that is not its empty one."""
    by_type: list[tuple[type, Value]] = [
        (Link, ORIGIN.id_at(7)), (PlaceCode, COMMUNE), (Day, TODAY), (PartialDay, "1975-03"),
        (YesNo, True), (Sealed, SEALED_SAMPLE),
    ]  # fmt: skip
    if isinstance(field.type, Choice):
        words = list(field.type.words)
        return ",".join(words[:2]) if isinstance(field.type, Choices) else words[-1]
    if isinstance(field.type, Number):
        return max(field.type.least or 0, 3)
    return next((value for sort, value in by_type if isinstance(field.type, sort)), "Đà Nẵng")


def all_values(kind: type[Record]) -> dict[str, Value]:
    return {field.name: a_value(field) for field in fields(kind)}


@EVERY_KIND
def test_everything_that_people_read_is_said(kind: type[Record]) -> None:
    assert kind.label.strip()
    for field in fields(kind):
        assert field.label.strip(), field.name
    labels = [field.label for field in fields(kind)]
    assert len(labels) == len(set(labels)), "a column of a file is found by its label"


def texts(source: str) -> Iterator[tuple[str, bool]]:
    """Texts with a Vietnamese letter in them, and whether each is marked for the catalogue."""
    tree = ast.parse(source)
    marked = {
        id(argument)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("N_", "_")
        for argument in call.args
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and WORDS.search(node.value)
        ):
            yield node.value, id(node) in marked


@EVERY_KIND
def test_every_text_is_marked_for_translation(kind: type[Record]) -> None:
    source = Path(inspect.getfile(kind)).read_text("utf-8")
    without_docs = re.sub(r'"""(.|\n)*?"""', "pass", source)
    found = list(texts(without_docs))
    assert kind.label in dict(found)
    assert [text for text, is_marked in found if not is_marked] == []


def test_a_text_that_is_not_marked_would_be_seen() -> None:
    assert sorted(texts("a = N_('Hội'); b = 'Họ'")) == [("Họ", False), ("Hội", True)]


@EVERY_KIND
def test_a_kind_can_be_listed_and_named(kind: type[Record]) -> None:
    assert any(field.listed for field in fields(kind))
    assert any(field.titled for field in fields(kind))
    assert any(field.required for field in fields(kind))
    assert kind.__doc__
    assert (paths.resources() / "icons" / f"{kind.icon}.svg").is_file()


@EVERY_KIND
def test_links_lead_to_kinds_that_are_there(kind: type[Record]) -> None:
    for field in fields(kind):
        if isinstance(field.type, Link):
            assert field.type.target in BY_NAME, field.name
        if isinstance(field.type, PlaceCode):
            assert field.type.level in ("province", "commune")
    for together in kind.once:
        assert set(together.names) <= set(fields_by_name(kind))
        assert len(together.names) == len(together.columns)


@pytest.mark.parametrize("table", Shared.metadata.sorted_tables, ids=lambda table: table.name)
def test_no_constraint_of_a_shared_table_can_stop_the_exchange(table: Table) -> None:
    for constraint in table.constraints:
        assert not isinstance(
            constraint, (UniqueConstraint, ForeignKeyConstraint, CheckConstraint)
        ), constraint
    assert not any(index.unique for index in table.indexes)
    for column in table.columns:
        has_default = column.server_default is not None or column.nullable
        assert has_default or column.primary_key, column
        assert not column.foreign_keys


@EVERY_KIND
def test_an_older_program_may_leave_any_field_out(kind: type[Record]) -> None:
    """What stands in a row of which only the id is known is what `blank` says."""
    engine = create_engine("sqlite://")
    Shared.metadata.create_all(engine)
    with Session(engine) as session:
        session.connection().exec_driver_sql(
            f"INSERT INTO {name_of(kind)} (id) VALUES ('1')"  # noqa: S608  a name of ours
        )
        record = session.get_one(kind, "1")
        assert {name: getattr(record, name) for name in blank(kind)} == blank(kind)
        assert record.deleted is False
    engine.dispose()


@EVERY_KIND
def test_what_is_shown_can_be_read_back(kind: type[Record]) -> None:
    for field in fields(kind):
        value = a_value(field)
        assert field.type.fits(value), field.name
        assert field.type.read(field.type.show(value)) == value, field.name
        assert field.type.read("") == field.type.empty, field.name
        assert field.type.is_empty(field.type.empty) or field.type.empty is False


@EVERY_KIND
def test_what_is_sent_arrives(kind: type[Record]) -> None:
    wire = to_wire(kind, all_values(kind))
    change = Change(
        ORIGIN.id_at(1), "HN", name_of(kind), ORIGIN.id_at(2), "create", wire, 0, "Lê", "2026"
    )
    [came] = changes_from_wire(changes_to_wire([change]), Reader())
    assert came == change
    known = fields_by_name(kind)
    assert {n: known[n].type.from_wire(v) for n, v in came.values.items()} == all_values(kind)


@EVERY_KIND
def test_what_a_new_record_starts_with_has_the_right_type(kind: type[Record]) -> None:
    for name, value in initial(kind).items():
        field = fields_by_name(kind)[name]
        assert field.type.fits(value)
        assert [f for f in rules.field_findings(field, value) if f.code != "required"] == []


@EVERY_KIND
def test_every_value_can_be_saved_shown_found_and_sorted(
    kind: type[Record], open_office: Callable[[str], Office]
) -> None:
    store = open_office("a").store
    for field in fields(kind):
        for order in (Query(order=field.name), Query(order=field.name, descending=True)):
            assert store.ids(kind, order) == []
        assert store.count(kind, Query(filters={field.name: a_value(field)})) == 0
        assert store.count(kind, Query(filters={field.name: None})) == 0


@EVERY_KIND
def test_names_are_whole_words_with_their_unit(kind: type[Record]) -> None:
    for field in fields(kind):
        words = field.name.split("_")
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", field.name), field.name
        assert not set(words) & SHORTENED, field.name
        is_day = isinstance(field.type, (Day, PartialDay))
        assert is_day == field.name.endswith("_on"), field.name
        assert not field.name.endswith("_at"), field.name
        if isinstance(field.type, Number):
            assert (field.type.unit == "đ") == field.name.endswith("_vnd"), field.name
        assert not hasattr(Record, field.name), field.name
    assert kind.__name__ == "".join(word.title() for word in name_of(kind).split("_"))


def test_the_migrations_have_every_column(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'shared.db'}")
    upgrade(engine, SHARED)
    found = looked_at(engine)
    for table in Shared.metadata.sorted_tables:
        columns = {column["name"] for column in found.get_columns(table.name)}
        assert columns == {column.name for column in table.columns}
    engine.dispose()


def test_every_kind_in_the_folder_is_on_the_list() -> None:
    folder = Path(sync.records.__file__).parent
    declared = {
        match.group(1)
        for path in folder.glob("*.py")
        for match in re.finditer(r'__tablename__ = "(\w+)"', path.read_text("utf-8"))
    }
    assert declared == set(BY_NAME)
    labels = [kind.label for kind in KINDS]
    assert len(labels) == len(set(labels))
