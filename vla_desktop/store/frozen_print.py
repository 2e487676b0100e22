"""The page of a snapshot, as it is kept beside the numbers."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sync.records.types import Value
from sync.texts import _
from sync.vietnamese import grouped


def page(values: Mapping[str, Value], figures: Sequence[Mapping[str, Any]]) -> str:
    """HTML of a snapshot's own values and of its figures."""
    head = "".join(f"<th>{html.escape(word)}</th>" for word in _columns())
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(each)) + "</tr>"
        for each in figures
    )
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in _lines(values))
    return (
        f"<h1>{html.escape(str(values['name']))}</h1>{lines}"
        f'<table border="1" cellspacing="0" cellpadding="4"><tr>{head}</tr>{rows}</table>'
    )


def _columns() -> tuple[str, ...]:
    return _("Số liệu"), _("Giá trị"), _("Tử số"), _("Mẫu số"), _("Ghi chú")


def _lines(values: Mapping[str, Value]) -> Iterator[str]:
    yield _("Tính đến ngày {day}, chốt ngày {frozen}, lần {revision}.").format(
        day=_day(values["stood_on"]), frozen=_day(values["frozen_on"]), revision=values["revision"]
    )
    if values["author"]:
        yield _("Người chốt: {author}").format(author=values["author"])
    if values["reason"]:
        yield _("Lý do sửa: {reason}").format(reason=values["reason"])


def _day(value: Value) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else ""


def _cells(each: Mapping[str, Any]) -> tuple[str, ...]:
    is_ratio = each["denominator"] is not None
    return (
        str(each["name"]), str(each["shown"]),
        grouped(each["numerator"] or 0) if is_ratio else "",
        grouped(each["denominator"]) if is_ratio else "",
        _("tạm tính") if each["provisional"] else "",
    )  # fmt: skip
