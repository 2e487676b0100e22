"""Frozen figures as a workbook: what was kept, and nothing of today."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
from openpyxl.styles import Alignment, Font

from sync.texts import _
from vla_desktop.store.freezing import Frozen

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_CORE = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_WIDTHS = (60, 14, 12, 12, 14)


def workbook(frozen: Frozen) -> bytes:
    """The same bytes however often, and on whatever day, it is written."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(_("Số liệu đã chốt"))
    told = _("Tính đến ngày {day}, chốt ngày {frozen}, lần {revision}.").format(
        day=f"{frozen.stood_on:%d/%m/%Y}", frozen=f"{frozen.frozen_on:%d/%m/%Y}",
        revision=frozen.revision,
    )  # fmt: skip
    sheet.append([frozen.name])
    sheet.append([told])
    sheet.append([_("Niêm phong: {digest}").format(digest=frozen.digest)])
    sheet.append([])
    sheet.append([_("Số liệu"), _("Giá trị"), _("Tử số"), _("Mẫu số"), _("Ghi chú")])
    for each in frozen.figures:
        note = _("tạm tính") if each["provisional"] else ""
        is_ratio = each["denominator"] is not None
        parts = (each["numerator"], each["denominator"]) if is_ratio else (None, None)
        sheet.append([each["name"], each["shown"], *parts, note])
    for row in sheet.iter_rows():
        for cell in row:
            # Said outright, or a text that begins with "=" would become a formula.
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for cell in (sheet["A1"], *sheet[5]):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="center")
    content = io.BytesIO()
    book.save(content)
    return _undated(content.getvalue(), frozen.frozen_on)


def _undated(content: bytes, day: dt.date) -> bytes:
    """Without the moment of writing, which is no part of what was kept."""
    stamp = f"{day:%Y-%m-%d}T00:00:00Z".encode()
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _CORE.sub(lambda found: found[1] + stamp, part)
            new.writestr(zipfile.ZipInfo(name, _EARLIEST), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
