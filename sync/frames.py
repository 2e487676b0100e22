"""A message as bytes: a zstd frame around one msgpack value, bounded before it is read.

Unpacking takes from a stranger no more memory and time than the largest honest message.
"""

from __future__ import annotations

from typing import Any

import msgpack
import zstandard

MOST_PACKED = 4 * 1024 * 1024
MOST_UNPACKED = 32 * 1024 * 1024
MOST_RATIO = 200
# Equal texts shrink a thousandfold; up to here that is harmless.
FREE_UNPACKED = 8 * 1024 * 1024
MOST_CHANGES = 5000
MOST_CHANGE_BYTES = 64 * 1024
MOST_PARTS = 400_000
WINDOW_BYTES = 8 * 1024 * 1024


class BadMessage(Exception):
    """The bytes are not a message of this protocol, or go past its bounds."""


def pack(message: Any, level: int = 3) -> bytes:
    """A plain value as a frame."""
    return zstandard.ZstdCompressor(level=level).compress(msgpack.packb(message))


def unpack(body: bytes) -> Any:
    """The value in a frame. Raises `BadMessage`."""
    if len(body) > MOST_PACKED:
        raise BadMessage("packed size")
    most = min(MOST_UNPACKED, max(len(body) * MOST_RATIO, FREE_UNPACKED))
    decompressor = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES)
    try:
        with decompressor.stream_reader(body) as reader:
            plain = reader.read(most + 1)
        if len(plain) > most:
            raise BadMessage("unpacked size")
    except zstandard.ZstdError as fault:
        raise BadMessage(str(fault)) from fault
    return unpacked(plain)


class _Parts:
    """Counts what is in a message: a byte on the wire can cost a hundred in memory."""

    def __init__(self) -> None:
        self._left = MOST_PARTS

    def count(self, container: Any) -> Any:
        """Takes a list or map as it is finished."""
        self._left -= len(container) + 1
        if self._left < 0:
            raise ValueError("too many parts")
        return container


def unpacked(plain: bytes) -> Any:
    """The msgpack value in the bytes. Raises `BadMessage`."""
    parts = _Parts()
    try:
        return msgpack.unpackb(
            plain,
            max_str_len=MOST_CHANGE_BYTES,
            max_array_len=MOST_CHANGES,
            max_map_len=1000,
            list_hook=parts.count,
            object_hook=parts.count,
        )
    except (ValueError, RecursionError) as fault:
        raise BadMessage(str(fault)) from fault


def text(value: Any, most: int = 200) -> str:
    """The value, if it is a text of at most so many letters."""
    # PostgreSQL keeps no text with a zero in it.
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise BadMessage("text")
    return value


def whole(value: Any, most: int = 2**53 - 1) -> int:
    """The value, if it is a whole number from 0 on."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadMessage("number")
    return value


def raw(value: Any, length: int) -> bytes:
    """The value, if it is so many bytes."""
    if not isinstance(value, bytes) or len(value) != length:
        raise BadMessage("bytes")
    return value


def list_of(value: Any, length: int | None = None, most: int = MOST_CHANGES) -> list[Any]:
    """The value, if it is a list of this length, or of at most so many."""
    if not isinstance(value, list) or len(value) > most or length not in (None, len(value)):
        raise BadMessage("list")
    return value


def brief(name: str) -> str | bytes:
    """A text in half its length, if it is hexadecimal."""
    try:
        half = bytes.fromhex(name)
    except ValueError:
        return name
    return half if half and half.hex() == name else name


def in_full(value: Any, most: int = 200) -> str:
    """The text of `brief`, if it is one of at most so many letters."""
    return text(value.hex() if isinstance(value, bytes) else value, most)
