"""records and load-resolution: what the association keeps itself, by the rules of every form."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sync.problems import InvalidRecord, Problem
from sync.records import KINDS, name_of
from sync.records.base import Keeper, Record
from sync.records.fields import fields, fields_by_name
from sync.records.types import Value
from sync.server import issuing, resolutions
from sync.server.centre import open_database, utc_now, who_we_are
from sync.server.issuing import Desk, Issued
from sync.server.settings import Settings
from sync.texts import _

Verb = Callable[[Settings, argparse.Namespace], int]
Adding = Callable[[str, Verb, str], argparse.ArgumentParser]

KEPT: Mapping[str, type[Record]] = {
    name_of(kind): kind for kind in KINDS if kind.keeper is not Keeper.BRANCH
}


def add_verbs(verb: Adding) -> None:
    """The verbs of the association's own records."""
    records = verb("records", _records, "The association's own records: terms, tasks, targets, …")
    records.add_argument("deed", choices=["kinds", "list", "show", "add", "edit", "delete",
                                          "restore"])  # fmt: skip
    records.add_argument("kind", nargs="?", choices=sorted(KEPT), metavar="KIND")
    records.add_argument("words", nargs="*", metavar="ID FIELD=VALUE", help="see `records kinds`")
    records.add_argument("--author", default="", help="who writes; default Trung ương")
    load = verb("load-resolution", _load, "Take in a file of terms, tasks, targets and criteria.")
    load.add_argument("file", metavar="FILE", help="as resources/resolutions/terms.json")
    load.add_argument("--author", default="", help="who writes; default Trung ương")


@contextmanager
def _desk(settings: Settings, given: argparse.Namespace) -> Iterator[Desk]:
    engine = open_database(settings)
    try:
        who_we_are(engine, settings.centre_key)
        with issuing.desk(engine, utc_now(), given.author) as desk:
            yield desk
    finally:
        engine.dispose()


def _load(settings: Settings, given: argparse.Namespace) -> int:
    content = resolutions.read(Path(given.file))
    with _desk(settings, given) as desk:
        loaded = asdict(resolutions.load(desk, content))
    words = " ".join(f"{name}={number}" for name, number in loaded.items())
    return _say(given, loaded, [words])


def _records(settings: Settings, given: argparse.Namespace) -> int:
    if given.deed == "kinds":
        found = list(KEPT.items())
        document = {name: [field.name for field in fields(kind)] for name, kind in found}
        lines = [f"{name}\t{_(kind.label)}\t{', '.join(document[name])}" for name, kind in found]
        return _say(given, document, lines)
    if given.kind is None:
        print("Which KIND?", file=sys.stderr)
        return 2
    try:
        with _desk(settings, given) as desk:
            rows = list(_done(desk, given, KEPT[given.kind]))
    except InvalidRecord as invalid:
        known = fields_by_name(KEPT[given.kind])
        for name, sentence in invalid.by_field.items():
            label = _(known[name].label) if name in known else name
            print(f"{label} ({name}): {sentence}", file=sys.stderr)
        return 1
    return _say(given, rows, [_line(KEPT[given.kind], row) for row in rows])


def _done(desk: Desk, given: argparse.Namespace, kind: type[Record]) -> Iterator[Mapping[str, Any]]:
    """Do what was asked; the records that it is about, as they stand then."""
    words: list[str] = given.words
    if given.deed == "list":
        for row in desk.rows(kind):
            if not row["deleted"]:
                yield _document(kind, row)
        return
    if given.deed == "add":
        record = desk.write(kind, _values(kind, words)).record
    else:
        record = _id(kind, words)
        deeds: dict[str, Callable[[], Issued | None]] = {
            "show": lambda: None,
            "edit": lambda: desk.write(kind, _values(kind, words[1:]), record),
            "delete": lambda: desk.delete(kind, record),
            "restore": lambda: desk.restore(kind, record),
        }
        deeds[given.deed]()
    found = [row for row in desk.rows(kind) if row["id"] == record]
    if not found:
        raise issuing.unknown(kind, record)
    yield _document(kind, found[0])


def _id(kind: type[Record], words: Sequence[str]) -> str:
    if not words:
        raise issuing.unknown(kind, "")
    return words[0].strip().lower()


def _values(kind: type[Record], words: Sequence[str]) -> dict[str, Value]:
    """FIELD=VALUE as people write them. Raises `Problem` "usage"."""
    known, values = fields_by_name(kind), dict[str, Value]()
    for word in words:
        name, equals, text = word.partition("=")
        try:
            if not equals or name not in known:
                raise ValueError(_("các ô: {names}").format(names=", ".join(known)))
            values[name] = known[name].type.read(text)
        except ValueError as fault:
            what = _("Không đọc được “{word}”: {why}").format(word=word, why=fault)
            raise Problem(what, _("Ghi dạng TÊN=GIÁ TRỊ."), code="usage") from fault
    if not values:
        names = ", ".join(known)
        raise Problem(_("Chưa ghi ô nào."), _("Các ô: {names}.").format(names=names), code="usage")
    return values


def _document(kind: type[Record], row: Mapping[str, Any]) -> dict[str, Any]:
    values = {field.name: field.type.to_wire(row[field.name]) for field in fields(kind)}
    return {"id": row["id"], "deleted": bool(row["deleted"]), **values}


def _line(kind: type[Record], document: Mapping[str, Any]) -> str:
    shown = [
        field.type.show(field.type.from_wire(document[field.name]))
        for field in fields(kind)
        if field.listed and not field.type.is_empty(document[field.name])
    ]
    return "\t".join([document["id"], *shown, *([_("(thùng rác)")] if document["deleted"] else [])])


def _say(given: argparse.Namespace, document: Any, lines: Sequence[str]) -> int:
    print(json.dumps(document, ensure_ascii=False) if given.json else "\n".join(lines))
    return 0
