"""What a PC has of the branch's keys: kept under a passphrase of its own, told to the branch.

See `branch_keys` for what is done with them. Nothing that was kept is ever written over: a
recovery under another passphrase leaves the former keys beside the new ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, func, select

from sync import editing, sealing
from sync.client.tables import Office
from sync.problems import Problem
from sync.records.base import Record
from sync.records.key_holder import KeyHolder
from sync.records.types import Value
from sync.sealing import KEY_BYTES, NONCE_BYTES, code_of
from sync.texts import _
from vla_desktop.store.database import reading, writing
from vla_desktop.store.desk import Desk
from vla_desktop.store.rows import Query, Row
from vla_desktop.store.tables import KeptKeys
from vla_desktop.store.vault import FLOOR, Cost, stretched

SALT_BYTES = 16
_BOUND = b"branch keys"
IN_USE = 1
WRAPPED = KeyHolder.wrapped.key
Chance = Callable[[int], bytes]


@dataclass(frozen=True)
class Ring:
    """The PC's private key, and the branch's keys, that to seal with first."""

    private: bytes
    keys: tuple[bytes, ...]


class Records(Protocol):
    """What is asked of the store."""

    def computer(self) -> str: ...

    def get(self, kind: type[Record], record_id: str) -> Row | None: ...

    def ids(self, kind: type[Record], query: Query) -> list[str]: ...

    def rows(self, kind: type[Record], ids: Sequence[str]) -> list[Row]: ...

    def written(self, *, is_undo: bool = False) -> AbstractContextManager[Desk]: ...


class KeyRing:
    """The ring in memory, its row in the database, and the PC's record among the branch's."""

    cost: Cost = FLOOR

    def __init__(self, engine: Engine, store: Records, chance: Chance = os.urandom) -> None:
        self._engine, self._store, self._chance = engine, store, chance
        self._ring: Ring | None = None
        self._stretched: bytes = b""

    def _enter(self, ring: Ring, passphrase: str, *, is_holder: bool) -> None:
        """Keep the ring under a passphrase, and tell the branch by a record of this PC."""
        salt = self._chance(SALT_BYTES)
        self._stretched = stretched(passphrase, salt, self.cost)
        # Kept before it is told: a record whose private half nobody has would bar the way.
        with writing(self._engine) as session:
            former = session.get(KeptKeys, IN_USE)
            if former is not None and former.codes and self._ring is None:
                last = session.scalar(select(func.max(KeptKeys.id))) or IN_USE
                former.id = last + 1
                session.flush()
                session.expunge(former)
            session.merge(
                KeptKeys(id=IN_USE, holder="", codes=_codes(ring), salt=salt,
                         sealed=self._sealed(ring))
            )  # fmt: skip
        self._ring = ring
        self._announce(ring, is_holder=is_holder)

    def _announce(self, ring: Ring, *, is_holder: bool) -> None:
        public = sealing.public_of(ring.private)
        device = self._device()
        values: dict[str, Value] = {
            KeyHolder.computer.key: self._store.computer() or device,
            KeyHolder.device.key: device,
            KeyHolder.public_key.key: public.hex(),
            WRAPPED: sealing.wrap(ring.keys, public, self._chance(KEY_BYTES)) if is_holder else "",
        }
        holder = self._tell(values, None)
        with writing(self._engine) as session:
            session.get_one(KeptKeys, IN_USE).holder = holder

    def _tell(self, values: Mapping[str, Value], holder: str | None) -> str:
        """Write a PC's record; Ctrl+Z must not take a key back that was handed over."""
        with self._store.written(is_undo=True) as desk:
            if holder is None:
                written = editing.create(desk.session, desk.pen, KeyHolder, values)
            else:
                written = editing.edit(desk.session, desk.pen, KeyHolder, holder, values)
            desk.note(KeyHolder, written)
        return written.record

    def _sealed(self, ring: Ring) -> bytes:
        nonce = self._chance(NONCE_BYTES)
        plain = msgpack.packb([ring.private, b"".join(ring.keys)])
        return nonce + AESGCM(self._stretched).encrypt(nonce, plain, _BOUND)

    def _open(self, kept: KeptKeys, stretched: bytes) -> Ring:
        """Raises `Problem` "seal.passphrase"."""
        nonce, body = kept.sealed[:NONCE_BYTES], kept.sealed[NONCE_BYTES:]
        try:
            plain = AESGCM(stretched).decrypt(nonce, body, _BOUND)
        except InvalidTag as fault:
            raise wrong() from fault
        private, together = msgpack.unpackb(plain)
        return Ring(private, tuple(sealing.split(together)) if together else ())

    def _keep(self, ring: Ring) -> None:
        self._ring = ring
        with writing(self._engine) as session:
            kept = session.get_one(KeptKeys, IN_USE)
            kept.sealed, kept.codes = self._sealed(ring), _codes(ring)

    def _kept(self) -> KeptKeys | None:
        with reading(self._engine) as session:
            return session.get(KeptKeys, IN_USE)

    def _former(self) -> list[KeptKeys]:
        with reading(self._engine) as session:
            return list(session.scalars(select(KeptKeys).where(KeptKeys.id > IN_USE)))

    def _device(self) -> str:
        with reading(self._engine) as session:
            return session.get_one(Office, 1).device

    def _holders(self) -> list[Row]:
        return self._store.rows(KeyHolder, self._store.ids(KeyHolder, Query()))

    def _own(self, kept: KeptKeys) -> Row | None:
        """This PC's own record; an office that was copied may have given it another id."""
        found = self._store.get(KeyHolder, kept.holder)
        if found is None:
            device = self._device()
            mine = [row for row in self._holders() if row.values["device"] == device]
            found = mine[-1] if mine else None
        return found

    def _granted(self, ring: Ring) -> list[bytes]:
        kept = self._kept()
        own = self._own(kept) if kept else None
        try:
            return sealing.unwrap(ring.private, str(own.values[WRAPPED])) if own else []
        except ValueError:
            return []

    def _opened(self) -> Ring:
        if self._ring is None:
            raise locked()
        return self._ring

    def _opened_keys(self) -> tuple[bytes, ...]:
        ring = self._opened()
        if not ring.keys:
            raise locked()
        return ring.keys


def _codes(ring: Ring) -> str:
    return ",".join(code_of(key) for key in ring.keys)


def exists() -> Problem:
    """That there is a key already, or a request for it."""
    return Problem(
        _("Chi hội đã có khóa, hoặc máy này đã xin khóa rồi."),
        _("Anh/chị mở khóa bằng mật khẩu đã đặt, hoặc nhờ máy đã có khóa trao cho."),
        code="seal.exists",
    )


def nothing() -> Problem:
    """That there is nothing to open."""
    return Problem(
        _("Máy này chưa có khóa của chi hội."),
        _("Anh/chị xin khóa từ máy đã có, hoặc nhập giấy khôi phục khóa."),
        code="seal.none",
    )


def locked() -> Problem:
    """That the passphrase was not typed in this sitting."""
    return Problem(
        _("Hồ sơ bảo trợ đang khóa."),
        _("Anh/chị gõ mật khẩu xem hồ sơ bảo trợ trước."),
        code="seal.locked",
    )


def wrong() -> Problem:
    """That the passphrase opens nothing here."""
    return Problem(
        _("Mật khẩu xem hồ sơ bảo trợ không đúng."),
        _("Anh/chị xem Caps Lock và bộ gõ rồi gõ lại; nó khác mật khẩu mở phần mềm."),
        code="seal.passphrase",
    )
