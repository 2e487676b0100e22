"""Every way in which the centre says no. Codes are stable; what clerks read is up to the office."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from sync.protocol import Refusal

REFUSALS: Final = MappingProxyType(
    {
        "message": (400, "The body is not a message of this protocol, or goes past its bounds."),
        "signature": (401, "The message does not bear the signature of the device it names."),
        "unknown_device": (401, "The centre does not know this device."),
        "code": (403, "The one-time code is wrong, used, expired, or was tried too often."),
        "revoked": (403, "The device was revoked."),
        "scope": (403, "The device may not see a scope that it asked for."),
        "not_found": (404, "There is nothing at this address."),
        "method": (405, "This address takes another method."),
        "centre": (409, "The message is meant for another centre."),
        "enrolled": (409, "The device is enrolled in another branch."),
        "stale_exchange": (
            409,
            "The number is not above `detail`, the highest seen: the office is a copy or restored.",
        ),
        "epoch": (409, "The centre was restored from a backup; first the office goes back to it."),
        "proof": (409, "No receipt of this centre proves that this piece of the ledger was its."),
        "version": (409, "The centre does not speak this version of the protocol."),
        "gone": (410, "The centre does not keep this snapshot any more, or has none to give."),
        "too_large": (413, "The body is longer than the centre takes."),
        "content_encoding": (
            415,
            "Content-Encoding is not accepted: a frame is bounded by itself.",
        ),
        "content_type": (415, "The body must bear the content type of this protocol."),
        "too_often": (429, "Asked too often. Retry-After, like `detail`, says when to come back."),
        "fault": (500, "A fault of the centre's own; its log says more."),
        "busy": (503, "The database does not answer in time. Retry-After says when to come back."),
    }
)


def refusal(code: str, detail: str = "") -> Refusal:
    """The refusal with this code and the status that belongs to it."""
    return Refusal(code, REFUSALS[code][0], detail)
