"""Writers take turns."""

from __future__ import annotations

import threading
import time

from vla_desktop.store.turns import Turns


def test_a_thread_in_a_loop_does_not_shut_another_out() -> None:
    turns, stop = Turns(), threading.Event()
    taken = 0

    def loop() -> None:
        nonlocal taken
        while not stop.is_set():
            with turns.taken():
                taken += 1
                time.sleep(0.001)

    busy = threading.Thread(target=loop)
    busy.start()
    while not taken:
        time.sleep(0.001)
    waits = []
    for _turn in range(20):
        before = taken
        with turns.taken():
            waits.append(taken - before)
    stop.set()
    busy.join()
    assert max(waits) <= 2, "at most whoever was there before"


def test_the_one_who_has_the_turn_may_take_it_again() -> None:
    turns = Turns()
    with turns.taken(), turns.taken():
        pass
    with turns.taken():
        pass


def test_only_one_has_the_turn_at_a_time() -> None:
    turns = Turns()
    inside = 0
    most = 0

    def work() -> None:
        nonlocal inside, most
        for _turn in range(200):
            with turns.taken():
                inside += 1
                most = max(most, inside)
                inside -= 1

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert most == 1
