"""A piece of the list of records behind a frozen figure, found by its own digest."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from sync.problems import Finding
from sync.records.base import Record, block
from sync.records.fields import long_text, short_text
from sync.records.frozen_figure import MOST_LETTERS
from sync.texts import N_, _


class FrozenList(Record):
    """Ids of records, one a line; of libraries in a denominator with their staff behind."""

    __tablename__ = "frozen_list"
    label = N_("Danh sách đã chốt")
    icon = "lock"

    digest: Mapped[str] = short_text(
        N_("Dấu niêm phong"), max_length=64, required=True, listed=True, titled=True
    )
    content: Mapped[str] = long_text(N_("Danh sách"), max_length=MOST_LETTERS, required=True)

    def findings(self, today: dt.date) -> Iterator[Finding]:
        if self.digest != digest_of(self.content):
            yield block(FrozenList.content, _("Danh sách đã chốt không sửa được."))


def digest_of(content: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content.encode()).hexdigest()
