"""A PC of a branch as the centre sees one: it speaks the wire over a real socket."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from sync.changes import Change
from sync.digests import DigestRequest, digests_from
from sync.identity import Origin, device_of
from sync.keys import SigningKey
from sync.protocol import (
    CONTENT_TYPE,
    EnrolAnswer,
    EnrolRequest,
    Refusal,
    SyncAnswer,
    SyncRequest,
    enrol_answer_from,
    sync_answer_from,
)
from sync.records.types import WireValue

LIBRARY: Mapping[str, WireValue] = {"name": "Thư viện tỉnh", "type": "public", "commune": "00004"}
HEADCOUNT: Mapping[str, WireValue] = {"year": 2026, "source": "library", "total": 12}


class Pc:
    """Holds a key, counts its exchanges and ids, and remembers how far it has read."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key = SigningKey(os.urandom(32))
        self.device = device_of(self.key.public)
        self.incarnation = "00000001"
        self.exchange = self.counter = 0
        self.cursors: dict[str, int] = {}
        self.home: EnrolAnswer | None = None

    @property
    def us(self) -> EnrolAnswer:
        """What the centre said at enrolment."""
        assert self.home is not None
        return self.home

    def post(self, path: str, body: bytes, **headers: str) -> requests.Response:
        """Send bytes as they are."""
        sent = {"Content-Type": CONTENT_TYPE}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.post(self.url + path, data=body, headers=sent, timeout=60)

    def ask(self, path: str, body: bytes) -> bytes:
        """The answer's bytes. Raises `Refusal`."""
        answer = self.post(path, body)
        if answer.status_code != 200:
            said = answer.json()
            raise Refusal(said["code"], answer.status_code, said["detail"])
        assert answer.headers["content-type"] == CONTENT_TYPE
        return answer.content

    def enrol(self, code: str, label: str = "Máy tiếp dân") -> EnrolAnswer:
        """Join by a code."""
        request = EnrolRequest(code, self.key.public, label)
        self.home = enrol_answer_from(self.ask("/v1/enrol", request.to_bytes(self.key)))
        return self.home

    def next_id(self) -> str:
        """An id as this PC makes them."""
        self.counter += 1
        return Origin(self.device, self.incarnation).id_at(self.counter)

    def change(self, kind: str, values: Mapping[str, Any], **other: Any) -> Change:
        """A change of this PC's, a creation unless said otherwise."""
        facts: dict[str, Any] = {
            "id": self.next_id(), "scope": self.us.branch, "kind": kind, "record": "",
            "action": "create", "values": dict(values), "base": 0, "author": "Văn thư",
            "written_at": "2026-05-04T08:00:00+00:00",
        } | other  # fmt: skip
        facts["record"] = facts["record"] or self.next_id()
        return Change(**facts)

    def library(self, name: str = "Thư viện tỉnh", **other: Any) -> Change:
        """A new library."""
        return self.change("library", {**LIBRARY, "name": name}, **other)

    def headcount(self, library: str, **other: Any) -> Change:
        """A new headcount of a library."""
        return self.change("headcount", {**HEADCOUNT, "library": library}, **other)

    def request(self, changes: Sequence[Change] = (), **other: Any) -> SyncRequest:
        """The next request."""
        self.exchange += 1
        facts: dict[str, Any] = {
            "device": self.device, "incarnation": self.incarnation, "exchange": self.exchange,
            "centre": self.us.centre, "cursors": self.cursors, "changes": changes,
        } | other  # fmt: skip
        return SyncRequest(**facts)

    def sync(self, *changes: Change, **other: Any) -> SyncAnswer:
        """One exchange; the cursors move on."""
        body = self.request(changes, **other).to_bytes(self.key)
        answer = sync_answer_from(self.ask("/v1/sync", body))
        self.cursors = {scope: place.seq for scope, place in answer.receipt.positions.items()}
        return answer

    def digests(self, places: Mapping[str, int]) -> dict[str, str]:
        """The centre's digests at these places."""
        request = DigestRequest(self.device, self.us.centre, places, secrets.token_hex(8))
        asked = request.to_bytes(self.key)
        return digests_from(self.ask("/v1/digest", asked), asked, self.us.centre_key)


def refusal_of(answer: requests.Response) -> str:
    """The code in an answer that says no."""
    assert answer.headers["content-type"] == "application/json"
    return str(json.loads(answer.content)["code"])


__all__ = ["HEADCOUNT", "LIBRARY", "Pc", "refusal_of"]
