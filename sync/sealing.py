"""Texts that only the PCs of one branch read: the key, its wraps, and the ciphertext that travels.

A *sealed* text names its key by the key's code and holds AES-256-GCM with a nonce drawn for it; the
length is rounded up, so that it does not tell how much was written. The branch's keys go from one
PC to another wrapped for the other's X25519 key: whoever carries them, the centre included, sees
bytes. Chance is given by the caller.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.problems import Problem
from sync.records.types import SEALED_MARK, Sealed
from sync.texts import _

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
MOST_KEYS: Final = 20
_STEP_BYTES: Final = 256
_WRAP_PURPOSE: Final = b"vla branch key 1"


def code_of(key: bytes) -> str:
    """Sixteen hexadecimal digits by which people and programs tell keys apart."""
    return hashlib.sha256(_WRAP_PURPOSE + b"\0" + key).hexdigest()[:16]


def spelled(code: str) -> str:
    """A code as two people read it to each other over the telephone."""
    return " ".join(code[at : at + 4].upper() for at in range(0, len(code), 4))


def seal(key: bytes, field: str, text: str, nonce: bytes) -> str:
    """The text, sealed for this field; "" stays "". `nonce` is drawn for this text alone."""
    if not text:
        return ""
    said = text.encode() + b"\x80"
    said += bytes(-len(said) % _STEP_BYTES)
    body = nonce + AESGCM(key).encrypt(nonce, said, field.encode())
    return f"{SEALED_MARK}{code_of(key)}.{base64.urlsafe_b64encode(body).decode()}"


def key_named_in(value: str) -> str:
    """The code of the key that opens a sealed text; "" when it is none."""
    return value[len(SEALED_MARK) :].partition(".")[0] if Sealed().fits(value) else ""


def unseal(keys: Sequence[bytes], field: str, value: str) -> str:
    """What was sealed.

    Raises `Problem` "seal.key" when the key is not among these, "seal.damaged" when the text is
    not what that key sealed for this field.
    """
    if not value:
        return ""
    by_code = {code_of(key): key for key in keys}
    code = key_named_in(value)
    if code and code not in by_code:
        raise missing_key(code)
    try:
        body = base64.urlsafe_b64decode(value.rpartition(".")[2])
        said = AESGCM(by_code[code]).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], field.encode())
        return said[: said.rindex(b"\x80")].decode()
    except (InvalidTag, KeyError, ValueError) as fault:
        raise Problem(
            _("Phần niêm phong này đã bị hỏng hoặc bị sửa trên đường đi."),
            _("Anh/chị xem lịch sử của bản ghi rồi nhờ người đã ghi gõ lại."),
            code="seal.damaged",
        ) from fault


def missing_key(code: str) -> Problem:
    """That this PC cannot open what that key sealed, and how it could."""
    return Problem(
        _("Máy này chưa có khóa {code} của chi hội.").format(code=spelled(code)),
        _("Anh/chị nhờ máy đã có khóa trao cho, hoặc nhập giấy khôi phục khóa."),
        code="seal.key",
    )


def public_of(private: bytes) -> bytes:
    """The half of an X25519 key that others wrap for."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def wrap(keys: Sequence[bytes], public: bytes, drawn: bytes) -> str:
    """The keys for whoever holds the other half of `public`, in hexadecimal digits.

    `drawn` are 32 secret bytes, never used twice. Raises ValueError for a key that is none.
    """
    ephemeral = X25519PrivateKey.from_private_bytes(drawn)
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    own = ephemeral.public_key().public_bytes_raw()
    secret, nonce = _stretched(shared, own + public)
    return (own + AESGCM(secret).encrypt(nonce, b"".join(keys), public)).hex()


def unwrap(private: bytes, wrapped: str) -> list[bytes]:
    """The keys in a wrap. Raises ValueError when it was not made for this key."""
    body, public = bytes.fromhex(wrapped), public_of(private)
    own = X25519PrivateKey.from_private_bytes(private)
    shared = own.exchange(X25519PublicKey.from_public_bytes(body[:KEY_BYTES]))
    secret, nonce = _stretched(shared, body[:KEY_BYTES] + public)
    try:
        together = AESGCM(secret).decrypt(nonce, body[KEY_BYTES:], public)
    except InvalidTag as fault:
        raise ValueError("wrap") from fault
    return split(together)


def split(together: bytes) -> list[bytes]:
    """Keys that were written one behind the other. Raises ValueError."""
    if not together or len(together) % KEY_BYTES or len(together) > MOST_KEYS * KEY_BYTES:
        raise ValueError("keys")
    return [together[at : at + KEY_BYTES] for at in range(0, len(together), KEY_BYTES)]


def _stretched(shared: bytes, both: bytes) -> tuple[bytes, bytes]:
    stretch = HKDF(SHA256(), KEY_BYTES + NONCE_BYTES, salt=both, info=_WRAP_PURPOSE)
    derived = stretch.derive(shared)
    return derived[:KEY_BYTES], derived[KEY_BYTES:]
