"""The types a field can have: how a value is read, shown, judged and put on the wire.

A value is plain: text, a whole number, yes or no, a day, or None. Absent text is "", absent
anything else is None.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, Self

from sync import identity
from sync.texts import _
from sync.vietnamese import clean, grouped

Value = str | int | bool | dt.date | None
WireValue = str | int | bool | None


class Words(enum.StrEnum):
    """A fixed list of codes, each with its word on screen: `MALE = "male", N_("Nam")`."""

    word: str

    def __new__(cls, code: str, word: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.word = word
        return member


class FieldType:
    """Reads, shows and judges the values of one type. Raises ValueError(sentence) on bad text.

    `edition` goes up when `from_wire` takes what it refused before: what offices had to leave
    aside is then read anew.
    """

    name: ClassVar[str]
    empty: ClassVar[Value] = None
    edition: ClassVar[int] = 1

    def read(self, text: str) -> Value:
        """The value of what was typed."""
        raise NotImplementedError

    def show(self, value: Value) -> str:
        """The value as people read it; links and places show their code."""
        return "" if value is None else str(value)

    def tidy(self, value: Value) -> Value:
        """The value as it is kept."""
        return value

    def to_wire(self, value: Value) -> WireValue:
        """The value as JSON can carry it."""
        return value.isoformat() if isinstance(value, dt.date) else value

    def from_wire(self, value: WireValue) -> Value:
        """The value that `to_wire` was given. Raises ValueError(sentence) when it cannot be."""
        if not self.fits(value):
            raise ValueError(_("Giá trị không đúng kiểu."))
        return value

    def fits(self, value: Value) -> bool:
        """Whether the value has this type at all."""
        raise NotImplementedError

    def is_empty(self, value: Value) -> bool:
        """Whether nothing was given."""
        return value is None or value == ""


# Neither a database nor a sheet keeps them, and nobody means them.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINES = re.compile(r"[\r\n]+")


class Text(FieldType):
    """A line of text, NFC and trimmed, without what nobody can see."""

    name = "text"
    empty = ""

    def read(self, text: str) -> Value:
        return clean(_LINES.sub(" ", _UNWRITABLE.sub("", text)))

    def tidy(self, value: Value) -> Value:
        return self.read(value) if isinstance(value, str) else value

    def fits(self, value: Value) -> bool:
        return isinstance(value, str)


class LongText(Text):
    """Text of several lines."""

    name = "long_text"

    def read(self, text: str) -> Value:
        return clean(_UNWRITABLE.sub("", text))


# A sealed text: the mark, the code of its key, a dot, then Base64 of nonce and ciphertext.
SEALED_MARK = "kin1."
_SEALED = re.compile(r"kin1\.[0-9a-f]{16}\.[A-Za-z0-9_\-]{40,40000}={0,2}")


class Sealed(FieldType):
    """Text of several lines that only the branch's PCs can read; see `sync.sealing`.

    Its value is the sealed text, at both ends and on the way: what is written in the clear does
    not fit, and is refused wherever values are judged.
    """

    name = "sealed"
    empty = ""

    def read(self, text: str) -> Value:
        if text and not self.fits(text):
            raise ValueError(_("Phần niêm phong chỉ ghi được trong phần mềm, ở máy có khóa."))
        return text

    def fits(self, value: Value) -> bool:
        return isinstance(value, str) and (not value or bool(_SEALED.fullmatch(value)))


class Number(FieldType):
    """A whole number, shown with dots between thousands."""

    name = "number"

    def __init__(self, least: int | None = None, most: int | None = None, unit: str = "") -> None:
        self.least, self.most, self.unit = least, most, unit

    def read(self, text: str) -> Value:
        digits = re.sub(r"[\s.,_]", "", text)
        if not digits:
            return None
        if not re.fullmatch(r"[+-]?\d{1,15}", digits) or not self._is_grouped(text.strip()):
            raise ValueError(_("Chỉ ghi số nguyên, ví dụ 1.250."))
        return int(digits)

    @staticmethod
    def _is_grouped(text: str) -> bool:
        return bool(re.fullmatch(r"[+-]?(\d+|\d{1,3}([.,\s_]\d{3})+)", text))

    def show(self, value: Value) -> str:
        return grouped(value) if isinstance(value, int) else ""

    def fits(self, value: Value) -> bool:
        return value is None or (isinstance(value, int) and not isinstance(value, bool))


class Year(Number):
    """A calendar year."""

    name = "year"

    def __init__(self) -> None:
        super().__init__(1900, 2200)

    def show(self, value: Value) -> str:
        return "" if value is None else str(value)


class YesNo(FieldType):
    """Yes or no; never unknown."""

    name = "yes_no"
    empty = False
    WORDS: ClassVar[dict[str, bool]] = {
        "có": True, "co": True, "x": True, "1": True, "true": True, "yes": True,
        "không": False, "khong": False, "0": False, "false": False, "no": False, "": False,
    }  # fmt: skip

    def read(self, text: str) -> Value:
        word = clean(text).casefold()
        if word not in self.WORDS:
            raise ValueError(_("Ghi “có” hoặc “không”."))
        return self.WORDS[word]

    def show(self, value: Value) -> str:
        return _("Có") if value else _("Không")

    def fits(self, value: Value) -> bool:
        return isinstance(value, bool)

    def is_empty(self, value: Value) -> bool:
        return value is None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def _day_of(text: str) -> dt.date:
    """Reads dd/MM/yyyy (also with - . or spaces) and yyyy-MM-dd."""
    parts = re.split(r"[/.\-\s]+", text.strip())
    if len(parts) != 3 or not all(map(_is_number, parts)):
        raise ValueError(_("Ghi ngày theo dạng 21/04/2026."))
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4:
        numbers.reverse()
    day, month, year = numbers
    if year < 1000:
        raise ValueError(_("Ghi năm đủ bốn chữ số, ví dụ 21/04/2026."))
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(_("Không có ngày này trong lịch.")) from None


class Day(FieldType):
    """A calendar day."""

    name = "day"

    def read(self, text: str) -> Value:
        return _day_of(text) if text.strip() else None

    def show(self, value: Value) -> str:
        if not isinstance(value, dt.date):
            return ""
        # strftime writes a year before 1000 without its zeros.
        return f"{value.day:02}/{value.month:02}/{value.year:04}"

    def from_wire(self, value: WireValue) -> Value:
        if value is None:
            return None
        if not isinstance(value, str):
            raise ValueError(_("Giá trị không đúng kiểu."))
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(_("Không có ngày này trong lịch.")) from None

    def fits(self, value: Value) -> bool:
        return value is None or isinstance(value, dt.date)


class PartialDay(FieldType):
    """A day of which only the year, or month and year, may be known: "1975", "1975-03", …"""

    name = "partial_day"
    empty = ""
    KEPT = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")

    def read(self, text: str) -> Value:
        text = text.strip()
        if not text or re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", text):
            return text
        parts = re.split(r"[/.\-\s]+", text)
        if len(parts) == 2 and all(map(_is_number, parts)) and len(parts[1]) == 4:
            if not 1 <= int(parts[0]) <= 12:
                raise ValueError(_("Tháng phải từ 1 đến 12."))
            return f"{parts[1]}-{int(parts[0]):02}"
        try:
            return _day_of(text).isoformat()
        except ValueError as fault:
            if len(parts) == 3:
                raise
            raise ValueError(_("Ghi 1975, 03/1975 hoặc 21/03/1975.")) from fault

    def show(self, value: Value) -> str:
        return "/".join(reversed(str(value or "").split("-")))

    def fits(self, value: Value) -> bool:
        if not isinstance(value, str) or (value and not self.KEPT.fullmatch(value)):
            return False
        try:
            return len(value) < 10 or bool(dt.date.fromisoformat(value))
        except ValueError:
            return False


class Choice(FieldType):
    """One of a fixed list. A code from a newer version is kept and shown as it is."""

    name = "choice"
    empty = ""

    def __init__(self, words: Sequence[Words]) -> None:
        self.words = {str(word): word.word for word in words}

    def read(self, text: str) -> Value:
        typed = clean(text)
        for code, word in self.words.items():
            if typed.casefold() in (code.casefold(), word.casefold(), _(word).casefold()):
                return code
        if not typed:
            return ""
        known = ", ".join(f"{code} ({_(word)})" for code, word in self.words.items())
        raise ValueError(_("Chọn một trong: {known}.").format(known=known))

    def show(self, value: Value) -> str:
        return _(self.words[str(value)]) if value in self.words else str(value or "")

    def fits(self, value: Value) -> bool:
        return isinstance(value, str) and len(value) <= 40


class Choices(Choice):
    """Several of a fixed list, kept as codes in list order, joined by commas."""

    name = "choices"

    def read(self, text: str) -> Value:
        codes = set(self._codes(clean(text)))
        return ",".join(code for code in self.words if code in codes)

    def _codes(self, text: str) -> Iterator[str]:
        """A word may hold commas itself, so the longest run of parts that is a word is taken."""
        parts = re.split(r"([,;])", text)
        while parts:
            for end in range(len(parts), 0, -2):
                try:
                    code = str(super().read("".join(parts[:end])))
                except ValueError:
                    if end == 1:
                        raise
                else:
                    yield from [code] if code else []
                    parts = parts[end + 1 :]
                    break

    def show(self, value: Value) -> str:
        return ", ".join(super(Choices, self).show(code) for code in str(value or "").split(","))

    def fits(self, value: Value) -> bool:
        return isinstance(value, str) and len(value) <= 400


class Link(FieldType):
    """Another record, by its id. `target` is the name of its kind."""

    name = "link"
    empty = ""

    def __init__(self, target: str) -> None:
        self.target = target

    def read(self, text: str) -> Value:
        typed = text.strip().lower()
        if typed and not identity.is_id(typed):
            raise ValueError(_("Chọn từ danh sách, hoặc ghi mã của bản ghi."))
        return typed

    def fits(self, value: Value) -> bool:
        return isinstance(value, str) and (not value or identity.is_id(value))


class PlaceCode(FieldType):
    """A unit of the administrative catalogue, by its code. `level` is "province" or "commune"."""

    name = "place"
    empty = ""

    def __init__(self, level: str) -> None:
        self.level = level

    def read(self, text: str) -> Value:
        typed = text.strip()
        if typed and not self.fits(typed):
            raise ValueError(_("Chọn địa danh từ danh sách."))
        return typed

    def fits(self, value: Value) -> bool:
        return isinstance(value, str) and bool(re.fullmatch(r"[0-9A-Za-z@.\-]{0,20}", value))
