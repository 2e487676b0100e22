"""How hard a passphrase is to guess, in words that help to make it harder."""

from __future__ import annotations

from dataclasses import dataclass

from sync.texts import _
from sync.vietnamese import fold

FAIR = 14
STRONG = 20
FEW_LETTERS = 7
FEW_WORDS = 4


@dataclass(frozen=True)
class Strength:
    """A word, what to do better, and the colour role it is written in."""

    word: str
    advice: str
    role: str
    is_enough: bool


def strength(passphrase: str, shortest: int) -> Strength:
    """Judge a passphrase; below `shortest` characters it is not accepted at all."""
    length = len(passphrase)
    if length < shortest:
        sentence = _("Còn thiếu {count} ký tự.").format(count=shortest - length)
        return Strength(_("Quá ngắn"), sentence, "error", is_enough=False)
    words = {word for word in fold(passphrase).split() if len(word) > 1}
    letters = len(set(fold(passphrase)))
    if letters < FEW_LETTERS or length < FAIR:
        advice = _("Ghép bốn, năm từ không liên quan thì khó đoán hơn nhiều.")
        return Strength(_("Yếu"), advice, "warning", is_enough=True)
    if length < STRONG or len(words) < FEW_WORDS:
        return Strength(_("Khá"), _("Thêm một từ nữa là mạnh."), "success", is_enough=True)
    return Strength(_("Mạnh"), "", "success", is_enough=True)
