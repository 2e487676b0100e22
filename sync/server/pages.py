"""A page on which the centre takes in files of branches: plain HTML, no scripts, no memory."""

from __future__ import annotations

import html
import re
from types import MappingProxyType
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sync.files import MOST_FILE
from sync.problems import Problem
from sync.protocol import Refusal
from sync.server import batches
from sync.server.bodies import body_of
from sync.server.centre import Centre
from sync.texts import _

FORM_TYPE: Final = "multipart/form-data"
FILE_TYPE: Final = "application/vnd.vla.file"
# What a browser writes around the file.
MOST_FORM: Final = MOST_FILE + 4096

# Statuses of the problems that are not simply a bad file.
STATUSES: Final = MappingProxyType(
    {
        "file.signature": 401, "file.unknown_device": 401, "file.revoked": 403,
        "file.scope": 403, "file.centre": 409, "file.stale_exchange": 409, "file.version": 409,
        "file.too_large": 413, "file.form": 400,
    }
)  # fmt: skip
_SAFE: Final = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
)
_BOUNDARY = re.compile(r'boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?\s*(?:;|$)')


class BatchPage:
    """The form, and what comes of sending it."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    async def answer(self, request: Request) -> Response:
        """The empty form; the acknowledgement; or the form again with what is the matter."""
        if request.method != "POST":
            return self._page()
        try:
            content = await _uploaded(request)
            said = await run_in_threadpool(batches.take_in, self._centre, content)
        except Problem as problem:
            return self._page(problem, STATUSES.get(problem.code, 400))
        disposition = f'attachment; filename="{batches.name_of(said)}"'
        headers = {**_SAFE, "Content-Disposition": disposition}
        return Response(said.content, media_type=FILE_TYPE, headers=headers)

    def _page(self, problem: Problem | None = None, status: int = 200) -> Response:
        name = html.escape(self._centre.settings.name)
        title, choose, send = _("Nhận tệp của chi hội"), _("Tệp gửi của chi hội"), _("Nhận vào sổ")
        told = ""
        if problem:
            what, advice = html.escape(problem.what), html.escape(problem.advice)
            told = f'<p role="alert"><strong>{what}</strong> {advice}</p>'
        explained = _(
            "Chọn tệp chi hội gửi qua USB, thư điện tử hoặc Zalo. Máy chủ trả về tệp biên nhận; "
            "gửi tệp ấy lại cho chi hội."
        )
        page = (
            '<!doctype html><html lang="vi"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{html.escape(title)} - {name}</title><h1>{html.escape(title)}</h1>{told}"
            f"<p>{html.escape(explained)}</p>"
            f'<form method="post" action="/batch" enctype="{FORM_TYPE}">'
            f'<p><label for="batch">{html.escape(choose)}</label> '
            '<input id="batch" name="batch" type="file" required></p>'
            f'<p><button type="submit">{html.escape(send)}</button></p></form></html>'
        )
        return HTMLResponse(page, status_code=status, headers=dict(_SAFE))


async def _uploaded(request: Request) -> bytes:
    """The one file in a form. Raises `Problem` as soon as something is wrong with it."""
    try:
        body = await body_of(request, MOST_FORM, FORM_TYPE)
    except Refusal as refusal:
        raise _unusable("file.too_large" if refusal.code == "too_large" else "file.form") from None
    found = _BOUNDARY.search(request.headers.get("content-type", ""))
    mark = b"--" + found[1].encode() if found else b""
    start = body.find(b"\r\n\r\n")
    end = body.rfind(b"\r\n" + mark + b"--")
    head = body[: max(start, 0)]
    is_one = mark and body.startswith(mark + b"\r\n") and b'name="batch"' in head and start < end
    if not is_one:
        raise _unusable("file.form")
    return body[start + 4 : end]


def _unusable(code: str) -> Problem:
    return Problem(
        _("Chưa nhận được tệp nào dùng được."),
        _("Chưa có gì thay đổi; anh/chị chọn lại tệp rồi bấm Nhận vào sổ."),
        code=code,
    )
