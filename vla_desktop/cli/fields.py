"""What stands on a command line after a kind: ids, fields, values as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sync import identity
from sync.problems import Finding, InvalidRecord, Level, Problem
from sync.records import BY_NAME
from sync.records.base import Record
from sync.records.fields import Field, fields_by_name
from sync.records.types import Link, PlaceCode, Value
from sync.texts import _
from sync.vietnamese import fold
from vla_desktop.cli.faults import Misuse
from vla_desktop.store.rows import Query, Row
from vla_desktop.store.store import Store


def assignments(words: Iterable[str], *, example: str) -> dict[str, str]:
    """NAME=VALUE by name. Raises `Misuse`."""
    given: dict[str, str] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name:
            what = _("“{word}” không có dạng TÊN=GIÁ TRỊ.").format(word=word)
            advice = _("Anh/chị ghi liền nhau, có dấu cách thì đặt trong nháy: {example}.")
            raise Misuse(what, advice.format(example=example), code="usage.value")
        if name in given:
            what = _("“{name}” được ghi hai lần.").format(name=name)
            raise Misuse(what, _("Anh/chị chỉ giữ một lần."), code="usage.value")
        given[name] = text
    return given


def field_texts(kind: type[Record], words: Sequence[str]) -> dict[str, str]:
    """The texts given for fields of the kind. Raises `Misuse` that lists the fields."""
    given = assignments(words, example='name="Thư viện tỉnh"')
    known = fields_by_name(kind)
    unknown = [name for name in given if name not in known]
    if unknown or not given:
        what = _("“{kind}” không có ô “{name}”.") if unknown else _("Chưa ghi ô nào của “{kind}”.")
        raise Misuse(
            what.format(kind=_(kind.label), name=", ".join(unknown)),
            _("Các ô: {names}.").format(names=", ".join(known)),
            code="usage.field",
        )
    return given


def read_values(
    store: Store, kind: type[Record], texts: Mapping[str, str], start: Mapping[str, Value],
    record_id: str | None,
) -> dict[str, Value]:  # fmt: skip
    """The values that the texts mean, above those of `start`.

    Raises `InvalidRecord` for what cannot be read, with what the rules say of all the rest.
    """
    values = dict(start)
    faults: list[Finding] = []
    for name, text in texts.items():
        try:
            values[name] = _read(store, fields_by_name(kind)[name], text)
        except ValueError as fault:
            faults.append(Finding(name, str(fault), code="text"))
    if faults:
        unread = {fault.field for fault in faults}
        others = store.check(kind, values, record_id)
        others = [each for each in others if each.level is Level.BLOCK]
        raise InvalidRecord([*faults, *(each for each in others if each.field not in unread)])
    return values


def _read(store: Store, field: Field, text: str) -> Value:
    """Links and places may be named by what they are called, when only one is called so."""
    typed = text.strip()
    if isinstance(field.type, Link):
        is_plain = identity.is_id(typed.lower())
    elif isinstance(field.type, PlaceCode):
        is_plain = store.catalogue.get(typed) is not None
    else:
        is_plain = True
    if is_plain or not typed:
        return field.type.read(text)
    from vla_desktop.exchange.references import References  # brings in all that reads files

    return References(_Shelves(store), store.catalogue).read(field, typed, None)


class _Shelves:
    """Knows the records by name, by asking the store each time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def holds(self, kind_name: str, record_id: str) -> bool:
        return self._store.get(BY_NAME[kind_name], record_id) is not None

    def title(self, kind_name: str, record_id: str) -> str:
        return self._store.title(kind_name, record_id)

    def titled(self, kind_name: str, title: str) -> Sequence[str]:
        kind = BY_NAME[kind_name]
        rows = self._store.rows(kind, self._store.ids(kind, Query(search=title)))
        return [row.id for row in rows if fold(row.title) == fold(title)]


def found(store: Store, kind: type[Record], record_id: str) -> Row:
    """The record, be it in the bin. Raises `Problem` when there is none."""
    row = store.get(kind, record_id.strip().lower())
    if row is None:
        raise Problem(
            _("Không có “{kind}” nào mang mã {id}.").format(kind=_(kind.label), id=record_id),
            _("Anh/chị xem mã bằng lệnh list; mục đã xóa xem bằng list --bin."),
            code="record.unknown",
        )
    return row
