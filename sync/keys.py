"""Ed25519 keys of devices and of the centre, each signature bound to what it is for."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SIGNATURE_BYTES = 64
PUBLIC_KEY_BYTES = 32


class SigningKey:
    """A private key, from its 32 secret bytes."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, purpose: str, message: bytes) -> bytes:
        """64 bytes that only this key can make, good for this purpose alone."""
        return self._key.sign(purpose.encode() + b"\0" + message)

    def derived(self, purpose: str) -> bytes:
        """32 secret bytes for another use; they tell nothing of this key."""
        stretch = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
        return stretch.derive(self._key.private_bytes_raw())


def verifies(public_key: bytes, purpose: str, message: bytes, signature: bytes) -> bool:
    """Whether the holder of the key signed this message for this purpose."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
        key.verify(signature, purpose.encode() + b"\0" + message)
    except (InvalidSignature, ValueError):
        return False
    return True
