"""Requests to a front, and what they bring."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.services import wait_until


@dataclass(frozen=True)
class Got:
    """An answer, with the names of its headers in lower case."""

    status: int
    text: str
    headers: Mapping[str, str]
    seconds: float


@dataclass(frozen=True)
class Client:
    """Asks one server."""

    url: str

    def get(self, path: str, method: str = "GET", /, **headers: str) -> Got:
        """Ask on a connection of its own; `_` in the name of a header is a hyphen."""
        parts = urlsplit(self.url)
        started = time.monotonic()
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        lowered = {name.lower(): value for name, value in answer.getheaders()}
        seconds = time.monotonic() - started
        return Got(answer.status, body.decode("latin-1"), lowered, seconds)

    def at_once(self, path: str, times: int) -> list[Got]:
        """Ask as many times at the same moment."""
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(self.get, [path] * times))

    def will_say(self, path: str, text: str, seconds: float = 5.0) -> bool:
        """Whether a path says this soon; it is asked again and again."""
        return wait_until(lambda: self.get(path).text == text, seconds)
