"""A printed paper: what it says, on which sheet, and the parts that all papers share."""

from __future__ import annotations

import datetime as dt
import enum
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sync.records.types import Value
from sync.texts import _


class Sheet(enum.Enum):
    """Width, height and margin in millimetres, and the size of letters in points."""

    A4 = (210.0, 297.0, 20.0, 12.0)
    A4_ACROSS = (297.0, 210.0, 22.0, 14.0)
    A5_ACROSS = (210.0, 148.0, 14.0, 11.0)
    CARD = (85.6, 54.0, 4.0, 7.5)


@dataclass(frozen=True)
class Paper:
    """Ready to print. `name` is for the file, without its ending."""

    name: str
    title: str
    html: str
    sheet: Sheet = Sheet.A4


def said(text: object) -> str:
    """Whatever a person typed, safe inside HTML."""
    return html.escape(str(text))


def shown_day(value: Value) -> str:
    """dd/MM/yyyy, or dots to fill in by hand."""
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else "…/…/……"


def day_in_words(value: Value) -> str:
    """The day as papers bear it above the signature."""
    if not isinstance(value, dt.date):
        return _("Ngày … tháng … năm ……")
    return _("Ngày {day} tháng {month} năm {year}").format(
        day=f"{value.day:02}", month=f"{value.month:02}", year=value.year
    )


def heading(unit: str) -> str:
    """The association and who issues it on the left, the nation's words on the right."""
    association, nation = "HỘI THƯ VIỆN VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    return (
        '<table width="100%" cellspacing="0" cellpadding="0"><tr>'
        f'<td width="42%" align="center">{association}<br><b>{said(unit.upper())}</b></td>'
        f'<td width="58%" align="center"><b>{nation}</b><br>'
        "<b><u>Độc lập - Tự do - Hạnh phúc</u></b></td></tr></table>"
    )


def centred(text: str, points: float, *, bold: bool = True, above: int = 0) -> str:
    """A line in the middle; `text` is HTML already."""
    inside = f"<b>{text}</b>" if bold else text
    return (
        f'<p align="center" style="margin-top:{above}px;margin-bottom:2px;'
        f'font-size:{points}pt">{inside}</p>'
    )


def lines(pairs: Iterable[tuple[str, str]]) -> str:
    """What is what, a line each, left out where nothing is known."""
    return "".join(
        f'<p style="margin-top:3px;margin-bottom:3px">{said(name)}: <b>{said(value)}</b></p>'
        for name, value in pairs
        if value
    )


def signatures(roles: Sequence[str], names: Sequence[str] = ()) -> str:
    """A place for each to sign, with the name below where it is known."""
    width = 100 // len(roles)
    hint = said(_("(Ký, ghi rõ họ tên)"))
    named = [*names, *[""] * len(roles)]
    cells = "".join(
        f'<td width="{width}%" align="center"><b>{said(role)}</b><br><i>{hint}</i>'
        f"<br><br><br><b>{said(name)}</b></td>"
        for role, name in zip(roles, named, strict=False)
    )
    return f'<table width="100%" style="margin-top:10px"><tr>{cells}</tr></table>'
