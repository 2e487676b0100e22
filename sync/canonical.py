"""One way to write a value as bytes, whatever the wire or the database does with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring as quoted
from typing import Any

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces. Takes text, whole numbers, yes/no, None, lists, maps."""
    if type(value) is dict:
        told = [_plain(value[name]) for name in sorted(value)]
        if "" not in told:
            names = map(quoted, sorted(value))
            return "{" + ",".join(map(":".join, zip(names, told, strict=True))) + "}"
    return _ENCODER.encode(value)


def _plain(value: Any) -> str:
    """What a change mostly holds, quicker than the encoder is made ready; "" for all else."""
    if type(value) is str:
        return quoted(value)
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    return str(value) if type(value) is int else ""


class CanonicalJson(TypeDecorator[Any]):
    """A column that keeps a value in canonical form."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return json.loads(value) if value else None


def first_digest(scope: str) -> str:
    """Where the chain of a scope begins, before its first change."""
    return hashlib.sha256(b"vla ledger\0" + scope.encode()).hexdigest()


def digests_after(digest: str, texts: Iterable[str]) -> Iterator[str]:
    """The links after `digest`, for changes whose canonical forms are these."""
    link, sha256 = bytes.fromhex(digest), hashlib.sha256
    for text in texts:
        link = sha256(link + text.encode()).digest()
        yield link.hex()


def next_digest(previous: str, text: str) -> str:
    """The link after `previous`, for a change whose canonical form is `text`."""
    return hashlib.sha256(bytes.fromhex(previous) + text.encode()).hexdigest()


__all__ = [
    "CanonicalJson", "canonical", "digests_after", "first_digest", "next_digest", "quoted",
]  # fmt: skip
