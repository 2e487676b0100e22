"""How much two people are alike, and why: pure, quick, and with reasons that a clerk can read.

One sign alone never says "the same person": a name comes back, and so does a year. Two that
agree do, unless a third speaks against them.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from typing import Final

from sync.texts import N_, _
from sync.vietnamese import clean, fold, has_marks, words

# From here on two people are worth a look.
LIKELY: Final = 60
_NO_DIGIT = re.compile(r"\D")
_SHORTEST_PHONE: Final = 9
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_TONELESS: Final = str.maketrans(dict.fromkeys(_TONES))
_SHORTENED: Final = MappingProxyType(
    {
        "tv": "thu vien",
        "dh": "dai hoc",
        "cd": "cao dang",
        "tt": "trung tam",
        "tp": "thanh pho",
        "tx": "thi xa",
        "tr": "truong",
        "ubnd": "uy ban nhan dan",
    }
)
# Such words name a place of work no better.
_FILLING: Final = frozenset(
    ["thu", "vien", "tinh", "thanh", "pho", "truong", "trung", "tam", "cua", "va"]
)


class Reason(enum.Enum):
    """What two people have in common; the value is how a clerk reads it."""

    NAME = N_("cùng họ tên")
    TONES = N_("họ tên chỉ khác chỗ đặt dấu")
    MARKS_LOST = N_("họ tên một bên mất dấu")
    MARKS_DIFFER = N_("họ tên chỉ khác dấu")
    ORDER = N_("họ tên đảo thứ tự")
    TYPO = N_("họ tên khác một chữ, có thể gõ nhầm")
    BORN = N_("cùng ngày sinh")
    YEAR_ONLY = N_("cùng năm sinh, một bên chưa ghi ngày")
    BORN_SWAPPED = N_("ngày và tháng sinh đảo nhau")
    BORN_TYPO = N_("ngày sinh khác một chữ số")
    PHONE = N_("cùng điện thoại")
    EMAIL = N_("cùng thư điện tử")
    WORKPLACE = N_("cùng nơi công tác")
    WORKPLACE_SHORT = N_("nơi công tác viết khác")

    @property
    def sentence(self) -> str:
        """The reason in the language of the screen."""
        return _(self.value)


@dataclass(frozen=True)
class Person:
    """What is compared. `born_on` is "1975", "1975-03" or "1975-03-21"; "" is unknown.

    `workplace` is the name of the place.
    """

    name: str
    born_on: str = ""
    phone: str = ""
    email: str = ""
    workplace: str = ""


@dataclass(frozen=True)
class Likeness:
    """How alike two people are, from 0 to 100; the weightiest reason comes first."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_likely(self) -> bool:
        """Whether a person should look at the two."""
        return self.score >= LIKELY

    def sentence(self) -> str:
        """The reasons in one line."""
        return ", ".join(reason.sentence for reason in self.reasons)


_WEIGHTS: Final[Mapping[Reason, int]] = MappingProxyType(
    {
        Reason.NAME: 42,
        Reason.TONES: 42,
        Reason.MARKS_LOST: 40,
        Reason.MARKS_DIFFER: 22,
        Reason.ORDER: 36,
        Reason.TYPO: 30,
        Reason.BORN: 32,
        Reason.YEAR_ONLY: 16,
        Reason.BORN_SWAPPED: 22,
        Reason.BORN_TYPO: 18,
        Reason.PHONE: 34,
        Reason.EMAIL: 34,
        Reason.WORKPLACE: 12,
        Reason.WORKPLACE_SHORT: 10,
    }
)
_OTHER_NAME: Final = -40
_OTHER_YEAR: Final = -26
_OTHER_DAY: Final = -14


def likeness(one: Person, other: Person) -> Likeness:
    """Compare two people."""
    name, born = _of_names(one.name, other.name), _of_days(one.born_on, other.born_on)
    found = [name, born, *_of_contacts(one, other), _of_workplaces(one.workplace, other.workplace)]
    reasons = sorted({each for each in found if each}, key=_WEIGHTS.__getitem__, reverse=True)
    score = sum(_WEIGHTS[reason] for reason in reasons)
    score += 0 if name else _OTHER_NAME
    if not born and one.born_on and other.born_on:
        score += _OTHER_DAY if one.born_on[:4] == other.born_on[:4] else _OTHER_YEAR
    return Likeness(max(0, min(100, score)), tuple(reasons))


def block_keys(name: str, born_on: str) -> set[str]:
    """Words for the full-text table by which those who may be alike are found.

    Each ties the year to two words of the name, so that a mistake in one word leaves others.
    """
    year, told = born_on[:4], sorted(set(words(name)))
    if not year or not told:
        return set()
    pairs = ["".join(pair) for pair in combinations(told[:6], 2)] or told
    # A single wrong word of two leaves only the other.
    pairs += told if len(told) == 2 else []
    return {f"zq{year}{pair}" for pair in pairs}


