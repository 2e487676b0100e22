"""The centre's addresses, and what each of them calls."""

from __future__ import annotations

import html
import logging
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
from sync.server.openapi import description
from sync.server.pages import BatchPage
from sync.server.refusals import refusal
from sync.server.settings import Settings

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

    most = centre.settings.body_limit_bytes
    return Starlette(
        routes=[
            Route("/v1/sync", _answering(centre.sync, most), methods=["POST"]),
            Route("/v1/enrol", _answering(centre.enrol, SMALL_BODY_BYTES), methods=["POST"]),
            Route("/v1/digest", _answering(centre.digest, SMALL_BODY_BYTES), methods=["POST"]),
            Route("/v1/return", _answering(centre.take_back, most), methods=["POST"]),
            Route(
                "/v1/readmission", _answering(centre.readmit, SMALL_BODY_BYTES), methods=["POST"]
            ),
            Route("/v1/snapshot", _answering(centre.snapshot, SMALL_BODY_BYTES), methods=["POST"]),
            Route("/v1/history", _answering(centre.history, SMALL_BODY_BYTES), methods=["POST"]),
            Route("/batch", _guarded(BatchPage(centre).answer), methods=["GET", "POST"]),
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


def _answering(answer: Callable[[bytes], bytes], most_bytes: int) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = await body_of(request, most_bytes)
        try:
            answered = await run_in_threadpool(answer, body)
        except (Refusal, BadMessage, *_PASSING):
            raise
        except Exception as fault:  # noqa: BLE001  whatever it is, the sender learns no more
            return _failed(request, fault)
        return Response(answered, media_type=CONTENT_TYPE)

    return endpoint


def _guarded(page: Endpoint) -> Endpoint:
    async def endpoint(request: Request) -> Response:
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
    return _answer_of(error if isinstance(error, Refusal) else refusal("fault"))


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
