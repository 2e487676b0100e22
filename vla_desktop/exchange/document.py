"""Lists as JSON, with the values as they travel: for scripts, and for keeping."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sync import identity
from sync.problems import Problem
from sync.records import BY_NAME, name_of
from sync.records.base import Record
from sync.records.fields import fields_by_name
from sync.records.types import Value
from sync.texts import _
from vla_desktop.exchange import cells, safety
from vla_desktop.exchange.sheet import Directory, Entry, Row, Sheet

FORMAT = "vla-desktop records"
VERSION = 1


def document_of(kind: type[Record], rows: Iterable[Row]) -> bytes:
    """The records of one kind, each with its id and its wire values."""
    known = fields_by_name(kind)
    entries = [
        {
            "id": row.id,
            "values": {name: field.type.to_wire(row.values[name]) for name, field in known.items()},
        }
        for row in rows
    ]
    whole = {"format": FORMAT, "version": VERSION, "kind": name_of(kind), "records": entries}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def read_document(content: bytes, name: str, directory: Directory) -> Sheet:
    """The entries of the document, numbered from 1. Raises Problem when it is not one of ours."""
    try:
        whole = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise safety.unreadable(name) from fault
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise safety.unreadable(name)
    if not isinstance(whole.get("version"), int) or whole["version"] > VERSION:
        raise Problem(
            _("Tệp {name} do một bản phần mềm mới hơn ghi ra.").format(name=name),
            _("Anh/chị cập nhật phần mềm rồi nhập lại."),
            code="exchange.newer",
        )
    kind, records = BY_NAME.get(str(whole.get("kind"))), whole.get("records")
    if kind is None or not isinstance(records, list) or len(records) > safety.MOST_ROWS:
        raise safety.unreadable(name)
    seen: dict[str, int] = {}
    unknown: dict[str, None] = {}
    entries = [
        _entry(kind, number, record, directory, seen, unknown)
        for number, record in enumerate(records, start=1)
    ]
    return Sheet(kind, entries, tuple(unknown))


def _entry(
    kind: type[Record],
    number: int,
    record: Any,
    directory: Directory,
    seen: dict[str, int],
    unknown: dict[str, None],
) -> Entry:
    if not isinstance(record, dict) or not isinstance(record.get("values"), dict):
        return Entry(number, None, {}, {"": _("Mục này không đúng dạng.")})
    values, problems = _values(kind, record["values"], unknown)
    found = record.get("id") or ""
    if found and (not isinstance(found, str) or not identity.is_id(found)):
        problems[""] = _("Mã bản ghi không đúng dạng; để trống nếu là bản ghi mới.")
    elif found in seen:
        problems[""] = _("Mục {number} đã có mã bản ghi này.").format(number=seen[found])
    elif found:
        seen[found] = number
        if directory.holds(name_of(kind), found):
            return Entry(number, found, values, problems)
        return Entry(number, None, values, problems, foreign_id=found)
    return Entry(number, None, values, problems)


def _values(
    kind: type[Record], given: Mapping[str, Any], unknown: dict[str, None]
) -> tuple[dict[str, Value], dict[str, str]]:
    known = fields_by_name(kind)
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for name, wire in given.items():
        if name not in known:
            unknown[name] = None
            continue
        try:
            cells.check_letters(wire if isinstance(wire, str) else "")
            values[name] = known[name].type.tidy(known[name].type.from_wire(wire))
        except ValueError as fault:
            problems[name] = str(fault)
    return values, problems
