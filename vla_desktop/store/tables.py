"""What the office keeps for its own lists and for work that is not finished. Never travels."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Boolean, Index, Integer, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from sync.canonical import CanonicalJson
from sync.client.tables import Private
from sync.migrations import Chain

OFFICE = Chain(
    "office",
    Path(__file__).resolve().parent / "migrations" / "versions",
    "alembic_version_office",
    Private.metadata,
)


class Listing(Private):
    """Where a record stands in lists: made from the records, and made anew when in doubt.

    `title` is what names the record, `sort_key` its place in Vietnamese order. The full-text
    table `search` has a row of the same number with the folded words to find it by. `moved_to` is
    the branch that the record went to, "" for what is here.
    """

    __tablename__ = "listing"
    __table_args__ = (Index("ix_listing_order", "kind", "deleted", "sort_key", "record"),)

    number: Mapped[int] = mapped_column(Integer(), primary_key=True)
    record: Mapped[str] = mapped_column(String(32), unique=True, server_default="")
    kind: Mapped[str] = mapped_column(String(40), server_default="")
    title: Mapped[str] = mapped_column(Text(), server_default="")
    sort_key: Mapped[bytes] = mapped_column(LargeBinary(), server_default="")
    deleted: Mapped[bool] = mapped_column(Boolean(), default=False, server_default=false())
    moved_to: Mapped[str] = mapped_column(String(32), default="", server_default="")


class Dismissal(Private):
    """A line of the desk that somebody looked at here and left as it is."""

    __tablename__ = "dismissal"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)


class NumberedReceipt(Private):
    """The number of a dues receipt, made from the ledger; `seq` is where it was created."""

    __tablename__ = "numbered_receipt"

    record: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    year: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    number: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")


class KeptDraft(Private):
    """A form that was left before it was saved. `record` is "" for a new one."""

    __tablename__ = "draft"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    record: Mapped[str] = mapped_column(String(32), primary_key=True)
    values: Mapped[dict[str, object]] = mapped_column(CanonicalJson(), server_default="{}")
    saved_at: Mapped[str] = mapped_column(String(32), server_default="")


class KeptKeys(Private):
    """What this PC has of the branch's keys, sealed by a passphrase of its own.

    `sealed` are the PC's private key and the branch's, see `key_ring`; `codes` names the latter,
    that to seal with first; `holder` is the record by which the PC asked for them. The row 1 is in
    use; a recovery under another passphrase keeps the former one under a higher number.
    """

    __tablename__ = "branch_key"

    id: Mapped[int] = mapped_column(Integer(), primary_key=True)
    holder: Mapped[str] = mapped_column(String(32), default="", server_default="")
    codes: Mapped[str] = mapped_column(String(400), default="", server_default="")
    salt: Mapped[bytes] = mapped_column(LargeBinary(), default=b"", server_default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary(), default=b"", server_default="")
