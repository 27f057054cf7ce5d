"""Bodies are decoded, and never longer than their limit."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.sources.data_client import SourceError
from ssg.sources.http.response_body import drain, read_body


def _split(body: bytes, size: int) -> Iterator[bytes]:
    return (body[first : first + size] for first in range(0, len(body), size))


@given(st.binary(max_size=200), st.integers(1, 50), st.sampled_from(["", "gzip", "X-Gzip"]))
def test_a_body_arrives_in_any_pieces(body: bytes, size: int, encoding: str) -> None:
    sent = gzip.compress(body) if encoding else body
    assert read_body(_split(sent, size), encoding, len(body)) == body
    if body:
        with pytest.raises(SourceError, match="longer than"):
            read_body(_split(sent, size), encoding, len(body) - 1)


@given(st.binary(min_size=1, max_size=200), st.integers(0, 300), st.integers(1, 50))
def test_damage_is_noticed(body: bytes, place: int, size: int) -> None:
    """Cut off, or with more after it."""
    sent = gzip.compress(body, mtime=0)
    cut = sent[: place % len(sent)]
    for damaged in (cut, sent + b"x", sent + sent):
        with pytest.raises(SourceError, match="not the gzip"):
            read_body(_split(damaged, size), "gzip", 1000)


def test_a_bomb_is_not_unpacked() -> None:
    """50 MB of zeros: no more of them is made than the limit."""
    bomb = gzip.compress(bytes(50_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="longer than 100,000 bytes"):
            read_body([bomb], "gzip", 100_000)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_what_nobody_reads_is_drained_in_part() -> None:
    pieces = iter([b"x" * 30_000] * 1000)
    drain(pieces)
    assert 990 < len(list(pieces)) < 1000
