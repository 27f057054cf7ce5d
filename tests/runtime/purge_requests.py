"""Requests to purge, each with the answer that every host gives. Bodies are Latin-1."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from ssg.runtime.signed_purge import (
    MAX_BODY_BYTES,
    MAX_TAGS,
    NONCE_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    WINDOW_SECONDS,
    signature_of,
    signed_headers,
)

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 of a fake host
TAGS = b'{"tags":["site","page:0123456789"]}'

_numbers = count()


@dataclass(frozen=True, slots=True)
class PurgeRequest:
    """A POST request to `/_ssg/purge`."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class PurgeCase:
    """A request, and the status and reason of its answer."""

    request: PurgeRequest
    status: int = 202
    reason: str = ""


def signed(
    body: bytes = TAGS, *, secret: str = SECRET, later: float = 0, **changes: str
) -> PurgeRequest:
    """A signed request; `later` moves its time, `changes` replace headers after signing."""
    headers = signed_headers(secret.encode(), body, time.time() + later, f"{next(_numbers):032x}")
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    return PurgeRequest({**headers, **changed}, body)


def malformed(timestamp: str, nonce: str) -> PurgeRequest:
    """A request with a right signature of a time or a nonce that has a wrong form."""
    signature = signature_of(SECRET.encode(), timestamp, nonce, b"")
    values = (timestamp, nonce, signature)
    names = (TIMESTAMP_HEADER, NONCE_HEADER, SIGNATURE_HEADER)
    return PurgeRequest(dict(zip(names, values, strict=True)), b"")


def cases() -> list[PurgeCase]:
    """All cases, in the order in which one process gets them."""
    once, now = signed(), f"{time.time():.0f}"
    near, far = WINDOW_SECONDS - 20, WINDOW_SECONDS + 20
    signature, time_or_nonce = "the signature is not valid", "the time or the nonce is not valid"
    no_tags, wrong_tag, neither = "the list of tags is empty", "is not a text of", "neither"
    return [
        PurgeCase(once),
        PurgeCase(once, 401, "the request is a repetition"),
        PurgeCase(signed(b'{"all":true}')),
        PurgeCase(signed(b' { "tags" : [ "a", "a" ] } ')),
        PurgeCase(signed(later=near)),
        PurgeCase(signed(later=-near)),
        PurgeCase(signed(later=far), 401, time_or_nonce),
        PurgeCase(signed(later=-far), 401, time_or_nonce),
        PurgeCase(malformed(now, "A" * 32), 401, time_or_nonce),
        PurgeCase(malformed(now, "0" * 31), 401, time_or_nonce),
        PurgeCase(malformed(f"{now}.0", "0" * 32), 401, time_or_nonce),
        PurgeCase(malformed("", "0" * 32), 401, time_or_nonce),
        PurgeCase(PurgeRequest({}, TAGS), 401, time_or_nonce),
        PurgeCase(signed(secret=SECRET[::-1]), 401, signature),
        PurgeCase(signed(Ssg_Signature="0" * 64), 401, signature),
        PurgeCase(signed(Ssg_Signature="0" * 63), 401, signature),
        PurgeCase(signed(Ssg_Signature=""), 401, signature),
        PurgeCase(signed(Ssg_Nonce="f" * 32), 401, signature),
        PurgeCase(signed(Ssg_Timestamp=str(int(now) - 9)), 401, signature),
        PurgeCase(PurgeRequest(signed().headers, TAGS + b" "), 401, signature),
        PurgeCase(signed(b""), 400, "not JSON"),
        PurgeCase(signed(b"\xff"), 400, "not JSON"),
        PurgeCase(signed(b"[]"), 400, neither),
        PurgeCase(signed(b"null"), 400, neither),
        PurgeCase(signed(b"{}"), 400, neither),
        PurgeCase(signed(b'{"all":1}'), 400, neither),
        PurgeCase(signed(b'{"all":false}'), 400, neither),
        PurgeCase(signed(b'{"all":true,"tags":["a"]}'), 400, neither),
        PurgeCase(signed(b'{"tags":[]}'), 400, no_tags),
        PurgeCase(signed(b'{"tags":{}}'), 400, no_tags),
        PurgeCase(signed(b'{"tags":["a",""]}'), 400, wrong_tag),
        PurgeCase(signed(b'{"tags":["a","post:Ana/Hello"]}')),
        PurgeCase(signed(b'{"tags":["a\\n"]}'), 400, wrong_tag),
        PurgeCase(signed(b'{"tags":[7]}'), 400, wrong_tag),
        PurgeCase(signed(b'{"tags":["%s"]}' % (b"a" * 1001)), 400, wrong_tag),
        PurgeCase(signed(b'{"tags":[%s"a"]}' % (b'"a",' * MAX_TAGS)), 400, "more than 500"),
        PurgeCase(signed(b" " * (MAX_BODY_BYTES + 1)), 413, "more than 65536 bytes"),
    ]
