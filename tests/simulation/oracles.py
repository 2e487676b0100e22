"""What must hold. Each oracle is one function; `Violated` names it and says what is wrong.

They look at the databases by plain SQL and at what the simulation knows, never by the code that
they judge. O9 says of what was thrown away what it will say of erased persons once there is
erasing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sync.canonical import first_digest, next_digest
from sync.changes import ASSOCIATION, BINNED, DELETED
from sync.identity import counter_of
from sync.records import KINDS, name_of
from sync.records.types import WireValue
from tests.simulation.kinds import TEXTS
from tests.simulation.replica import Replica
from tests.simulation.seen import Seen, central, central_rows, entries_of
from tests.simulation.truth import Save, Truth, Violated
from tests.simulation.world import World
from vla_desktop.store.standing import Light

NAMES = {
    "O1": "every acknowledged change is in the centre's ledger",
    "O2": "no change is there twice",
    "O3": "same digest and same rows everywhere in a branch",
    "O4": "what was typed is current, superseded knowingly, or listed as a conflict",
    "O5": "whoever types sees it until the ledger says otherwise",
    "O6": "quiet within a few rounds once the faults stop",
    "O7": "nothing of another branch",
    "O8": "nothing served after revocation",
    "O9": "what was thrown away never returns by itself",
    "O10": "history holds every write, with author and device",
    "O11": "green exactly when everything is acknowledged",
    "O12": "the cursor never passes what was not applied",
}
EVERY = frozenset(NAMES)

_TABLES = tuple(name_of(kind) for kind in KINDS)
_LATEST = 6


def at_every_step(world: World, replica: Replica) -> None:
    """O5 of the office in which something happened, and what its exchange acknowledged."""
    entries = entries_of(replica)
    _remember_acknowledged(world.truth, replica, entries)
    if "O5" in world.watching:
        _own_writes_are_seen(world, replica, entries)
    if "O11" in world.watching and len(world.told) % 6 == 0:
        _light_is_honest(world, replica, entries)
    if "O12" in world.watching and len(world.told) % 12 == 0:
        _cursor_is_right(replica, entries)


def _remember_acknowledged(truth: Truth, replica: Replica, entries: list[Seen]) -> None:
    for entry in entries:
        if entry.seq is not None and entry.id.startswith(replica.device):
            truth.acknowledged.setdefault(entry.stamp, entry.seq)
            truth.names.setdefault(entry.stamp, entry.id)


def _own_writes_are_seen(world: World, replica: Replica, entries: list[Seen]) -> None:
    by_stamp = {entry.stamp: entry for entry in entries}
    written: set[tuple[str, str]] = set()
    for stamp in reversed(replica.typed[-_LATEST:]):
        entry = by_stamp.get(stamp)
        if entry is None:
            raise Violated("O5", f"what was saved in {replica.name} at {stamp} is gone")
        for name in _texts_of(entry):
            place = (entry.record, name)
            if place in written:
                continue
            written.add(place)
            if entry.setback in ("withdrawn", "refused"):
                continue
            later = [e for e in entries if e.record == entry.record and name in e.values]
            if entry.seq is not None and any((e.seq or 0) > entry.seq for e in later):
                continue
            shown = _shown(replica, entry.kind, entry.record, name)
            if shown != entry.values[name]:
                said = f"{replica.name} typed {entry.values[name]} and sees {shown}"
                raise Violated("O5", said)


def _texts_of(entry: Seen) -> Iterator[str]:
    for name in (*TEXTS.get(entry.kind, ()), DELETED):
        if name in entry.values:
            yield name


def _shown(replica: Replica, kind: str, record: str, name: str) -> WireValue:
    found = replica.rows(f"SELECT {name} FROM {kind} WHERE id = ?", record)  # noqa: S608
    value: WireValue = found[0][0] if found else None
    return bool(value) if name == DELETED else value


def _light_is_honest(world: World, replica: Replica, entries: list[Seen]) -> None:
    """Green means that the centre holds all that was typed here and was not taken back."""
    if replica.light() is not Light.GREEN:
        return
    held = {entry.stamp for entry in central(world)}
    withdrawn = {entry.stamp for entry in entries if entry.setback == "withdrawn"}
    # Nobody can know yet that the centre was put back to before it had them.
    before = {stamp for stamp, seq in world.truth.acknowledged.items() if seq == 0}
    missing = set(replica.typed) - held - withdrawn - before
    if missing:
        raise Violated("O11", f"{replica.name} is green, the centre lacks {sorted(missing)}")


def _cursor_is_right(replica: Replica, entries: list[Seen]) -> None:
    for scope, seq, digest in replica.rows("SELECT scope, seq, digest FROM ledger"):
        numbered = [entry for entry in entries if entry.scope == scope and entry.seq is not None]
        if [entry.seq for entry in numbered] != list(range(1, seq + 1)):
            raise Violated("O12", f"{replica.name}: changes are missing below {seq} of {scope}")
        chain = first_digest(scope)
        for entry in numbered:
            chain = next_digest(chain, entry.text())
        if chain != digest:
            raise Violated("O12", f"{replica.name}: the chain of {scope} breaks below {seq}")
    _ledger_is_applied(replica, entries)


def _ledger_is_applied(replica: Replica, entries: list[Seen]) -> None:
    """The records are what the ledger says, with what is pending here on top."""
    due: dict[tuple[str, str, str], WireValue] = {}
    loose: set[tuple[str, str, str]] = set()
    for entry in entries:
        for name in _texts_of(entry):
            if entry.seq is None:
                loose.add((entry.kind, entry.record, name))
            else:
                due[entry.kind, entry.record, name] = entry.values[name]
    for (kind, record, name), value in due.items():
        if (kind, record, name) not in loose:
            shown = _shown(replica, kind, record, name)
            if shown != value:
                raise Violated("O12", f"{replica.name}: {kind} {name} is {shown}, not {value}")


# When everything is quiet


def at_rest(world: World) -> None:
    """Everything but O5 and O8, which are watched all the time, and O6, which brought us here."""
    ledger = central(world)
    for name, oracle in _AT_REST.items():
        if name in world.watching:
            oracle(world, ledger)


def living(world: World) -> list[Replica]:
    """The offices that may still speak to the centre."""
    return [r for r in world.replicas if r.device not in world.truth.revoked]


def _all_acknowledged_is_there(world: World, ledger: list[Seen]) -> None:
    held = {entry.stamp: entry.seq for entry in ledger}
    names = {entry.id for entry in ledger}
    kept = {e.stamp for r in living(world) for e in entries_of(r) if world.truth.restores}
    for stamp, seq in world.truth.acknowledged.items():
        is_right = held.get(stamp) == seq
        if seq == 0:  # whoever holds it has brought it back
            is_right = stamp in held or stamp not in kept
            # A copy of its author's office may have come first, under its very name: a centre
            # that was restored cannot tell. It stays in the history of whoever holds it.
            is_right = is_right or world.truth.names[stamp] in names
        if not is_right:
            raise Violated("O1", f"{stamp} was acknowledged as {seq} and is {held.get(stamp)}")


def _nothing_is_twice(_world: World, ledger: list[Seen]) -> None:
    for name, count in (
        *Counter(entry.stamp for entry in ledger).items(),
        *Counter(entry.id for entry in ledger).items(),
    ):
        if count > 1:
            raise Violated("O2", f"{name} is in the ledger {count} times")


def _all_have_the_same(world: World, ledger: list[Seen]) -> None:
    for replica in living(world):
        texts = [e.text() for e in ledger if e.scope == replica.branch]
        digest = first_digest(replica.branch)
        for text in texts:
            digest = next_digest(digest, text)
        here = replica.rows("SELECT digest FROM ledger WHERE scope = ?", replica.branch)
        if here and here[0][0] != digest:
            raise Violated("O3", f"the digest of {replica.name} is not the centre's")
        thrown_away = _never_travelling(replica)
        for table in _TABLES:
            columns = f"SELECT * FROM {table} WHERE scope = '{replica.branch}' ORDER BY id"  # noqa: S608
            theirs, ours = central_rows(world, columns), replica.rows(columns)
            ours = [row for row in ours if row[0] not in thrown_away]
            if theirs != ours:
                odd = sorted(set(map(str, theirs)) ^ set(map(str, ours)))[:4]
                raise Violated("O3", f"{table} of {replica.name} differs: {odd}")


def _never_travelling(replica: Replica) -> set[str]:
    """Records that the centre refused and their clerk then threw away: one bin alone has them."""
    entries = entries_of(replica)
    lives = {e.record for e in entries if e.seq is not None or e.setback != "withdrawn"}
    dead = {(e.kind, e.record) for e in entries if e.record not in lives and e.kind in TEXTS}
    return {record for kind, record in dead if _shown(replica, kind, record, DELETED)}


def _nothing_is_overwritten_silently(world: World, ledger: list[Seen]) -> None:
    marked = {r.name: {e.stamp: e for e in entries_of(r)} for r in living(world)}
    latest: dict[tuple[str, str], Seen] = {}
    for entry in ledger:
        for name, value in entry.values.items():
            before = latest.get((entry.record, name))
            latest[entry.record, name] = entry
            save = world.truth.saves.get(entry.stamp)
            if before is None or save is None or before.values[name] == value:
                continue
            if not save.had_seen(before.stamp):
                _assert_listed(world, marked, before, entry, name)
    for replica in living(world):
        _nothing_is_settled_unseen(replica, list(marked[replica.name].values()))


def _assert_listed(
    world: World, marked: dict[str, dict[str, Seen]], before: Seen, entry: Seen, name: str
) -> None:
    for replica in living(world):
        if replica.branch == entry.scope:
            here = marked[replica.name].get(entry.stamp)
            if here is None or here.overlaps.get(name) != before.id:
                said = f"{entry.seq} took {name} from {before.seq} unseen, not listed"
                raise Violated("O4", f"{said} in {replica.name}")


def _nothing_is_settled_unseen(replica: Replica, entries: list[Seen]) -> None:
    for entry in entries:
        if entry.settled and entry.seq is not None:
            since = [e for e in entries if e.record == entry.record and e.base >= (entry.seq or 0)]
            again = {name for e in since for name in e.values if e.id != entry.id}
            is_over = DELETED in again or not _shown(replica, entry.kind, entry.record, DELETED)
            if not set(entry.overlaps) - ({BINNED} if is_over else set()) <= again:
                raise Violated("O4", f"{replica.name} closed the conflict at {entry.seq} itself")


def _nothing_returns(world: World, ledger: list[Seen]) -> None:
    """What was thrown away comes back by a clerk's deed only, and is away at every end."""
    dead: dict[str, str] = {}
    for entry in ledger:
        save = world.truth.saves.get(entry.stamp)
        if entry.record in dead and _brings_back(entry):
            if save is None or not (save.values.get(DELETED) is False or save.action == "create"):
                raise Violated("O9", f"{entry.record} came back at {entry.seq} by itself")
            del dead[entry.record]
        if entry.values.get(DELETED) is True and entry.kind in TEXTS:
            dead[entry.record] = entry.kind
    for record, kind in dead.items():
        statement = f"SELECT deleted FROM {kind} WHERE id = '{record}'"  # noqa: S608
        for name, rows in (
            ("the centre", central_rows(world, statement)),
            *((r.name, r.rows(statement)) for r in living(world)),
        ):
            if any(not deleted for (deleted,) in rows):
                raise Violated("O9", f"{record} was thrown away and stands at {name}")


