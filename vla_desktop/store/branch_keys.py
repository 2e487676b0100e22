"""The branch's keys on this PC: made, asked for, granted, opened by a passphrase of their own.

Whoever opens the office does not read sealed texts yet: the keys lie sealed under a second
passphrase, that of the right to see welfare cases, and are in memory only between `unlock` and
`lock`. A PC seals with the first key of its ring. Keys that another PC hands over are taken only
after somebody compared their codes, and seal from then on only when they follow upon the key that
is here: nobody can slip in a key of his own.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sync import editing, sealing
from sync.problems import Problem
from sync.records.key_holder import KeyHolder
from sync.sealing import KEY_BYTES, MOST_KEYS, NONCE_BYTES, code_of
from sync.texts import _
from vla_desktop.store import recovery
from vla_desktop.store.database import writing
from vla_desktop.store.key_ring import (
    SALT_BYTES,
    WRAPPED,
    KeyRing,
    Ring,
    exists,
    nothing,
    wrong,
)
from vla_desktop.store.rows import Row
from vla_desktop.store.tables import KeptKeys
from vla_desktop.store.vault import refuse_weak, stretched


class Condition(enum.Enum):
    """What this PC can do with sealed texts. NONE: the branch has no key that is known here."""

    NONE = "none"
    ABSENT = "absent"
    ASKED = "asked"
    LOCKED = "locked"
    OPEN = "open"


@dataclass(frozen=True)
class Asker:
    """A PC of the branch that waits for the key. `code` stands on its screen too."""

    id: str
    computer: str
    code: str


class BranchKeys(KeyRing):
    """Safe to call from any thread; `unlock` takes most of a second, by intent."""

    def condition(self) -> Condition:
        """How far this PC is on its way to reading."""
        if self._ring is not None and self._ring.keys:
            return Condition.OPEN
        kept, granted = self._kept(), [row for row in self._holders() if row.values[WRAPPED]]
        if kept is None:
            return Condition.ABSENT if granted else Condition.NONE
        own = self._own(kept)
        if kept.codes or not kept.holder or (own is not None and own.values[WRAPPED]):
            return Condition.LOCKED
        return Condition.ASKED

    # Making, asking, opening

    def make(self, passphrase: str) -> None:
        """Draw the branch's first key. Raises `Problem` "seal.exists", "vault.weak"."""
        if self.condition() is not Condition.NONE:
            raise exists()
        refuse_weak(passphrase)
        ring = Ring(self._chance(KEY_BYTES), (self._chance(KEY_BYTES),))
        self._enter(ring, passphrase, is_holder=True)

    def ask(self, passphrase: str) -> None:
        """Ask the other PCs for the key, by a record that goes to them with the next exchange."""
        if self._kept() is not None:
            raise exists()
        refuse_weak(passphrase)
        self._enter(Ring(self._chance(KEY_BYTES), ()), passphrase, is_holder=False)

    def unlock(self, passphrase: str) -> None:
        """Read sealed texts from now on. Raises `Problem` "seal.passphrase"."""
        kept = self._kept()
        if kept is None:
            raise nothing()
        key = stretched(passphrase, kept.salt, self.cost)
        self._ring, self._stretched = self._open(kept, key), key
        if not kept.holder:  # the power went before the branch was told
            self._announce(self._ring, is_holder=bool(self._ring.keys))

    def is_unlocked(self) -> bool:
        """Whether the passphrase was typed, be there a key or not."""
        return self._ring is not None

    def lock(self) -> None:
        """Forget the keys until the passphrase is typed again."""
        self._ring, self._stretched = None, b""

    def offered(self) -> list[str]:
        """The codes of keys that another PC granted and nobody here has confirmed yet."""
        ring = self._opened()
        return [code_of(key) for key in self._granted(ring) if key not in ring.keys]

    def accept(self, codes: Sequence[str]) -> None:
        """Take these keys, whose codes a person compared with the screen of the other PC."""
        ring, granted = self._opened(), self._granted(self._opened())
        new = tuple(key for key in granted if code_of(key) in codes and key not in ring.keys)
        # Whoever has our key and put another before it has changed the lock of the branch.
        is_newer = bool(ring.keys) and new[:1] == tuple(granted[:1]) and ring.keys[0] in granted
        self._keep(Ring(ring.private, (*new, *ring.keys) if is_newer else (*ring.keys, *new)))

    # Other PCs

    def code(self) -> str:
        """By which the other PC recognises this one's request; "" before it asked."""
        kept = self._kept()
        own = self._own(kept) if kept else None
        return code_of(bytes.fromhex(str(own.values[KeyHolder.public_key.key]))) if own else ""

    def key_code(self) -> str:
        """The code of the key that is sealed with here."""
        return code_of(self._opened_keys()[0])

    def askers(self) -> list[Asker]:
        """The PCs that wait for a key, this one not among them."""
        kept = self._kept()
        own = kept.holder if kept else ""
        return [
            Asker(row.id, str(row.values["computer"]), _public_code(row))
            for row in self._holders()
            if not row.values[WRAPPED] and row.id != own and _public_code(row)
        ]

    def grant(self, asker: Asker) -> None:
        """Wrap the keys for a PC whose code a person compared. Raises `Problem` "seal.asker"."""
        keys = self._opened_keys()
        row = self._store.get(KeyHolder, asker.id)
        if row is None or _public_code(row) != asker.code:
            raise Problem(
                _("Yêu cầu của máy này vừa thay đổi."),
                _("Anh/chị đọc lại mã với máy kia rồi trao lại."),
                code="seal.asker",
            )
        public = bytes.fromhex(str(row.values[KeyHolder.public_key.key]))
        wrapped = sealing.wrap(keys, public, self._chance(KEY_BYTES))
        self._tell({WRAPPED: wrapped}, row.id)

    def holders(self) -> list[Asker]:
        """The other PCs that were given the key."""
        kept = self._kept()
        own = kept.holder if kept else ""
        return [
            Asker(row.id, str(row.values["computer"]), _public_code(row))
            for row in self._holders()
            if row.values[WRAPPED] and row.id != own
        ]

    def renew(self, without: Asker) -> None:
        """Draw a new key for what is sealed from now on, and leave one PC out.

        What was sealed before stays readable wherever the former key is. The other PCs ask anew,
        so that somebody compares their codes again: the records alone could be a stranger's.
        """
        keys = self._opened_keys()
        if len(keys) >= MOST_KEYS:
            raise _too_many()
        ring = Ring(self._opened().private, (self._chance(KEY_BYTES), *keys))
        self._keep(ring)
        for holder in self.holders():
            self._tell({WRAPPED: ""}, holder.id)
        public = sealing.public_of(ring.private)
        wrapped = sealing.wrap(ring.keys, public, self._chance(KEY_BYTES))
        kept = self._kept()
        own = self._own(kept) if kept else None
        if own is not None:
            self._tell({WRAPPED: wrapped}, own.id)
        with self._store.written(is_undo=True) as desk:
            gone = editing.set_deleted(desk.session, desk.pen, KeyHolder, without.id, True)
            desk.note(KeyHolder, gone)

    # Texts

    def seal(self, field: str, text: str) -> str:
        """The text, sealed with the branch's key. Raises `Problem` "seal.locked"."""
        return sealing.seal(self._opened_keys()[0], field, text, self._chance(NONCE_BYTES))

    def read(self, field: str, value: str) -> str:
        """What was sealed. Raises `Problem` "seal.locked", "seal.key", "seal.damaged"."""
        return sealing.unseal(self._opened_keys(), field, value)

    # The sheet in the safe

    def recovery_sheet(self, passphrase: str) -> str:
        """The keys as lines to print and lock away, opened by this passphrase alone."""
        refuse_weak(passphrase)
        salt, nonce = self._chance(SALT_BYTES), self._chance(NONCE_BYTES)
        return recovery.sheet(
            self._opened_keys(), stretched(passphrase, salt, self.cost), salt, nonce
        )  # fmt: skip

    def recover(self, sheet: str, its_passphrase: str, passphrase: str) -> None:
        """Take the keys from a sheet; `passphrase` opens them here from now on.

        Raises `Problem` "seal.sheet", "seal.passphrase", "vault.weak".
        """
        refuse_weak(passphrase)
        salt, nonce, body = recovery.parts(sheet)
        keys = recovery.keys(stretched(its_passphrase, salt, self.cost), nonce, body)
        held = self._ring
        private = held.private if held else self._chance(KEY_BYTES)
        mine = held.keys if held else ()
        new = tuple(key for key in keys if key not in mine)
        self._enter(Ring(private, (*mine, *new)), passphrase, is_holder=True)

    def has_former(self) -> bool:
        """Whether keys lie here under the passphrase of before a recovery."""
        return bool(self._former())

    def reclaim(self, passphrase: str) -> None:
        """Read with those keys as well. Raises `Problem` "seal.passphrase"."""
        ring = self._opened()
        for former in self._former():
            try:
                found = self._open(former, stretched(passphrase, former.salt, self.cost))
            except Problem:
                continue
            new = tuple(key for key in found.keys if key not in ring.keys)
            self._keep(Ring(ring.private, (*ring.keys, *new)))
            with writing(self._engine) as session:
                session.delete(session.get_one(KeptKeys, former.id))
            return
        raise wrong()


def _public_code(row: Row) -> str:
    try:
        return code_of(bytes.fromhex(str(row.values[KeyHolder.public_key.key])))
    except ValueError:
        return ""


def _too_many() -> Problem:
    return Problem(
        _("Chi hội đã đổi khóa quá nhiều lần."),
        _("Anh/chị báo nhóm phát triển trước khi đổi thêm."),
        code="seal.many",
    )
