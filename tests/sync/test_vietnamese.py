"""Clean texts, search keys and Vietnamese order."""

from __future__ import annotations

import random
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.vietnamese import clean, fold, has_marks, name_key, text_key, words

ORDER_BY_ICU = Path(__file__).parents[1] / "data" / "icu-vi-order.txt"
LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
VIETNAMESE = st.text(alphabet=LETTERS + LETTERS.upper() + " -'’0123456789", max_size=40)
ANYTHING = st.text(max_size=40)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Nguyễn \u00a0Văn\t An ", "Nguyễn Văn An"),
        ("\u00d0ỗ Thị \u00d0ào", "Đỗ Thị Đào"),
        ("\u0189inh", "Đinh"),
        ("ch\u1ee3 \u00f0\u00eam", "chợ đêm"),
        ("\ufeffLa\u0323ng So\u031bn", "Lạng Sơn"),
        ("Ba\u200bVì", "BaVì"),
        ("dòng một  \r\n  dòng hai\n\ndòng bốn ", "dòng một\ndòng hai\n\ndòng bốn"),
        ("hoà", "hoà"),
        ("hòa", "hòa"),
        ("nGUYỄN văn", "nGUYỄN văn"),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
        ("", ""),
    ],
)
def test_text_is_stored_clean_but_as_written(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@given(ANYTHING)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(VIETNAMESE)
def test_decomposed_text_is_the_same_text(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    composed = unicodedata.normalize("NFC", text)
    assert clean(decomposed) == clean(composed)
    assert fold(decomposed) == fold(composed)
    assert text_key(decomposed) == text_key(composed)
    assert name_key(decomposed) == name_key(composed)
    assert has_marks(decomposed) == has_marks(composed)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nguyễn Thị Thanh Hương", "nguyen thi thanh huong"),
        ("ĐẶNG ĐỨC ĐẠT", "dang duc dat"),
        ("Ea H’Leo", "ea h'leo"),
        ("dòng\nhai", "dong hai"),
        ("Ưng Ửng ưỡn", "ung ung uon"),
    ],
)
def test_the_search_key_drops_case_and_marks(text: str, key: str) -> None:
    assert fold(text) == key


@pytest.mark.parametrize(
    ("one", "other"), [("hòa", "hoà"), ("thủy", "thuỷ"), ("Ðà", "đà"), ("M'Drắk", "m’drak")]
)
def test_spellings_of_one_word_share_a_search_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(VIETNAMESE)
def test_a_folded_vietnamese_text_is_plain(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert folded == folded.lower()
    assert "  " not in folded


@given(ANYTHING)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_case_does_not_change_the_search_key(text: str) -> None:
    assert fold(text.upper()) == fold(text) == fold(text.lower())


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("Phường 12, Q. Gò Vấp (cũ); H’Leo_2") == (
        ["phuong", "12", "q", "go", "vap", "cu", "h", "leo", "2"]
    )
    assert words(" - ") == []


@pytest.mark.parametrize("text", ["à", "Ă", "đ", "Đỗ", "a\u0301", "\u00d0o"])
def test_marks_are_seen(text: str) -> None:
    assert has_marks(text)


@pytest.mark.parametrize("text", ["", "nguyen van an", "ea h’leo", "12 – 15"])
def test_plain_text_has_no_marks(text: str) -> None:
    assert not has_marks(text)


@pytest.mark.parametrize(
    "ordered",
    [
        "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y",
        "ma mà mả mã má mạ",
        "am an anh ăn ân",
        "da dạ dan đa đá đan",
        "1 10 2 9 a",
        "la La LA là Là",
        "hoà hóa hoang",
        "Ơn Ớn Ợn Ưng",
    ],
)
def test_texts_stand_in_dictionary_order(ordered: str) -> None:
    expected = ordered.split()
    shuffled = random.Random(7).sample(expected, len(expected))
    assert sorted(shuffled, key=text_key) == expected


def test_letters_decide_before_tones_and_spaces_before_letters() -> None:
    expected = ["Hà An", "Ha Anh", "Hà Anh", "Hạ Anh", "Hà Giang", "Hai", "Hải An"]
    shuffled = random.Random(5).sample(expected, len(expected))
    assert sorted(shuffled, key=text_key) == expected


def test_the_order_is_that_of_icu() -> None:
    by_icu = ORDER_BY_ICU.read_text("utf-8").splitlines()
    assert len(by_icu) > 2000
    shuffled = random.Random(11).sample(by_icu, len(by_icu))
    assert sorted(shuffled, key=text_key) == by_icu


def test_people_stand_by_given_then_family_then_middle_name() -> None:
    expected = [
        "Bùi Văn An",
        "Đặng Văn An",
        "Nguyễn An",
        "Nguyễn Thị An",
        "Nguyễn Văn An",
        "Lê Hoài Anh",
        "Trần Anh",
        "Lê Ân",
        "Đỗ Thị Bình",
        "Vũ Đạt",
        "Hồ Y",
    ]
    shuffled = random.Random(3).sample(expected, len(expected))
    assert sorted(shuffled, key=name_key) == expected


def test_the_tone_of_the_given_name_weighs_more_than_the_family_name() -> None:
    assert name_key("Vũ Thị Hoa") < name_key("An Thị Hòa")
    assert name_key("Vũ Thị Hòa") < name_key("An Thị Họa")


def test_case_and_spaces_do_not_move_a_person() -> None:
    assert name_key("NGUYỄN  VĂN AN") == name_key("Nguyễn Văn An ")


def test_a_single_word_is_a_given_name() -> None:
    assert name_key("An") < name_key("Bùi An") < name_key("Anh")
    assert name_key("") == b""


@given(VIETNAMESE, VIETNAMESE)
def test_only_equal_texts_share_an_order_key(one: str, other: str) -> None:
    assert (text_key(one) == text_key(other)) == (clean(one) == clean(other))


@given(ANYTHING)
def test_every_text_has_keys(text: str) -> None:
    assert isinstance(text_key(text), bytes)
    assert bool(name_key(text)) == bool(clean(text))


def test_control_characters_from_other_programs_are_left_out() -> None:
    assert clean("Trần\x00 Văn\x0b Đức\x1f") == "Trần Văn Đức"
    assert clean("dòng một\ndòng hai") == "dòng một\ndòng hai"


def test_words_of_plain_letters_are_found_as_all_others_are() -> None:
    """They take a shorter way; it must not lead elsewhere."""
    for text in ("HV-0000012", "Lan.Nguyen_7@hop-thu.example", "0100 123 456", "12/QĐ", "O'Neil"):
        folded = fold(text)
        assert words(text) == [word for word in re.split(r"[\W_]+", folded) if word]
