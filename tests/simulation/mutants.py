"""Faults planted on purpose, two or more for each oracle; each must be found by that oracle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sync import applying, editing, rules
from sync.changes import Change, Entry, Ledger, entry_values
from sync.client import intake
from sync.client.intake import Intake
from sync.client.renewal import Renewal
from sync.protocol import Sealed
from sync.server import accounts, centre, database, judging, ledger
from sync.server.tables import Enrolment
from tests.simulation import replica
from vla_desktop.store import standing

Patch = Callable[[Any, str, Any], None]
Plant = Callable[[Patch], None]


@dataclass(frozen=True)
class Mutant:
    """`plant` is given a way to set an attribute for as long as the mutant lives."""

    oracle: str
    plant: Plant

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.plant.__name__)

    @property
    def sentence(self) -> str:
        """What it does."""
        return (self.plant.__doc__ or "").strip()


MUTANTS: list[Mutant] = []


def _of(oracle: str) -> Callable[[Plant], Plant]:
    def keep(plant: Plant) -> Plant:
        MUTANTS.append(Mutant(oracle, plant))
        return plant

    return keep


@_of("O1")
def answer_before_commit(patch: Patch) -> None:
    """Every ninth exchange is answered, and then not kept by the centre."""
    real, calls = database.writing, count(1)

    class Forgotten:
        def __init__(self, engine: Any) -> None:
            self.inner = real(engine)
            self.is_lost = next(calls) % 9 == 0

        def __enter__(self) -> Session:
            self.session = self.inner.__enter__()
            return self.session

        def __exit__(self, *error: Any) -> Any:
            if self.is_lost and error[0] is None:
                self.session.rollback()
            return self.inner.__exit__(*error)

    patch(centre, "writing", Forgotten)


@_of("O1")
def history_is_rewritten(patch: Patch) -> None:
    """The centre writes its oldest change anew once it has more than thirty."""
    real = ledger.number

    def rewriting(session: Session, of: Ledger, changes: list[Change], *more: Any) -> None:
        real(session, of, changes, *more)
        if of.seq > 30:
            session.execute(update(Entry).where(Entry.seq == 1).values(written_at="xưa"))

    patch(ledger, "number", rewriting)


@_of("O2")
def known_is_not_recognised(patch: Patch) -> None:
    """What was numbered already comes under a new name and is numbered once more."""
    real, calls = ledger.number, count(1)

    def doubling(session: Session, of: Ledger, changes: list[Change], *more: Any) -> None:
        again = [replace(c, id=f"{c.id[:19]}f{c.id[20:]}") for c in changes]
        real(session, of, [*changes, *again] if next(calls) % 5 == 0 else changes, *more)

    patch(ledger, "number", doubling)


@_of("O2")
def twins_are_strangers(patch: Patch) -> None:
    """What two copies of an office hold alike is numbered under the name that each gave to it."""
    patch(ledger, "has_twin", lambda _session, _device, _changes: False)
    patch(Renewal, "_twin", lambda _self, _came: None)


@_of("O3")
def fields_are_left_out(patch: Patch) -> None:
    """An end leaves out the last field of every seventh change that it applies."""
    real, calls = applying.known_values, count(1)

    def forgetful(kind: Any, values: Any) -> Any:
        known = real(kind, values)
        if next(calls) % 7 == 0:
            known.pop(next(reversed(known)), None)
        return known

    patch(applying, "known_values", forgetful)


@_of("O3")
def page_is_not_applied(patch: Patch) -> None:
    """An office keeps every fifth page in its ledger and does not touch the records."""
    real, calls = applying.apply, count(1)

    def lazy(session: Session, changes: Any, kept: Any = None) -> Any:
        return applying.Applied() if next(calls) % 5 == 0 else real(session, changes, kept)

    patch(intake, "apply", lazy)


@_of("O4")
def overlaps_are_not_found(patch: Patch) -> None:
    """An office does not mark what was overwritten unseen."""
    patch(intake, "find_overlaps", lambda _session, _numbered: {})


@_of("O4")
def base_is_the_newest(patch: Patch) -> None:
    """A change claims to have seen more of the ledger than its author had."""
    real = editing._entry

    def boasting(session: Session, pen: editing.Pen, *given: Any) -> Entry:
        return real(session, replace(pen, seen=pen.seen + 5, seen_digest=""), *given)

    patch(editing, "_entry", boasting)


@_of("O4")
def every_conflict_is_closed(patch: Patch) -> None:
    """Conflicts are closed as soon as anything else happens to the record."""

    def eager(session: Session, records: Any) -> None:
        for record in records:
            session.execute(update(Entry).where(Entry.record == record).values(settled=True))

    patch(replica, "settle", eager)


@_of("O5")
def pending_gives_way(patch: Patch) -> None:
    """What others wrote replaces what waits here."""
    patch(Intake, "_kept", lambda _self, _records: {})


@_of("O5")
def save_misses_its_record(patch: Patch) -> None:
    """Every eighth save writes its change and leaves the record as it was."""
    real, calls = rules.tidied, count(1)

    def missing(kind: Any, values: Any) -> Any:
        tidy = real(kind, values)
        if next(calls) % 8 == 0:
            return {k: f"{v}?" if str(v)[:1] == "t" else v for k, v in tidy.items()}
        return tidy

    real_entry = editing._entry

    def true_entry(session: Session, pen: Any, kind: Any, record: str, action: Any, values: Any,
                   before: Any) -> Entry:  # fmt: skip
        whole = {k: v.rstrip("?") if isinstance(v, str) else v for k, v in values.items()}
        return real_entry(session, pen, kind, record, action, whole, before)

    patch(rules, "tidied", missing)
    patch(editing, "_entry", true_entry)


@_of("O6")
def one_change_is_stuck(patch: Patch) -> None:
    """The twelfth thing that an office gives a name to is never sent."""
    real = replica.Replica.synchronise

    def stuck(self: replica.Replica, wire: Any) -> Any:
        with self.writing() as session:
            late = Entry.seq.is_(None) & Entry.id.like("%0000000c")
            session.execute(update(Entry).where(late).values(setback="stuck"))
        return real(self, wire)

    patch(replica.Replica, "synchronise", stuck)


@_of("O6")
def some_wait_for_ever(patch: Patch) -> None:
    """The centre overlooks that some records have arrived, and lets others wait for them."""
    real = judging.Judge._stands

    def blind(self: judging.Judge, kind: str, identity: str) -> bool:
        return real(self, kind, identity) and not identity.endswith("3")

    patch(judging.Judge, "_stands", blind)


@_of("O7")
def everybody_may_ask(patch: Patch) -> None:
    """The centre does not look whose scopes are asked for."""
    patch(centre, "_assert_visible", lambda _enrolment, _scopes: None)


@_of("O7")
def scope_is_believed(patch: Patch) -> None:
    """The centre takes changes of any scope from anybody."""
    patch(judging.Judge, "_forged", lambda _self, _change: None)


@_of("O8")
def revoked_is_served(patch: Patch) -> None:
    """Revocation is written down and not looked at."""
    real = accounts.authenticate

    def lenient(session: Session, device: str, sealed: Sealed, purpose: str, now: Any) -> Any:
        enrolment = session.get_one(Enrolment, device)
        was, enrolment.revoked_at = enrolment.revoked_at, ""
        real(session, device, sealed, purpose, now)
        enrolment.revoked_at = was
        return enrolment

    patch(accounts, "authenticate", lenient)


@_of("O8")
def revocation_is_forgotten(patch: Patch) -> None:
    """Revoking does not reach the database."""
    patch(accounts, "revoke", lambda _session, _device, _now: None)


@_of("O9")
def an_edit_brings_back(patch: Patch) -> None:
    """A change of a record that was thrown away fetches it out of the bin."""
    real = applying.known_values

    def reviving(kind: Any, values: Any) -> Any:
        return {"deleted": False} | real(kind, values)

    patch(applying, "known_values", reviving)


@_of("O9")
def late_office_restores(patch: Patch) -> None:
    """An office that took a new incarnation sends again as standing what others threw away."""
    real = Renewal.everything

    def restoring(self: Any) -> None:
        real(self)
        thrown = select(Entry).where(Entry.action == "delete", Entry.seq.is_not(None))
        for entry in self._session.scalars(thrown).all():
            place = {
                "id": self._office.next_id(),
                "action": "restore",
                "values": {"deleted": False},
            }
            self._session.add(Entry(**entry_values(replace(entry.change(), **place))))

    patch(Renewal, "everything", restoring)


@_of("O10")
def author_is_left_out(patch: Patch) -> None:
    """The centre writes every change down under the name of its own clerk."""
    real = entry_values

    def nameless(change: Change, **place: Any) -> dict[str, Any]:
        return real(change, **place) | {"author": "Trung ương"}

    patch(ledger, "entry_values", nameless)


@_of("O10")
def mending_drops_fields(patch: Patch) -> None:
    """A refused change is taken back, and its fields do not travel with the new one."""
    real = editing._taken_back

    def dropping(refused: list[Entry]) -> set[str]:
        real(refused)
        return set()

    patch(editing, "_taken_back", dropping)


@_of("O11")
def light_ignores_the_queue(patch: Patch) -> None:
    """The light does not count what has not been sent."""
    patch(standing, "_counts", lambda _session: {})


@_of("O11")
def light_is_never_green(patch: Patch) -> None:
    """The light stays amber although nothing is left."""
    patch(standing, "_light", lambda _session, _receipt, _counts: standing.Light.AMBER)


@_of("O12")
def cursor_runs_ahead(patch: Patch) -> None:
    """Every third page with somebody's news is counted as read and not kept."""
    real, calls = Intake._apply, count(1)

    def forgetful(self: Intake, numbered: list[Any], fresh: list[Any]) -> None:
        if not (fresh and next(calls) % 3 == 0):
            real(self, numbered, fresh)

    patch(Intake, "_apply", forgetful)


@_of("O12")
def page_is_altered_unseen(patch: Patch) -> None:
    """Digests say nothing at the office, and what it keeps is not what it was given."""
    real = entry_values

    def altering(change: Change, **place: Any) -> dict[str, Any]:
        return real(change, **place) | {"base": 0}

    patch(intake, "entry_values", altering)
