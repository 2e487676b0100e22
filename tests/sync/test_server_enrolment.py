"""How a PC joins, by a code that works once, and how it is shown the door."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event, Thread
from time import sleep
from typing import Any

import pytest

from sync.protocol import EnrolRequest, Refusal
from sync.server import accounts, codes
from sync.server.database import reading, writing
from sync.server.embedded import EmbeddedCentre, settings_of
from sync.server.settings import Settings
from sync.server.tables import Invitation
from tests.sync.pc import Pc


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 5, 4, 8, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def timed(tmp_path: Path, clock: Hands) -> Iterator[EmbeddedCentre]:
    """A centre whose clock stands still."""
    with EmbeddedCentre(settings_of(tmp_path / "timed.db"), clock) as centre:
        yield centre


def refused(pc: Pc, code: str) -> tuple[str, str]:
    with pytest.raises(Refusal) as refusal:
        pc.enrol(code)
    assert refusal.value.status == 403
    return refusal.value.code, refusal.value.detail


def test_a_code_brings_a_pc_into_its_branch(either_centre: EmbeddedCentre) -> None:
    pc = Pc(either_centre.url)
    home = pc.enrol(either_centre.invite("hn", "Chi hội Hà Nội"))
    assert (home.branch, home.branch_name) == ("hn", "Chi hội Hà Nội")
    assert home.centre == either_centre.centre.identity.id
    assert pc.sync().receipt.sent == 0


def test_a_code_is_read_however_it_is_typed(centre: EmbeddedCentre) -> None:
    code = centre.invite("hn")
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert Pc(centre.url).enrol(typed).branch == "hn"


def test_a_code_works_once(either_centre: EmbeddedCentre) -> None:
    code = either_centre.invite("hn")
    Pc(either_centre.url).enrol(code)
    assert refused(Pc(either_centre.url), code) == ("code", "used")


def test_the_same_pc_may_show_its_code_again_when_the_answer_was_lost(
    timed: EmbeddedCentre, clock: Hands
) -> None:
    pc, code = Pc(timed.url), timed.invite("hn")
    first = pc.enrol(code)
    clock.now += dt.timedelta(days=30)
    assert [pc.enrol(code) for _ in range(7)] == [first] * 7


def test_of_two_pcs_that_show_one_code_at_once_one_joins(either_centre: EmbeddedCentre) -> None:
    for _ in range(3):
        code, start = either_centre.invite("hn"), Barrier(3)
        ends: list[str] = []

        def join(code: str = code, start: Barrier = start, ends: list[str] = ends) -> None:
            start.wait()
            try:
                ends.append(Pc(either_centre.url).enrol(code).branch)
            except Refusal as refusal:
                ends.append(refusal.code)

        threads = [Thread(target=join) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ends) == ["code", "code", "hn"]


def test_a_code_ends_after_its_hours(timed: EmbeddedCentre, clock: Hands) -> None:
    early, late = timed.invite("hn"), timed.invite("hn")
    clock.now += dt.timedelta(hours=71, minutes=59)
    Pc(timed.url).enrol(early)
    clock.now += dt.timedelta(minutes=1)
    assert refused(Pc(timed.url), late) == ("code", "expired")


def test_five_wrong_tries_close_a_code(centre: EmbeddedCentre) -> None:
    code = centre.invite("hn")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    pc = Pc(centre.url)
    assert [refused(pc, wrong) for _ in range(5)] == [("code", "")] * 5
    assert refused(pc, wrong) == ("code", "tries")
    assert refused(pc, code) == ("code", "tries")


def test_four_wrong_tries_do_not(centre: EmbeddedCentre) -> None:
    code = centre.invite("hn")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    pc = Pc(centre.url)
    for _ in range(4):
        refused(pc, wrong)
    assert pc.enrol(code).branch == "hn"


def test_guesses_made_at_once_are_counted_one_by_one(either_centre: EmbeddedCentre) -> None:
    code = either_centre.invite("hn")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    ends: list[str] = []
    start = Barrier(12)

    def guess() -> None:
        start.wait()
        try:
            Pc(either_centre.url).enrol(wrong)
        except Refusal as refusal:
            ends.append(refusal.detail)

    threads = [Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == [""] * 5 + ["tries"] * 7


@pytest.mark.parametrize("typed", ["", "AAAA", "0000-0000-0000-0000", "!" * 16, "A" * 40])
def test_what_was_never_a_code_is_refused_like_a_wrong_one(
    centre: EmbeddedCentre, typed: str
) -> None:
    assert refused(Pc(centre.url), typed) == ("code", "")


def test_the_centre_keeps_no_code_that_could_be_read(centre: EmbeddedCentre) -> None:
    code = codes.code_from(centre.invite("hn"))
    assert code is not None
    with reading(centre.centre.engine) as session:
        kept = session.get_one(Invitation, code.selector)
        assert code.secret.encode() not in kept.secret_hash
        assert codes.matches(code.secret, kept.salt, kept.secret_hash)
        assert not codes.matches(code.secret[::-1], kept.salt, kept.secret_hash)


def test_codes_do_not_repeat_and_hold_only_letters_that_cannot_be_mixed_up() -> None:
    made = {str(codes.new_code()) for _ in range(500)}
    assert len(made) == 500
    assert {len(code) for code in made} == {19}
    assert not set("".join(made)) & set("ILOU")


def test_a_pc_that_does_not_hold_its_key_cannot_join(centre: EmbeddedCentre) -> None:
    thief, victim = Pc(centre.url), Pc(centre.url)
    request = EnrolRequest(centre.invite("hn"), victim.key.public, "")
    with pytest.raises(Refusal, match="signature"):
        thief.ask("/v1/enrol", request.to_bytes(thief.key))


def test_a_pc_of_one_branch_cannot_join_another(centre: EmbeddedCentre) -> None:
    pc = Pc(centre.url)
    pc.enrol(centre.invite("hn"))
    with pytest.raises(Refusal, match="enrolled"):
        pc.enrol(centre.invite("hue"))
    assert pc.enrol(centre.invite("hn"), "Tên mới").branch == "hn"


def test_a_revoked_pc_is_refused_from_its_next_request_on(either_centre: EmbeddedCentre) -> None:
    pc = Pc(either_centre.url)
    code = either_centre.invite("hn")
    pc.enrol(code)
    pc.sync(pc.library())
    with writing(either_centre.centre.engine) as session:
        accounts.revoke(session, pc.device, dt.datetime.now(dt.UTC))
    for attempt in (
        lambda: pc.sync(pc.library()),
        lambda: pc.digests({"hn": 1}),
        lambda: pc.enrol(code),
        lambda: pc.enrol(either_centre.invite("hn")),
    ):
        with pytest.raises(Refusal, match="revoked") as refusal:
            attempt()
        assert refusal.value.status == 403


def test_nothing_is_served_to_a_request_made_after_the_revocation(
    either_centre: EmbeddedCentre,
) -> None:
    for _ in range(5):
        pc = Pc(either_centre.url)
        pc.enrol(either_centre.invite("hn"))
        revoked, ends = Event(), list[tuple[bool, str]]()

        def speak(pc: Pc = pc, revoked: Event = revoked, ends: list[Any] = ends) -> None:
            while not ends or ends[-1][1] == "served":
                was_revoked = revoked.is_set()
                try:
                    pc.sync(pc.library())
                    ends.append((was_revoked, "served"))
                except Refusal as refusal:
                    ends.append((was_revoked, refusal.code))

        thread = Thread(target=speak)
        thread.start()
        sleep(random.uniform(0.02, 0.1))
        with writing(either_centre.centre.engine) as session:
            accounts.revoke(session, pc.device, dt.datetime.now(dt.UTC))
        revoked.set()
        thread.join()
        assert (True, "served") not in ends
        assert ends[-1][1] == "revoked"


def test_a_centre_is_the_same_one_after_a_restart(either_centre: EmbeddedCentre) -> None:
    pc = Pc(either_centre.url)
    pc.enrol(either_centre.invite("hn"))
    receipt = pc.sync(pc.library()).receipt
    either_centre.close()
    with EmbeddedCentre(either_centre.centre.settings) as again:
        pc.url = again.url
        answer = pc.sync()
    assert answer.receipt.is_genuine(pc.us.centre_key, answer.signature)
    assert answer.receipt.positions == receipt.positions


def test_the_connection_can_be_lost_and_regained_on_the_same_port(centre: EmbeddedCentre) -> None:
    pc, url = Pc(centre.url), centre.url
    pc.enrol(centre.invite("hn"))
    centre.stop()
    with pytest.raises(OSError, match="refused"):
        pc.sync()
    centre.start()
    assert centre.url == url
    assert pc.sync(pc.library()).receipt.accepted == 1


def test_a_key_kept_outside_never_enters_the_database(database_url: str) -> None:
    from sync.problems import Problem
    from sync.server.centre import Centre
    from sync.server.tables import ONLY, Identity

    settings = Settings(database=database_url, centre_key=bytes(range(32)))
    centre = Centre(settings)
    with reading(centre.engine) as session:
        assert session.get_one(Identity, ONLY).secret is None
    centre.close()
    for wrong in (None, bytes(32)):
        with pytest.raises(Problem) as refusal:
            Centre(replace(settings, centre_key=wrong))
        assert refusal.value.code == "centre.key"
