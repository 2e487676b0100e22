"""Whatever goes wrong between office and centre, at every address: all or nothing, and a word."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import sync.client.wire as wire_module
from sync.changes import Entry
from sync.client.tables import Office as Identity
from sync.frames import pack, unpack
from sync.problems import Problem
from sync.progress import Silent
from sync.protocol import sync_answer_from
from sync.records.library import Library
from sync.server.database import reading
from sync.server.embedded import EmbeddedCentre, settings_of
from tests.builders import a_library, everything
from tests.faults import meddler as meddling
from tests.faults.certificates import an_authority
from tests.faults.meddler import Centre, Said, meddler
from tests.strangers import Answer, stranger
from tests.sync.test_strangers import ANSWERS, OURS
from vla_desktop.office import Office
from vla_desktop.store.database import writing

BRANCH = "HN"
DONE = ""
SYNC, ENROL, DIGEST = "/v1/sync", "/v1/enrol", "/v1/digest"
ADDRESSES = (SYNC, ENROL, DIGEST)


class Clerk:
    """Does one thing after another at an address of the centre, and finds it done once."""

    def __init__(self, office: Office, centre: EmbeddedCentre) -> None:
        self.office, self.centre = office, centre
        self.code = centre.invite(BRANCH)
        office.enrol(centre.url, self.code)
        self.record = office.store.save(Library, a_library()).id
        office.synchronise(Silent())
        self.edits = 1

    def prepare(self, path: str) -> None:
        """There is something to do."""
        if path == SYNC:
            self.edits += 1
            self.office.store.save(Library, {"note": f"lần {self.edits}"}, self.record)
        if path == ENROL:
            with writing(self.office._engine) as session:
                session.get_one(Identity, 1).branch = ""

    def attempt(self, path: str, url: str) -> str:
        """What an attempt came to: the code of a problem, DONE, or "doubt"."""
        try:
            if path == ENROL:
                self.office.enrol(url, self.code)
                return DONE
            self.office.move(url)
            if path == SYNC:
                self.office.synchronise(Silent())
                return DONE
            return DONE if self.office.verify_receipt(online=True).holds else "doubt"
        except Problem as problem:
            has_words = problem.what and problem.advice
            return problem.code.removeprefix("sync.") if has_words else "speechless"
        finally:
            self.office.move(self.centre.url)

    def suffer(self, path: str, url: str) -> str:
        """An attempt that may fail, and the next one, which must not."""
        self.prepare(path)
        before = everything(self.office)
        found = self.attempt(path, url)
        if found != DONE:
            assert everything(self.office) == before
            assert self.attempt(path, self.centre.url) == DONE
        self.assert_once()
        return found

    def assert_once(self) -> None:
        """The centre has every edit once, and both ledgers agree."""
        with reading(self.centre.centre.engine) as session:
            entries = session.scalars(select(Entry).order_by(Entry.seq)).all()
        assert len(entries) == self.edits
        assert self.office.digests()[BRANCH] == (self.edits, entries[-1].digest)
        assert self.office.standing().pending == 0
        assert self.office.standing().branch == BRANCH


@pytest.fixture
def clerk(open_office: Callable[[str], Office], centre: EmbeddedCentre) -> Clerk:
    return Clerk(open_office("a"), centre)


DATE = "Wed, 21 Oct 2099 07:28:00 GMT"
FURTHER = {
    "html bad request": (Answer(400), "alien"),
    "html unauthorised": (Answer(401), "alien"),
    "html conflict": (Answer(409), "alien"),
    "precondition": (Answer(412), "alien"),
    "too early": (Answer(425), "alien"),
    "permanent redirect": (Answer(308, b"", {"Location": "http://127.0.0.1:9/"}), "alien"),
    "too many, in seconds": (Answer(429, b"", {"Retry-After": "7"}), "busy"),
    "too many, by date": (Answer(429, b"", {"Retry-After": DATE}), "busy"),
    "too many, for ever": (Answer(429, b"", {"Retry-After": "9" * 30}), "busy"),
    "unavailable page": (Answer(503), "busy"),
    "fault in our type": (Answer(500, b"x", OURS), "fault"),
    "no content in our type": (Answer(204, b"", OURS), "alien"),
    "partial content": (Answer(206, b"x", OURS), "alien"),
}


@pytest.mark.parametrize("path", ADDRESSES)
def test_whoever_answers_instead_is_called_by_its_name(path: str, clerk: Clerk) -> None:
    answers = ANSWERS | FURTHER
    found = {}
    for name, (answer, _code) in answers.items():
        with stranger(answer) as url:
            found[name] = clerk.suffer(path, url)
    assert found == {name: code for name, (_answer, code) in answers.items()}


WRITINGS = {
    meddling.dripping: DONE,
    meddling.in_chunks: DONE,
    meddling.slow_to_start: DONE,
    meddling.chunk_cut_short: "offline",
    meddling.no_last_chunk: "offline",
    meddling.length_too_long: "offline",
    meddling.length_too_short: "message",
    meddling.nothing: "offline",
    meddling.stall_and_reset: "offline",
    meddling.another_type: "alien",
    meddling.said_to_be_encoded: "alien",
    meddling.no_http: "offline",
    meddling.huge_head: "offline",
}


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_answer_mangled_on_its_way_is_all_or_nothing(path: str, clerk: Clerk) -> None:
    found = {}
    for writing_it in WRITINGS:
        with meddler(clerk.centre.url, writing=writing_it) as url:
            found[writing_it] = clerk.suffer(path, url)
    assert found == WRITINGS


@pytest.mark.parametrize("path", ADDRESSES)
def test_silence_is_given_up_at_every_address(
    path: str, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, stranger(Answer(hangs=True)) as url:
        patched.setattr(wire_module, "READ_TIMEOUT_S", 0.1)
        clerk.prepare(path)
        before = everything(clerk.office)
        assert clerk.attempt(path, url) == "timeout"
        assert everything(clerk.office) == before
    assert clerk.attempt(path, clerk.centre.url) == DONE
    clerk.assert_once()


class Doubling:
    """Says the first request twice; brings the first answer back, or the `second`."""

    def __init__(self, *, second: bool) -> None:
        self._second, self._has_doubled = second, False

    def __call__(self, path: str, body: bytes, centre: Centre) -> Said:
        said = centre(path, body)
        if self._has_doubled:
            return said
        self._has_doubled = True
        again = centre(path, body)
        return again if self._second else said


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("second", [False, True])
def test_a_request_that_arrives_twice_counts_once(second: bool, path: str, clerk: Clerk) -> None:
    with meddler(clerk.centre.url, Doubling(second=second)) as url:
        assert clerk.suffer(path, url) == DONE


class Overtaking:
    """The first request gets lost on the way, and arrives after the second one was answered."""

    def __init__(self) -> None:
        self._late = b""
        self.arrived: list[int] = []

    def __call__(self, path: str, body: bytes, centre: Centre) -> Said:
        if not self._late:
            self._late = body
            return Said(504, "text/html", b"")
        said = centre(path, body)
        if not self.arrived:
            self.arrived.append(centre(path, self._late).status)
        return said


def test_a_request_that_comes_after_the_next_one_does_nothing(clerk: Clerk) -> None:
    overtaking = Overtaking()
    with meddler(clerk.centre.url, overtaking) as url:
        assert clerk.suffer(SYNC, url) == DONE
        assert clerk.suffer(SYNC, url) == DONE
    assert overtaking.arrived == [409]


class Replaying:
    """Answers everything with the first answer it heard at that address."""

    def __init__(self) -> None:
        self._first: dict[str, Said] = {}

    def __call__(self, path: str, body: bytes, centre: Centre) -> Said:
        said = centre(path, body)
        return self._first.setdefault(path, said)


def test_an_old_receipt_is_not_taken_for_a_new_one(clerk: Clerk) -> None:
    with meddler(clerk.centre.url, Replaying()) as url:
        assert clerk.suffer(SYNC, url) == DONE
        assert clerk.suffer(SYNC, url) == "receipt"


@pytest.mark.parametrize(
    ("asked", "answered"), [(SYNC, ENROL), (SYNC, DIGEST), (ENROL, SYNC), (DIGEST, SYNC)]
)
def test_answers_that_were_swapped_are_unreadable(asked: str, answered: str, clerk: Clerk) -> None:
    kept: dict[str, Said] = {}

    def keeping(path: str, body: bytes, centre: Centre) -> Said:
        return kept.setdefault(path, centre(path, body))

    def swapping(path: str, body: bytes, centre: Centre) -> Said:
        centre(path, body)
        return kept[answered]

    with meddler(clerk.centre.url, keeping) as url:
        clerk.suffer(answered, url)
    with meddler(clerk.centre.url, swapping) as url:
        assert clerk.suffer(asked, url) == "message"


@pytest.mark.parametrize(
    ("path", "code"), [(SYNC, "centre"), (ENROL, "code"), (DIGEST, "unknown_device")]
)
def test_another_centre_is_of_no_use(path: str, code: str, clerk: Clerk, tmp_path: Path) -> None:
    with EmbeddedCentre(settings_of(tmp_path / "other.db")) as other:
        assert clerk.suffer(path, other.url) == code


def with_wrong_digest(path: str, body: bytes, centre: Centre) -> Said:
    """Both kinds of answer that hold digests, with others."""
    said = centre(path, body)
    if path == DIGEST:
        version, digests, signature = unpack(said.body)
        return replace(said, body=pack([version, dict.fromkeys(digests, "0" * 64), signature]))
    answer = sync_answer_from(said.body)
    places = {
        scope: replace(place, digest="0" * 64) for scope, place in answer.receipt.positions.items()
    }
    wrong_receipt = replace(answer.receipt, positions=places)
    return replace(said, body=replace(answer, receipt=wrong_receipt).to_bytes())


@pytest.mark.parametrize(("path", "code"), [(SYNC, "receipt"), (DIGEST, "unproven")])
def test_a_wrong_digest_is_noticed(path: str, code: str, clerk: Clerk) -> None:
    with meddler(clerk.centre.url, with_wrong_digest) as url:
        assert clerk.suffer(path, url) == code


@pytest.mark.parametrize("path", ADDRESSES)
def test_nobody_listens_or_nobody_is_found(
    path: str, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    assert clerk.suffer(path, f"http://127.0.0.1:{port}") == "offline"
    known = socket.getaddrinfo

    def unknown(host: str, *rest: Any, **more: Any) -> Any:
        if host == "dongbo.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert clerk.suffer(path, "http://dongbo.example") == "offline"


@contextmanager
def a_black_hole() -> Iterator[int]:
    """A port at which nobody ever answers, not even with a no."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        crowd = [socket.socket() for _ in range(4)]
        try:
            for one in crowd:
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
            yield port
        finally:
            for one in crowd:
                one.close()


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_that_swallows_everything_is_passed_by_for_the_next(
    path: str, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a network hands out IPv6 addresses and carries nothing to them."""
    known = socket.getaddrinfo
    good = int(clerk.centre.url.rpartition(":")[2])
    ports = [good]

    def several(host: str, *rest: Any, **more: Any) -> Any:
        if host != "dongbo.example":
            return known(host, *rest, **more)
        sort = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*sort, ("127.0.0.1", port)) for port in ports]

    monkeypatch.setattr(socket, "getaddrinfo", several)
    monkeypatch.setattr(wire_module, "CONNECT_TIMEOUT_S", 0.2)
    with a_black_hole() as hole:
        ports.insert(0, hole)
        assert clerk.suffer(path, "http://dongbo.example") == DONE
        ports.pop()
        assert clerk.suffer(path, "http://dongbo.example") == "timeout"


@pytest.fixture
def seals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[ssl.SSLContext, str]]:
    """Servers' certificates, with what an office that knows one authority makes of them."""
    known, unknown = an_authority(), an_authority()
    bundle = tmp_path / "authorities.pem"
    bundle.write_bytes(known.certificate)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    (tmp_path / "unknown").mkdir()
    return {
        "good": (known.seal(tmp_path), DONE),
        "signed by nobody": (unknown.seal(tmp_path / "unknown"), "tls"),
        "another host": (known.seal(tmp_path, host="127.0.0.9"), "tls"),
        "inspected on the way": (unknown.seal(tmp_path / "unknown", days_left=9), "tls"),
        "expired": (known.seal(tmp_path, days_left=-1), "clock"),
        "not valid yet": (known.seal(tmp_path, days_left=9, first_day=5), "clock"),
    }


@pytest.mark.parametrize("path", ADDRESSES)
def test_only_a_valid_certificate_is_trusted(
    path: str,
    clerk: Clerk,
    seals: dict[str, tuple[ssl.SSLContext, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = {}
    for name, (seal, _code) in seals.items():
        with meddler(clerk.centre.url, seal=seal) as url:
            found[name] = clerk.suffer(path, url)
    found["no seal at all"] = clerk.suffer(path, clerk.centre.url.replace("http:", "https:"))
    caplog.clear()  # uvicorn wonders at what it takes for a request
    wanted = {name: code for name, (_seal, code) in seals.items()}
    assert found == wanted | {"no seal at all": "tls"}


def test_an_office_that_believes_whoever_answers_would_be_caught(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_module, "_judged", lambda _response, answer: answer)
    with stranger(Answer()) as url:
        assert clerk.suffer(SYNC, url) != "alien"


def test_an_office_that_takes_any_receipt_would_be_caught(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.client.intake import Intake

    monkeypatch.setattr(Intake, "_check_receipt", lambda _intake: None)
    with meddler(clerk.centre.url, with_wrong_digest) as url, pytest.raises(AssertionError):
        assert clerk.suffer(SYNC, url) == "receipt"
