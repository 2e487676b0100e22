"""Reading what somebody sends, never more of it than is allowed."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request

from sync.protocol import CONTENT_TYPE
from sync.server.refusals import refusal


async def body_of(request: Request, most_bytes: int, expected: str = CONTENT_TYPE) -> bytes:
    """The body of a request, whose content type must be as expected.

    Raises `Refusal` as soon as something is wrong with it.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if content_type != expected:
        raise refusal("content_type")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise refusal("content_encoding")
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > most_bytes:
        raise refusal("too_large", f"at most {most_bytes} bytes")
    received = bytearray()
    try:
        async for piece in request.stream():
            received += piece
            # Sent in pieces, a body declares no length.
            if len(received) > most_bytes:
                raise refusal("too_large", f"at most {most_bytes} bytes")
    except ClientDisconnect:
        raise refusal("message", "cut short") from None
    return bytes(received)
