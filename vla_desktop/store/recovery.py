"""The recovery sheet: the branch's keys as lines of digits for the safe, under a passphrase.

Hexadecimal digits in groups of four, eight groups to a line, and at the end of each line four check
digits: whoever copies it by hand is told the line in which he slipped.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.problems import Problem
from sync.sealing import KEY_BYTES, NONCE_BYTES, TAG_BYTES, split
from sync.texts import _

SALT_BYTES = 16
_LINE_DIGITS = 32
_CHECK_DIGITS = 4
# On paper it stands between what people read and the lines.
RULE = "-----"
_BOUND = b"vla recovery 1"
_LEAST = SALT_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES


def sheet(keys: Sequence[bytes], secret: bytes, salt: bytes, nonce: bytes) -> str:
    """The lines. `secret` is the passphrase, stretched with `salt`; both are drawn for this."""
    body = AESGCM(secret).encrypt(nonce, b"".join(keys), _BOUND)
    digits = (salt + nonce + body).hex().upper()
    lines = [digits[at : at + _LINE_DIGITS] for at in range(0, len(digits), _LINE_DIGITS)]
    return "\n".join(
        " ".join([*(line[at : at + 4] for at in range(0, len(line), 4)), _check(number, line)])
        for number, line in enumerate(lines, 1)
    )


def parts(text: str) -> tuple[bytes, bytes, bytes]:
    """Salt, nonce and what is sealed, of a sheet as it was typed. Raises `Problem` "seal.sheet"."""
    digits = ""
    text = text.rpartition(RULE)[2]
    lines = [re.sub(r"[^0-9A-F]", "", line.upper()) for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        content, check = line[:-_CHECK_DIGITS], line[-_CHECK_DIGITS:]
        if len(line) > _LINE_DIGITS + _CHECK_DIGITS or check != _check(number, content):
            raise _misread(number)
        digits += content
    if len(digits) % 2 or len(digits) < 2 * _LEAST:
        raise _misread(len(lines) + 1)
    whole = bytes.fromhex(digits)
    return whole[:SALT_BYTES], whole[SALT_BYTES:][:NONCE_BYTES], whole[SALT_BYTES + NONCE_BYTES :]


def keys(secret: bytes, nonce: bytes, body: bytes) -> list[bytes]:
    """The keys. Raises `Problem` "seal.passphrase"."""
    try:
        return split(AESGCM(secret).decrypt(nonce, body, _BOUND))
    except (InvalidTag, ValueError) as fault:
        raise Problem(
            _("Mật khẩu của giấy khôi phục không đúng."),
            _("Anh/chị gõ mật khẩu đã đặt khi in giấy này."),
            code="seal.passphrase",
        ) from fault


def _check(number: int, line: str) -> str:
    # Sixteen bits of a CRC notice every wrong digit and every two that changed places.
    return f"{binascii.crc_hqx(f'{number} {line}'.encode(), 0):04X}"


def _misread(number: int) -> Problem:
    return Problem(
        _("Dòng {number} của giấy khôi phục chưa đúng.").format(number=number),
        _("Anh/chị so lại từng nhóm chữ của dòng ấy với tờ giấy."),
        code="seal.sheet",
    )
