"""Everything that somebody can ask of a centre about a branch that is not theirs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import requests
from sqlalchemy import MetaData, select

from sync import files
from sync.changes import ASSOCIATION, Change
from sync.digests import DigestRequest
from sync.frames import BadMessage, unpack
from sync.problems import Problem
from sync.protocol import EnrolRequest, enrol_answer_from, sync_answer_from
from sync.provisions import ProvisionsRequest
from sync.readmission import ReadmissionRequest
from sync.records.base import Shared
from sync.returns import Proof, ReturnRequest
from sync.server.database import reading
from sync.server.embedded import EmbeddedCentre
from sync.server.isolation import EVERYWHERE
from sync.server.pages import FILE_TYPE
from sync.server.tables import Own, SnapshotPage
from sync.snapshots import HistoryRequest, SnapshotRequest
from tests.sync.pc import Pc

SECRET = "Chim hoàng yến"  # in every text that the victims typed
VICTIM, NEIGHBOUR = "hn", "hue"
# What is always there for whoever knocks: when, and how often a code was tried.
_RESTLESS = {"last_seen_at", "tries"}


class World:
    """A centre with a branch that others are curious about."""

    def __init__(self, centre: EmbeddedCentre) -> None:
        self.centre = centre
        # What a branch is called is told to all branches.
        self.code = centre.invite(VICTIM, "Chi hội Hà Nội")
        self.victim = Pc(centre.url)
        self.victim.enrol(self.code, f"{SECRET} 2")
        self.standing = self.victim.library(f"{SECRET} 3")
        said = self.victim.sync(self.standing)
        self.stolen = Proof(said.receipt, said.signature)
        self.victim.sync(self.victim.headcount(self.standing.record))
        asked = SnapshotRequest(self.victim.device, self.victim.us.centre, VICTIM)
        self.victim.ask("/v1/snapshot", asked.to_bytes(self.victim.key))
        with reading(centre.centre.engine, VICTIM) as session:
            self.pages = list(session.scalars(select(SnapshotPage.digest)))
        self.fallen = self._joined(VICTIM)
        self.centre_revokes(self.fallen)
        self.neighbour = self._joined(NEIGHBOUR)
        self.neighbour.sync(self.neighbour.library("Thư viện Huế"))
        self.stranger = Pc(centre.url)
        self.stranger.home = self.neighbour.us

    def _joined(self, branch: str) -> Pc:
        pc = Pc(self.centre.url)
        pc.enrol(self.centre.invite(branch))
        return pc

    def centre_revokes(self, pc: Pc) -> None:
        """The centre refuses the PC from now on."""
        from sync.server import accounts
        from sync.server.centre import utc_now
        from sync.server.database import writing

        with writing(self.centre.centre.engine) as session:
            accounts.revoke(session, pc.device, utc_now())

    def victims_rows(self) -> list[Any]:
        """Every row that is the branch's, but for what any knock at the door moves."""
        found: list[Any] = []
        with reading(self.centre.centre.engine, EVERYWHERE) as session:
            for metadata in (Shared.metadata, Own.metadata):
                for name, column in _columns(metadata):
                    table = metadata.tables[name]
                    kept = [c for c in table.columns if c.name not in _RESTLESS]
                    query = select(*kept).where(table.c[column] == VICTIM)
                    found += sorted(map(repr, session.execute(query)))
        return found


def _columns(metadata: MetaData) -> list[tuple[str, str]]:
    owned = {"branch": "code", "invitation": "branch", "enrolment": "branch"}
    return [
        (name, owned.get(name, "scope"))
        for name, table in sorted(metadata.tables.items())
        if name in owned or "scope" in table.columns
    ]


@dataclass(frozen=True)
class Attempt:
    """One thing to try at one address."""

    path: str
    name: str
    ask: Callable[[World, Pc], requests.Response]


def _sync(name: str, **other: Any) -> Attempt:
    def ask(world: World, pc: Pc) -> requests.Response:
        given = {
            key: value(world, pc) if callable(value) else value for key, value in other.items()
        }
        pc.exchange += 100
        request = replace(pc.request(given.pop("changes", ())), **given)
        return pc.post("/v1/sync", request.to_bytes(pc.key))

    return Attempt("/v1/sync", name, ask)


def _changes(make: Callable[[World, Pc], Change]) -> Callable[[World, Pc], list[Change]]:
    return lambda world, pc: [make(world, pc)]


def _edit(world: World, pc: Pc) -> Change:
    return pc.change("library", {"name": "Khác"}, record=world.standing.record, action="edit")


def _digest(name: str, places: dict[str, int], *, as_victim: bool = False) -> Attempt:
    def ask(world: World, pc: Pc) -> requests.Response:
        device = world.victim.device if as_victim else pc.device
        request = DigestRequest(device, pc.us.centre, places)
        return pc.post("/v1/digest", request.to_bytes(pc.key))

    return Attempt("/v1/digest", name, ask)


def _return(name: str, scope: str) -> Attempt:
    """With a receipt that is the centre's own, stolen from the victim."""

    def ask(world: World, pc: Pc) -> requests.Response:
        request = ReturnRequest(
            pc.device, pc.us.centre, scope, 0, None, [world.standing], world.stolen
        )
        return pc.post("/v1/return", request.to_bytes(pc.key))

    return Attempt("/v1/return", name, ask)


def _snapshot(name: str, *, pages: bool = False) -> Attempt:
    def ask(world: World, pc: Pc) -> requests.Response:
        wanted = world.pages if pages else []
        request = SnapshotRequest(pc.device, pc.us.centre, VICTIM, wanted)
        return pc.post("/v1/snapshot", request.to_bytes(pc.key))

    return Attempt("/v1/snapshot", name, ask)


