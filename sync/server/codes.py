"""One-time codes: sixteen letters that survive being read aloud, kept only as a hash."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SELECTOR_LETTERS: Final = 4
SECRET_LETTERS: Final = 12
SALT_BYTES: Final = 16
_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class Code:
    """`selector` finds the invitation, 60 bits of `secret` prove it."""

    selector: str
    secret: str

    def __str__(self) -> str:
        letters = self.selector + self.secret
        return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def new_code() -> Code:
    """A code that nobody can guess."""
    letters = [secrets.choice(ALPHABET) for _ in range(SELECTOR_LETTERS + SECRET_LETTERS)]
    return Code("".join(letters[:SELECTOR_LETTERS]), "".join(letters[SELECTOR_LETTERS:]))


def code_from(typed: str) -> Code | None:
    """The code as somebody typed it, in any case and grouping; None when it cannot be one."""
    letters = "".join(typed.upper().replace("-", "").split()).translate(_ALIKE)
    if len(letters) != SELECTOR_LETTERS + SECRET_LETTERS or not set(letters) <= set(ALPHABET):
        return None
    return Code(letters[:SELECTOR_LETTERS], letters[SELECTOR_LETTERS:])


def hash_of(secret: str, salt: bytes) -> bytes:
    """32 bytes, dear enough that a stolen table gives no code before it expires."""
    return Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19 * 1024).derive(
        secret.encode()
    )


def matches(secret: str, salt: bytes, expected: bytes) -> bool:
    """Whether the hash is that of this secret."""
    return hmac.compare_digest(hash_of(secret, salt), expected)
