"""Removes secrets from texts: as they are, and in the encodings that headers, URLs and JSON use."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, unquote, urlsplit

REDACTED = "[secret]"
MIN_SECRET_LENGTH = 4
"""Shorter values are in many texts by chance, and are not secrets to anybody."""
_ESCAPE = re.compile(r"%[0-9A-F]{2}")
_BITS_OF_A_BYTE, _BITS_OF_A_LETTER = 8, 6


@dataclass(frozen=True, slots=True)
class Redaction:
    """All spellings of some secrets, the longest first."""

    spellings: tuple[str, ...] = field(default=(), repr=False)
    encoded: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, secrets: Iterable[str]) -> Redaction:
        """The redaction of these values."""
        found = {text for secret in secrets for text in _spellings(secret)}
        texts = sorted(found, key=lambda text: (-len(text), text))
        return cls(tuple(texts), tuple(text.encode("utf-8", "surrogateescape") for text in texts))

    def text(self, text: str) -> str:
        """A text without secrets."""
        for spelling in self.spellings:
            if spelling in text:
                text = text.replace(spelling, REDACTED)
        return text

    def body(self, body: bytes) -> bytes:
        """Bytes of UTF-8 without secrets."""
        for spelling in self.encoded:
            if spelling in body:
                body = body.replace(spelling, REDACTED.encode())
        return body


def _spellings(secret: str) -> Iterator[str]:
    for value in {secret, secret.strip(), *_passwords(secret)}:
        if len(value) >= MIN_SECRET_LENGTH:
            yield from (value, repr(value)[1:-1])
            yield from _in_urls(value)
            yield from _in_json(value)
            yield from _in_base64(value.encode("utf-8", "surrogateescape"))


def _in_urls(value: str) -> Iterator[str]:
    for encoded in (quote(value, safe="", errors="replace"), quote(value, errors="replace")):
        yield from (encoded, _ESCAPE.sub(lambda found: found[0].lower(), encoded))
    yield quote_plus(value, errors="replace")


def _in_json(value: str) -> Iterator[str]:
    for is_ascii in (True, False):
        escaped = json.dumps(value, ensure_ascii=is_ascii)[1:-1]
        yield from (escaped, escaped.replace("/", "\\/"))


def _passwords(secret: str) -> Iterator[str]:
    """The password of a URL, as it is written and decoded."""
    try:
        password = urlsplit(secret).password or ""
    except ValueError:  # brackets that are no address
        return
    yield from (password, unquote(password))


def _in_base64(value: bytes) -> Iterator[str]:
    """What Base64 makes of a value, wherever in a longer text it is: in `user:value`, too.

    Three bytes are four letters, so there are three ways to begin. The letters at both ends that
    other bytes share are left out.
    """
    for before in range(3):
        first = -(-before * _BITS_OF_A_BYTE // _BITS_OF_A_LETTER)
        end = (before + len(value)) * _BITS_OF_A_BYTE // _BITS_OF_A_LETTER
        for encode in (b64encode, urlsafe_b64encode):
            letters = encode(bytes(before) + value).decode()[first:end]
            if len(letters) >= MIN_SECRET_LENGTH:
                yield letters
