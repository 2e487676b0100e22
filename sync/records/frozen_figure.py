"""Figures as they stood on a day, kept for ever: what a signed report rests on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Mapped

from sync.canonical import canonical
from sync.problems import Finding
from sync.records.base import Record, block
from sync.records.fields import day, link, long_text, number, short_text
from sync.records.types import Value
from sync.texts import N_, _

# As much as one change may carry, with room for the other fields.
MOST_LETTERS = 50_000


class FrozenFigure(Record):
    """A dated snapshot. `content` is canonical JSON; `digest` seals every field.

    What was sealed is never altered: a correction is a new revision that says why.
    """

    __tablename__ = "frozen_figure"
    label = N_("Số liệu đã chốt")
    icon = "lock"

    name: Mapped[str] = short_text(N_("Tên"), required=True, listed=True, titled=True)
    stood_on: Mapped[dt.date | None] = day(
        N_("Tính đến ngày"), required=True, listed=True, titled=True, newest_first=True
    )
    frozen_on: Mapped[dt.date | None] = day(N_("Ngày chốt"), required=True, listed=True)
    author: Mapped[str] = short_text(N_("Người chốt"), listed=True)
    revision: Mapped[int | None] = number(N_("Lần"), least=1, required=True, listed=True)
    revises: Mapped[str] = link(N_("Sửa bản chốt"), "frozen_figure")
    reason: Mapped[str] = long_text(N_("Lý do sửa"), max_length=1000)
    content: Mapped[str] = long_text(N_("Các số"), max_length=MOST_LETTERS, required=True)
    digest: Mapped[str] = short_text(N_("Dấu niêm phong"), max_length=64, required=True)

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.revises and not self.reason.strip():
            yield block(FrozenFigure.reason, _("Sửa số đã chốt thì phải ghi lý do."))
        if self.revision is not None and (self.revision > 1) != bool(self.revises):
            yield block(FrozenFigure.revises, _("Bản sửa phải nói sửa bản nào."))
        if self.digest != seal(vars(self)):
            yield block(FrozenFigure.content, _("Số đã chốt không sửa được; anh/chị lập bản sửa."))


_SEALED = (
    "name", "stood_on", "frozen_on", "author", "revision", "revises", "reason", "content",
)  # fmt: skip


def seal(values: Mapping[str, Value]) -> str:
    """SHA-256 in hex over every field but the seal itself."""
    plain = [values.get(name) for name in _SEALED]
    said = [value.isoformat() if isinstance(value, dt.date) else value for value in plain]
    return hashlib.sha256(canonical(said).encode()).hexdigest()
