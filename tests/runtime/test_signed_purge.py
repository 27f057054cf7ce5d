"""Signed requests to purge: bodies, signatures, the window and replays."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.cache_options import is_cache_tag
from ssg.runtime.signed_purge import (
    MAX_BODY_BYTES,
    MAX_TAGS,
    NONCE_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    WINDOW_SECONDS,
    PurgeRequestError,
    PurgeSelection,
    SeenNonces,
    accepted_selection,
    is_valid,
    signature_of,
    signed_headers,
    usable_secret,
)
from tests.runtime import purge_requests

VECTORS = json.loads((Path(__file__).parents[1] / "cases/purge/signatures.json").read_text("utf-8"))
SECRET = b"0123456789abcdef0123456789abcdef"
NONCE = "00112233445566778899aabbccddeeff"
NOW = 1_767_225_600.0
TAGS = st.from_regex(r"[a-z0-9:._-]{1,128}", fullmatch=True)


def check(now: float = NOW, **changes: object) -> bool:
    """Whether a valid request with these changes is valid."""
    body = b'{"all":true}'
    signed = signed_headers(SECRET, body, NOW, NONCE)
    values = {
        "signature": signed[SIGNATURE_HEADER],
        "timestamp": signed[TIMESTAMP_HEADER],
        "nonce": signed[NONCE_HEADER],
        "secret": SECRET,
        "body": body,
    }
    return is_valid(now=now, **{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["signature"][:8])
def test_signatures_are_those_of_the_vectors(vector: dict[str, str]) -> None:
    secret, body = vector["secret"].encode(), vector["body"].encode()
    assert signature_of(secret, vector["timestamp"], vector["nonce"], body) == vector["signature"]


def test_what_is_signed_is_valid_within_the_window() -> None:
    assert check()
    assert check(NOW + WINDOW_SECONDS)
    assert check(NOW - WINDOW_SECONDS)
    assert not check(NOW + WINDOW_SECONDS + 1)
    assert not check(NOW - WINDOW_SECONDS - 1)


@pytest.mark.parametrize(
    "change",
    [
        {"secret": SECRET[::-1]},
        {"body": b'{"all":true} '},
        {"timestamp": str(int(NOW) + 1)},
        {"nonce": NONCE[::-1]},
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "ö"},
    ],
)
def test_whatever_is_changed_is_not_valid(change: dict[str, object]) -> None:
    assert not check(**change)


@pytest.mark.parametrize(
    ("timestamp", "nonce"),
    [("now", NONCE), (f" {NOW:.0f}", NONCE), ("", NONCE), ("1767225600", NONCE[:-1]),
     ("1767225600", NONCE.upper()), ("1767225600", NONCE + "\n"), ("１７６７２２５６００", NONCE)],
)  # fmt: skip
def test_a_malformed_time_or_nonce_is_not_valid_though_signed(timestamp: str, nonce: str) -> None:
    signature = signature_of(SECRET, timestamp, nonce, b"")
    assert not check(timestamp=timestamp, nonce=nonce, body=b"", signature=signature)


def test_a_nonce_counts_once_and_is_kept_as_long_as_its_request_is_timely() -> None:
    seen, timestamp = SeenNonces(), f"{NOW:.0f}"
    assert seen.add(NONCE, timestamp, NOW)
    assert not seen.add(NONCE, timestamp, NOW)
    assert not seen.add(NONCE, timestamp, NOW + WINDOW_SECONDS)
    assert seen.add(NONCE[::-1], timestamp, NOW + 1)
    assert len(seen) == 2
    assert seen.add(NONCE, f"{NOW + 600:.0f}", NOW + 600)
    assert len(seen) == 1


def test_a_request_from_the_future_is_kept_until_it_is_too_old() -> None:
    seen, ahead = SeenNonces(), NOW + WINDOW_SECONDS
    assert seen.add(NONCE, f"{ahead:.0f}", NOW)
    assert not seen.add(NONCE, f"{ahead:.0f}", NOW + 2 * WINDOW_SECONDS)


@given(st.lists(TAGS, min_size=1, max_size=MAX_TAGS, unique=True))
def test_a_body_is_read_as_it_was_written(tags: list[str]) -> None:
    selection = PurgeSelection(tuple(tags))
    assert PurgeSelection.from_body(selection.to_body()) == selection


def test_the_longest_list_fits_into_a_body() -> None:
    tags = tuple(f"{number:0128d}" for number in range(MAX_TAGS))
    assert len(PurgeSelection(tags).to_body()) <= MAX_BODY_BYTES


def test_everything_is_asked_for_expressly() -> None:
    everything = PurgeSelection(everything=True)
    assert everything.to_body() == b'{"all":true}'
    assert PurgeSelection.from_body(b' {"all": true} ') == everything
    with pytest.raises(ValueError, match="empty"):
        PurgeSelection().to_body()


def test_texts_become_the_tags_that_pages_have() -> None:
    body = json.dumps({"tags": ["post:Ana/Hello", "post:ana:hello", "user:Ü"]}).encode()
    assert PurgeSelection.from_body(body).tags == ("post:ana:hello", "user:_c3_bc")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "neither"),
        (b"[]", "neither"),
        (b'{"all":false}', "neither"),
        (b'{"all":1}', "neither"),
        (b'{"all":true,"tags":["a"]}', "neither"),
        (b'{"tags":[]}', "empty"),
        (b'{"tags":"a"}', "empty"),
        (b'{"tags":[""]}', "not a text of"),
        (b'{"tags":["a\\n"]}', "not a text of"),
        (b'{"tags":["\\ud800"]}', "not a text of"),
        (b'{"tags":[7]}', "not a text of"),
        (json.dumps({"tags": [str(n) for n in range(MAX_TAGS + 1)]}).encode(), "more than 500"),
    ],
)
def test_a_wrong_body_has_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        PurgeSelection.from_body(body)


def test_a_tag_has_few_kinds_of_characters_and_a_greatest_length() -> None:
    assert all(map(is_cache_tag, ("a", "page:0123456789", "build:2026-01-01", "x" * 128)))
    assert not any(map(is_cache_tag, ("", "x" * 129, "Ä", "a b", "a,b", "a*", "a\n")))


@pytest.mark.parametrize(
    ("text", "secret"),
    [(None, None), ("", None), ("x" * 31, None), (f"\n{'x' * 32} \r\n", b"x" * 32),
     (" " * 40, None), ("ö" * 16, "ö".encode() * 16)],
)  # fmt: skip
def test_a_secret_is_long_enough_or_none(text: str | None, secret: bytes | None) -> None:
    assert usable_secret(text) == secret


def test_each_request_gets_the_answer_of_the_table() -> None:
    seen, secret = SeenNonces(), purge_requests.SECRET.encode()
    for case in purge_requests.cases():
        status, reason = 202, ""
        try:
            accepted_selection(case.request.headers, case.request.body, secret, seen, time.time())
        except PurgeRequestError as refusal:
            status, reason = refusal.status, str(refusal)
        assert status == case.status, (case, reason)
        assert case.reason in reason


def test_an_accepted_request_says_what_to_purge_once() -> None:
    seen, request = SeenNonces(), purge_requests.signed(b'{"tags":["b","a","b"]}')
    secret = purge_requests.SECRET.encode()
    found = accepted_selection(request.headers, request.body, secret, seen, time.time())
    assert found == PurgeSelection(("b", "a"))


def test_a_refused_request_does_not_use_up_a_nonce() -> None:
    seen, request = SeenNonces(), purge_requests.signed()
    secret = purge_requests.SECRET.encode()
    with pytest.raises(PurgeRequestError, match="signature"):
        accepted_selection(request.headers, b"{}", secret, seen, time.time())
    assert accepted_selection(request.headers, request.body, secret, seen, time.time()).tags


def test_without_a_secret_there_is_no_endpoint() -> None:
    request = purge_requests.signed()
    with pytest.raises(PurgeRequestError, match="not found") as caught:
        accepted_selection(request.headers, request.body, None, SeenNonces(), time.time())
    assert caught.value.status == 404