def _brings_back(entry: Seen) -> bool:
    return entry.action == "create" or entry.values.get(DELETED) is False


def _nothing_is_foreign(world: World, _ledger: list[Seen]) -> None:
    for replica in world.replicas:
        for table in ("change", *_TABLES):
            for (scope,) in replica.rows(f"SELECT DISTINCT scope FROM {table}"):  # noqa: S608
                if scope not in (replica.branch, ASSOCIATION):
                    raise Violated("O7", f"{replica.name} holds a {table} of {scope}")
    owner: dict[str, str] = {r.device: r.branch for r in world.replicas}
    for entry in _ledger:
        if owner.get(entry.id[:12], entry.scope) != entry.scope:
            raise Violated("O7", f"{entry.id} was written into {entry.scope} by another branch")


def _history_is_whole(world: World, ledger: list[Seen]) -> None:
    """Every save is in the history with author and device, or was refused and accounted for."""
    held = {entry.stamp: entry for entry in ledger}
    for replica in living(world):
        here = {entry.stamp: entry for entry in entries_of(replica)}
        for stamp in replica.typed:
            save, entry = world.truth.saves[stamp], here.get(stamp)
            if entry is None:
                raise Violated("O10", f"{replica.name} lost what it saved at {stamp}")
            if entry.setback == "withdrawn":
                _assert_carried_on(world, replica, entry, here)
                continue
            there = held.get(stamp)
            for one in (entry, there):
                if one is None or not _is_faithful(one, save):
                    raise Violated("O10", f"{replica.name}: {stamp} is not told as it was")


