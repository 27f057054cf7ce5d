"""Content encodings: what a client accepts (RFC 9110, section 12.5.3), and compressing for it.

`Accept-Encoding` lists encodings with weights from 0 (not acceptable) to 1. `*` stands for those
that are not listed. Not to encode, `identity`, is acceptable unless the header says that it is
not; it is chosen if its weight is higher than that of each encoding, or if nothing else is
acceptable. If nothing at all is acceptable, the content is sent as it is.

The encoders are deterministic: the same content has the same bytes on every server.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from typing import Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY: Final = ""
"""The content as it is."""

LEAST_BYTES: Final = 1024
"""Smaller content is not encoded: it fits in one packet anyway."""

ALL_ENCODINGS: Final[tuple[str, ...]] = (*(("br",) if find_spec("brotli") else ()), "zstd", "gzip")
"""The encodings of this installation, smallest results first. Brotli needs the extra `server`."""

_TEXT_TYPES = re.compile(
    r"text/.*|image/svg\+xml|.*\+(?:json|xml)|font/(?:ttf|otf|sfnt|collection)"
    r"|application/(?:javascript|json|xml|wasm|manifest\+json|x-javascript|vnd\.ms-fontobject)"
    r"|image/(?:x-icon|bmp|vnd\.microsoft\.icon)"
)
_WEIGHT = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_ALIASES = {"x-gzip": "gzip"}
_CACHED_CHARACTERS = 200
"""A longer header is read each time, so that odd ones cannot fill the memory."""


def negotiate(accepted: str, offered: tuple[str, ...]) -> str:
    """The encoding of `offered` that a client prefers, the first of several; else `IDENTITY`.

    `accepted` is the value of `Accept-Encoding`, or empty.
    """
    if not accepted or not offered:
        return IDENTITY
    if len(accepted) > _CACHED_CHARACTERS:
        return _negotiate(accepted, offered)
    return _negotiate_cached(accepted, offered)


def _negotiate(accepted: str, offered: tuple[str, ...]) -> str:
    weights = accepted_weights(accepted)
    others = weights.get("*", 0.0)
    best = max(offered, key=lambda name: weights.get(name, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else IDENTITY


_negotiate_cached = lru_cache(maxsize=512)(_negotiate)


def accepted_weights(accepted: str) -> dict[str, float]:
    """The weights of a header by their encodings; elements that are not valid are left out."""
    found: dict[str, float] = {}
    for element in accepted.lower().split(","):
        name, _, parameter = (part.strip() for part in element.partition(";"))
        weight = _weight(parameter)
        if name and weight is not None:
            found.setdefault(_ALIASES.get(name, name), weight)
    return found


def _weight(parameter: str) -> float | None:
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    return float(value) if name == "q" and _WEIGHT.fullmatch(value) else None


def is_encodable(headers: Mapping[str, str], size: int) -> bool:
    """Whether content with these headers, in lower case, and of this size is worth encoding."""
    return (
        size >= LEAST_BYTES
        and _is_text(headers.get("content-type", ""))
        and "content-encoding" not in headers
    )


@lru_cache(maxsize=256)
def _is_text(content_type: str) -> bool:
    return bool(_TEXT_TYPES.fullmatch(content_type.partition(";")[0].strip().lower()))


def encode(body: bytes, encoding: str) -> bytes:
    """Encode content, at levels where 20 KB take a millisecond in all encodings together."""
    return _ENCODERS[encoding](body) if encoding else body


def encode_all(body: bytes, encodings: Iterable[str]) -> dict[str, bytes]:
    """The content in each of these encodings."""
    return {encoding: encode(body, encoding) for encoding in encodings}


def quick(encodings: Iterable[str]) -> tuple[str, ...]:
    """Those of the encodings for which a visitor can wait: Brotli takes as long as all others."""
    return tuple(encoding for encoding in encodings if encoding != "br")


def encode_rest(
    body: bytes, encodings: Iterable[str], known: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The content in all of these encodings, in their order, of which some are known."""
    return {one: known[one] if one in known else encode(body, one) for one in encodings}


def encoded_etag(etag: str, encoding: str) -> str:
    """The ETag of encoded content, by that of the content: other bytes need another one."""
    return f'{etag[:-1]}-{encoding}"' if etag and encoding else etag


@lru_cache(maxsize=64)
def varies_by_encoding(vary: str) -> str:
    """The header `Vary` of content that depends on `Accept-Encoding`, too."""
    names = [name.strip() for name in vary.split(",") if name.strip()]
    if "*" in names or "accept-encoding" in map(str.lower, names):
        return vary
    return ", ".join([*names, "Accept-Encoding"])


def _brotli(body: bytes) -> bytes:
    import brotli  # noqa: PLC0415 it may not be installed

    compressed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=5)
    return compressed


def _zstd(body: bytes) -> bytes:
    return zstd.compress(body, level=3)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)  # without the time: the same bytes each time


_ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": _brotli,
    "zstd": _zstd,
    "gzip": _gzip,
}
