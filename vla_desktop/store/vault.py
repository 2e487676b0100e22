"""The key of the office: 256 bits of chance, wrapped by the clerk's passphrase.

The database is encrypted with the key; the passphrase only opens the wrap, so changing it rewrites
a few hundred bytes. The header keeps a list of wraps: other ways to the same key join it later.
"""

from __future__ import annotations

import binascii
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sync.problems import Problem
from sync.texts import _
from vla_desktop.paths import database_file
from vla_desktop.store.faults import explained
from vla_desktop.store.header import (
    Header,
    Wrap,
    copies,
    damaged,
    read_headers,
    repair,
    write_header,
)

KEY_BYTES: Final = 32
SHORTEST_PASSPHRASE: Final = 12

_KIND: Final = "passphrase"
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12

Chance = Callable[[int], bytes]


@dataclass(frozen=True)
class Cost:
    """What one guess of the passphrase costs, in the terms of Argon2id."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def is_between(self, floor: Cost, ceiling: Cost) -> bool:
        """Whether none of the three leaves the bounds."""
        return (
            floor.memory_kib <= self.memory_kib <= ceiling.memory_kib
            and floor.passes <= self.passes <= ceiling.passes
            and floor.lanes <= self.lanes <= ceiling.lanes
        )


FLOOR: Final = Cost()
# A forged header must not be able to ask for all the memory of the PC either.
CEILING: Final = Cost(memory_kib=1024 * 1024, passes=32, lanes=16)


@dataclass(frozen=True)
class Key:
    """The office's name for itself and the 32 bytes that open its database."""

    office: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class _Opened:
    key: Key
    header: Header
    wrap_at: int


def vault_exists(folder: Path) -> bool:
    """Whether either copy is there, in whatever state."""
    return any(path.exists() for path in copies(folder))


def create_vault(
    folder: Path, passphrase: str, *, cost: Cost = FLOOR, chance: Chance = os.urandom
) -> Key:
    """Draw the key of a new office and keep it wrapped in `folder`, which is made if missing.

    Raises `Problem`: "vault.weak"; "vault.exists"; "vault.missing" when a database lies there
    whose key this would not be; or what the disk complains of.
    """
    refuse_weak(passphrase)
    if vault_exists(folder):
        raise Problem(
            _("Thư mục này đã có một văn phòng."),
            _("Anh/chị mở văn phòng đó bằng mật khẩu của nó, hoặc chọn thư mục khác."),
            code="vault.exists",
        )
    _refuse_orphan(folder)
    key = Key(office=chance(16).hex(), secret=chance(KEY_BYTES))
    empty = Header(key.office, 1, ())
    header = replace(empty, wraps=(_wrap(empty, key, passphrase, cost, chance),))
    with explained():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_header(folder, header.sealed(key.secret))
    return key


def open_vault(folder: Path, passphrase: str, *, floor: Cost = FLOOR) -> Key:
    """The key, for whoever knows the passphrase; a damaged copy is mended on the way.

    Raises `Problem`: "vault.passphrase", "vault.damaged", "vault.newer", "vault.missing" when only
    the database is there, "vault.none" when nothing is, or what the disk complains of. A header
    that costs less than `floor` counts as damaged: somebody made guessing cheap.
    """
    opened = _open(folder, passphrase, floor)
    repair(folder, opened.header)
    return opened.key


def change_passphrase(
    folder: Path,
    old: str,
    new: str,
    *,
    cost: Cost = FLOOR,
    floor: Cost = FLOOR,
    chance: Chance = os.urandom,
) -> None:
    """Let `new` open the vault instead of `old`; the key stays, and so do all other wraps.

    Raises what `open_vault` raises, and `Problem` "vault.weak". After a power cut in between one
    of the two passphrases opens, and always the same one.
    """
    refuse_weak(new)
    opened = _open(folder, old, floor)
    wraps = list(opened.header.wraps)
    wraps[opened.wrap_at] = _wrap(opened.header, opened.key, new, cost, chance)
    header = replace(opened.header, wraps=tuple(wraps), revision=opened.header.revision + 1)
    write_header(folder, header.sealed(opened.key.secret))


