"""Whether values may stand. The same rules at the form, in a file that is read, and at the centre.

A rule that joins several fields is asked where all of them were typed together: at the form, and
by the centre of a new record. Two offices may each edit one field rightly and break such a rule
between them; the record is then listed for review, and the exchange goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.problems import Finding, Level
from sync.records import BY_NAME
from sync.records.base import Record, blank
from sync.records.fields import Field, fields, fields_by_name
from sync.records.types import Link, Number, Value
from sync.texts import _


def tidied(kind: type[Record], values: Mapping[str, Value]) -> dict[str, Value]:
    """The values as they are kept. Raises KeyError for a field that the kind does not have."""
    known = fields_by_name(kind)
    return {name: known[name].type.tidy(value) for name, value in values.items()}


def field_findings(field: Field, value: Value) -> Iterator[Finding]:
    """What the rules of one field say of its value."""
    if not field.type.fits(value):
        yield Finding(field.name, _("Giá trị không đúng kiểu."), code="type")
        return
    if isinstance(value, str) and "\0" in value:
        yield Finding(field.name, _("Có ký tự không dùng được."), code="text")
        return
    if field.type.is_empty(value):
        if field.required:
            yield Finding(
                field.name, _("Cần ghi “{label}”.").format(label=_(field.label)), code="required"
            )
        return
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        sentence = _("Dài quá {most} ký tự, hiện có {length}.")
        yield Finding(
            field.name, sentence.format(most=field.max_length, length=len(value)), code="length"
        )
    yield from _range_findings(field, value)
    for check, level in ((field.check, Level.BLOCK), (field.warn, Level.WARN)):
        sentence_or_none = check(value) if check else None
        if sentence_or_none:
            yield Finding(field.name, sentence_or_none, level)


def _range_findings(field: Field, value: Value) -> Iterator[Finding]:
    if not isinstance(field.type, Number) or not isinstance(value, int):
        return
    least, most = field.type.least, field.type.most
    if least is not None and value < least:
        sentence = _("Không nhỏ hơn {least}.").format(least=field.type.show(least))
        yield Finding(field.name, sentence, code="range")
    if value > (most if most is not None else 2_000_000_000):
        sentence = _("Không lớn hơn {most}.").format(
            most=field.type.show(most if most is not None else 2_000_000_000)
        )
        yield Finding(field.name, sentence, code="range")


def findings(
    kind: type[Record], values: Mapping[str, Value], today: dt.date, record_id: str = ""
) -> list[Finding]:
    """Everything the rules say of a whole record, without asking the database."""
    found = [
        finding for field in fields(kind) for finding in field_findings(field, values[field.name])
    ]
    faulty = {finding.field for finding in found if finding.level is Level.BLOCK}
    if any(finding.code == "type" for finding in found):
        return found
    record = kind(**{**blank(kind), **values, "id": record_id})
    return found + [finding for finding in record.findings(today) if finding.field not in faulty]


def clashes(
    session: Session,
    kind: type[Record],
    values: Mapping[str, Value],
    record_id: str,
    scope: str | None = None,
) -> Iterator[Finding]:
    """What already stands here, or among the records of `scope`, and may stand only once."""
    for field in fields(kind):
        value = values[field.name]
        if not field.unique or field.type.is_empty(value):
            continue
        if _stands(session, kind, {field.name: value}, record_id, scope):
            sentence = _("“{value}” đã có ở một bản ghi khác.").format(value=value)
            yield Finding(field.name, sentence, code="unique")
    for together in kind.once:
        wanted = {name: values[name] for name in together.names}
        if all(wanted.values()) and _stands(session, kind, wanted, record_id, scope):
            yield Finding(together.names[-1], _(together.sentence), code="once")


def _stands(
    session: Session,
    kind: type[Record],
    wanted: Mapping[str, Value],
    record_id: str,
    scope: str | None,
) -> bool:
    query = select(kind.id).where(kind.deleted.is_(False), kind.id != record_id)
    if scope is not None:
        query = query.where(kind.scope == scope)
    for name, value in wanted.items():
        query = query.where(getattr(kind, name) == value)
    return session.scalar(query.limit(1)) is not None


def broken_links(
    session: Session, kind: type[Record], values: Mapping[str, Value]
) -> Iterator[Finding]:
    """Links among the values that lead nowhere, or into the bin."""
    for name, value in values.items():
        field_type = fields_by_name(kind)[name].type
        if isinstance(field_type, Link) and value and isinstance(value, str):
            target = BY_NAME[field_type.target]
            deleted = session.scalar(select(target.deleted).where(target.id == value))
            if deleted is None:
                yield Finding(name, _("Không tìm thấy mục đã chọn."), code="link")
            elif deleted:
                yield Finding(
                    name, _("Mục đã chọn đang ở trong thùng rác."), Level.WARN, code="link"
                )
