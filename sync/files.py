"""The exchange as a file: a message sealed so that its addressee alone can read it.

A file is a header, which everybody can read and nobody can alter, and a sealed body. The body of a
*batch* is a signed `SyncRequest`; that of an *acknowledgement* is the centre's `SyncAnswer`, signed
as a whole. Sealing: X25519 with a key drawn for this file alone, HKDF-SHA256, ChaCha20-Poly1305.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgpack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.frames import MOST_PACKED, BadMessage, list_of, pack, raw, unpack, unpacked
from sync.keys import PUBLIC_KEY_BYTES, SIGNATURE_BYTES, SigningKey, verifies
from sync.problems import Problem
from sync.protocol import VERSION as WIRE_VERSION
from sync.protocol import Sealed, SyncAnswer, SyncRequest, sync_answer_from
from sync.texts import N_, _

MAGIC = b"VLA file"
VERSION = 1
SECRET_BYTES = 32
# Magic, version, sort, ephemeral public key, bytes in the body, bytes in the two names.
_FIXED = struct.Struct(">8sBB32sIBB")
_TAG_BYTES = 16
MOST_FILE = MOST_PACKED + _FIXED.size + 2 * 255 + _TAG_BYTES

FILE_PURPOSE = "vla file request 1"
_SEALING_PURPOSE = "vla sealing 1"
_ACKNOWLEDGEMENT_PURPOSE = "vla acknowledgement 1"
_REPLY_PURPOSE = "vla reply 1"
_KEY_PURPOSE = b"vla file 1"


class Sort(enum.IntEnum):
    """Which way a file goes."""

    BATCH = 1
    ACKNOWLEDGEMENT = 2


_AGAIN = N_("Chưa có gì thay đổi; anh/chị chép hoặc xin gửi lại tệp rồi làm lại.")
_SENTENCES = MappingProxyType(
    {
        "unreadable": (
            N_("Không đọc được tệp này."),
            N_("Anh/chị xem USB hoặc ổ đĩa đã cắm chưa, tên tệp đã đúng chưa rồi làm lại."),
        ),
        "too_large": (
            N_("Tệp này lớn quá mức của một tệp trao đổi."),
            N_("Anh/chị xem lại đã chọn đúng tệp chưa."),
        ),
        "alien": (
            N_("Đây không phải tệp trao đổi của VLA Desktop."),
            N_("Anh/chị chọn đúng tệp đã nhận được, không mở ra ghi lại bằng phần mềm khác."),
        ),
        "version": (
            N_("Tệp này do một phiên bản khác của phần mềm ghi."),
            N_("Anh/chị cài bản mới ở cả hai nơi rồi xuất lại tệp."),
        ),
        "kind": (
            N_("Tệp này đi chiều ngược lại."),
            N_("Tệp gửi do chi hội xuất ra, tệp biên nhận do Trung ương trả về; mời chọn lại."),
        ),
        "centre": (
            N_("Tệp này dành cho một Trung ương khác."),
            N_("Anh/chị xem lại tệp này của nơi nào gửi."),
        ),
        "recipient": (
            N_("Tệp biên nhận này dành cho một máy khác."),
            N_("Anh/chị mở nó ở đúng máy đã xuất tệp gửi."),
        ),
        "truncated": (N_("Tệp bị thiếu phần cuối, có lẽ do chép chưa xong."), _AGAIN),
        "damaged": (N_("Tệp đã bị hỏng hoặc bị sửa trên đường đi."), _AGAIN),
        "signature": (N_("Tệp không mang chữ ký của nơi gửi nên không được công nhận."), _AGAIN),
    }
)  # fmt: skip


def file_problem(code: str) -> Problem:
    """What is the matter with a file; its code is `file.` and this one."""
    what, advice = _SENTENCES[code]
    return Problem(_(what), _(advice), code=f"file.{code}")


class SealingKey:
    """The half of a key pair with which its holder opens what was sealed to `public`."""

    def __init__(self, secret: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw()

    def shared_with(self, public: bytes) -> bytes:
        """The secret that both holders come to. Raises ValueError for a key that is none."""
        return self._key.exchange(X25519PublicKey.from_public_bytes(public))


def centre_sealing(key: SigningKey) -> SealingKey:
    """The centre's key for files; whoever keeps the signing key keeps this one too."""
    return SealingKey(key.derived(_SEALING_PURPOSE))


def reply_sealing(key: SigningKey) -> SealingKey:
    """The PC's key for the acknowledgements of its files."""
    return SealingKey(key.derived(_REPLY_PURPOSE))


def offer_of(key: SigningKey) -> bytes:
    """The public half of the centre's key for files, with the centre's signature of it."""
    public = centre_sealing(key).public
    return public + key.sign(_SEALING_PURPOSE, public)


def sealing_key_in(offer: bytes, centre_key: bytes) -> bytes:
    """The key in an offer; empty when there is none that this centre signed."""
    public, signature = offer[:PUBLIC_KEY_BYTES], offer[PUBLIC_KEY_BYTES:]
    return public if verifies(centre_key, _SEALING_PURPOSE, public, signature) else b""


@dataclass(frozen=True)
class Batch:
    """What a PC says in a file: a request, and who may read the answer."""

    request: bytes
    reply_key: bytes
    sealed: Sealed


