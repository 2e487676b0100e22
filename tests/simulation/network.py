"""The way between an office and the centre, and all that happens on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.changes import ASSOCIATION, Change
from sync.client.obstacles import obstacle
from sync.frames import BadMessage
from sync.problems import Problem
from sync.protocol import Refusal, sync_answer_from
from tests.simulation.disks import Crash
from tests.simulation.machine import Machine
from tests.simulation.truth import Truth, Violated

# What can become of a request, by the word that the trace has for it.
FAULTS = (
    "request lost", "answer lost", "duplicated", "duplicated, second answer", "save before",
    "save after", "centre crashes", "busy",
)  # fmt: skip
OLD_REQUESTS = 24


class Unlucky(Problem):
    """The exchange failed because the history wanted it to."""

    def __init__(self) -> None:
        known = obstacle("offline")
        super().__init__(known.what, known.advice, code=known.code)


@dataclass
class Network:
    """Every office's way to the centre; `sent` are the latest requests, whoever sent them."""

    machine: Machine
    truth: Truth
    watching: frozenset[str]
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)

    def deliver(self, device: str, branch: str, path: str, body: bytes) -> bytes:
        """The centre's answer. Raises `Refusal`, and what a crash at the centre comes to."""
        try:
            answer = self._ask(path)(body)
        except BadMessage as fault:
            raise Refusal("message", detail=str(fault)) from fault
        except Crash as crash:
            self.machine.centre_disk.reopen()
            raise Unlucky from crash
        finally:
            self.machine.centre_disk.left = None
        self._watch(device, branch, answer if path == "/v1/sync" else b"")
        return answer

    def _ask(self, path: str) -> Callable[[bytes], bytes]:
        centre = self.machine.centre
        return {
            "/v1/sync": centre.sync, "/v1/digest": centre.digest, "/v1/return": centre.take_back,
        }[path]  # fmt: skip

    def _watch(self, device: str, branch: str, answer: bytes) -> None:
        if device in self.truth.revoked and "O8" in self.watching:
            raise Violated("O8", f"{device} was served after it was revoked")
        if "O7" not in self.watching or not answer:
            return
        for page in sync_answer_from(answer).pages:
            scopes = {page.scope} | {i.scope for i in page.items if isinstance(i, Change)}
            if not scopes <= {branch, ASSOCIATION}:
                raise Violated("O7", f"{device} of {branch} was given {sorted(scopes)}")

    def replay(self, at: int) -> str:
        """Somebody sends an old request once more; whatever is answered reaches nobody."""
        device, branch, body = self.sent[at % len(self.sent)]
        try:
            self.deliver(device, branch, "/v1/sync", body)
        except Refusal as refusal:
            return refusal.code
        return "served"

    def remember(self, device: str, branch: str, body: bytes) -> None:
        """Keep a request for later."""
        self.sent.append((device, branch, body))
        del self.sent[:-OLD_REQUESTS]


@dataclass
class Line:
    """One synchronisation's way: `fault` befalls `times` requests from its request number `at`."""

    network: Network
    device: str
    branch: str
    fault: str = ""
    at: int = 1
    times: int = 1
    crash_after: int = 0
    meanwhile: Callable[[], None] = lambda: None
    bytes_up: int = 0
    bytes_down: int = 0
    requests: int = 0

    def post(self, path: str, body: bytes) -> bytes:
        """Carries one request and its answer. Raises `Problem`, `Refusal`."""
        self.requests += 1
        self.bytes_up += len(body)
        if path == "/v1/sync":
            self.network.remember(self.device, self.branch, body)
        fault = self.fault if self.at <= self.requests < self.at + self.times else ""
        if fault in ("request lost", "busy"):
            raise Unlucky
        if fault == "save before":
            self.meanwhile()
        if fault == "centre crashes":
            self.network.machine.centre_disk.left = self.crash_after
        answer = self._delivered(path, body, fault)
        if fault == "save after":
            self.meanwhile()
        if fault == "answer lost":
            raise Unlucky
        self.bytes_down += len(answer)
        return answer

    def _delivered(self, path: str, body: bytes, fault: str) -> bytes:
        """The answer, or that to the second arrival of the same request."""
        answer = self.network.deliver(self.device, self.branch, path, body)
        if not fault.startswith("duplicated"):
            return answer
        try:
            return self.network.deliver(self.device, self.branch, path, body)
        except Refusal:
            if fault != "duplicated":
                raise
            return answer
