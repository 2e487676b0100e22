"""Asking the centre in a thread of its own, while the office goes on with its work."""

from __future__ import annotations

import sys
import threading

from sync.client.steps import Answered, Asking, Failed

# Else a thread that only wants to pass bytes on waits five milliseconds for each piece.
TURN_S = 0.0005


def in_a_thread(asking: Asking) -> Asking:
    """Begins to ask; what it returns waits for the reply, or raises what asking raised."""
    replies: list[Answered | Failed] = []
    faults: list[BaseException] = []

    def ask() -> None:
        try:
            replies.append(asking())
        except BaseException as fault:  # noqa: BLE001  it is raised where the reply is wanted
            faults.append(fault)

    thread = threading.Thread(target=ask, name="asking", daemon=True)
    former = sys.getswitchinterval()
    sys.setswitchinterval(min(former, TURN_S))
    thread.start()

    def heard() -> Answered | Failed:
        thread.join()
        sys.setswitchinterval(former)
        if faults:
            raise faults[0]
        return replies[0]

    return heard