def _is_faithful(entry: Seen, save: Save) -> bool:
    told = (entry.author, entry.kind, entry.action, entry.id[:12])
    texts = {name: value for name, value in save.values.items() if name in _NOTED}
    here = {name: value for name, value in entry.values.items() if name in _NOTED}
    return told == (save.author, save.kind, save.action, save.device) and texts == here


def _assert_carried_on(world: World, replica: Replica, entry: Seen, here: dict[str, Seen]) -> None:
    """A change that was taken back: its fields travel with another, or nobody wants them."""
    others = [e for e in here.values() if e.record == entry.record and e.setback != "withdrawn"]
    later = [other for other in others if counter_of(other.id) > counter_of(entry.id)]
    known = set(TEXTS.get(entry.kind, ())) & set(entry.values)
    carried = {name for other in later for name in other.values}
    is_made_anew = any(other.action == "create" for other in later)
    if others and not is_made_anew and not known <= carried:
        raise Violated("O10", f"{replica.name}: {sorted(known - carried)} went with {entry.stamp}")
    if not others and not _shown(replica, entry.kind, entry.record, DELETED):
        raise Violated("O10", f"{replica.name}: {entry.record} stands here and will never travel")


def _all_are_green(world: World, _ledger: list[Seen]) -> None:
    for replica in living(world):
        if replica.light() is not Light.GREEN:
            raise Violated("O11", f"{replica.name} has nothing to send and is {replica.light()}")


def _cursors_are_right(world: World, _ledger: list[Seen]) -> None:
    for replica in living(world):
        _cursor_is_right(replica, entries_of(replica))


_NOTED = frozenset(name for names in TEXTS.values() for name in names) | {DELETED}
_AT_REST = {
    "O1": _all_acknowledged_is_there,
    "O2": _nothing_is_twice,
    "O3": _all_have_the_same,
    "O4": _nothing_is_overwritten_silently,
    "O7": _nothing_is_foreign,
    "O9": _nothing_returns,
    "O10": _history_is_whole,
    "O11": _all_are_green,
    "O12": _cursors_are_right,
}
