"""The centre's addresses, and what each of them calls."""

from __future__ import annotations

import html
import logging
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sync import __version__
from sync.frames import BadMessage
from sync.protocol import CONTENT_TYPE, Refusal
from sync.server.bodies import body_of
from sync.server.centre import Centre, Clock, utc_now
from sync.server.database import Unreplicated
from sync.server.limits import DEAR, Limit, network_of
from sync.server.openapi import description
from sync.server.pages import BatchPage
from sync.server.refusals import refusal
from sync.server.settings import Settings
from sync.server.turns import Turns

SMALL_BODY_BYTES = 64 * 1024
RETRY_AFTER_S = 5

# Another try will find the database well, or the work done already.
_PASSING = (OperationalError, PoolTimeout, Unreplicated)

_log = logging.getLogger(__name__)


def create_app(settings: Settings, clock: Clock = utc_now) -> Starlette:
    """The centre as an ASGI application. Opens the database, and makes its tables, at once."""
    return application_of(Centre(settings, clock))


def application_of(centre: Centre) -> Starlette:
    """The application that speaks for a centre, which is closed when the application ends."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        centre.close()

    crowd = Crowd(centre)
    return Starlette(
        routes=[
            *_wire(centre, crowd),
            Route("/batch", _guarded(BatchPage(centre).answer, crowd), methods=["GET", "POST"]),
            Route("/health", _health(centre)),
            Route("/openapi.json", _openapi(centre)),
            Route("/", _front_page(centre)),
        ],
        exception_handlers={
            Refusal: _refused,
            BadMessage: _unreadable,
            HTTPException: _astray,
            **dict.fromkeys(_PASSING, _busy),
        },
        lifespan=lifespan,
    )


Endpoint = Callable[[Request], Awaitable[Response]]


def _wire(centre: Centre, crowd: Crowd) -> list[Route]:
    """The addresses of offices: what answers, how long a body may be, how dear it is."""
    long, small = centre.settings.body_limit_bytes, SMALL_BODY_BYTES
    answers: dict[str, tuple[Callable[[bytes], bytes], int, float]] = {
        "/v1/sync": (centre.sync, long, 1.0),
        "/v1/enrol": (centre.enrol, small, DEAR),
        "/v1/digest": (centre.digest, small, 1.0),
        "/v1/return": (centre.take_back, long, 1.0),
        "/v1/readmission": (centre.readmit, small, 1.0),
        "/v1/snapshot": (centre.snapshot, small, 1.0),
        "/v1/history": (centre.history, small, 1.0),
        "/v1/numbers": (centre.provide, small, 1.0),
    }
    turns = Turns(centre.settings.pool_size)
    return [
        Route(path, _answering(answer, most, crowd, turns, cost), methods=["POST"])
        for path, (answer, most, cost) in answers.items()
    ]


class Crowd:
    """How often each address asks, before anybody knows who it is."""

    def __init__(self, centre: Centre) -> None:
        settings = centre.settings
        self._limit = Limit(settings.address_per_minute, settings.address_burst)

    def wait_s(self, request: Request, cost: float) -> int:
        """0 when the request may pass, else the seconds until it might."""
        network = network_of(request.client.host if request.client else None)
        return self._limit.wait_s(network, time.monotonic(), cost) if network else 0


def _answering(
    answer: Callable[[bytes], bytes], most_bytes: int, crowd: Crowd, turns: Turns, cost: float
) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        wait_s = crowd.wait_s(request, cost)
        # Read all the same: who is still sending hears no answer.
        body = await body_of(request, most_bytes)
        if wait_s:
            raise refusal("too_often", str(wait_s))
        try:
            answered = await turns.take(answer, body)
        except (Refusal, BadMessage, *_PASSING):
            raise
        except Exception as fault:  # noqa: BLE001  whatever it is, the sender learns no more
            return _failed(request, fault)
        return Response(answered, media_type=CONTENT_TYPE)

    return endpoint


def _guarded(page: Endpoint, crowd: Crowd) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        wait_s = crowd.wait_s(request, DEAR) if request.method == "POST" else 0
        if wait_s:
            raise refusal("too_often", str(wait_s))
        try:
            return await page(request)
        except _PASSING:
            raise
        except Exception as fault:  # noqa: BLE001  whatever it is, the sender learns no more
            return _failed(request, fault)

    return endpoint


def _health(centre: Centre) -> Endpoint:
    async def health(_request: Request) -> Response:
        await run_in_threadpool(centre.is_well)
        return JSONResponse(
            {
                "name": centre.settings.name,
                "centre": centre.identity.id,
                "version": __version__,
                "time": centre.now(),
            }
        )

    return health


def _openapi(centre: Centre) -> Endpoint:
    document = description(centre.settings.body_limit_bytes, SMALL_BODY_BYTES)

    async def openapi(_request: Request) -> Response:
        return JSONResponse(document)

    return openapi


def _front_page(centre: Centre) -> Endpoint:
    name = html.escape(centre.settings.name)
    page = (
        '<!doctype html><html lang="vi"><meta charset="utf-8">'
        f"<title>{name}</title><h1>{name}</h1>"
        "<p>Đây là máy chủ đồng bộ của Hội. Các chi hội làm việc bằng phần mềm VLA Desktop; "
        "địa chỉ của trang này là địa chỉ máy chủ ghi vào phần mềm khi ghi danh.</p>"
        '<p><a href="/batch">Nhận tệp của chi hội</a> · <a href="/health">Tình trạng</a> · '
        '<a href="/openapi.json">OpenAPI</a></p></html>'
    )

    async def front_page(_request: Request) -> Response:
        return HTMLResponse(page)

    return front_page


def _answer_of(no: Refusal, headers: dict[str, str] | None = None) -> Response:
    return Response(
        no.to_bytes(), status_code=no.status, headers=headers, media_type="application/json"
    )


async def _refused(_request: Request, error: Exception) -> Response:
    no = error if isinstance(error, Refusal) else refusal("fault")
    waits = {"too_often": no.detail, "busy": str(RETRY_AFTER_S)}
    return _answer_of(no, {"Retry-After": waits[no.code]} if no.code in waits else None)


async def _unreadable(_request: Request, error: Exception) -> Response:
    return _answer_of(refusal("message", str(error)[:200]))


async def _astray(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else None
    return _answer_of(refusal("method" if status == 405 else "not_found"), headers)


async def _busy(request: Request, error: Exception) -> Response:
    _log.error("%s: the database does not answer: %s", request.url.path, type(error).__name__)
    return _answer_of(refusal("busy"), {"Retry-After": str(RETRY_AFTER_S)})


def _failed(request: Request, fault: Exception) -> Response:
    """Logs where it happened and not what was said: words of errors quote what people typed."""
    where = "".join(traceback.format_tb(fault.__traceback__))
    _log.error("%s failed: %s\n%s", request.url.path, type(fault).__name__, where)
    return _answer_of(refusal("fault"))
