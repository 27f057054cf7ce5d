"""What a response writes arrives once, in order, and with few system calls."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from ssg.edge.http.response_writer import ResponseWriter

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Transport:
    """Notes what is written."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.written.append(b"closed")

    def is_closing(self) -> bool:
        return b"closed" in self.written


@pytest.fixture
def joined() -> tuple[ResponseWriter, list[bytes]]:
    transport = Transport()
    return ResponseWriter(cast(asyncio.Transport, transport)), transport.written


def test_head_and_body_are_one_write(joined: tuple[ResponseWriter, list[bytes]]) -> None:
    transport, written = joined
    for body in (b"a", b""):
        transport.write(HEAD)
        transport.write(body)
        transport.write(b"more")
        transport.end_response()
    assert written == [HEAD + b"a", b"more", HEAD, b"more"]


def test_a_response_without_a_body_is_written_at_its_end(
    joined: tuple[ResponseWriter, list[bytes]],
) -> None:
    transport, written = joined
    transport.write(HEAD)
    assert written == []
    transport.end_response()
    transport.write(HEAD)
    transport.close()
    assert written == [HEAD, HEAD, b"closed"]
    assert transport.is_closing()


def test_an_interim_response_does_not_wait(
    joined: tuple[ResponseWriter, list[bytes]],
) -> None:
    transport, written = joined
    transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    transport.write(HEAD)
    transport.write(b"a")
    assert written == [b"HTTP/1.1 100 Continue\r\n\r\n", HEAD + b"a"]


def test_a_large_body_is_not_copied(joined: tuple[ResponseWriter, list[bytes]]) -> None:
    transport, written = joined
    large = b"x" * 100_000
    transport.write(HEAD)
    transport.write(large)
    assert written[0] == HEAD
    assert written[1] is large
