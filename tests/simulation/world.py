"""One history: which offices there are, what happens in them, and in which order."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from sync.changes import Entry
from sync.client.obstacles import obstacle
from sync.problems import InvalidRecord, Problem
from sync.records import BY_NAME
from sync.records.base import Record
from sync.server import accounts
from sync.server.database import writing as centre_writing
from tests.builders import a_library, a_member, a_unit
from tests.simulation import trouble
from tests.simulation.disks import Image
from tests.simulation.kinds import KINDS, TEXTS
from tests.simulation.machine import BRANCHES, START, Machine
from tests.simulation.network import FAULTS, Line, Network, Unlucky
from tests.simulation.replica import Replica
from tests.simulation.truth import Truth, Violated

MOST_REPLICAS = 7
EVENTS = {
    "edit": 30, "create": 9, "bin": 5, "undo": 4, "sync": 20, "faulty sync": 16, "replay": 4,
    "crash": 4, "crash in sync": 4, "backup": 4, "restore": 3, "clone": 3, "revoke": 1,
    "poison": 2, "repair": 4, "newer": 2, "snoop": 1, "centre backup": 2, "centre restore": 0,
}  # fmt: skip
# Every seventh history is about a centre that is restored. Offices are not copied or put back in
# these: with both at once some changes are still numbered twice.
CENTRAL_EVERY = 7
CENTRAL_EVENTS = EVENTS | {"centre backup": 4, "centre restore": 4, "restore": 0, "clone": 0}
SKEW_S = 10 * 365 * 86_400


@dataclass
class World:
    """Everything is drawn from `seed`. `watching` names the oracles that may speak."""

    seed: int
    machine: Machine
    watching: frozenset[str]
    is_full: bool = False
    told: list[str] = field(default_factory=list)
    replicas: list[Replica] = field(default_factory=list)
    truth: Truth = field(default_factory=Truth)
    words: int = 0
    central_copy: Image | None = None
    is_resting: bool = False

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.machine.wipe()
        self.network = Network(self.machine, self.truth, self.watching)
        self._stamps: set[int] = set()
        branches = BRANCHES[: self.random.choice([1, 2, 2])]
        for place in range(self.random.choice([2, 2, 3, 3, 4, 5])):
            branch = branches[0] if place < 2 else self.random.choice(branches)
            secret = hashlib.sha256(f"{self.seed} {place}".encode()).digest()
            replica = self._replica(branch, secret)
            self.machine.enrol(replica.device, replica.key().public, branch)
            replica.found()
            self.replicas.append(replica)
        for replica in self.replicas:
            replica.save(BY_NAME["organisation_unit"], a_unit(name=self.word()))
            replica.save(BY_NAME["library"], a_library(name=self.word()))

    def _replica(self, branch: str, secret: bytes) -> Replica:
        number = len(self.replicas)
        skew_s = self.random.choice([0, 0, self.random.randint(-SKEW_S, SKEW_S)])
        return Replica(
            name=f"{branch}{number}", branch=branch, secret=secret,
            disk=self.machine.disk(number, sealed=self.is_full), machine=self.machine,
            truth=self.truth, incarnation=lambda: f"{self.random.getrandbits(32):08x}",
            clock=lambda: self._clock(skew_s), is_full=self.is_full,
            batch=self.random.choice([1, 3, 1000]),
        )  # fmt: skip

    def _clock(self, skew_s: int) -> dt.datetime:
        """A wrong clock, but never the same second twice anywhere."""
        right = int((self.machine.now - START).total_seconds())
        second = right if self.is_resting else right + skew_s
        while second in self._stamps:
            second += 1
        self._stamps.add(second)
        return START + dt.timedelta(seconds=second)

    def word(self) -> str:
        """Something to type that nobody typed before."""
        self.words += 1
        return f"t{self.words}"

    # Events

    def step(self) -> Replica:
        """The next event; gives the office it happened in."""
        self.machine.now += dt.timedelta(seconds=self.random.randint(1, 90_000))
        replica = self.random.choice(self.replicas)
        events = CENTRAL_EVENTS if self.seed % CENTRAL_EVERY == 4 else EVENTS
        name = self.random.choices(list(events), weights=list(events.values()))[0]
        detail = self._happen(name, replica)
        self.tell(f"{replica.name} {name} {detail}".strip())
        return replica

    def _happen(self, name: str, replica: Replica) -> str:
        if name in trouble.TROUBLES:
            return trouble.TROUBLES[name](self, replica)
        deeds: dict[str, Callable[[Replica], str]] = {
            "edit": self.edit, "create": self.create, "bin": self._bin, "undo": self._undo,
            "sync": self._sync, "faulty sync": self._faulty_sync, "replay": self._replay,
            "crash": self._crash, "crash in sync": self._crash_in_sync, "backup": self._backup,
            "restore": self._restore, "clone": self._clone, "revoke": self._revoke,
            "centre backup": self._centre_backup, "centre restore": self._centre_restore,
        }  # fmt: skip
        return deeds[name](replica)

    def tell(self, sentence: str) -> None:
        """A line of the trace."""
        self.told.append(f"{len(self.told)}: {sentence}")

    def attempt(self, deed: Callable[[], object]) -> str:
        """What a form or an undo refuses is no save."""
        try:
            return str(deed() or "")
        except InvalidRecord as invalid:
            return "not allowed: " + ", ".join(sorted(invalid.by_field))
        except Problem as problem:
            return problem.code

    def _some(self, replica: Replica, kind: str) -> str:
        statement = f"SELECT id FROM {kind} WHERE scope = ? ORDER BY id"  # noqa: S608
        found = replica.rows(statement, replica.branch)
        return str(self.random.choice(found)[0]) if found else ""

    def any_record(self, replica: Replica) -> tuple[type[Record], str, str]:
        kind = self.random.choice(KINDS)
        return BY_NAME[kind], kind, self._some(replica, kind)

    def _values(self, replica: Replica, kind: str) -> dict[str, Any]:
        names = self.random.sample(TEXTS[kind], self.random.randint(1, 2))
        values: dict[str, Any] = {name: self.word() for name in names}
        if kind == "member" and self.random.random() < 0.3:
            values["workplace"] = self._some(replica, "library")
        return values

    def edit(self, replica: Replica) -> str:
        kind, name, record = self.any_record(replica)
        values = self._values(replica, name)
        if not record:
            return "nothing"
        return (
            self.attempt(lambda: replica.save(kind, values, record)) + f" {sorted(values.items())}"
        )

    def create(self, replica: Replica) -> str:
        unit, word = self._some(replica, "organisation_unit"), self.word()
        workplace = self._some(replica, "library")
        is_member = self.random.random() < 0.6
        if unit and is_member:
            values = a_member(unit=unit, workplace=workplace, full_name=word)
            return self.attempt(lambda: replica.save(BY_NAME["member"], values))
        return self.attempt(lambda: replica.save(BY_NAME["library"], a_library(name=word)))

    def _bin(self, replica: Replica) -> str:
        kind, _name, record = self.any_record(replica)
        deleted = self.random.random() < 0.6
        if not record:
            return "nothing"
        self.attempt(lambda: replica.bin(kind, record, deleted))
        return f"{record} {deleted}"

    def _undo(self, replica: Replica) -> str:
        return self.attempt(replica.undo)

    def line(self, replica: Replica, fault: str = "") -> Line:
        """A way to the centre for one synchronisation."""
        return Line(
            self.network, replica.device, replica.branch, fault,
            at=self.random.choice([1, 1, 1, 2]),
            times=self.random.choice([1, 1, 2, 9]), crash_after=self.random.randint(0, 45),
            meanwhile=lambda: self.tell(f"… {self.edit(replica)}"),
        )  # fmt: skip

    def synchronise(self, replica: Replica, line: Line) -> str:
        """One synchronisation and what came of it; the oracles hear of a wrong obstacle."""
        try:
            outcome = replica.synchronise(line)
        except Unlucky:
            return "broken off"
        except Problem as problem:
            if problem.code == "sync.revoked" and replica.device in self.truth.revoked:
                return "revoked"
            # A second answer to the same request can only be a refusal.
            if problem.code == obstacle("digest").code and line.fault.endswith("second answer"):
                return "turned away"
            if "O6" in self.watching:
                raise Violated("O6", f"{replica.name} was stopped by {problem.code}") from problem
            return problem.code
        return f"{outcome.sent} sent, {outcome.received} received"

    def _sync(self, replica: Replica) -> str:
        return self.synchronise(replica, self.line(replica))

    def _faulty_sync(self, replica: Replica) -> str:
        fault = self.random.choice(FAULTS)
        return fault + ": " + self.synchronise(replica, self.line(replica, fault))

    def _replay(self, _replica: Replica) -> str:
        at = self.random.randrange(99)
        return self.network.replay(at) if self.network.sent else "nothing"

    def _crash(self, replica: Replica) -> str:
        after, deed = self.random.randint(0, 14), self.random.choice([self.edit, self.create])
        crashed = replica.crashing(after, lambda: deed(replica))
        return "in the middle" if crashed else "not"

    def _crash_in_sync(self, replica: Replica) -> str:
        after, line = self.random.randint(0, 45), self.line(replica)
        crashed = replica.crashing(after, lambda: self.synchronise(replica, line))
        return "in the middle" if crashed else "not"

    # Lives of offices

    def _backup(self, replica: Replica) -> str:
        replica.copies = [*replica.copies, replica.copy()][-2:]
        return ""

    def _restore(self, replica: Replica) -> str:
        if not replica.copies:
            return "nothing"
        replica.become(self.random.choice(replica.copies))
        return f"to {len(replica.typed)} saves"

    def _clone(self, replica: Replica) -> str:
        if len(self.replicas) >= MOST_REPLICAS or replica.device in self.truth.revoked:
            return "nothing"
        other = self._replica(replica.branch, replica.secret)
        other.become(replica.copy())
        self.replicas.append(other)
        return other.name

    def _revoke(self, replica: Replica) -> str:
        if len({r.device for r in self.replicas} - self.truth.revoked) < 3:
            return "nobody"
        with centre_writing(self.machine.centre.engine) as session:
            accounts.revoke(session, replica.device, self.machine.now)
        self.truth.revoked.add(replica.device)
        return ""

    # The life of the centre

    def _centre_backup(self, _replica: Replica) -> str:
        self.central_copy = self.machine.centre_disk.image()
        return ""

    def _centre_restore(self, _replica: Replica) -> str:
        if self.central_copy is None:
            return "nothing"
        self.machine.restore(self.central_copy, f"{self.random.getrandbits(64):016x}")
        with centre_writing(self.machine.centre.engine) as session:
            for device in sorted(self.truth.revoked):
                accounts.revoke(session, device, self.machine.now)
            rows = session.execute(select(Entry.written_at, Entry.seq))
            held: dict[str, int | None] = {row.written_at: row.seq for row in rows}
        known = self.truth.acknowledged
        self.truth.acknowledged = {s: seq if held.get(s) == seq else 0 for s, seq in known.items()}
        self.truth.restores += 1
        return f"to {len(held)} changes"
