"""Vietnamese text: one clean form, search keys and dictionary order.

Pure functions of the standard library. Texts are kept as people wrote them; only
the keys made here ignore case, marks or apostrophe shapes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_REPLACED: Final = MappingProxyType(
    {
        # Eth and the African D look like Đ and are typed for it.
        0x00D0: "Đ",
        0x0189: "Đ",
        0x00F0: "đ",
        0x0256: "đ",
        # Zero-width characters and the byte-order mark.
        0x200B: None,
        0x200C: None,
        0x200D: None,
        0x2060: None,
        0xFEFF: None,
    }
)
_SPACES: Final = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_ENDS: Final = re.compile(r" ?(?:\r\n|\r|\n) ?")
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = "'’‘ʼ`´′"

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES: Final = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_PUNCTUATION: Final = " _-–—,;:!?.…'‘’\"“”()[]{}@*/\\&#%`´^+<=>|~$"
# First bytes of a primary weight; 0x01 ends a level, so every weight is above it.
_PUNCTUATION_AT: Final = 0x03
_SYMBOL_AT: Final = 0x2F
_DIGIT_AT: Final = 0x30
_LETTER_AT: Final = 0x41
_FOREIGN_AT: Final = 0xFE
_TONE_AT: Final = 0x03
_MARK_AT: Final = 0x10
_END: Final = b"\x01"
_COMMON: Final = b"\x02"
_CAPITAL: Final = b"\x03"


def grouped(number: int) -> str:
    """A whole number as people read it: 1.234.567."""
    return f"{number:,}".replace(",", ".")


def clean(text: str) -> str:
    """Return `text` in the form that is stored.

    Composed (NFC), trimmed, one space where there was a run of them, line ends as
    "\\n", look-alikes of Đ and đ replaced, zero-width and control characters removed. Case and
    the place of tone marks stay as written.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_REPLACED))
    text = _SPACES.sub(" ", _CONTROLS.sub("", text))
    if "\n" in text or "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    return text.strip()


def fold(text: str) -> str:
    """Return the search key of `text`: no case, no marks, d for đ, single spaces."""
    return " ".join("".join(map(_folded, clean(text))).split())


def words(text: str) -> list[str]:
    """Return the folded runs of letters and digits in `text`."""
    found: list[str] = []
    for piece in text.split():
        if piece.isascii() and piece.isprintable():
            # Numbers and addresses: hardly one comes twice, and there is nothing to fold.
            found += _WORD.findall(piece.lower())
        else:
            found += _words_of(piece)
    return found


def has_marks(text: str) -> bool:
    """Tell whether `text` holds a marked letter or đ, so that marks are meant."""
    return not text.isascii() and any(map(_marked, clean(text)))


def text_key(text: str) -> bytes:
    """Return a key that sorts as a Vietnamese dictionary (the order of ICU's `vi`).

    Letters decide first, then tones (ngang, huyền, hỏi, ngã, sắc, nặng), then case
    (small before capital). Spaces and punctuation precede digits, digits letters.
    """
    weights = [_weights(char) for char in clean(text)]
    case = b"".join([weight[2] for weight in weights]).rstrip(_COMMON)
    return _level_key(weights) + case


def name_key(full_name: str) -> bytes:
    """Return a key that sorts people by given name, family name, middle names.

    The given name is the last word. Names that differ only in case share a key.
    """
    parts = clean(full_name).split()
    if not parts:
        return b""
    ordered = (parts[-1], parts[0] if len(parts) > 1 else "", " ".join(parts[1:-1]))
    return b"".join(map(_part_key, ordered))


# Names are made of few words: most have been met before.
@lru_cache(maxsize=16384)
def _words_of(piece: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(piece)))


@lru_cache(maxsize=16384)
def _part_key(part: str) -> bytes:
    return _level_key([_weights(char) for char in part])


def _level_key(weights: list[tuple[bytes, bytes, bytes]]) -> bytes:
    letters = b"".join([weight[0] for weight in weights])
    tones = b"".join([weight[1] for weight in weights]).rstrip(_COMMON)
    return letters + _END + tones + _END


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    plain = char.casefold().replace("đ", "d")
    decomposed = unicodedata.normalize("NFD", plain)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


@lru_cache(maxsize=4096)
def _marked(char: str) -> bool:
    decomposed = unicodedata.normalize("NFD", char)
    return char in "đĐ" or any(unicodedata.category(c) == "Mn" for c in decomposed)


@lru_cache(maxsize=4096)
def _weights(char: str) -> tuple[bytes, bytes, bytes]:
    """Return the letter, tone and case weights of one composed character."""
    small = char.lower()
    letters, marks = "", ""
    for part in unicodedata.normalize("NFD", small):
        joined = unicodedata.normalize("NFC", letters[-1:] + part)
        if not "\u0300" <= part <= "\u036f":
            letters += part
        elif len(joined) == 1 and joined in _ALPHABET:
            letters = letters[:-1] + joined
        else:
            marks += part
    case = (_COMMON if char == small else _CAPITAL) * len(letters)
    tones = b"".join(map(_mark_weight, marks)) or _COMMON * len(letters)
    return b"".join(map(_letter_weight, letters)), tones, case


def _mark_weight(mark: str) -> bytes:
    if mark in _TONES:
        return bytes([_TONE_AT + _TONES.index(mark)])
    return bytes([_MARK_AT + ord(mark) - 0x0300])


def _letter_weight(char: str) -> bytes:
    if char in _ALPHABET:
        return bytes([_LETTER_AT + _ALPHABET.index(char)])
    if "0" <= char <= "9":
        return bytes([_DIGIT_AT + int(char)])
    if char in _PUNCTUATION:
        return bytes([_PUNCTUATION_AT + _PUNCTUATION.index(char)])
    group = _FOREIGN_AT if char.isalpha() else _SYMBOL_AT
    return bytes([group]) + ord(char).to_bytes(3, "big")
