"""Signed requests to purge a cache: `POST /_ssg/purge`.

The client and the site share a secret. The signature covers a version, the time, a value that is
used once (the nonce) and a digest of the body:

    HMAC-SHA256(secret, "v1\\n{timestamp}\\n{nonce}\\n{SHA-256 of the body}")

in hexadecimal digits. A request counts within WINDOW_SECONDS of its time, and once: a receiver
keeps the nonces of that window (`SeenNonces`). Nothing here reads a clock or sends anything.
`ssg/targets/netlify/purge/signed_request.mjs` is the same check in JavaScript.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ssg.model.cache_options import purged_tag

PURGE_PATH = "/_ssg/purge"
TIMESTAMP_HEADER = "Ssg-Timestamp"
NONCE_HEADER = "Ssg-Nonce"
SIGNATURE_HEADER = "Ssg-Signature"

MIN_SECRET_BYTES = 32
"""As long as the digest: a shorter key weakens an HMAC (RFC 2104, section 3)."""
WINDOW_SECONDS = 300
MAX_TAGS = 500
"""Tags of one request. Netlify allows as many for one response."""
MAX_BODY_BYTES = 64 * 1024
"""Holds MAX_TAGS of the greatest length."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class PurgeSelection:
    """What is to be purged: responses with one of the tags, or everything."""

    tags: tuple[str, ...] = ()
    everything: bool = False

    def to_body(self) -> bytes:
        """The body of a request. Raises ValueError for an empty list of tags."""
        if self.everything:
            return b'{"all":true}'
        if not self.tags:
            raise ValueError("the list of tags is empty")
        return json.dumps({"tags": self.tags}, separators=(",", ":")).encode()

    @classmethod
    def from_body(cls, body: bytes) -> PurgeSelection:
        """Read the body of a request. Raises ValueError with a reason."""
        try:
            value = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ValueError("the body is not JSON") from error
        if value == {"all": True} and value["all"] is True:
            return cls(everything=True)
        if not isinstance(value, dict) or value.keys() != {"tags"}:
            raise ValueError('the body is neither {"tags": [...]} nor {"all": true}')
        return cls(_checked_tags(value["tags"]))


def _checked_tags(tags: object) -> tuple[str, ...]:
    if not isinstance(tags, list) or not tags:
        raise ValueError("the list of tags is empty")
    if len(tags) > MAX_TAGS:
        raise ValueError(f"more than {MAX_TAGS} tags")
    meant = [purged_tag(tag) if isinstance(tag, str) else None for tag in tags]
    usable = dict.fromkeys(tag for tag in meant if tag is not None)
    if None in meant:
        raise ValueError("a tag is not a text of 1 to 1000 characters without control characters")
    return tuple(usable)


def usable_secret(text: str | None) -> bytes | None:
    """The secret without white space around it; None if it is missing or too short."""
    secret = (text or "").strip(" \t\r\n").encode()
    return secret if len(secret) >= MIN_SECRET_BYTES else None


def signature_of(secret: bytes, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature of a request."""
    text = f"v1\n{timestamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def signed_headers(secret: bytes, body: bytes, now: float, nonce: str) -> dict[str, str]:
    """The headers that sign a body. `nonce` is 32 random hexadecimal digits."""
    timestamp = str(int(now))
    return {
        TIMESTAMP_HEADER: timestamp,
        NONCE_HEADER: nonce,
        SIGNATURE_HEADER: signature_of(secret, timestamp, nonce, body),
    }


def is_timely(timestamp: str, nonce: str, now: float) -> bool:
    """Whether time and nonce are well formed, and the time is within the window."""
    if not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        return False
    return abs(now - int(timestamp)) <= WINDOW_SECONDS


def is_valid(
    signature: str, *, secret: bytes, timestamp: str, nonce: str, body: bytes, now: float
) -> bool:
    """Whether a request is timely and signed with the secret. Compares in constant time."""
    expected = signature_of(secret, timestamp, nonce, body)
    is_signed = hmac.compare_digest(expected.encode(), signature.encode())
    return is_timely(timestamp, nonce, now) and is_signed


class SeenNonces:
    """The nonces of the window, so that a request counts once."""

    def __init__(self) -> None:
        self._ends: dict[str, float] = {}

    def add(self, nonce: str, timestamp: str, now: float) -> bool:
        """Note the nonce of a valid request; False if it was noted before."""
        self._ends = {nonce: end for nonce, end in self._ends.items() if end >= now}
        if nonce in self._ends:
            return False
        self._ends[nonce] = int(timestamp) + WINDOW_SECONDS
        return True

    def __len__(self) -> int:
        return len(self._ends)


class PurgeRequestError(Exception):
    """A request that purges nothing: the status of its answer, and the reason."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


def accepted_selection(
    headers: Mapping[str, str], body: bytes, secret: bytes | None, seen: SeenNonces, now: float
) -> PurgeSelection:
    """What a POST request may purge. `headers` are found by their names as they are above.

    Raises PurgeRequestError. Without a secret there is no endpoint.
    """
    if secret is None:
        raise PurgeRequestError(404, "not found")
    names = (TIMESTAMP_HEADER, NONCE_HEADER, SIGNATURE_HEADER)
    timestamp, nonce, signature = (headers.get(name, "") for name in names)
    if not is_timely(timestamp, nonce, now):
        raise PurgeRequestError(401, "the time or the nonce is not valid")
    if len(body) > MAX_BODY_BYTES:
        raise PurgeRequestError(413, f"the body has more than {MAX_BODY_BYTES} bytes")
    is_good = is_valid(
        signature, secret=secret, timestamp=timestamp, nonce=nonce, body=body, now=now
    )
    if not is_good:
        raise PurgeRequestError(401, "the signature is not valid")
    if not seen.add(nonce, timestamp, now):
        raise PurgeRequestError(401, "the request is a repetition")
    try:
        return PurgeSelection.from_body(body)
    except ValueError as error:
        raise PurgeRequestError(400, str(error)) from error
