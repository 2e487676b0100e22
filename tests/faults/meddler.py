"""Somebody between an office and its centre who meddles with whole requests and answers."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from sync.protocol import CONTENT_TYPE


@dataclass(frozen=True)
class Said:
    """An answer of the centre."""

    status: int
    content_type: str
    body: bytes


Centre = Callable[[str, bytes], Said]
# Takes the path, the request and a way to the centre; gives what is answered.
Meddling = Callable[[str, bytes, Centre], Said]
# Takes the socket and the body of an answer; writes what it likes, headers and all.
Writing = Callable[[socket.socket, bytes], None]


def honest(path: str, body: bytes, centre: Centre) -> Said:
    """Carries what is said, as it is."""
    return centre(path, body)


def head(length: int, *more: str) -> bytes:
    """The beginning of an answer of ours."""
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {CONTENT_TYPE}", f"Content-Length: {length}"]
    return "\r\n".join([*lines, *more, "", ""]).encode()


class Quiet(ThreadingHTTPServer):
    """A server that makes no fuss when somebody hangs up."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing."""


OURS = {"Content-Type": CONTENT_TYPE}


def _answer(handler: BaseHTTPRequestHandler, said: Said) -> None:
    handler.send_response(said.status)
    handler.send_header("Content-Type", said.content_type)
    handler.send_header("Content-Length", str(len(said.body)))
    handler.end_headers()
    handler.wfile.write(said.body)


@contextmanager
def meddler(
    server: str,
    meddling: Meddling = honest,
    writing: Writing | None = None,
    seal: ssl.SSLContext | None = None,
) -> Iterator[str]:
    """The address of a proxy of the centre at `server` that does this to every exchange.

    With a `seal` it speaks TLS.
    """

    def centre(path: str, body: bytes) -> Said:
        answer = requests.post(server + path, data=body, headers=OURS, timeout=20)
        return Said(answer.status_code, answer.headers["Content-Type"], answer.content)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            said = meddling(self.path, body, centre)
            self.close_connection = True
            with suppress(ConnectionError):
                if writing:
                    writing(self.connection, said.body)
                    return
                _answer(self, said)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Says nothing."""

    proxy = Quiet(("127.0.0.1", 0), Handler)
    if seal:
        proxy.socket = seal.wrap_socket(proxy.socket, server_side=True)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http{'s' if seal else ''}://127.0.0.1:{proxy.server_address[1]}"
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()


def dripping(line: socket.socket, answer: bytes) -> None:
    """Byte by byte, with a pause after each; the pace of a second is for longer tests."""
    for byte in head(len(answer)) + answer:
        line.sendall(bytes([byte]))
        time.sleep(0.0005)


def chunk_cut_short(line: socket.socket, answer: bytes) -> None:
    """The first of several chunks ends before its time."""
    begin = head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    line.sendall(begin + f"{len(answer):x}\r\n".encode() + answer[:-5])


def no_last_chunk(line: socket.socket, answer: bytes) -> None:
    """All is said but that it is all."""
    begin = head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    line.sendall(begin + f"{len(answer):x}\r\n".encode() + answer + b"\r\n")


def in_chunks(line: socket.socket, answer: bytes) -> None:
    """As a proxy may pass it on: in chunks, honestly."""
    begin = head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    line.sendall(begin + f"{len(answer):x}\r\n".encode() + answer + b"\r\n0\r\n\r\n")


def length_too_long(line: socket.socket, answer: bytes) -> None:
    """Promises more than comes."""
    line.sendall(head(len(answer) + 7) + answer)


def length_too_short(line: socket.socket, answer: bytes) -> None:
    """Says more than was promised."""
    line.sendall(head(len(answer) - 7) + answer)


def nothing(line: socket.socket, answer: bytes) -> None:
    """Hangs up."""


def another_type(line: socket.socket, answer: bytes) -> None:
    """Calls it by another name."""
    line.sendall(head(len(answer)).replace(CONTENT_TYPE.encode(), b"application/zip") + answer)


def said_to_be_encoded(line: socket.socket, answer: bytes) -> None:
    """Says that it is compressed once more, which it is not."""
    line.sendall(head(len(answer), "Content-Encoding: gzip") + answer)


def no_http(line: socket.socket, answer: bytes) -> None:
    """Speaks another language."""
    line.sendall(b"220 mail.example ESMTP\r\n")


def huge_head(line: socket.socket, answer: bytes) -> None:
    """More headers than anybody reads."""
    line.sendall(head(len(answer), *(f"X-{n}: {n}" for n in range(300))) + answer)


def slow_to_start(line: socket.socket, answer: bytes) -> None:
    """Says it goes on, and then that it does."""
    line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" + head(len(answer)) + answer)


def stall_and_reset(line: socket.socket, answer: bytes) -> None:
    """Stops half-way, and then slams the door."""
    line.sendall(head(len(answer)) + answer[: len(answer) // 2])
    time.sleep(0.05)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
