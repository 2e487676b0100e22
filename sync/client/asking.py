"""Asking the centre beside the exchange itself: again while it may pass, and no longer."""

from __future__ import annotations

from collections.abc import Callable

from sync.client.obstacles import obstacle
from sync.client.patience import wait_s
from sync.client.steps import Answered, Ask, Failed, Steps, Wait, World
from sync.protocol import Refusal


def insist(
    path: str, body: Callable[[], bytes], world: World, cut: Callable[[], None] = lambda: None
) -> Steps[Answered]:
    """The centre's answer, after some tries perhaps; each asks for `body` anew.

    `cut` is told when the line did not bear it. Raises `Problem`, and `Refusal` when the centre
    says no.
    """
    tries = 0
    while True:
        reply = yield Ask(path, body())
        if isinstance(reply, Answered):
            return reply
        assert isinstance(reply, Failed)  # noqa: S101  what the driver owes the machine
        reason = reply.reason
        problem = obstacle(reason.code) if isinstance(reason, Refusal) else reason
        tries += 1
        wait = wait_s(problem, tries, world.chance(), was_reached=True)
        if wait is None:
            raise reason
        if problem.code in ("sync.offline", "sync.timeout"):
            cut()
        yield Wait(wait)
