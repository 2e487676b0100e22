"""Carrying bytes to the centre and back over HTTP, and telling what stands in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from requests import exceptions
from urllib3.exceptions import LocationValueError, ReadTimeoutError

from sync.client.obstacles import Busy, obstacle
from sync.frames import MOST_PACKED
from sync.problems import Problem
from sync.protocol import CONTENT_TYPE, Refusal

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
PROBE_TIMEOUT_S = 5.0
PIECE_BYTES = 64 * 1024


class HttpWire:
    """One warm connection to the centre at `server` ("https://…"), for the length of a sync."""

    def __init__(self, server: str, session: requests.Session | None = None) -> None:
        self._server = address(server)
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
            answer = _bounded(response)
            self.bytes_down += len(answer)
            return _judged(response, answer)


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


def _bounded(response: requests.Response) -> bytes:
    pieces, length = [], 0
    for piece in response.iter_content(PIECE_BYTES):
        pieces.append(piece)
        length += len(piece)
        if length > MOST_PACKED:
            raise obstacle("alien")
    return b"".join(pieces)


def _judged(response: requests.Response, answer: bytes) -> bytes:
    """An answer that does not bear our content type is not the centre's, whatever its status."""
    content_type = response.headers.get("Content-Type", "").split(";")[0].strip()
    if response.status_code == 200 and content_type == CONTENT_TYPE:
        return answer
    refusal = _refusal(response.status_code, content_type, answer)
    if refusal:
        raise refusal
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
        raise obstacle("tls") from fault
    except exceptions.Timeout as fault:
        raise obstacle("timeout") from fault
    except exceptions.ProxyError as fault:
        raise obstacle("proxy") from fault
    except (exceptions.InvalidURL, LocationValueError) as fault:
        raise obstacle("address") from fault
    except exceptions.ContentDecodingError as fault:
        raise obstacle("alien") from fault
    except (exceptions.RequestException, OSError) as fault:
        # An answer that breaks off and does not go on comes in disguise.
        stalled = any(isinstance(reason, ReadTimeoutError) for reason in fault.args)
        raise obstacle("timeout" if stalled else "offline") from fault
