"""Rules about one value. Each returns a sentence when something is wrong, else None."""

from __future__ import annotations

import re

from sync.texts import _

_MOBILE = re.compile(r"0(3|5|7|8|9)\d{8}")
_LANDLINE = re.compile(r"02\d{8,9}")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]{2,}")


def phone(text: str) -> str | None:
    """Mobiles have ten digits from 03, 05, 07, 08 or 09; landlines begin with 02.

    Source: Circular 22/2014/TT-BTTTT and the change of prefixes of 2018.
    """
    digits = re.sub(r"[\s.\-()]", "", text)
    digits = re.sub(r"^(\+?84)(?=\d{9,10}$)", "0", digits)
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return None
    if re.fullmatch(r"[35789]\d{8}", digits):
        return _("Số này thiếu số 0 ở đầu: có phải 0{digits} không?").format(digits=digits)
    return _("Số điện thoại thường có 10 chữ số, ví dụ 0912 345 678. Anh/chị xem lại giúp.")


def email(text: str) -> str | None:
    """One address, name@place."""
    if _EMAIL.fullmatch(text):
        return None
    return _("Địa chỉ thư điện tử có dạng ten@noi.vn. Anh/chị xem lại giúp.")


def identity_no(text: str) -> str | None:
    """A personal number has 12 digits and no check digit.

    Source: Decree 137/2015/NĐ-CP Art. 13. Province codes are not judged: people are registered
    abroad and provinces merge.
    """
    digits = re.sub(r"\s", "", text)
    if re.fullmatch(r"\d{12}", digits):
        return None
    if re.fullmatch(r"\d{9}", digits):
        return _("Chín chữ số là số chứng minh cũ; số định danh có 12 chữ số.")
    if re.fullmatch(r"\d{10,11}", digits):
        return _("Thiếu chữ số: có thể đã mất số 0 ở đầu, số định danh có 12 chữ số.")
    return _("Số định danh có đúng 12 chữ số.")


def tax_code(text: str) -> str | None:
    """A tax code has 10 digits, or 13 for a dependent unit."""
    if re.fullmatch(r"\d{10}(-?\d{3})?", re.sub(r"\s", "", text)):
        return None
    return _("Mã số thuế có 10 hoặc 13 chữ số.")
