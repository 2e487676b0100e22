"""The exchange as a machine without a world: what it asks for, what it hears, and who drives it.

The machine is a generator. It yields steps and is sent replies; it never waits, never looks at a
clock and never touches the network. `drive` does that for it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from sync.problems import Problem
from sync.progress import Progress
from sync.protocol import Refusal

HEARD_EVERY_S = 1.0

Result = TypeVar("Result")


@dataclass(frozen=True)
class Ask:
    """These bytes go to the centre; the reply is `Answered` or `Failed`."""

    path: str
    body: bytes


@dataclass(frozen=True)
class Post:
    """The same, but there is no reply yet: whoever is driven goes on, and asks by `Hear`."""

    path: str
    body: bytes


@dataclass(frozen=True)
class Hear:
    """What the last `Post` came to; the reply is `Answered` or `Failed`."""


@dataclass(frozen=True)
class Wait:
    """Nothing happens for so long; there is no reply."""

    seconds: float


@dataclass(frozen=True)
class Tell:
    """How far the work is, for whoever watches; there is no reply. `total` 0: not known."""

    done: int
    total: int
    what: str


@dataclass(frozen=True)
class Answered:
    """What came back, and how long it took."""

    body: bytes
    took_s: float


@dataclass(frozen=True)
class Failed:
    """Nothing usable came back, or the centre said no."""

    reason: Problem | Refusal


Step = Ask | Post | Hear | Wait | Tell
Reply = Answered | Failed | None
Steps = Generator[Step, Reply, Result]


class Wire(Protocol):
    """A way to the centre."""

    bytes_up: int
    bytes_down: int
    requests: int

    def post(self, path: str, body: bytes) -> bytes:
        """The centre's answer. Raises `Problem` when there is none, `Refusal` when it says no."""


Asking = Callable[[], Answered | Failed]


def at_once(asking: Asking) -> Asking:
    """Asks, and has the reply ready for whoever wants to hear it."""
    reply = asking()
    return lambda: reply


@dataclass(frozen=True)
class World:
    """What the driver takes from outside: seconds that pass, and a clock that only goes forward.

    `chance` gives a number from 0 up to 1, for machines that must not all wait equally long.
    `aside` begins to ask and goes on; what it returns waits for the reply.
    """

    sleep: Callable[[float], None]
    clock: Callable[[], float]
    chance: Callable[[], float]
    aside: Callable[[Asking], Asking] = at_once


def drive(steps: Steps[Result], wire: Wire, progress: Progress, world: World) -> Result:
    """Run a machine to its end. Raises what it raises, and `Cancelled` from `progress`."""
    told = Tell(0, 0, "")
    reply: Reply = None
    under_way: Asking | None = None
    try:
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as end:
                result: Result = end.value
                return result
            reply = None
            if isinstance(step, (Ask, Post, Hear)) and under_way:
                # One at a time: what is not wanted any more is heard and forgotten.
                reply, under_way = under_way(), None
            if isinstance(step, Ask):
                reply = _reply(wire, step, world)
            elif isinstance(step, Post):
                reply, under_way = None, world.aside(partial(_reply, wire, step, world))
            elif isinstance(step, Hear):
                pass
            elif isinstance(step, Wait):
                _wait(step.seconds, told, progress, world)
            else:
                told = step
                progress.report(step.done, step.total, step.what)
    finally:
        steps.close()
        if under_way:
            under_way()


def _reply(wire: Wire, ask: Ask | Post, world: World) -> Answered | Failed:
    began = world.clock()
    try:
        return Answered(wire.post(ask.path, ask.body), world.clock() - began)
    except (Problem, Refusal) as reason:
        return Failed(reason)


def _wait(seconds: float, told: Tell, progress: Progress, world: World) -> None:
    """In small pieces, so that whoever wants to stop need not wait as well."""
    while seconds > 0:
        progress.report(told.done, told.total, told.what)
        world.sleep(min(seconds, HEARD_EVERY_S))
        seconds -= HEARD_EVERY_S
    progress.report(told.done, told.total, told.what)
