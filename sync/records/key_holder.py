"""The PCs of a branch that hold its key, or ask for it. The centre carries what it cannot open."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from sync.records.base import Record
from sync.records.fields import short_text
from sync.texts import N_


class KeyHolder(Record):
    """One PC: its public key, and the branch's keys wrapped for it once somebody granted them."""

    __tablename__ = "key_holder"
    label = N_("Máy giữ khóa chi hội")
    icon = "key"

    computer: Mapped[str] = short_text(
        N_("Tên máy"), max_length=120, required=True, listed=True, titled=True
    )
    device: Mapped[str] = short_text(N_("Mã máy"), max_length=12, required=True, listed=True)
    public_key: Mapped[str] = short_text(N_("Khóa công khai"), max_length=64, required=True)
    wrapped: Mapped[str] = short_text(N_("Khóa đã bọc cho máy này"), max_length=1400)
