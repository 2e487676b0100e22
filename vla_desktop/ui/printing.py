"""Papers on a printer and in PDF files."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from sync.problems import Problem
from sync.texts import _
from vla_desktop.files import write_whole
from vla_desktop.reports.paper import Paper, Sheet
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label

FAMILY = "Be Vietnam Pro"
_DOTS_PER_INCH = 600
# Of the moment of writing, each as long as what stands in its place: a PDF counts its bytes.
_INFO = re.compile(rb"\(D:\d{14}[^)]*\)")
_XMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^<]*")
_IDENTITY = re.compile(rb"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TRAILER_ID = re.compile(rb"/ID \[ <[0-9A-Fa-f]+> <[0-9A-Fa-f]+> \]")


def _layout(sheet: Sheet) -> QPageLayout:
    wide, high, margin, _points = sheet.value
    size = QPageSize(QSizeF(wide, high), QPageSize.Unit.Millimeter)
    margins = QMarginsF(margin, margin, margin, margin)
    return QPageLayout(
        size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter, QMarginsF()
    )


def _document(paper: Paper, device: QPdfWriter | QPrinter) -> QTextDocument:
    document = QTextDocument()
    font = QFont(FAMILY)
    font.setPointSizeF(paper.sheet.value[3])
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.documentLayout().setPaintDevice(device)
    document.setHtml(paper.html)
    document.setPageSize(QSizeF(device.width(), device.height()))
    return document


def pdf(paper: Paper, day: dt.date) -> bytes:
    """The paper as PDF. The same paper and day give the same bytes, whenever it is printed."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(paper.title)
    writer.setCreator("VLA Desktop")
    writer.setPageLayout(_layout(paper.sheet))
    writer.setResolution(_DOTS_PER_INCH)
    _document(paper, writer).print_(writer)
    buffer.close()
    return _undated(bytes(buffer.data().data()), day)


def _undated(content: bytes, day: dt.date) -> bytes:
    stamp = f"{day:%Y%m%d}".encode()

    def same_length(found: re.Match[bytes], words: bytes) -> bytes:
        return words[: len(found[0])].ljust(len(found[0]), b" ")

    def info(found: re.Match[bytes]) -> bytes:
        inside = (b"D:" + stamp + b"000000Z")[: len(found[0]) - 2]
        return b"(" + inside + b")" + b" " * (len(found[0]) - len(inside) - 2)

    for pattern, put in (
        (_INFO, info),
        (_XMP, lambda found: same_length(found, f"{day}T00:00:00Z".encode())),
        (_IDENTITY, lambda _found: b"0" * 8 + b"-0000-4000-8000-" + b"0" * 12),
        (_TRAILER_ID, lambda found: re.sub(rb"[0-9A-Fa-f](?=[^<]*>)", b"0", found[0])),
    ):
        content = pattern.sub(put, content)
    return content


class PaperDialog(QDialog):
    """The paper to look at; then to a file or to the printer."""

    def __init__(self, paper: Paper, day: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper, self._day = paper, day
        self.setWindowTitle(paper.title)
        self.page = QTextEdit()
        self.page.setReadOnly(True)
        self.page.setAccessibleName(paper.title)
        # Paper is white, whatever the window wears.
        self.page.setStyleSheet("QTextEdit { background: white; color: black; padding: 16px; }")
        font = QFont(FAMILY)
        font.setPointSizeF(paper.sheet.value[3])
        self.page.document().setDefaultFont(font)
        self.page.setHtml(paper.html)
        self.said = label("", "error")
        self.said.hide()
        self.save = buttons.primary(_("Ghi ra PDF…"), "document", self._ask_where)
        self.print = buttons.secondary(_("In ra giấy…"), "printer", self._print)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (buttons.quiet(_("Đóng"), callback=self.reject), self.print, self.save):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.page, 1)
        layout.addWidget(self.said)
        layout.addLayout(row)
        self.resize(860, 600)
        self.save.setFocus()

    def write(self, file: Path) -> None:
        """Write the PDF. Raises `Problem` when the place does not take it."""
        write_file(file, pdf(self._paper, self._day))

    def _ask_where(self) -> None:
        name = f"{self._paper.name}.pdf"
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Ghi ra PDF"), name, "PDF (*.pdf)")
        if not chosen:
            return
        try:
            self.write(Path(chosen))
        except Problem as problem:
            self.said.setText(f"{problem.what} {problem.advice}")
            self.said.show()
        else:
            self.accept()

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(_layout(self._paper.sheet))
        printer.setDocName(self._paper.title)
        if QPrintDialog(printer, self).exec() == int(QDialog.DialogCode.Accepted):
            _document(self._paper, printer).print_(printer)
            self.accept()


def write_file(file: Path, content: bytes) -> None:
    """Raises `Problem` when the file is open elsewhere or its folder takes nothing."""
    try:
        write_whole(file, content)
    except OSError as fault:
        raise Problem(
            _("Không ghi được tệp “{name}”.").format(name=file.name),
            _("Tệp có thể đang mở trong chương trình khác; anh/chị đóng lại hoặc chọn tên khác."),
            code="print.file",
        ) from fault
