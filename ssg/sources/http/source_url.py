"""The URL of a source, and the targets of requests below it.

The site has written scheme, host, port and the beginning of the path. A request adds the rest,
which may contain what a visitor has typed. There is nothing at a path that some server on the way
could understand as one elsewhere, however often that server decodes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from ssg.sources.data_client import SourceError

MAX_PATH_LENGTH = 32_000
"""Many servers refuse much shorter ones, and say so themselves."""
MAX_DECODINGS = 6
_PORTS = {"http": 80, "https": 443}
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_KEPT = "/?:@!$&'()*+,;=[]|~%"
"""Characters of a URL that mean something, or are harmless."""
_NOT_IN_PATHS = re.compile(r"[\x00-\x1f\x7f\\#]|%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SEPARATOR = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class SourceUrl:
    """Where a source is. `prefix` is a path without a slash at its end."""

    scheme: str
    host: str
    port: int
    prefix: str

    @classmethod
    def parse(cls, text: str) -> SourceUrl:
        """The parts of a URL. Raises SourceError, which does not repeat it."""
        try:
            parts = urlsplit(text)
            scheme, host, port = parts.scheme, parts.hostname, parts.port
        except ValueError:
            raise SourceError("its url is not a URL") from None
        if scheme not in _PORTS or not host or port == 0 or not _VISIBLE.fullmatch(text):
            raise SourceError("its url is not an address that begins with https:// or http://")
        if parts.username is not None or parts.password is not None:
            raise SourceError("its url contains a user; write the header Authorization instead")
        if "?" in text or "#" in text:
            raise SourceError("its url contains ? or #; write queries into the paths of requests")
        url = cls(scheme, host, port or _PORTS[scheme], prefix=parts.path.rstrip("/"))
        if url.target("") is None:
            raise SourceError("its url contains . or .. as a part of its path")
        return url

    @property
    def authority(self) -> str:
        """Host and port for the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def target(self, path: str) -> bytes | None:
        """Path and query of a request; None if they could lead elsewhere.

        Raises SourceError for what is not a path at all: the site itself has made a mistake.
        """
        if len(path) > MAX_PATH_LENGTH:
            raise SourceError(f"its path has more than {MAX_PATH_LENGTH:,} characters")
        if path and (not path.startswith(("/", "?")) or _NOT_IN_PATHS.search(path)):
            raise SourceError("its path is not an encoded path that begins with /")
        whole = self.prefix + path
        if path.startswith("//") or _leads_elsewhere(whole):
            return None
        return _encode(whole if whole.startswith("/") else f"/{whole}")


def _encode(target: str) -> bytes:
    try:
        return quote(target, safe=_KEPT).encode("ascii")
    except UnicodeEncodeError:
        raise SourceError("its path is not Unicode") from None


def _leads_elsewhere(target: str) -> bool:
    """Whether the path contains `.` or `..` as a segment, in any spelling."""
    path = target.partition("?")[0]
    if "." not in path and "%" not in path:
        return False
    decoded = _decode(path)
    if decoded is None or _CONTROL.search(decoded):
        return True
    segments = (segment.partition(";")[0] for segment in _SEPARATOR.split(decoded))
    return not {".", ".."}.isdisjoint(segments)


def _decode(path: str) -> str | None:
    """Decode until nothing is left to decode; None if that takes too long, or is not UTF-8."""
    try:
        for _ in range(MAX_DECODINGS):
            encoded, path = path, unquote(path, errors="strict")
            if path == encoded:
                return path
    except UnicodeDecodeError:
        pass
    return None
