"""The centre's own tables. Secrets' tables never exist on a branch's PC."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sync.records.base import NAMING

ONLY = 1


class Own(DeclarativeBase):
    """Tables that stand at the centre alone. Instants are UTC in ISO form, "" for never."""

    metadata = MetaData(naming_convention={**NAMING, "fk": "fk_%(table_name)s_%(column_0_name)s"})


class Identity(Own):
    """Who this centre is: one row.

    `epoch` changes when the centre is restored from a copy. `secret` is that of the signing key,
    None when the operator keeps it elsewhere.
    """

    __tablename__ = "centre"

    row: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(64))
    epoch: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    secret: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Branch(Own):
    """A branch of the association; its code is its scope."""

    __tablename__ = "branch"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class Invitation(Own):
    """A code by which one PC may join a branch. The secret half is kept as a hash only."""

    __tablename__ = "invitation"

    selector: Mapped[str] = mapped_column(String(4), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    branch: Mapped[str] = mapped_column(ForeignKey("branch.code"), index=True)
    label: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[str] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(Integer())
    used_at: Mapped[str] = mapped_column(String(32))
    used_by: Mapped[str] = mapped_column(String(12))


class Enrolment(Own):
    """A PC that belongs to a branch, known by its public key."""

    __tablename__ = "enrolment"

    device: Mapped[str] = mapped_column(String(12), primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    branch: Mapped[str] = mapped_column(ForeignKey("branch.code"), index=True)
    label: Mapped[str] = mapped_column(String(120))
    enrolled_at: Mapped[str] = mapped_column(String(32))
    revoked_at: Mapped[str] = mapped_column(String(32))
    last_seen_at: Mapped[str] = mapped_column(String(32))


class Incarnation(Own):
    """One life of a device between restores; `exchange` is the highest number it has used.

    `request` is the SHA-256 of the request that bore it, `asked_at` when it came.
    """

    __tablename__ = "incarnation"

    device: Mapped[str] = mapped_column(ForeignKey("enrolment.device"), primary_key=True)
    incarnation: Mapped[str] = mapped_column(String(8), primary_key=True)
    exchange: Mapped[int] = mapped_column(BigInteger())
    request: Mapped[str] = mapped_column(String(64), default="", server_default="")
    asked_at: Mapped[str] = mapped_column(String(32), default="", server_default="")


class Snapshot(Own):
    """A scope's records at one place of its ledger: what is signed, and the names of its pages."""

    __tablename__ = "snapshot"

    scope: Mapped[str] = mapped_column(String(32), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    manifest: Mapped[bytes] = mapped_column(LargeBinary())
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    pages: Mapped[str] = mapped_column(Text())


class SnapshotPage(Own):
    """A page of snapshots, by the digest of its content; several snapshots may have it."""

    __tablename__ = "snapshot_page"

    scope: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary())


class NumberSeries(Own):
    """The next number that nobody was given yet, of a series that all branches share."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    next: Mapped[int] = mapped_column(BigInteger())


class NumberBlock(Own):
    """Numbers that one incarnation of a device was given, by the how-manieth time it asked."""

    __tablename__ = "number_block"

    device: Mapped[str] = mapped_column(String(12), primary_key=True)
    incarnation: Mapped[str] = mapped_column(String(8), primary_key=True)
    ask: Mapped[int] = mapped_column(Integer(), primary_key=True, autoincrement=False)
    scope: Mapped[str] = mapped_column(String(32), index=True)
    begins: Mapped[int] = mapped_column(BigInteger())
    count: Mapped[int] = mapped_column(Integer())
    given_at: Mapped[str] = mapped_column(String(32))
