"""Conditional requests and byte ranges, as tables of RFC 9110."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.edge.http.conditions import (
    NO_CONDITIONS,
    ConditionOutcome,
    RequestConditions,
    byte_ranges,
    decide,
)
from tests.growth import LINEAR, growth
from tests.preview.running import Preview

ETAG, CHANGED = '"a,b"', "Sun, 06 Nov 1994 08:49:37 GMT"
BEFORE, AFTER = "Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 06 Nov 1994 08:49:38 GMT"
RANGE = {"range": "bytes=0-0"}
WHOLE, PART = ConditionOutcome.WHOLE, ConditionOutcome.PART
SAME, FAILED = ConditionOutcome.NOT_MODIFIED, ConditionOutcome.FAILED

STEPS: list[tuple[dict[str, str], ConditionOutcome]] = [
    ({}, WHOLE),
    # step 1: If-Match, compared strongly
    ({"if_match": ETAG}, WHOLE),
    ({"if_match": f'"x", {ETAG}'}, WHOLE),
    ({"if_match": "*"}, WHOLE),
    ({"if_match": '"x"'}, FAILED),
    ({"if_match": f"W/{ETAG}"}, FAILED),
    ({"if_match": '"a'}, FAILED),
    ({"if_match": ETAG, "if_unmodified_since": BEFORE}, WHOLE),
    ({"if_match": '"x"', "if_none_match": ETAG, "if_unmodified_since": AFTER}, FAILED),
    # step 2: If-Unmodified-Since, if there is no If-Match
    ({"if_unmodified_since": CHANGED}, WHOLE),
    ({"if_unmodified_since": AFTER}, WHOLE),
    ({"if_unmodified_since": BEFORE}, FAILED),
    ({"if_unmodified_since": "not a date"}, WHOLE),
    # step 3: If-None-Match, compared weakly
    ({"if_none_match": ETAG}, SAME),
    ({"if_none_match": f'"x" , W/{ETAG}'}, SAME),
    ({"if_none_match": "*"}, SAME),
    ({"if_none_match": '"x"'}, WHOLE),
    ({"if_none_match": "a,b"}, WHOLE),
    ({"if_none_match": '"x"', "if_modified_since": AFTER}, WHOLE),
    ({"if_none_match": ETAG, "if_modified_since": BEFORE}, SAME),
    ({"if_match": ETAG, "if_none_match": ETAG}, SAME),
    # step 4: If-Modified-Since, if there is no If-None-Match
    ({"if_modified_since": CHANGED}, SAME),
    ({"if_modified_since": AFTER}, SAME),
    ({"if_modified_since": BEFORE}, WHOLE),
    ({"if_modified_since": "Sunday, 06-Nov-94 08:49:37 GMT"}, SAME),
    ({"if_modified_since": "Sun Nov  6 08:49:37 1994"}, SAME),
    ({"if_modified_since": "2030-01-01"}, WHOLE),
    ({"if_modified_since": f"{AFTER}, {AFTER}"}, WHOLE),
    # step 5: If-Range, compared strongly, and Range
    (RANGE, PART),
    ({**RANGE, "if_range": ETAG}, PART),
    ({**RANGE, "if_range": CHANGED}, PART),
    ({**RANGE, "if_range": f"W/{ETAG}"}, WHOLE),
    ({**RANGE, "if_range": '"x"'}, WHOLE),
    ({**RANGE, "if_range": BEFORE}, WHOLE),
    ({**RANGE, "if_range": AFTER}, WHOLE),
    ({"if_range": ETAG}, WHOLE),
    ({**RANGE, "if_none_match": ETAG}, SAME),
    ({**RANGE, "if_match": '"x"'}, FAILED),
]


@pytest.mark.parametrize(("asked", "expected"), STEPS, ids=[str(asked) for asked, _ in STEPS])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditions_are_tried_in_order(
    method: str, asked: dict[str, str], expected: ConditionOutcome
) -> None:
    if method == "HEAD" and expected is PART:  # Range is defined for GET only (section 14.2)
        expected = WHOLE
    assert decide(method, RequestConditions(**asked), ETAG, CHANGED) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"if_match": "*"}, WHOLE),
        ({"if_match": '""'}, FAILED),
        ({"if_none_match": '""'}, WHOLE),
        ({"if_modified_since": AFTER}, WHOLE),
        ({"if_unmodified_since": BEFORE}, WHOLE),
        ({**RANGE, "if_range": ""}, WHOLE),
    ],
)
def test_what_is_not_known_is_not_compared(
    asked: dict[str, str], expected: ConditionOutcome
) -> None:
    assert decide("GET", RequestConditions(**asked), "") is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-9", ((0, 10),)),
        ("Bytes = 0-9", ((0, 10),)),
        ("bytes=90-", ((90, 100),)),
        ("bytes=90-500", ((90, 100),)),
        ("bytes=-10", ((90, 100),)),
        ("bytes=-500", ((0, 100),)),
        ("bytes=0-0, ,50-59,", ((0, 1), (50, 60))),
        ("bytes=0-0,200-", ((0, 1),)),
        ("bytes=100-", ()),
        ("bytes=-0", ()),
        (f"bytes={'9' * 5000}-", ()),
        (f"bytes={'0' * 5000}1-1", ((1, 2),)),
        ("lines=0-9", None),
        ("bytes 0-9", None),
        ("bytes", None),
        ("bytes=", None),
        ("bytes=,", None),
        ("bytes=-", None),
        ("bytes=9-0", None),
        ("bytes=0-9,9-0", None),
        ("bytes=a-b", None),
        ("bytes=1", None),
        ("bytes=--1", None),
        ("bytes=0x1-0x2", None),
        ("bytes=\u0661-", None),
        (f"bytes={','.join(['0-0'] * 101)}", None),
    ],
)
def test_byte_ranges(header: str, expected: tuple[tuple[int, int], ...] | None) -> None:
    assert byte_ranges(header, 100) == expected


@given(st.text("0123456789-, =bytes", max_size=20), st.integers(0, 10_000))
def test_byte_ranges_are_inside(text: str, size: int) -> None:
    for first, end in byte_ranges(f"bytes={text}", size) or ():
        assert 0 <= first < end <= size


@pytest.mark.parametrize("piece", [" ", "0", "-", ",", '"', 'W/"a",'])
def test_time_grows_with_the_length_of_a_header(piece: str) -> None:
    def work(text: str) -> None:
        byte_ranges(f"bytes={text}x", 100)
        decide("GET", RequestConditions(text, text, text, text), ETAG, CHANGED)

    assert growth(lambda size: lambda: work(piece * size), 5000) < LINEAR


def test_headers_are_read_from_a_scope() -> None:
    assert RequestConditions.of([(b"host", b"x")]) is NO_CONDITIONS
    lines = [(b"if-none-match", b'"a"'), (b"range", b"bytes=0-"), (b"if-none-match", b'W/"b"')]
    assert RequestConditions.of(lines) == RequestConditions(
        if_none_match='"a", W/"b"', range="bytes=0-"
    )


FILE = "/data.bin"


def test_a_file_is_sent_as_its_conditions_say(exact: Preview) -> None:
    plain = exact.get(FILE)
    changed, etag = plain.headers["last-modified"], plain.headers["etag"]
    for method in ("GET", "HEAD"):
        assert exact.get(FILE, {"If-Modified-Since": changed}, method).status == 304
        assert exact.get(FILE, {"If-Unmodified-Since": BEFORE}, method).status == 412
        assert exact.get(FILE, {"If-Match": '"x"'}, method).status == 412
        assert exact.get(FILE, {"If-Match": etag}, method).status == 200
    assert exact.get(FILE, {"Range": "bytes=1-2", "If-Range": etag}).body == plain.body[1:3]
    assert exact.get(FILE, {"Range": "bytes=1-2", "If-Range": '"x"'}).body == plain.body
    for header in ("lines=1-2", "bytes=2-1", "x"):
        got = exact.get(FILE, {"Range": header})
        assert (got.status, got.body) == (200, plain.body)
    got = exact.get(FILE, {"Range": "bytes=99999999-"})
    assert (got.status, got.headers["content-range"]) == (416, f"bytes */{len(plain.body)}")
    head = exact.get(FILE, {"Range": "bytes=1-2"}, "HEAD")
    assert (head.status, head.headers["content-length"]) == (200, str(len(plain.body)))


@pytest.mark.parametrize("path", ["/", "/a/"])
def test_pages_of_files_and_of_the_builder_have_conditions_too(
    exact: Preview,
    path: str,
) -> None:
    etag = exact.get(path).headers["etag"]
    assert exact.get(path, {"If-Match": etag}).status == 200
    for method in ("GET", "HEAD"):
        got = exact.get(path, {"If-Match": '"x"'}, method)
        assert (got.status, bool(got.body)) == (412, method == "GET")
    assert exact.get(path, {"If-Match": '"x"'}, "POST").status == 405
