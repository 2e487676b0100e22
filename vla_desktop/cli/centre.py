"""pending, sync, verify-receipt, digest, review: where the office stands with the centre."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from sync.client.proof import Proof
from sync.receipts import Receipt
from sync.records import BY_NAME
from sync.texts import _
from vla_desktop.cli.answer import DONE, REFUSED, Answer, Ticker
from vla_desktop.cli.faults import label
from vla_desktop.cli.opening import opened
from vla_desktop.cli.upkeep import deletion_lines, deletions_document
from vla_desktop.office import Office, Outcome, PendingChange
from vla_desktop.store.review import ReviewItem
from vla_desktop.store.rows import RecordState

REFUSED_SORT = "refused"


def pending(home: Path, _given: Namespace) -> Answer:
    """What the centre has not numbered yet, in the order it was written."""
    with opened(home) as office:
        standing = office.standing()
        changes = office.pending(limit=max(standing.pending, 1))
    document = {
        "count": standing.pending,
        "waiting": standing.waiting,
        "refused": standing.refused,
        "changes": [_pending_document(change) for change in changes],
    }
    lines = [_("{count} thay đổi chưa được Trung ương lưu.").format(count=standing.pending)]
    for change in changes:
        words = [change.action, change.kind, change.record, change.title, _state(change).word]
        lines.append("\t".join(words))
    return Answer(document, lines)


def _pending_document(change: PendingChange) -> dict[str, Any]:
    return {
        "change": change.id,
        "kind": change.kind,
        "id": change.record,
        "title": change.title,
        "action": change.action,
        "state": _state(change).value,
        "at": change.written_at.isoformat(),
    }


def _state(change: PendingChange) -> RecordState:
    return RecordState(change.setback) if change.setback else RecordState.UNSENT


def sync(home: Path, given: Namespace) -> Answer:
    """Exchange with the centre; what it refused, now or before, is listed with the reason.

    Great deletions are held until a word says what is to become of them.
    """
    with opened(home) as office:
        deletions = office.deletions
        if given.send_deletions:
            deletions.send(deletions.held())
        if given.restore_deletions:
            deletions.restore([*deletions.held(), *deletions.arrived()])
        return outcome_answer(office, office.synchronise(Ticker()))


def outcome_answer(office: Office, outcome: Outcome) -> Answer:
    """What an exchange came to, whichever way it went, and what there is to decide since."""
    refused = [item for item in office.store.review() if item.sort == REFUSED_SORT]
    held, arrived = office.deletions.held(), office.deletions.arrived()
    document = {
        **_counts(outcome),
        "light": office.standing().light.value,
        "receipt": receipt_document(outcome.receipt),
        "refused": [_item_document(item) for item in refused],
        **deletions_document(held, arrived),
    }
    remarks = [*_item_lines(refused), *deletion_lines(held, arrived)]
    return Answer(document, _outcome_lines(outcome), remarks)


def _counts(outcome: Outcome) -> dict[str, int]:
    return {
        "sent": outcome.sent,
        "accepted": outcome.accepted,
        "waiting": outcome.waiting,
        "rejected": outcome.rejected,
        "held": outcome.held,
        "received": outcome.received,
        "requests": outcome.requests,
        "bytes_up": outcome.bytes_up,
        "bytes_down": outcome.bytes_down,
    }


def _outcome_lines(outcome: Outcome) -> list[str]:
    lines = [
        _("Đã gửi [sent]: {count}").format(count=outcome.sent),
        _("Trung ương nhận [accepted]: {count}").format(count=outcome.accepted),
        _("Đang chờ [waiting]: {count}").format(count=outcome.waiting),
        _("Bị từ chối [rejected]: {count}").format(count=outcome.rejected),
        _("Tải về [received]: {count}").format(count=outcome.received),
    ]
    return lines + (_receipt_lines(outcome.receipt) if outcome.receipt else [])


def receipt_document(receipt: Receipt | None) -> dict[str, Any] | None:
    """A receipt with the places in the ledgers that the centre signed for."""
    if receipt is None:
        return None
    positions = {
        scope: {"seq": place.seq, "digest": place.digest, "head": place.head}
        for scope, place in receipt.positions.items()
    }
    return {
        "number": receipt.number,
        "title": receipt.title,
        "at": receipt.at,
        "centre": receipt.centre,
        "epoch": receipt.epoch,
        "device": receipt.device,
        "incarnation": receipt.incarnation,
        "sent": receipt.sent,
        "accepted": receipt.accepted,
        "waiting": receipt.waiting,
        "rejected": receipt.rejected,
        "positions": positions,
    }


def _receipt_lines(receipt: Receipt) -> list[str]:
    at = f"{receipt.signed_at.astimezone():%d/%m/%Y %H:%M}"
    head = _("Biên nhận {title} lúc {at}").format(title=receipt.title, at=at)
    places = receipt.positions.items()
    return [head, *(f"  {scope}\t{place.seq}\t{place.digest}" for scope, place in places)]


def verify_receipt(home: Path, given: Namespace) -> Answer:
    """Check the newest receipt; one that does not hold is a refusal."""
    with opened(home) as office:
        proof = office.verify_receipt(online=given.online)
    document = {
        "holds": proof.holds,
        "genuine": proof.is_genuine,
        "online": given.online,
        "receipt": receipt_document(proof.receipt),
        "scopes": _scopes(proof),
    }
    if proof.holds:
        return Answer(document, [_("Biên nhận đúng."), *_receipt_lines(proof.receipt)])
    what = _("Biên nhận {title} không khớp với sổ.").format(title=proof.receipt.title)
    advice = _("Anh/chị đồng bộ lại; nếu vẫn vậy, gọi Trung ương Hội và đọc câu này.")
    return Answer(document, [what], [what, advice], REFUSED)


def _scopes(proof: Proof) -> dict[str, Any]:
    return {
        scope: {
            "seq": one.seq,
            "signed": one.signed,
            "here": one.here,
            "centre": one.centre,
            "holds": one.holds,
        }
        for scope, one in proof.scopes.items()
    }


def digest(home: Path, _given: Namespace) -> Answer:
    """How far each ledger reaches here, and the digest there; the centre's verb says the same."""
    with opened(home) as office:
        digests = office.digests()
    document = {scope: {"seq": seq, "digest": text} for scope, (seq, text) in digests.items()}
    return Answer(document, [f"{scope}\t{seq}\t{text}" for scope, (seq, text) in digests.items()])


def review(home: Path, _given: Namespace) -> Answer:
    """What a person should look at."""
    with opened(home) as office:
        items = office.store.review()
    document = {"count": len(items), "items": [_item_document(item) for item in items]}
    return Answer(document, _item_lines(items), code=DONE)


def _item_document(item: ReviewItem) -> dict[str, str]:
    return {
        "kind": item.kind,
        "id": item.id,
        "title": item.title,
        "sort": item.sort,
        "field": item.field,
        "label": label(BY_NAME[item.kind], item.field) if item.kind in BY_NAME else "",
        "sentence": item.sentence,
        "mine": item.mine,
        "theirs": item.theirs,
        "change": item.change_id,
    }


def _item_lines(items: list[ReviewItem]) -> list[str]:
    return [
        f"{item.sort}\t{item.kind}\t{item.id}\t{item.title}\t{item.field}\t{item.sentence}"
        for item in items
    ]
