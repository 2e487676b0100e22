"""A receipt is read strictly: what a stranger writes into one is no receipt, and no crash."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.frames import BadMessage, pack
from sync.keys import SigningKey
from sync.protocol import sync_answer_from
from sync.receipts import Position, Receipt, receipt_from

KEY = SigningKey(b"k" * 32)
RECEIPT = Receipt(
    centre="c" * 16, epoch="e" * 16, device="d" * 12, incarnation="00000001", number=7,
    at="2026-05-04T08:00:00+00:00", accepted=3, waiting=1, rejected=2,
    positions={"HN": Position(9, "a" * 64, 9), "association": Position(0, "b" * 64, 4)},
)  # fmt: skip

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats()
    | st.text()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def test_a_receipt_survives_the_way() -> None:
    again = receipt_from(RECEIPT.facts())
    assert again == RECEIPT
    assert again.is_genuine(KEY.public, RECEIPT.signed(KEY))
    assert (again.sent, again.title) == (6, "DDDD-0000-000007")
    assert again.signed_at.tzinfo is not None


@pytest.mark.parametrize("name", [name for name in RECEIPT.facts() if name != "positions"])
def test_a_receipt_altered_in_any_fact_is_not_genuine(name: str) -> None:
    value = getattr(RECEIPT, name)
    other = replace(RECEIPT, **{name: value + (1 if isinstance(value, int) else "x")})
    assert not other.is_genuine(KEY.public, RECEIPT.signed(KEY))


@pytest.mark.parametrize("position", [Position(8, "a" * 64, 9), Position(9, "b" * 64, 9)])
def test_a_receipt_for_another_place_is_not_genuine(position: Position) -> None:
    other = replace(RECEIPT, positions={**RECEIPT.positions, "HN": position})
    assert not other.is_genuine(KEY.public, RECEIPT.signed(KEY))


def test_every_byte_of_the_signature_counts() -> None:
    signature = RECEIPT.signed(KEY)
    for at in range(len(signature)):
        flipped = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        assert not RECEIPT.is_genuine(KEY.public, flipped)
    assert not RECEIPT.is_genuine(SigningKey(b"x" * 32).public, signature)


@given(drawn=st.data())
def test_whatever_stands_in_a_receipt_is_read_or_refused(drawn: st.DataObject) -> None:
    facts: dict[str, Any] = asdict(RECEIPT)
    names = drawn.draw(st.lists(st.sampled_from(sorted(facts)), min_size=1, max_size=3))
    for name in names:
        facts[name] = drawn.draw(anything)
    if drawn.draw(st.booleans()) and isinstance(facts["positions"], dict):
        facts["positions"]["HN"] = drawn.draw(anything | st.just({"seq": float("inf")}))
    body = pack([1, [], [], facts, bytes(64), {}])
    try:
        answer = sync_answer_from(body)
    except BadMessage:
        return
    assert not answer.receipt.is_genuine(KEY.public, bytes(64))
    assert answer.receipt.title
    assert answer.receipt.signed_at.tzinfo is not None


@given(value=anything)
def test_whatever_comes_as_an_answer_is_read_or_refused(value: Any) -> None:
    with pytest.raises(BadMessage):
        sync_answer_from(pack(value))
    with pytest.raises(BadMessage):
        sync_answer_from(pack([1, value, value, value, value, value]))