def batch(request: SyncRequest, key: SigningKey, sealing_key: bytes, drawn: bytes) -> bytes:
    """A request as a file for the centre. `drawn` are 32 secret bytes, never used twice.

    It is signed once more, so that a request that was overheard elsewhere makes no file.
    """
    payload = msgpack.packb([reply_sealing(key).public, request.to_bytes(key)])
    body = pack([payload, key.sign(FILE_PURPOSE, payload)])
    return _sealed(body, (Sort.BATCH, request.centre, ""), sealing_key, drawn)


def batch_from(body: bytes) -> Batch:
    """The request in an opened file, its signature not yet judged. Raises `BadMessage`."""
    payload, signature = list_of(unpack(body), 2)
    if not isinstance(payload, bytes):
        raise BadMessage("payload")
    reply_key, request = list_of(unpacked(payload), 2)
    if not isinstance(request, bytes):
        raise BadMessage("request")
    sealed = Sealed(payload, raw(signature, SIGNATURE_BYTES))
    return Batch(request, raw(reply_key, PUBLIC_KEY_BYTES), sealed)


def acknowledgement(
    answer: SyncAnswer, key: SigningKey, device: str, reply_key: bytes, drawn: bytes,
    version: int = WIRE_VERSION,
) -> bytes:  # fmt: skip
    """An answer as a file for the PC, in the `version` of its request.

    `drawn` are 32 secret bytes, never used twice.
    """
    said = answer.to_bytes(version)
    body = pack([said, key.sign(_ACKNOWLEDGEMENT_PURPOSE, said)])
    return _sealed(
        body, (Sort.ACKNOWLEDGEMENT, answer.receipt.centre, device), reply_key, drawn
    )  # fmt: skip


def acknowledged(content: bytes, centre: str, centre_key: bytes, device: str,
                 key: SigningKey) -> SyncAnswer:  # fmt: skip
    """The answer in a file, the centre's signature of it checked. Raises `Problem`."""
    body = opened(content, Sort.ACKNOWLEDGEMENT, centre, device, reply_sealing(key))
    try:
        said, signature = list_of(unpack(body), 2)
        is_signed = isinstance(said, bytes) and verifies(
            centre_key, _ACKNOWLEDGEMENT_PURPOSE, said, raw(signature, SIGNATURE_BYTES)
        )
        if not is_signed:
            raise file_problem("signature")
        return sync_answer_from(said)
    except BadMessage as fault:
        raise file_problem("version") from fault


def opened(content: bytes, sort: Sort, centre: str, device: str, key: SealingKey) -> bytes:
    """The message in a file of this sort to this addressee. Raises `Problem`."""
    if len(content) > MOST_FILE:
        raise file_problem("too_large")
    if not content.startswith(MAGIC):
        raise file_problem("alien")
    if len(content) > len(MAGIC) and content[len(MAGIC)] != VERSION:
        raise file_problem("version")
    if len(content) < _FIXED.size:
        raise file_problem("truncated")
    _magic, _version, its_sort, public, length, centre_bytes, device_bytes = _FIXED.unpack_from(
        content
    )
    head = _FIXED.size + centre_bytes + device_bytes
    if len(content) < head + length:
        raise file_problem("truncated")
    names = content[_FIXED.size : head]
    _assert_addressed(its_sort, names[:centre_bytes], names[centre_bytes:], (sort, centre, device))
    if len(content) > head + length:
        raise file_problem("damaged")
    try:
        secret, nonce = _keys(key.shared_with(public), public, key.public)
        return ChaCha20Poly1305(secret).decrypt(nonce, content[head:], content[:head])
    except (InvalidTag, ValueError) as fault:
        raise file_problem("damaged") from fault


def _assert_addressed(
    its_sort: int, centre: bytes, device: bytes, expected: tuple[Sort, str, str]
) -> None:
    """These names are not proved yet; they only say better what is the matter."""
    if its_sort != expected[0]:
        raise file_problem("kind" if its_sort in set(Sort) else "damaged")
    if centre != expected[1].encode():
        raise file_problem("centre")
    if device != expected[2].encode():
        raise file_problem("recipient")


def _sealed(body: bytes, address: tuple[Sort, str, str], public: bytes, drawn: bytes) -> bytes:
    sort, centre, device = address[0], address[1].encode(), address[2].encode()
    ephemeral = SealingKey(drawn)
    secret, nonce = _keys(ephemeral.shared_with(public), ephemeral.public, public)
    head = _FIXED.pack(
        MAGIC, VERSION, sort, ephemeral.public, len(body) + _TAG_BYTES, len(centre), len(device)
    )
    head += centre + device
    return head + ChaCha20Poly1305(secret).encrypt(nonce, body, head)


def _keys(shared: bytes, ephemeral: bytes, recipient: bytes) -> tuple[bytes, bytes]:
    stretch = HKDF(algorithm=SHA256(), length=44, salt=ephemeral + recipient, info=_KEY_PURPOSE)
    both = stretch.derive(shared)
    return both[:32], both[32:]


def read(path: Path) -> bytes:
    """What is in a file, never more than an exchange can be. Raises `Problem`."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_FILE + 1)
    except OSError as fault:
        raise file_problem("unreadable") from fault
    if len(content) > MOST_FILE:
        raise file_problem("too_large")
    return content