def _history(world: World, pc: Pc) -> requests.Response:
    request = HistoryRequest(pc.device, pc.us.centre, VICTIM, 0, 2)
    return pc.post("/v1/history", request.to_bytes(pc.key))


def _numbers(world: World, pc: Pc) -> requests.Response:
    asked = ProvisionsRequest(world.victim.device, pc.us.centre, "00000001", 1, 0, "")
    return pc.post("/v1/numbers", asked.to_bytes(pc.key))


def _readmission(world: World, pc: Pc) -> requests.Response:
    """The same, of whoever says that the centre has forgotten them."""
    request = ReadmissionRequest(pc.key.public, pc.us.centre, VICTIM, "Hà Nội", "Máy", world.stolen)
    return pc.post("/v1/readmission", request.to_bytes(pc.key))


def _enrol(world: World, pc: Pc) -> requests.Response:
    return pc.post("/v1/enrol", EnrolRequest(world.code, pc.key.public, "").to_bytes(pc.key))


def _file(name: str, **other: Any) -> Attempt:
    def ask(world: World, pc: Pc) -> requests.Response:
        given = {
            key: value(world, pc) if callable(value) else value for key, value in other.items()
        }
        request = replace(pc.request(), **given)
        sealing = files.centre_sealing(world.centre.centre.identity.key).public
        content = files.batch(request, pc.key, sealing, os.urandom(files.SECRET_BYTES))
        return requests.post(pc.url + "/batch", files={"batch": ("a.vla", content)}, timeout=60)

    return Attempt("/batch", name, ask)


def _get(path: str) -> Attempt:
    return Attempt(path, "look", lambda _world, pc: requests.get(pc.url + path, timeout=60))


ATTEMPTS = (
    _sync("nothing in particular"),
    _sync("the victim's ledger", cursors={VICTIM: 0}),
    _sync("all ledgers", cursors={VICTIM: 0, NEIGHBOUR: 0, ASSOCIATION: 0}),
    _sync("in the victim's name", device=lambda world, _pc: world.victim.device),
    _sync(
        "a new record for the victim",
        changes=_changes(lambda _world, pc: pc.library(scope=VICTIM)),
    ),
    _sync(
        "a new record for all",
        changes=_changes(lambda _world, pc: pc.library(scope=ASSOCIATION)),
    ),
    _sync("an edit of the victim's record", changes=_changes(_edit)),
    _sync(
        "the same, said to be the victim's",
        changes=_changes(lambda world, pc: replace(_edit(world, pc), scope=VICTIM)),
    ),
    _sync(
        "a record with the same id",
        changes=_changes(lambda world, pc: pc.library(record=world.standing.record)),
    ),
    _sync(
        "a record that points to the victim's",
        changes=_changes(lambda world, pc: pc.headcount(world.standing.record)),
    ),
    _sync("the victim's own change", changes=_changes(lambda world, _pc: world.standing)),
    _digest("the victim's digest", {VICTIM: 1}),
    _digest("in the victim's name", {VICTIM: 1}, as_victim=True),
    Attempt("/v1/enrol", "the victim's code", _enrol),
    _return("the victim's piece", VICTIM),
    _return("the victim's piece for all", ASSOCIATION),
    _snapshot("the victim's snapshot"),
    _snapshot("pages of the victim's snapshot", pages=True),
    Attempt("/v1/history", "the victim's ledger, for repair", _history),
    Attempt("/v1/numbers", "the victim's numbers", _numbers),
    Attempt("/v1/readmission", "the victim's place", _readmission),
    _file("the victim's ledger, by file", cursors={VICTIM: 0}),
    _file("the victim's name", device=lambda world, _pc: world.victim.device),
    _file("a change for the victim", changes=_changes(lambda _w, pc: pc.library(scope=VICTIM))),
    _get("/batch"),
    _get("/health"),
    _get("/openapi.json"),
    _get("/"),
)


def _flat(content: object) -> str:
    """What is said in frames within frames."""
    if isinstance(content, bytes):
        try:
            return _flat(unpack(content))
        except BadMessage:
            return repr(content)
    if isinstance(content, list):
        return " ".join(map(_flat, content))
    return str(content)


def words_of(answer: requests.Response, pc: Pc) -> str:
    """All that an answer says, whatever it is wrapped in."""
    said = repr(dict(answer.headers)) + answer.content.decode(errors="replace")
    for read in (sync_answer_from, enrol_answer_from):
        try:
            said += repr(read(answer.content))
        except BadMessage:
            continue
    said += _flat(answer.content)
    if answer.headers.get("content-type") == FILE_TYPE:
        try:
            said += repr(
                files.acknowledged(
                    answer.content, pc.us.centre, pc.us.centre_key, pc.device, pc.key
                )
            )
        except Problem:
            said += " which nobody here can open"
    return said


def trespasses(world: World, attempts: tuple[Attempt, ...] = ATTEMPTS) -> list[str]:
    """What outsiders learnt or altered that is the victim's."""
    before, found = world.victims_rows(), list[str]()
    secrets = (SECRET, world.victim.device, *world.victim.digests({VICTIM: 1}).values())
    for attempt in attempts:
        for who in ("neighbour", "fallen", "stranger"):
            pc: Pc = getattr(world, who)
            said = words_of(attempt.ask(world, pc), pc)
            for named in (world.standing.record, world.standing.id):  # the asker did
                said = said.replace(named, "")
            found += [f"{attempt.path} tells {who} of {attempt.name}" for s in secrets if s in said]
            if world.victims_rows() != before:
                found.append(f"{attempt.path} let {who} alter something: {attempt.name}")
                before = world.victims_rows()
    return found
