"""Carrying bytes to the centre and back over HTTP, and telling what stands in the way."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from requests import exceptions
from urllib3.exceptions import (
    DecodeError,
    HTTPError,
    LocationValueError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
)

from sync.client.obstacles import Busy, obstacle
from sync.client.patience import Unreached
from sync.frames import MOST_PACKED
from sync.problems import Problem
from sync.protocol import CONTENT_TYPE, Refusal

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
# For a whole answer: one that comes byte by byte never times out otherwise.
DEADLINE_S = 300.0
PROBE_TIMEOUT_S = 5.0
PIECE_BYTES = 64 * 1024
# OpenSSL's numbers for certificates that are too new and too old.
NOT_YET_VALID, EXPIRED = 9, 10


class HttpWire:
    """One warm connection to the centre at `server` ("https://…"), for the length of a sync.

    `clock` counts seconds and only goes forward.
    """

    def __init__(
        self,
        server: str,
        session: requests.Session | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = address(server)
        self._clock = clock
        self._session = session or requests.Session()
        # Else a .netrc of the PC's user would be sent along as a password.
        self._session.auth = lambda request: request
        self.bytes_up = self.bytes_down = self.requests = 0

    def __enter__(self) -> HttpWire:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def is_there(self) -> bool:
        """Whether a centre answers at all: a small question that changes nothing.

        Where a proxy or a sign-in page answers instead of the centre, it is not there.
        """
        url, timeout_s = self._server + "/health", PROBE_TIMEOUT_S
        try:
            with _explained():
                answer = self._session.get(url, timeout=timeout_s, allow_redirects=False)
            said: Any = answer.json() if answer.status_code == 200 else {}
            return isinstance(said, dict) and "centre" in said
        except (Problem, ValueError):
            return False

    def post(self, path: str, body: bytes) -> bytes:
        """Sends a message and returns the centre's own answer, never anybody else's."""
        headers = {"Content-Type": CONTENT_TYPE, "Accept-Encoding": "identity"}
        self.requests += 1
        self.bytes_up += len(body)
        until = self._clock() + DEADLINE_S
        with (
            _explained(),
            self._session.post(
                self._server + path,
                data=body,
                headers=headers,
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            answer = self._bounded(response, until)
            self.bytes_down += len(answer)
            return _judged(response, answer)

    def _bounded(self, response: requests.Response, until: float) -> bytes:
        """The body, piece by piece as it comes; neither too long nor too late."""
        received = bytearray()
        while piece := response.raw.read1(PIECE_BYTES, decode_content=True):
            received += piece
            if len(received) > MOST_PACKED:
                raise obstacle("alien")
            if self._clock() > until:
                raise obstacle("timeout")
        return bytes(received)


def address(server: str) -> str:
    """A server's address without its last slash. Raises `Problem` when it is none."""
    try:
        parts = urlsplit(server.strip())
        is_one = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or parts.query:
        raise obstacle("address")
    return server.strip().rstrip("/")


def _judged(response: requests.Response, answer: bytes) -> bytes:
    """An answer that does not bear our content type is not the centre's, whatever its status."""
    content_type = response.headers.get("Content-Type", "").split(";")[0].strip()
    if response.status_code == 200 and content_type == CONTENT_TYPE:
        return answer
    refusal = _refusal(response.status_code, content_type, answer)
    if refusal:
        raise refusal
    if response.status_code == 200 and not answer and not response.headers.get("Content-Length"):
        # The line broke among the headers, which Python takes for their end.
        raise obstacle("offline")
    if response.status_code in (429, 503):
        raise Busy(_retry_after_s(response))
    if response.status_code >= 500:
        raise obstacle("fault")
    if response.status_code == 407:
        raise obstacle("proxy")
    if response.status_code == 413:
        raise obstacle("too_large")
    raise obstacle("alien")


def _refusal(status: int, content_type: str, answer: bytes) -> Refusal | None:
    if content_type != "application/json" or status < 400 or status in (429, 503):
        return None
    try:
        said: Any = json.loads(answer)
        return Refusal(str(said["code"]), status, str(said.get("detail", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _retry_after_s(response: requests.Response) -> float | None:
    """Seconds the server asks to wait, at most an hour; None when it does not say."""
    text = response.headers.get("Retry-After", "")
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else None


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except exceptions.SSLError as fault:
        raise obstacle("clock" if _is_out_of_time(fault) else "tls") from fault
    except exceptions.ConnectTimeout as fault:
        raise Unreached("timeout") from fault
    except (exceptions.Timeout, ReadTimeoutError) as fault:
        raise obstacle("timeout") from fault
    except exceptions.ProxyError as fault:
        raise obstacle("proxy") from fault
    except (exceptions.InvalidURL, LocationValueError) as fault:
        raise obstacle("address") from fault
    except (exceptions.ContentDecodingError, DecodeError) as fault:
        raise obstacle("alien") from fault
    except (exceptions.RequestException, HTTPError, OSError) as fault:
        raise (Unreached("offline") if _was_refused(fault) else obstacle("offline")) from fault


def _is_out_of_time(fault: BaseException) -> bool:
    """Whether the certificate is good but for its days: then it may be the clock that is wrong."""
    causes: list[object] = [fault]
    while causes:
        cause = causes.pop()
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_code in (NOT_YET_VALID, EXPIRED)
        if isinstance(cause, BaseException):
            causes += [*cause.args, getattr(cause, "reason", None), cause.__cause__]
    return False


def _was_refused(fault: Exception) -> bool:
    """Whether not even a connection came about."""
    reason = fault.args[0] if fault.args else None
    return isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)
