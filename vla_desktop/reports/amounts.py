"""Amounts of money in words, as a receipt needs them."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu")
_BILLION = 10**9


def dong_in_words(amount: int) -> str:
    """An amount in đồng, from 0 on: "Một trăm nghìn đồng". Always Vietnamese, as the paper is."""
    words = _whole(amount) + " đồng"
    return words[0].upper() + words[1:]


def _whole(amount: int) -> str:
    if amount < 10:
        return _DIGITS[amount]
    above, below = divmod(amount, _BILLION)
    parts = [_whole(above) + " tỷ"] if above else []
    for place in (2, 1, 0):
        group = below // 1000**place % 1000
        if group:
            parts.append(_group(group, is_first=not parts) + _GROUPS[place])
    return " ".join(parts)


def _group(number: int, *, is_first: bool) -> str:
    """Three digits; behind others also the zeroes are said."""
    hundreds, rest = divmod(number, 100)
    words = [] if is_first and not hundreds else [f"{_DIGITS[hundreds]} trăm"]
    tens, ones = divmod(rest, 10)
    if not tens:
        if ones:
            words += ["linh", _DIGITS[ones]] if words else [_DIGITS[ones]]
        return " ".join(words)
    words.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    if ones:
        words.append(_last(tens, ones))
    return " ".join(words)


def _last(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    return "mốt" if ones == 1 and tens > 1 else _DIGITS[ones]
