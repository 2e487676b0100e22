"""What an office keeps to itself: who it is, and the receipts it was given. Never travels."""

from __future__ import annotations

from sqlalchemy import Boolean, Integer, LargeBinary, MetaData, String, Text, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sync.canonical import CanonicalJson
from sync.identity import Origin
from sync.keys import SigningKey
from sync.receipts import Receipt, receipt_from
from sync.records.base import NAMING


class Private(DeclarativeBase):
    """The tables that only an office has."""

    metadata = MetaData(naming_convention=NAMING)


class Office(Private):
    """Who this office is. One row.

    `branch` is "" until the centre has given one. `exchange` is the number of the last request;
    `counter` the last one used in an id. Both only grow, and are kept before they are used.
    `sealing_key` is the centre's for files; empty until the centre has given it. `next_epoch` is
    the one that the centre has gone on to, "" when this office has followed it.
    """

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(Integer(), primary_key=True)
    device: Mapped[str] = mapped_column(String(12), server_default="")
    secret: Mapped[bytes] = mapped_column(LargeBinary(), server_default="")
    incarnation: Mapped[str] = mapped_column(String(8), server_default="")
    counter: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    exchange: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    server: Mapped[str] = mapped_column(String(300), default="", server_default="")
    branch: Mapped[str] = mapped_column(String(32), default="", server_default="")
    branch_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    centre: Mapped[str] = mapped_column(String(64), default="", server_default="")
    centre_key: Mapped[bytes] = mapped_column(LargeBinary(), default=b"", server_default="")
    epoch: Mapped[str] = mapped_column(String(64), default="", server_default="")
    next_epoch: Mapped[str] = mapped_column(String(64), default="", server_default="")
    sealing_key: Mapped[bytes] = mapped_column(LargeBinary(), default=b"", server_default="")

    @property
    def origin(self) -> Origin:
        """Where ids are made."""
        return Origin(self.device, self.incarnation)

    @property
    def key(self) -> SigningKey:
        """The device's private key."""
        return SigningKey(self.secret)

    def next_id(self) -> str:
        """An id that was never given before. The row must be saved in the same transaction."""
        self.counter += 1
        return self.origin.id_at(self.counter)


class KeptReceipt(Private):
    """A receipt whose signature and digests held, with what came along. The newest is the last."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(Integer(), primary_key=True)
    facts: Mapped[dict[str, object]] = mapped_column(CanonicalJson(), server_default="{}")
    signature: Mapped[bytes] = mapped_column(LargeBinary(), server_default="")
    centre_key: Mapped[bytes] = mapped_column(LargeBinary(), server_default="")
    received: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    note: Mapped[str] = mapped_column(Text(), default="", server_default="")

    @property
    def receipt(self) -> Receipt:
        """The receipt itself."""
        return receipt_from(self.facts)


class KeptSnapshot(Private):
    """A manifest that the centre signed. One that `stands` is where the scope's ledger begins
    here; another one is being fetched.

    `looked` is the place up to which changes were looked through for a base before the beginning.
    """

    __tablename__ = "snapshot"

    id: Mapped[int] = mapped_column(Integer(), primary_key=True)
    scope: Mapped[str] = mapped_column(String(32), default="", server_default="")
    seq: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    manifest: Mapped[bytes] = mapped_column(LargeBinary(), default=b"", server_default="")
    signature: Mapped[bytes] = mapped_column(LargeBinary(), default=b"", server_default="")
    centre_key: Mapped[bytes] = mapped_column(LargeBinary(), default=b"", server_default="")
    stands: Mapped[bool] = mapped_column(Boolean(), default=False, server_default=false())
    looked: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")


class KeptPage(Private):
    """A page of a snapshot, by the digest of its content, which was checked."""

    __tablename__ = "snapshot_page"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary(), default=b"", server_default="")


class KeptHistory(Private):
    """That a record's changes up to `seq`, before this office's ledger begins, were fetched."""

    __tablename__ = "older_history"

    record: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")


class Pool(Private):
    """A block of card numbers that the centre gave to one incarnation of this device.

    `next` is the first that was not used yet. `place` is where the office stood when it came: a
    copy stands elsewhere, and has no right to it.
    """

    __tablename__ = "number_pool"

    id: Mapped[int] = mapped_column(Integer(), primary_key=True)
    incarnation: Mapped[str] = mapped_column(String(8), default="", server_default="")
    ask: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    begins: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    count: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    next: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    prefix: Mapped[str] = mapped_column(String(12), default="", server_default="")
    digits: Mapped[int] = mapped_column(Integer(), default=0, server_default="0")
    place: Mapped[str] = mapped_column(String(32), default="", server_default="")
    given_up: Mapped[bool] = mapped_column(Boolean(), default=False, server_default=false())


class BranchName(Private):
    """What a branch is called, as the centre last said."""

    __tablename__ = "branch_name"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="", server_default="")


class Provided(Private):
    """When the centre was last asked for numbers and names; one row."""

    __tablename__ = "provided"

    id: Mapped[int] = mapped_column(Integer(), primary_key=True)
    asked_on: Mapped[str] = mapped_column(String(10), default="", server_default="")