def _open(folder: Path, passphrase: str, floor: Cost) -> _Opened:
    headers = read_headers(folder)
    if not headers:
        _refuse_orphan(folder)
        raise Problem(
            _("Thư mục này chưa có văn phòng nào."),
            _("Anh/chị chọn đúng thư mục dữ liệu, hoặc tạo văn phòng mới."),
            code="vault.none",
        )
    honest = [header for header in headers if _is_honest(header, floor)]
    if not honest:
        raise damaged()
    forged = False
    for place, header in enumerate(honest):
        found = _unwrap(header, passphrase)
        if found is None:
            continue
        wrap_at, secret = found
        if not header.is_sealed_by(secret):
            forged = True
        elif any(newer.is_sealed_by(secret) for newer in honest[:place]):
            break  # this passphrase has been changed; a power cut left the old copy behind
        else:
            return _Opened(Key(header.office, secret), header, wrap_at)
    raise damaged() if forged else _wrong_passphrase()


def _is_honest(header: Header, floor: Cost) -> bool:
    """Whether the wraps have their shape and their price."""
    wraps = [wrap for wrap in header.wraps if wrap.get("kind") == _KIND]
    try:
        costs = [_cost_of(wrap) for wrap in wraps if _bytes_of(wrap, "sealed")]
    except ValueError:
        return False
    return bool(costs) and all(cost.is_between(floor, CEILING) for cost in costs)


def _cost_of(wrap: Wrap) -> Cost:
    numbers = [wrap.get(name) for name in ("memory_kib", "passes", "lanes")]
    memory_kib, passes, lanes = (n if type(n) is int else 0 for n in numbers)
    sizes = [len(_bytes_of(wrap, name)) for name in ("salt", "nonce")]
    if sizes != [_SALT_BYTES, _NONCE_BYTES] or wrap.get("kdf") != "argon2id":
        raise ValueError("wrap")
    return Cost(memory_kib, passes, lanes)


def _bytes_of(wrap: Wrap, name: str) -> bytes:
    """Raises ValueError when it is not a text of hexadecimal digits."""
    return binascii.unhexlify(str(wrap.get(name)))


def _wrap(header: Header, key: Key, passphrase: str, cost: Cost, chance: Chance) -> Wrap:
    wrap: Wrap = {
        "kind": _KIND,
        "kdf": "argon2id",
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "salt": chance(_SALT_BYTES).hex(),
        "nonce": chance(_NONCE_BYTES).hex(),
    }
    cipher = AESGCM(_stretched(passphrase, wrap))
    sealed = cipher.encrypt(_bytes_of(wrap, "nonce"), key.secret, header.bound(wrap))
    return {**wrap, "sealed": sealed.hex()}


def _unwrap(header: Header, passphrase: str) -> tuple[int, bytes] | None:
    """Which wrap the passphrase opens, and the key in it; None when it opens none."""
    for place, wrap in enumerate(header.wraps):
        if wrap.get("kind") != _KIND:
            continue
        cipher = AESGCM(_stretched(passphrase, wrap))
        sealed = _bytes_of(wrap, "sealed")
        try:
            return place, cipher.decrypt(_bytes_of(wrap, "nonce"), sealed, header.bound(wrap))
        except InvalidTag:
            continue
    return None


def _stretched(passphrase: str, wrap: Wrap) -> bytes:
    return stretched(passphrase, _bytes_of(wrap, "salt"), _cost_of(wrap))


def stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """A key of 32 bytes out of what was typed; as slow as `cost` says."""
    return Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(_typed(passphrase).encode("utf-8", "surrogatepass"))


def _typed(passphrase: str) -> str:
    """One form of a passphrase: keyboards differ in how they compose Vietnamese letters."""
    return unicodedata.normalize("NFC", passphrase)


def refuse_weak(passphrase: str) -> None:
    """Raise `Problem` "vault.weak" for a passphrase that is guessed soon."""
    if len(_typed(passphrase)) < SHORTEST_PASSPHRASE:
        raise Problem(
            _("Mật khẩu quá ngắn: cần ít nhất {count} ký tự.").format(count=SHORTEST_PASSPHRASE),
            _("Anh/chị ghép bốn, năm từ dễ nhớ thành một câu."),
            code="vault.weak",
        )


def _refuse_orphan(folder: Path) -> None:
    """Stop before a database whose key is lost: a new key would bury it."""
    if database_file(folder).exists():
        raise Problem(
            _("Thiếu tệp khóa vault.json nên không mở được cơ sở dữ liệu trong thư mục này."),
            _("Anh/chị đừng xóa tệp nào, hãy chép lại tệp vault.json từ bản sao lưu."),
            code="vault.missing",
        )


def _wrong_passphrase() -> Problem:
    return Problem(
        _("Mật khẩu không đúng."),
        _("Anh/chị xem phím Caps Lock và bộ gõ tiếng Việt rồi gõ lại."),
        code="vault.passphrase",
    )
