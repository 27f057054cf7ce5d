"""`[[images.remote]]`: pictures of other hosts that a build may fetch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ssg.model.glob import compile_glob


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """Pictures at URLs that `match` a glob. `urls` are those that no text or template names."""

    match: str
    urls: tuple[str, ...] = ()
    refresh_seconds: int = 3600
    """How old a copy may be before a build asks whether it has changed."""
    timeout_seconds: int = 30
    max_bytes: int = 30_000_000

    @property
    def origin(self) -> str:
        """What each of the URLs begins with: `https://photos.example.org/`."""
        parts = urlsplit(self.match)
        return f"{parts.scheme}://{parts.netloc}/"

    @property
    def host(self) -> str:
        """The name or the address of the host."""
        return urlsplit(self.match).hostname or ""

    def matches(self, url: str) -> bool:
        return url.startswith(self.origin) and bool(compile_glob(self.match).fullmatch(url))

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> RemoteSettings:
        """Read them from the JSON of the site database."""
        return cls(**{**values, "urls": tuple(values["urls"])})


def remote_of(url: str, remotes: Iterable[RemoteSettings]) -> RemoteSettings | None:
    """The first settings that match a URL, if a build may fetch it."""
    return next((one for one in remotes if one.matches(url)), None)