def _of_names(one: str, other: str) -> Reason | None:
    mine, theirs = clean(one).casefold(), clean(other).casefold()
    if mine == theirs:
        return Reason.NAME if mine else None
    plain, plain_too = _plain(mine), _plain(theirs)
    if plain == plain_too:
        return _of_marks(mine, theirs)
    if sorted(plain) == sorted(plain_too):
        return Reason.ORDER
    return Reason.TYPO if _has_one_typo(plain, plain_too) else None


def _of_marks(one: str, other: str) -> Reason:
    """The letters agree: do the marks too, wherever they were put?"""
    pairs = list(zip(one.split(), other.split(), strict=False))
    if all(_spelled(mine) == _spelled(theirs) for mine, theirs in pairs):
        return Reason.TONES
    if all(
        _spelled(mine) == _spelled(theirs) or not (has_marks(mine) and has_marks(theirs))
        for mine, theirs in pairs
    ) and not (has_marks(one) and has_marks(other)):
        return Reason.MARKS_LOST
    return Reason.MARKS_DIFFER


def _spelled(word: str) -> tuple[str, str]:
    """The letters, and the tone wherever it stands."""
    whole = unicodedata.normalize("NFD", word)
    return whole.translate(_TONELESS), "".join(sorted(_TONES.intersection(whole)))


@lru_cache(maxsize=16384)
def _plain(name: str) -> tuple[str, ...]:
    return tuple(words(name))


def _has_one_typo(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """One word of the same number is a typing mistake away, or one middle word is missing."""
    if len(one) == len(other):
        apart = [(mine, theirs) for mine, theirs in zip(one, other, strict=True) if mine != theirs]
        return len(apart) == 1 and is_one_typo(*apart[0])
    long, short = (one, other) if len(one) > len(other) else (other, one)
    is_shorter_by_one = len(long) == len(short) + 1 and len(short) > 1
    return is_shorter_by_one and "".join(long) == "".join(short)


def is_one_typo(one: str, other: str) -> bool:
    """Whether one letter was added, left out, replaced, or two changed places."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = _agreeing(one, other)
    rest, rest_too = one[start:], other[start:]
    if len(rest) != len(rest_too):
        return rest[1:] == rest_too or rest == rest_too[1:]
    return rest[1:] == rest_too[1:] or (
        rest[:2] == rest_too[1::-1] and rest[2:] == rest_too[2:] and len(rest) > 1
    )


def _agreeing(one: str, other: str) -> int:
    shared = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    return shared


def _of_days(one: str, other: str) -> Reason | None:
    if not one or not other:
        return None
    if one == other:
        return Reason.BORN if len(one) > 4 else Reason.YEAR_ONLY
    if one.startswith(other) or other.startswith(one):
        return Reason.YEAR_ONLY
    if len(one) == len(other) == 10:
        if one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]:
            return Reason.BORN_SWAPPED
        if sum(mine != theirs for mine, theirs in zip(one, other, strict=True)) == 1:
            return Reason.BORN_TYPO
    return None


def _of_contacts(one: Person, other: Person) -> Iterator[Reason]:
    if _digits(one.phone) & _digits(other.phone):
        yield Reason.PHONE
    if one.email and fold(one.email) == fold(other.email):
        yield Reason.EMAIL


def _digits(phones: str) -> set[str]:
    """The numbers without their way of writing; +84 stands for the leading 0."""
    found = set()
    for part in re.split(r"[;,/]", phones):
        digits = _NO_DIGIT.sub("", part)
        if len(digits) >= _SHORTEST_PHONE:
            found.add("0" + digits[2:] if digits.startswith("84") else digits)
    return found


def _of_workplaces(one: str, other: str) -> Reason | None:
    if not one or not other:
        return None
    if fold(one) == fold(other):
        return Reason.WORKPLACE
    return Reason.WORKPLACE_SHORT if _core(one) == _core(other) else None


@lru_cache(maxsize=4096)
def _core(workplace: str) -> frozenset[tuple[str, int]]:
    """The words that tell one place from another, with shortened ones written out."""
    told = " ".join(_SHORTENED.get(word, word) for word in words(workplace)).split()
    return frozenset(Counter(word for word in told if word not in _FILLING).items())


def question(name: str, born_on: str, phone: str = "") -> str:
    """The question to the full-text table for those who may be alike; "" when nothing is told."""
    told = sorted(set(words(name)))
    asked = [" AND ".join(f'"{word}"' for word in told)] if len(told) > 1 else []
    asked += [f'"{key}"' for key in sorted(block_keys(name, born_on))]
    asked += [f'"{digits}"' for digits in sorted(_digits(phone))]
    return " OR ".join(f"({each})" for each in asked)
