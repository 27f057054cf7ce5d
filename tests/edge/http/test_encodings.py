"""What clients accept, and what they get back from it."""

from __future__ import annotations

import gzip
import math
from collections.abc import Callable, Mapping

import brotli
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssg.edge.http.encodings import (
    ALL_ENCODINGS,
    IDENTITY,
    LEAST_BYTES,
    accepted_weights,
    encode,
    encoded_etag,
    is_encodable,
    negotiate,
    varies_by_encoding,
)
from tests.edge.http.decoding import DECODERS

BOTH = ("br", "gzip")


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip ; q=0.2 , br ; q=0.9", "br"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.000, br;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("*;q=0.5, gzip;q=0.9", "gzip"),
        ("identity", ""),
        ("identity, gzip", "gzip"),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0", ""),
        ("deflate, compress", ""),
        ("gzip;q=2", ""),
        ("gzip;q=-1", ""),
        ("gzip;q=0.1234", ""),
        ("gzip;q=nan", ""),
        ("gzip;level=1", ""),
        (",,gzip,,", "gzip"),
        ("gzipped, brotli", ""),
        (";q=1", ""),
        ("gzip, " + "a" * 500, "gzip"),
    ],
)
def test_the_preferred_encoding_is_chosen(accepted: str, chosen: str) -> None:
    assert negotiate(accepted, BOTH) == chosen


WEIGHTS = st.one_of(
    st.none(),
    st.integers(0, 1000).map(lambda n: f"{n / 1000:.3f}"),
    st.text("0123456789.q=", max_size=5),
)
ELEMENTS = st.tuples(st.sampled_from(["gzip", "br", "zstd", "identity", "*", "other"]), WEIGHTS)


@given(st.lists(ELEMENTS, max_size=6))
@example([("identity", "0.000"), ("gzip", "0.001")])
def test_what_is_not_acceptable_is_never_chosen(elements: list[tuple[str, str | None]]) -> None:
    header = ", ".join(name if q is None else f"{name};q={q}" for name, q in elements)
    weights, chosen = accepted_weights(header), negotiate(header, ALL_ENCODINGS)
    assert all(0 <= weight <= 1 for weight in weights.values())
    others = weights.get("*", 0.0)
    offered = {name: weights.get(name, others) for name in ALL_ENCODINGS}
    if chosen:
        assert offered[chosen] == max(offered.values()) > 0
        assert offered[chosen] >= weights.get("identity", 0)
    else:
        best = max(offered.values())
        assert best == 0 or best < weights.get("identity", -math.inf)


@given(st.text(max_size=300))
def test_any_header_is_read(header: str) -> None:
    assert negotiate(header, ALL_ENCODINGS) in {IDENTITY, *ALL_ENCODINGS}


@given(st.binary(max_size=5000))
@pytest.mark.parametrize("encoding", ALL_ENCODINGS)
def test_encoded_content_is_the_same_when_it_is_decoded(encoding: str, body: bytes) -> None:
    encoded = encode(body, encoding)
    assert DECODERS[encoding](encoded) == body
    assert encode(body, encoding) == encoded


def test_all_encodings_are_here() -> None:
    assert ALL_ENCODINGS == ("br", "zstd", "gzip")
    assert encode(b"a", "") == b"a"
    assert gzip.compress(b"a", 6, mtime=0) == encode(b"a", "gzip")
    decoders: Mapping[str, Callable[[bytes], bytes]] = {"br": brotli.decompress}
    assert decoders["br"](encode(b"a", "br")) == b"a"


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/html; charset=UTF-8", True),
        ("TEXT/CSS", True),
        ("application/javascript; charset=UTF-8", True),
        ("application/rss+xml", True),
        ("application/manifest+json", True),
        ("application/wasm", True),
        ("image/svg+xml", True),
        ("image/png", False),
        ("font/woff2", False),
        ("application/zip", False),
        ("application/octet-stream", False),
        ("", False),
    ],
)
def test_text_is_encoded_and_pictures_are_not(content_type: str, expected: bool) -> None:
    headers = {"content-type": content_type}
    assert is_encodable(headers, LEAST_BYTES) is expected
    assert not is_encodable(headers, LEAST_BYTES - 1)
    assert not is_encodable({**headers, "content-encoding": "gzip"}, LEAST_BYTES)


@pytest.mark.parametrize(
    ("vary", "expected"),
    [
        ("", "Accept-Encoding"),
        ("Cookie", "Cookie, Accept-Encoding"),
        ("accept-encoding, Cookie", "accept-encoding, Cookie"),
        ("*", "*"),
    ],
)
def test_vary_of_a_site_is_kept(vary: str, expected: str) -> None:
    assert varies_by_encoding(vary) == expected


def test_each_encoding_has_an_etag_of_its_own() -> None:
    assert encoded_etag('"a"', "gzip") == '"a-gzip"'
    assert encoded_etag('"a"', "") == '"a"'
    assert encoded_etag("", "gzip") == ""
