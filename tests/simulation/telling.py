"""Telling one history from its seed, and many."""

from __future__ import annotations

import hashlib
import math
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.simulation import oracles, trouble
from tests.simulation.machine import Machine
from tests.simulation.replica import Replica
from tests.simulation.seen import central_rows
from tests.simulation.truth import Violated
from tests.simulation.world import World

# Most faults need few steps and many histories; some need a long one.
STEPS = ((8, 20), (8, 20), (10, 30), (50, 100))
BATCH_CHANGES = 1000
MOST_ROUNDS = 20
FULL_EVERY = 10
TWICE_EVERY = 50


@dataclass(frozen=True)
class Told:
    """One history: its lines, a digest of all that came of it, and what was wrong."""

    seed: int
    lines: tuple[str, ...]
    digest: str
    fault: str = ""
    oracle: str = ""
    events: int = 0

    def __str__(self) -> str:
        return "\n".join([*self.lines, f"seed {self.seed}: {self.fault or 'as it should be'}"])


def tell(machine: Machine, seed: int, watching: frozenset[str] = oracles.EVERY) -> Told:
    """One history. Whatever the program raises that it should not is told as a fault."""
    fault, oracle, world = "", "", None
    try:
        world = World(seed, machine, watching, seed % FULL_EVERY == 0)
        for _step in range(world.random.randint(*world.random.choice(STEPS))):
            oracles.at_every_step(world, world.step())
        come_to_rest(world)
        oracles.at_rest(world)
    except Violated as violated:
        fault, oracle = str(violated), violated.oracle
    except Exception as error:  # noqa: BLE001 - the seed must be told with it
        where = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"
        oracle = "error"
    lines = tuple(world.told) if world else ()
    ending = _ending(world) if world else ""
    digest = hashlib.sha256("\n".join([*lines, ending, fault]).encode()).hexdigest()
    return Told(seed, lines, digest, fault, oracle, len(lines))


def _ending(world: World) -> str:
    found = central_rows(world, "SELECT scope, seq, digest FROM ledger ORDER BY scope")
    return str(found)


def come_to_rest(world: World) -> None:
    """The faults stop; every office synchronises until nothing is left, and not for long."""
    world.is_resting = True  # wrong clocks are put right: with one a form may refuse any repair
    pending = sum(replica.pending() for replica in oracles.living(world))
    # After a restore of the centre some find out in one round what others bring in the next.
    rounds = math.ceil(pending / BATCH_CHANGES) + (6 if world.truth.restores else 3)
    last = rounds
    for number in range(MOST_ROUNDS):
        for replica in oracles.living(world):
            if number and _is_quiet(world, replica):
                continue  # it has been heard since the faults stopped, and misses nothing
            said = world.synchronise(replica, world.line(replica))
            mended = trouble.repair(world, replica)
            if mended:  # what waited for it may have to be mended in its turn
                last = number + rounds
            world.tell(f"{replica.name} round {number}: {said} {mended}".strip())
            oracles.at_every_step(world, replica)
        if all(_is_quiet(world, replica) for replica in oracles.living(world)):
            return
        if number + 1 >= last:
            break
    if "O6" in world.watching:
        loud = [r.name for r in oracles.living(world) if not _is_quiet(world, r)]
        raise Violated("O6", f"{loud} are not quiet after {number + 1} rounds")


def _is_quiet(world: World, replica: Replica) -> bool:
    heads = central_rows(world, "SELECT scope, seq FROM ledger WHERE seq > 0")
    here: dict[str, int] = dict(replica.rows("SELECT scope, seq FROM ledger"))
    behind = [s for s, seq in heads if s == replica.branch and here.get(s, 0) < seq]
    return not behind and replica.pending() == 0


def tell_many(
    machine: Machine,
    seeds: Iterable[int],
    each: Callable[[Told], None] = lambda _told: None,
) -> list[Told]:
    """The histories that ended wrong. Every fiftieth is told twice, and must be the same."""
    wrong = []
    for seed in seeds:
        told = tell(machine, seed)
        again = seed % TWICE_EVERY == 0
        if again and tell(machine, seed).digest != told.digest:
            told = Told(seed, told.lines, told.digest, "told twice, it was not the same", "twice")
        each(told)
        wrong += [told] if told.fault else []
    return wrong
