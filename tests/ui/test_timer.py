"""The automatic exchange: regular, polite after failures, quick when the line comes back."""

from __future__ import annotations

import random

import pytest

from vla_desktop.ui.schedule import LONGEST_WAIT_S, PROBE_S, Schedule, Step

EVERY_S = 600.0


def a_schedule(seed: int = 1) -> Schedule:
    return Schedule(EVERY_S, 0.0, random.Random(seed))


def wait(schedule: Schedule, now: float) -> float:
    assert schedule.next_at is not None
    return schedule.next_at - now


def test_the_interval_is_kept_within_a_fifth_and_differs_between_offices() -> None:
    waits = [wait(a_schedule(seed), 0.0) for seed in range(200)]

    assert min(waits) >= EVERY_S * 0.8
    assert max(waits) <= EVERY_S * 1.2
    assert max(waits) - min(waits) > EVERY_S * 0.3


def test_nothing_happens_before_the_time_and_the_exchange_at_it() -> None:
    schedule = a_schedule()
    due = wait(schedule, 0.0)

    assert schedule.step(due - 1) is Step.REST
    assert schedule.step(due) is Step.EXCHANGE


def test_each_failure_doubles_the_wait_up_to_a_longest_one() -> None:
    schedule = a_schedule()
    for failures in range(1, 40):
        schedule.failed(1000.0, out_of_reach=False)
        nominal = min(EVERY_S * 2**failures, LONGEST_WAIT_S)
        assert nominal * 0.8 <= wait(schedule, 1000.0) <= nominal * 1.2


def test_a_centre_that_answers_with_errors_is_never_asked_sooner_than_the_interval() -> None:
    schedule = a_schedule()

    schedule.failed(0.0, out_of_reach=False)

    assert all(schedule.step(float(now)) is Step.REST for now in range(int(EVERY_S)))


def test_success_brings_the_interval_back() -> None:
    schedule = a_schedule()
    schedule.failed(0.0, out_of_reach=False)
    schedule.failed(0.0, out_of_reach=False)

    schedule.succeeded(50.0)

    assert wait(schedule, 50.0) <= EVERY_S * 1.2


def test_when_the_line_comes_back_the_exchange_starts_within_a_minute() -> None:
    schedule = a_schedule()
    for _ in range(10):
        schedule.failed(0.0, out_of_reach=True)
    now, line_back_at = 0.0, 500.0
    while schedule.step(now) is not Step.EXCHANGE:
        if schedule.step(now) is Step.PROBE:
            schedule.probed(now, answered=now >= line_back_at)
        now += 1.0

    assert line_back_at <= now <= line_back_at + 60


def test_the_centre_is_not_asked_more_often_than_needed_while_out_of_reach() -> None:
    schedule = a_schedule()
    schedule.failed(0.0, out_of_reach=True)
    probes = 0
    for now in range(400):
        if schedule.step(float(now)) is Step.PROBE:
            schedule.probed(float(now), answered=False)
            probes += 1

    assert 400 / (PROBE_S * 1.2) - 1 <= probes <= 400 / (PROBE_S * 0.8) + 1


@pytest.mark.parametrize("out_of_reach", [True, False])
def test_paused_means_nothing_at_all_and_going_on_counts_anew(out_of_reach: bool) -> None:
    schedule = a_schedule()
    schedule.failed(0.0, out_of_reach=out_of_reach)

    schedule.change(EVERY_S, paused=True, now=0.0)
    assert schedule.next_at is None
    assert schedule.step(1e9) is Step.REST

    schedule.change(EVERY_S, paused=False, now=1e9)
    assert schedule.step(1e9 + 1) in {Step.REST, Step.PROBE}
    assert wait(schedule, 1e9) <= EVERY_S * 1.2


def test_a_shorter_interval_takes_effect_at_once() -> None:
    schedule = a_schedule()

    schedule.change(60.0, paused=False, now=10.0)

    assert wait(schedule, 10.0) <= 72


def test_an_exchange_that_the_clerk_stopped_is_not_begun_again_at_once() -> None:
    schedule = a_schedule()
    due = wait(schedule, 0.0)

    schedule.put_off(due)

    assert schedule.step(due + EVERY_S * 0.8 - 1) is Step.REST


def test_a_centre_that_asks_for_time_is_given_it() -> None:
    schedule = a_schedule()

    schedule.failed(0.0, out_of_reach=False, at_least_s=90_000.0)

    assert wait(schedule, 0.0) == 90_000.0
