"""The header of the vault: how the office's key is wrapped, and its two copies on the disk.

A file is a JSON object of three: `header`; `seal`, a keyed hash of the header that only who holds
the office's key can make or check; `sum`, a plain hash of both, which tells damage from a wrong
passphrase before any key is known. Every later version keeps these three and `header.version`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.problems import Problem
from sync.texts import _
from vla_desktop.files import write_whole
from vla_desktop.store.faults import explain, explained

VERSION: Final = 1
FILE_NAMES: Final = ("vault.json", "vault-copy.json")

_FORMAT: Final = "vla-vault"
_LONGEST_BYTES: Final = 64 * 1024
_log = logging.getLogger(__name__)

Wrap = dict[str, Any]


@dataclass(frozen=True)
class Header:
    """What the vault says of itself. `revision` grows with every change, the newest counts.

    Each of `wraps` has a `kind` and whatever that kind needs; unknown kinds are kept as they are.
    """

    office: str
    revision: int
    wraps: tuple[Wrap, ...]
    seal: str = ""

    def sealed(self, secret: bytes) -> Header:
        """The same, vouched for by the office's key."""
        seal = _keyed_hash(secret, self.body)
        return Header(self.office, self.revision, self.wraps, seal)

    def is_sealed_by(self, secret: bytes) -> bool:
        """Whether whoever wrote this held the office's key."""
        return hmac.compare_digest(self.seal.encode(), _keyed_hash(secret, self.body).encode())

    @property
    def body(self) -> dict[str, Any]:
        """The part that the seal covers."""
        return {
            "format": _FORMAT,
            "version": VERSION,
            "office": self.office,
            "revision": self.revision,
            "wraps": list(self.wraps),
        }

    def bound(self, wrap: Wrap) -> bytes:
        """What a wrap is bound to, so that it opens in this vault and in this form alone.

        Not the other wraps: a new passphrase must not ask for the recovery code again.
        """
        own = {name: value for name, value in wrap.items() if name != "sealed"}
        return canonical(
            {"format": _FORMAT, "version": VERSION, "office": self.office, "wrap": own}
        )

    def to_bytes(self) -> bytes:
        """The file as it is written."""
        parts = {"header": self.body, "seal": self.seal}
        summed = {**parts, "sum": hashlib.sha256(canonical(parts)).hexdigest()}
        return json.dumps(summed, indent=1, sort_keys=True).encode() + b"\n"


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value, for hashing."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def copies(folder: Path) -> list[Path]:
    """The two files of the vault in `folder`, whether they exist or not."""
    return [folder / name for name in FILE_NAMES]


def read_headers(folder: Path) -> list[Header]:
    """The copies that are whole, the newest first and each once; empty when there is no file.

    Raises `Problem`: "vault.newer", "vault.damaged", or what the disk complains of.
    """
    headers: list[Header] = []
    faults: list[Exception] = []
    for path in copies(folder):
        try:
            header = _parse(_content(path))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as fault:
            faults.append(fault)
        else:
            if header not in headers:
                headers.append(header)
    if faults and not headers:
        raise (explain(faults[0]) or damaged()) from faults[0]
    return sorted(headers, key=lambda header: -header.revision)


def write_header(folder: Path, header: Header) -> None:
    """Make both copies say `header`, one after the other; a copy that does is left alone."""
    content = header.to_bytes()
    with explained():
        for path in copies(folder):
            if not _says(path, content):
                write_whole(path, content)


def repair(folder: Path, header: Header) -> None:
    """Like `write_header`, for one who only wants to open: a disk that refuses is no obstacle."""
    try:
        write_header(folder, header)
    except (Problem, OSError) as fault:
        _log.info("a copy of the vault was not repaired: %s", type(fault.__cause__ or fault))


def damaged() -> Problem:
    """No copy can be trusted."""
    return Problem(
        _("Tệp khóa của văn phòng và bản dự phòng của nó đều hỏng hoặc đã bị sửa."),
        _("Anh/chị đừng xóa tệp nào, hãy chép lại tệp vault.json từ bản sao lưu."),
        code="vault.damaged",
    )


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LONGEST_BYTES)


def _says(path: Path, content: bytes) -> bool:
    try:
        return _content(path) == content
    except OSError:
        return False


def _parse(content: bytes) -> Header:
    """Raises ValueError for a file that is not whole."""
    try:
        file = json.loads(content)
        body, seal = file["header"], file["seal"]
        expected = hashlib.sha256(canonical({"header": body, "seal": seal})).hexdigest()
        if file["sum"] != expected or body["format"] != _FORMAT:
            raise ValueError("sum")
        if body["version"] > VERSION:
            raise _newer()
        return _shaped(body["office"], body["revision"], body["wraps"], seal)
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("shape") from error


def _shaped(office: object, revision: object, wraps: object, seal: object) -> Header:
    if (
        isinstance(office, str)
        and isinstance(revision, int)
        and isinstance(wraps, list)
        and all(isinstance(wrap, dict) for wrap in wraps)
        and isinstance(seal, str)
    ):
        return Header(office, revision, tuple(wraps), seal)
    raise ValueError("shape")


def _newer() -> Problem:
    return Problem(
        _("Dữ liệu của văn phòng do phiên bản phần mềm mới hơn tạo ra."),
        _("Anh/chị cập nhật phần mềm trên máy này rồi mở lại."),
        code="vault.newer",
    )


def _keyed_hash(secret: bytes, body: dict[str, Any]) -> str:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"vla vault seal").derive(secret)
    return hmac.new(derived, canonical(body), hashlib.sha256).hexdigest()
