"""A file carries what the network would, and nothing that happens to a file does harm."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from sync import files
from sync.client.tables import Office as Identity
from sync.files import batch, centre_sealing, offer_of
from sync.keys import SigningKey
from sync.records.library import Library
from sync.server import centre as centres
from sync.server.centre import Centre
from sync.server.database import reading as centre_reading
from sync.server.embedded import settings_of
from tests.builders import (
    DirectWire,
    LostAnswer,
    a_library,
    entries,
    everything,
    exchange,
)
from tests.sync.sealed import identity_of, ledger_of, refused, request_of
from vla_desktop.office import Office
from vla_desktop.store.database import writing
from vla_desktop.store.standing import Light

Opening = Callable[[str], Office]
DRAWN = bytes(range(1, 33))
STRANGER = SigningKey(bytes(32))


@pytest.fixture
def office(busy_office: Office) -> Office:
    return busy_office


def test_a_file_gives_what_the_network_gives(office: Office, near_centre: Centre) -> None:
    written = office.export_batch()
    assert (written.changes, written.left) == (1, 0)
    assert office.standing().light is Light.GREY
    said = near_centre.take_file(written.content)
    taken = office.import_acknowledgement(said.content)
    outcome = taken.outcome
    assert (taken.is_news, outcome.sent, outcome.accepted, outcome.received) == (True, 1, 1, 2)
    assert office.standing().light is Light.GREEN
    assert office.standing().receipt == said.receipt
    assert office.verify_receipt(online=False).holds
    assert office.standing().pending == 0
    before = everything(office)
    assert exchange(office, DirectWire(near_centre)).received == 0
    assert {**everything(office), "receipt": []} == {**before, "receipt": []}


def test_five_hundred_records_take_at_most_300_kb(enrolled: Opening, near_centre: Centre) -> None:
    chance, office = random.Random(7), enrolled("a")
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệ "

    def words(length: int) -> str:
        return "".join(chance.choice(letters) for _ in range(length)).strip().capitalize()

    entries_ = [
        (Library, a_library(name=f"{words(40)} {number}", address=words(90), note=words(250)), None)
        for number in range(500)
    ]
    office.store.save_many(entries_)
    written = office.export_batch()
    said = near_centre.take_file(written.content)
    assert (written.changes, said.receipt.accepted) == (500, 500)
    assert len(written.content) <= 300_000, len(written.content)
    assert len(said.content) <= 300_000


def test_files_in_any_order_and_number_come_to_one_clean_run(
    office: Office, near_centre: Centre
) -> None:
    first = office.export_batch().content
    record = entries(office)[0].record
    office.store.save(Library, {"phone": "0100200300"}, record)
    second = office.export_batch().content
    said = [near_centre.take_file(content).content for content in (second, first, second, first)]
    assert [place[1] for place in ledger_of(near_centre)] == [1, 2, 3, 4]
    assert office.import_acknowledgement(said[1]).is_news
    before = everything(office)
    assert office.standing().light is Light.GREEN
    for content in said:
        office.import_acknowledgement(content)
    assert office.standing().light is Light.GREEN
    assert {**everything(office), "receipt": []} == {**before, "receipt": []}
    assert [office.import_acknowledgement(content).is_news for content in said] == [False] * 4


def test_an_acknowledgement_after_another_brings_only_what_is_new(
    office: Office, near_centre: Centre
) -> None:
    first = office.export_batch().content
    office.store.save(Library, a_library(name="Bốn"))
    second = office.export_batch().content
    early, late = (near_centre.take_file(content).content for content in (first, second))
    assert office.import_acknowledgement(early).outcome.received == 2
    assert office.standing().light is Light.AMBER
    taken = office.import_acknowledgement(late)
    assert (taken.is_news, taken.outcome.received) == (True, 0)
    assert office.standing().light is Light.GREEN


def test_the_network_meanwhile_does_no_harm(office: Office, near_centre: Centre) -> None:
    content = office.export_batch().content
    exchange(office, DirectWire(near_centre))
    office.store.save(Library, a_library(name="Bốn"))
    exchange(office, DirectWire(near_centre))
    before, ledger = everything(office), ledger_of(near_centre)
    said = near_centre.take_file(content).content
    assert ledger_of(near_centre) == ledger
    assert not office.import_acknowledgement(said).is_news
    assert everything(office) == before
    assert office.standing().light is Light.GREEN


def test_a_late_file_is_no_sign_of_a_copied_office(office: Office, near_centre: Centre) -> None:
    content = office.export_batch().content
    with pytest.raises(LostAnswer):
        exchange(office, DirectWire(near_centre, drops=1))
    said = near_centre.take_file(content).content
    incarnation = identity_of(office).incarnation
    exchange(office, DirectWire(near_centre))
    office.import_acknowledgement(said)
    exchange(office, DirectWire(near_centre))
    assert identity_of(office).incarnation == incarnation
    assert len(ledger_of(near_centre)) == 3


def test_every_altered_byte_is_noticed(office: Office, near_centre: Centre) -> None:
    content = office.export_batch().content
    said = near_centre.take_file(content).content
    before, ledger = everything(office), ledger_of(near_centre)
    ways: list[tuple[bytes, Callable[[bytes], object]]] = [
        (content, near_centre.take_file), (said, office.import_acknowledgement)
    ]  # fmt: skip
    for whole, take in ways:
        for at in range(len(whole)):
            altered = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
            assert refused(partial(take, altered)).startswith("file.")
    assert (everything(office), ledger_of(near_centre)) == (before, ledger)


def test_every_cut_is_noticed(office: Office, near_centre: Centre) -> None:
    content = office.export_batch().content
    said = near_centre.take_file(content).content
    before, ledger = everything(office), ledger_of(near_centre)
    ways: list[tuple[bytes, Callable[[bytes], object]]] = [
        (content, near_centre.take_file), (said, office.import_acknowledgement)
    ]  # fmt: skip
    for whole, take in ways:
        for length in range(len(whole)):
            code = refused(partial(take, whole[:length]))
            assert code == ("file.alien" if length < len(files.MAGIC) else "file.truncated")
        assert refused(partial(take, whole + b"\0")) == "file.damaged"
    assert (everything(office), ledger_of(near_centre)) == (before, ledger)


def test_files_for_somebody_else_are_told_apart(
    office: Office, enrolled: Opening, near_centre: Centre, tmp_path: Path
) -> None:
    content = office.export_batch().content
    said = near_centre.take_file(content).content
    other = enrolled("b")
    stranger = Centre(settings_of(tmp_path / "stranger.db"))
    older = files.MAGIC + b"\0" + content[len(files.MAGIC) + 1 :]
    assert refused(lambda: other.import_acknowledgement(said)) == "file.recipient"
    assert refused(lambda: stranger.take_file(content)) == "file.centre"
    assert refused(lambda: near_centre.take_file(said)) == "file.kind"
    assert refused(lambda: office.import_acknowledgement(content)) == "file.kind"
    assert refused(lambda: near_centre.take_file(older)) == "file.version"
    assert refused(lambda: near_centre.take_file(bytes(files.MOST_FILE + 1))) == "file.too_large"
    stranger.close()


def test_a_file_is_read_no_further_than_a_file_can_reach(tmp_path: Path) -> None:
    path = tmp_path / "lớn"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert refused(lambda: files.read(path)) == "file.too_large"
    assert refused(lambda: files.read(tmp_path / "không có")) == "file.unreadable"


def test_an_acknowledgement_to_an_earlier_life_is_not_taken(
    office: Office, near_centre: Centre
) -> None:
    said = near_centre.take_file(office.export_batch().content).content
    with writing(office._engine) as session:
        session.get_one(Identity, 1).incarnation = "0000000f"
    before = everything(office)
    assert refused(lambda: office.import_acknowledgement(said)) == "file.incarnation"
    assert refused(office.export_batch) == "file.renewal"
    assert everything(office) == before


def test_an_acknowledgement_of_a_file_never_written_is_not_taken(
    office: Office, near_centre: Centre
) -> None:
    said = near_centre.take_file(office.export_batch().content).content
    with writing(office._engine) as session:
        session.get_one(Identity, 1).exchange = 0
    before = everything(office)
    assert refused(lambda: office.import_acknowledgement(said)) == "file.future"
    assert everything(office) == before


def test_an_acknowledgement_of_another_branch_is_not_taken(
    office: Office, near_centre: Centre
) -> None:
    said = near_centre.take_file(office.export_batch().content).content
    with writing(office._engine) as session:
        session.get_one(Identity, 1).branch = "HCM"
    before = everything(office)
    assert refused(lambda: office.import_acknowledgement(said)) == "file.branch"
    assert everything(office) == before


def test_the_same_names_for_other_things_are_refused(office: Office, near_centre: Centre) -> None:
    us = identity_of(office)
    near_centre.take_file(office.export_batch().content)
    ledger = ledger_of(near_centre)
    changes = [replace(change, author="Bản sao") for change in request_of(office).changes]
    content = batch(request_of(office, changes=changes), us.key, us.sealing_key, DRAWN)
    assert refused(lambda: near_centre.take_file(content)) == "stale_exchange"
    assert ledger_of(near_centre) == ledger


def test_who_has_not_joined_writes_and_reads_no_file(open_office: Opening) -> None:
    office = open_office("alone")
    assert refused(office.export_batch) == "sync.not_enrolled"
    assert refused(lambda: office.import_acknowledgement(b"")) == "sync.not_enrolled"


def test_an_office_that_joined_earlier_gets_the_key_with_its_next_exchange(
    office: Office, near_centre: Centre
) -> None:
    with writing(office._engine) as session:
        session.get_one(Identity, 1).sealing_key = b""
    assert refused(office.export_batch) == "file.no_key"
    exchange(office, DirectWire(near_centre))
    assert identity_of(office).sealing_key == centre_sealing(near_centre.identity.key).public
    assert near_centre.take_file(office.export_batch().content).receipt.sent == 0


def test_a_key_that_the_centre_did_not_sign_is_no_key(near_centre: Centre) -> None:
    public = near_centre.identity.key.public
    offer = offer_of(near_centre.identity.key)
    assert files.sealing_key_in(offer, public) == offer[:32]
    assert files.sealing_key_in(offer_of(STRANGER), public) == b""
    assert files.sealing_key_in(offer[:31] + bytes([offer[31] ^ 1]) + offer[32:], public) == b""
    assert files.sealing_key_in(b"", public) == b""


def test_more_than_a_file_holds_goes_in_the_next_one(
    enrolled: Opening, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.client.by_file.MOST_CHANGES", 2)
    office = enrolled("a")
    for name in ("Một", "Hai", "Ba"):
        office.store.save(Library, a_library(name=name))
    lefts = []
    for _file in range(2):
        written = office.export_batch()
        lefts.append((written.changes, written.left))
        office.import_acknowledgement(near_centre.take_file(written.content).content)
    assert lefts == [(2, 1), (1, 0)]
    assert office.standing().light is Light.GREEN
    with centre_reading(near_centre.engine) as session:
        assert centres.digests(session)[0][1] == 3
