"""kinds: what can be recorded, and by which rules. Needs no office."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sync.records import BY_NAME, KINDS, name_of
from sync.records.base import Record
from sync.records.fields import Field, fields
from sync.records.types import Choice, Link, Number, PlaceCode
from sync.texts import _
from vla_desktop.cli.answer import Answer
from vla_desktop.cli.faults import Misuse


def kind_named(name: str) -> type[Record]:
    """The kind of this name. Raises `Misuse` that lists those there are."""
    if name in BY_NAME:
        return BY_NAME[name]
    known = ", ".join(f"{each} ({_(kind.label)})" for each, kind in BY_NAME.items())
    raise Misuse(
        _("Không có loại bản ghi “{name}”.").format(name=name),
        _("Các loại: {known}.").format(known=known),
        code="usage.kind",
    )


def kinds(_home: Path, given: Namespace) -> Answer:
    """Every kind with its fields, or the one that was named."""
    asked = [kind_named(given.kind)] if given.kind else KINDS
    return Answer(
        {"kinds": [_kind_document(kind) for kind in asked]},
        [line for kind in asked for line in _kind_lines(kind)],
    )


def _kind_document(kind: type[Record]) -> dict[str, Any]:
    return {
        "name": name_of(kind),
        "label": _(kind.label),
        "fields": [_field_document(field) for field in fields(kind)],
        "once": [
            {"fields": together.names, "sentence": _(together.sentence)} for together in kind.once
        ],
    }


def _field_document(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": _(field.label),
        "type": field.type.name,
        "required": field.required,
        "unique": field.unique,
        "listed": field.listed,
        "sensitive": field.sensitive,
        "rule": "; ".join(_rules(field)),
        "help": _(field.help),
        "section": _(field.section),
        "initial": field.type.to_wire(field.initial),
        "max_length": field.max_length,
        **_type_facts(field),
    }


def _type_facts(field: Field) -> dict[str, Any]:
    """What only some types have."""
    of = field.type
    if isinstance(of, Choice):
        return {"choices": [{"code": code, "word": _(word)} for code, word in of.words.items()]}
    if isinstance(of, Link):
        return {"target": of.target}
    if isinstance(of, PlaceCode):
        return {"level": of.level}
    if isinstance(of, Number):
        return {"least": of.least, "most": of.most, "unit": of.unit}
    return {}


def _rules(field: Field) -> Iterator[str]:
    """The rules of one field in words; rules that join several fields speak when they break."""
    if field.required:
        yield _("bắt buộc")
    if field.unique:
        yield _("không trùng bản ghi khác")
    if field.max_length:
        yield _("dài nhất {most} ký tự").format(most=field.max_length)
    if isinstance(field.type, Number):
        if field.type.least is not None:
            yield _("không nhỏ hơn {least}").format(least=field.type.show(field.type.least))
        if field.type.most is not None:
            yield _("không lớn hơn {most}").format(most=field.type.show(field.type.most))
    if field.check:
        yield _("phải đúng dạng")
    if field.warn:
        yield _("nhắc khi trông không đúng dạng")


def _kind_lines(kind: type[Record]) -> Iterator[str]:
    yield f"{name_of(kind)} · {_(kind.label)}"
    for field in fields(kind):
        facts = [_(field.label), field.type.name, *_rules(field)]
        if isinstance(field.type, Choice):
            facts += [", ".join(f"{code} ({_(word)})" for code, word in field.type.words.items())]
        if isinstance(field.type, Link):
            facts += [_("mã hoặc tên của {kind}").format(kind=field.type.target)]
        yield f"  {field.name}: {'; '.join(facts)}"
    yield ""
