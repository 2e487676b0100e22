"""Nobody can make, alter or borrow a file that either end would believe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sync import files
from sync.client import intake
from sync.files import Sort, acknowledgement, batch, centre_sealing, reply_sealing
from sync.keys import SigningKey
from sync.protocol import Page, sync_request_from
from sync.records.library import Library
from sync.server import accounts
from sync.server.centre import Centre
from sync.server.database import writing as centre_writing
from tests.builders import (
    NOW,
    a_library,
    entries,
    everything,
)
from tests.sync.sealed import answer_in, identity_of, ledger_of, refused, request_of
from vla_desktop.office import Office

DRAWN = bytes(range(1, 33))
STRANGER = SigningKey(bytes(32))


@pytest.fixture
def office(busy_office: Office) -> Office:
    return busy_office


@pytest.mark.parametrize(
    ("altering", "code"),
    [
        ({"cursors": {"HCM": 0, "association": 0}}, "scope"),
        ({"device": "0" * 12}, "unknown_device"),
        ({"centre": "khác"}, "file.centre"),
    ],
)
def test_a_file_that_asks_for_what_is_not_its_own_is_refused(
    altering: dict[str, Any], code: str, office: Office, near_centre: Centre
) -> None:
    us, ledger = identity_of(office), ledger_of(near_centre)
    content = batch(request_of(office, **altering), us.key, us.sealing_key, DRAWN)
    assert refused(lambda: near_centre.take_file(content)) == code
    assert ledger_of(near_centre) == ledger


def test_changes_of_another_branch_are_refused_one_by_one(
    office: Office, near_centre: Centre
) -> None:
    us, ledger = identity_of(office), ledger_of(near_centre)
    changes = [replace(change, scope="HCM") for change in request_of(office).changes]
    content = batch(request_of(office, changes=changes), us.key, us.sealing_key, DRAWN)
    assert near_centre.take_file(content).receipt.rejected == 1
    assert ledger_of(near_centre) == ledger


def test_a_file_of_a_revoked_computer_is_refused(office: Office, near_centre: Centre) -> None:
    content = office.export_batch().content
    before, ledger = everything(office), ledger_of(near_centre)
    with centre_writing(near_centre.engine) as session:
        accounts.revoke(session, identity_of(office).device, NOW)
    assert refused(lambda: near_centre.take_file(content)) == "revoked"
    assert (everything(office), ledger_of(near_centre)) == (before, ledger)


def forged_batch(office: Office) -> bytes:
    """A file in the office's name that a stranger signed."""
    return batch(request_of(office), STRANGER, identity_of(office).sealing_key, DRAWN)


def forged_acknowledgement(office: Office, near_centre: Centre) -> bytes:
    """Genuine words of the centre, of which a stranger made a file with a verdict of his own."""
    said = near_centre.take_file(office.export_batch().content).content
    us, answer = identity_of(office), answer_in(office, said)
    forged = replace(answer, labels={us.device: "Máy lạ"})
    return acknowledgement(forged, STRANGER, us.device, reply_sealing(us.key).public, DRAWN)


def test_what_a_stranger_signed_is_not_believed(office: Office, near_centre: Centre) -> None:
    ledger = ledger_of(near_centre)
    assert refused(lambda: near_centre.take_file(forged_batch(office))) == "signature"
    assert ledger_of(near_centre) == ledger
    content, before = forged_acknowledgement(office, near_centre), everything(office)
    assert refused(lambda: office.import_acknowledgement(content)) == "file.signature"
    assert everything(office) == before


def test_only_the_signature_keeps_a_strangers_files_out(
    office: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is planted: without the check, both forgeries above would be taken in."""
    content = forged_acknowledgement(office, near_centre)
    monkeypatch.setattr(files, "verifies", lambda *_: True)
    assert office.import_acknowledgement(content).is_news
    monkeypatch.setattr("sync.protocol.verifies", lambda *_: True)
    office.store.save(Library, a_library(name="Bốn"))
    assert near_centre.take_file(forged_batch(office)).receipt.accepted == 1


def altered_page(office: Office, near_centre: Centre) -> bytes:
    """A file that the centre signed, whose page is not what its receipt is about."""
    said = near_centre.take_file(office.export_batch().content).content
    us, answer = identity_of(office), answer_in(office, said)
    (page,) = answer.pages
    items = [
        item if isinstance(item, str) else replace(item, values={**item.values, "name": "Giả"})
        for item in page.items
    ]
    altered = replace(answer, pages=[Page(page.scope, items)])
    key = near_centre.identity.key
    return acknowledgement(altered, key, us.device, reply_sealing(us.key).public, DRAWN)


def test_a_page_that_gives_another_digest_changes_nothing(
    office: Office, near_centre: Centre
) -> None:
    content, before = altered_page(office, near_centre), everything(office)
    assert refused(lambda: office.import_acknowledgement(content)) in (
        "sync.digest", "file.incarnation"
    )  # fmt: skip
    assert everything(office) == before


def test_only_the_digest_keeps_an_altered_page_out(
    office: Office, near_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is planted: without the comparison, the page above would be taken in."""
    content = altered_page(office, near_centre)
    digest = answer_in(office, content).receipt.positions["HN"].digest
    monkeypatch.setattr(intake, "digests_after", lambda _digest, texts: (digest for _ in texts))
    assert office.import_acknowledgement(content).is_news
    assert {row.title for row in office.store.rows(Library, [e.record for e in entries(office)])} \
        >= {"Giả"}  # fmt: skip


def test_a_request_that_was_overheard_makes_no_file(office: Office, near_centre: Centre) -> None:
    """Neither can what a file carries be played at the network's door once more, later on."""
    us = identity_of(office)
    request = request_of(office)
    content = batch(request, us.key, us.sealing_key, DRAWN)
    body = files.opened(
        content, Sort.BATCH, us.centre, "", centre_sealing(near_centre.identity.key)
    )
    near_centre.sync(files.batch_from(body).request)
    near_centre.sync(replace(request, exchange=request.exchange + 1).to_bytes(us.key))
    assert refused(lambda: near_centre.sync(files.batch_from(body).request)) == "stale_exchange"
    overheard, sealed = sync_request_from(request.to_bytes(us.key))
    assert overheard == request
    assert refused(lambda: sealed.check(us.key.public, files.FILE_PURPOSE)) == "signature"


def test_two_files_of_the_same_work_look_nothing_alike(office: Office) -> None:
    one, two = (office.export_batch().content for _ in range(2))
    assert one[90:] != two[90:]
    assert len({one[10:42], two[10:42]}) == 2
