"""Who comes when the centre is busy waits for his turn, and nobody overtakes him."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from sync.protocol import Refusal
from sync.server import database
from sync.server.database import open_engine
from sync.server.turns import Turns
from tests.centre.conftest import Roles


class Counter:
    """One who answers when he is let, and notes whom."""

    def __init__(self) -> None:
        self.open, self.served = threading.Event(), list[bytes]()

    def answer(self, body: bytes) -> bytes:
        self.open.wait(20)
        self.served.append(body)
        return body.upper()


async def queued(turns: Turns, counter: Counter, count: int) -> list[Awaitable[bytes]]:
    """So many who came one after the other; the first is being served."""
    there: list[Awaitable[bytes]] = []
    for number in range(count):
        there.append(asyncio.ensure_future(turns.take(counter.answer, b"guest %d" % number)))
        while turns.waiting < number:
            await asyncio.sleep(0)
    return there


def run(what: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await what()

    asyncio.run(main())


def test_who_came_first_is_served_first() -> None:
    async def morning() -> None:
        turns, counter = Turns(1), Counter()
        there = await queued(turns, counter, 30)
        counter.open.set()
        assert await asyncio.gather(*there) == [b"GUEST %d" % n for n in range(30)]
        assert counter.served == [b"guest %d" % n for n in range(30)]
        assert turns.waiting == 0

    run(morning)


@pytest.mark.parametrize("turns", [{"most": 3}, {"most_bytes": 30}], ids=str)
def test_a_full_queue_asks_to_come_again_and_has_room_again_later(turns: dict[str, int]) -> None:
    async def morning() -> None:
        queue, counter = Turns(1, **turns), Counter()
        there = await queued(queue, counter, 4)
        with pytest.raises(Refusal, match="busy"):
            await queue.take(counter.answer, b"too late")
        counter.open.set()
        await asyncio.gather(*there)
        assert await queue.take(counter.answer, b"again") == b"AGAIN"
        assert b"too late" not in counter.served

    run(morning)


@pytest.mark.postgres
def test_a_connection_that_was_cut_while_it_rested_is_replaced(
    roles: Roles, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, other = open_engine(roles.serving), open_engine(roles.serving)

    def rested_and_cut() -> None:
        with engine.connect() as connection:
            number = connection.scalar(text("SELECT pg_backend_pid()"))
        with other.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:n, 5000)"), {"n": number})

    rested_and_cut()
    with pytest.raises(OperationalError), engine.connect() as connection:
        connection.execute(text("SELECT 1"))  # in steady use: found out, and answered as busy
    monkeypatch.setattr(database, "MOST_UNASKED_S", 0.0)
    rested_and_cut()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
    other.dispose()
