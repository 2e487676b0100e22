"""One exchange, as an office meets it: what the centre takes, hands out and signs for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.canonical import first_digest, next_digest
from sync.changes import Change
from sync.protocol import Refusal, SyncAnswer
from sync.receipts import Receipt
from sync.server.embedded import EmbeddedCentre
from tests.sync.pc import Pc


@pytest.fixture
def hanoi(either_centre: EmbeddedCentre) -> Pc:
    return joined(either_centre, "hn")


@pytest.fixture
def neighbour(either_centre: EmbeddedCentre, hanoi: Pc) -> Pc:
    """Another PC of the same branch."""
    return joined(either_centre, "hn")


@pytest.fixture
def hue(either_centre: EmbeddedCentre) -> Pc:
    return joined(either_centre, "hue")


def joined(centre: EmbeddedCentre, branch: str) -> Pc:
    pc = Pc(centre.url)
    pc.enrol(centre.invite(branch), f"Máy của {branch}")
    return pc


def counts(receipt: Receipt) -> tuple[int, int, int]:
    assert receipt.sent == receipt.accepted + receipt.waiting + receipt.rejected
    return receipt.accepted, receipt.waiting, receipt.rejected


def changes_of(answer: SyncAnswer) -> list[Change]:
    return [item for page in answer.pages for item in page.items if isinstance(item, Change)]


def test_what_is_sent_is_accepted_and_reaches_the_other_pc(hanoi: Pc, neighbour: Pc) -> None:
    library = hanoi.library()
    said = hanoi.sync(library)
    assert counts(said.receipt) == (1, 0, 0)
    assert said.setbacks == []
    assert [page.items for page in said.pages] == [[library.id]]
    assert changes_of(neighbour.sync()) == [library]
    assert neighbour.sync().pages == []


def test_a_receipt_bears_the_centres_signature_and_no_other_words(hanoi: Pc) -> None:
    said = hanoi.sync(hanoi.library())
    assert said.receipt.is_genuine(hanoi.us.centre_key, said.signature)
    assert said.receipt.number == hanoi.exchange
    assert said.receipt.centre == hanoi.us.centre
    assert said.receipt.epoch == hanoi.us.epoch
    assert said.receipt.signed_at.tzinfo is not None
    better = replace(said.receipt, accepted=2)
    assert not better.is_genuine(hanoi.us.centre_key, said.signature)


def test_the_chain_of_the_pages_ends_where_the_receipt_says(hanoi: Pc, neighbour: Pc) -> None:
    for number in range(3):
        hanoi.sync(*(hanoi.library(f"Thư viện {number}.{i}") for i in range(4)))
    said = neighbour.sync()
    digest = first_digest("hn")
    for change in changes_of(said):
        digest = next_digest(digest, change.text())
    place = said.receipt.positions["hn"]
    assert (place.seq, place.digest, place.head) == (12, digest, 12)
    assert neighbour.digests({"hn": 12, "association": 0}) == {
        "hn": digest,
        "association": first_digest("association"),
    }


def test_a_digest_beyond_the_ledger_is_empty(hanoi: Pc) -> None:
    assert hanoi.digests({"hn": 7}) == {"hn": ""}


def test_an_answer_that_was_lost_does_no_harm_when_the_work_is_sent_again(hanoi: Pc) -> None:
    library = hanoi.library()
    first = hanoi.sync(library)
    again = hanoi.sync(library, cursors={})
    assert counts(again.receipt) == (1, 0, 0)
    assert again.receipt.positions == first.receipt.positions


def test_an_id_used_for_two_changes_shows_that_the_office_was_copied(hanoi: Pc) -> None:
    library = hanoi.library()
    hanoi.sync(library)
    other = replace(library, values={**library.values, "name": "Khác"})
    with pytest.raises(Refusal, match="stale_exchange"):
        hanoi.sync(hanoi.library(), other)
    assert hanoi.sync().receipt.positions["hn"].head == 1


def test_an_id_used_twice_in_one_request_is_seen_too(hanoi: Pc) -> None:
    library = hanoi.library()
    other = replace(library, values={**library.values, "name": "Khác"})
    with pytest.raises(Refusal, match="stale_exchange"):
        hanoi.sync(library, other)
    said = hanoi.sync(library, library)
    assert counts(said.receipt) == (2, 0, 0)
    assert said.receipt.positions["hn"].head == 1


def test_a_child_waits_for_its_parent_and_is_taken_when_it_has_come(hanoi: Pc) -> None:
    library = hanoi.library()
    headcount = hanoi.headcount(library.record)
    early = hanoi.sync(headcount)
    assert counts(early.receipt) == (0, 1, 0)
    assert [verdict.waiting_for for verdict in early.setbacks] == [library.record]
    assert counts(hanoi.sync(library, headcount).receipt) == (2, 0, 0)


def test_a_broken_rule_comes_back_with_its_field_and_a_sentence(hanoi: Pc) -> None:
    said = hanoi.sync(hanoi.library(name=""), hanoi.library())
    assert counts(said.receipt) == (1, 0, 1)
    verdict = said.setbacks[0]
    assert (verdict.code, verdict.field) == ("required", "name")
    assert "Cần ghi" in verdict.sentence


def test_a_text_that_no_database_keeps_is_refused_beside_its_field(hanoi: Pc) -> None:
    said = hanoi.sync(hanoi.library(name="Thư\0viện"), hanoi.library())
    assert counts(said.receipt) == (1, 0, 1)
    assert (said.setbacks[0].code, said.setbacks[0].field) == ("text", "name")


def test_another_branch_sees_nothing_and_touches_nothing(hanoi: Pc, hue: Pc) -> None:
    library = hanoi.library()
    hanoi.sync(library)
    assert hue.sync().pages == []
    edit = hue.change("library", {"name": "Của tôi"}, action="edit", record=library.record)
    assert [verdict.code for verdict in hue.sync(edit).setbacks] == ["scope"]
    foreign = hue.library(scope="hn")
    assert [verdict.code for verdict in hue.sync(foreign).setbacks] == ["scope"]
    link = hue.sync(hue.headcount(library.record))
    assert [verdict.waiting_for for verdict in link.setbacks] == [library.record]
    assert hanoi.sync().receipt.positions["hn"].head == 1


@pytest.mark.parametrize("asked", ["hn", "", "hue "])
def test_the_ledger_of_another_scope_is_refused(hanoi: Pc, hue: Pc, asked: str) -> None:
    hanoi.sync(hanoi.library())
    with pytest.raises(Refusal, match="scope"):
        hue.sync(cursors={asked: 0})
    with pytest.raises(Refusal, match="scope"):
        hue.digests({asked: 1})


def test_the_scopes_that_are_not_asked_for_come_from_their_beginning(hanoi: Pc) -> None:
    hanoi.sync(hanoi.library())
    said = hanoi.sync(cursors={})
    assert set(said.receipt.positions) == {"hn", "association"}
    assert len(said.pages) == 1


def test_changes_in_another_devices_name_are_refused(hanoi: Pc, neighbour: Pc) -> None:
    said = neighbour.sync(hanoi.library())
    assert [verdict.code for verdict in said.setbacks] == ["identity"]


def test_a_request_in_another_devices_name_is_refused(hanoi: Pc, neighbour: Pc) -> None:
    with pytest.raises(Refusal, match="signature") as refused:
        neighbour.sync(device=hanoi.device)
    assert refused.value.status == 401


def test_a_device_that_never_joined_is_unknown(hanoi: Pc) -> None:
    stranger = Pc(hanoi.url)
    stranger.home = hanoi.us
    with pytest.raises(Refusal, match="unknown_device") as refused:
        stranger.sync()
    assert refused.value.status == 401


def test_a_recorded_request_is_worth_nothing(hanoi: Pc) -> None:
    recorded = hanoi.request([hanoi.library()]).to_bytes(hanoi.key)
    hanoi.ask("/v1/sync", recorded)
    hanoi.sync()
    with pytest.raises(Refusal, match="stale_exchange 2") as refused:
        hanoi.ask("/v1/sync", recorded)
    assert (refused.value.status, refused.value.detail) == (409, "2")
    hanoi.incarnation = "00000002"
    assert counts(hanoi.sync(exchange=1).receipt) == (0, 0, 0)


def test_a_refused_request_does_not_use_up_its_number(hanoi: Pc) -> None:
    with pytest.raises(Refusal, match="scope"):
        hanoi.sync(exchange=5, cursors={"hue": 0})
    assert hanoi.sync(exchange=5).receipt.number == 5


def test_a_message_for_another_centre_is_refused(hanoi: Pc) -> None:
    with pytest.raises(Refusal, match="centre"):
        hanoi.sync(centre="somewhere else")


@pytest.mark.parametrize("incarnation", ["", "0000", "0000000G"])
def test_an_incarnation_that_is_none_is_unreadable(hanoi: Pc, incarnation: str) -> None:
    with pytest.raises(Refusal, match="message"):
        hanoi.sync(incarnation=incarnation)


def test_kinds_and_fields_of_a_later_version_are_kept_and_passed_on(
    hanoi: Pc, neighbour: Pc
) -> None:
    later = hanoi.change("reading_room", {"seats": 40, "open": True, "note": None})
    library = hanoi.library()
    with_more = replace(library, values={**library.values, "colour": "xanh"})
    assert counts(hanoi.sync(later, with_more).receipt) == (2, 0, 0)
    assert changes_of(neighbour.sync()) == [later, with_more]


def test_names_of_the_branchs_computers_come_with_their_changes(hanoi: Pc, neighbour: Pc) -> None:
    hanoi.sync(hanoi.library())
    assert neighbour.sync().labels == {hanoi.device: "Máy của hn"}
    assert neighbour.sync().labels == {}
    hanoi.sync(hanoi.library(), label="Máy phòng đọc")
    assert neighbour.sync().labels == {hanoi.device: "Máy phòng đọc"}


def test_a_long_ledger_comes_in_pages_and_says_how_much_is_left(
    hanoi: Pc, neighbour: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.server.ledger.MOST_CHANGES", 200)
    hanoi.sync(*(hanoi.library(f"Thư viện {number}") for number in range(240)))
    first = neighbour.sync().receipt.positions["hn"]
    assert (first.seq, first.head) == (200, 240)
    second = neighbour.sync()
    assert len(changes_of(second)) == 40
    assert second.receipt.positions["hn"].seq == 240


def test_an_edit_that_had_not_seen_anothers_is_marked_at_the_centre(
    either_centre: EmbeddedCentre, hanoi: Pc, neighbour: Pc
) -> None:
    library = hanoi.library()
    hanoi.sync(library)
    neighbour.sync()
    one = hanoi.change("library", {"name": "Một"}, action="edit", record=library.record, base=1)
    two = neighbour.change("library", {"name": "Hai"}, action="edit", record=library.record, base=1)
    hanoi.sync(one)
    assert counts(neighbour.sync(two).receipt) == (1, 0, 0)
    assert overlaps(either_centre, two.id) == {"name": one.id}


def overlaps(centre: EmbeddedCentre, change: str) -> dict[str, str]:
    from sync.changes import Entry
    from sync.server.database import reading

    with reading(centre.centre.engine, "hn") as session:
        return session.get_one(Entry, change).overlaps
