"""Downloads files of listed hosts: within limits, and only if they have changed.

Each download has one limit of time for all its steps and redirects, and one of size. A redirect is
followed if its target is listed, too. A name of a host that leads to an address of a private
network is refused, so that a build can be led nowhere that only its machine can reach.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

import httpcore

import ssg
from ssg.sources.data_client import SourceError
from ssg.sources.http.answer_cache import CachedAnswer
from ssg.sources.http.deadline import DeadlineBackend, HttpExchange
from ssg.sources.http.response_body import ACCEPTED_ENCODING, drain, read_body

MAX_REDIRECTS = 5
MAX_CONNECTIONS = 8
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_URL = re.compile(r"https?://[\x21-\x5b\x5d\x5e-\x7e]+")
_DOTS = re.compile(r"/\.\.?(?:[/?#]|\Z)")
_HEADERS = {
    "Accept": "image/*",
    "Accept-Encoding": ACCEPTED_ENCODING,
    "User-Agent": f"ssg/{ssg.__version__}",
}


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    seconds: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Download:
    """A file; without a `body` it is the one that is known already."""

    body: bytes | None
    validators: Mapping[str, str] = field(default_factory=dict)
    """Headers of the next request for the same file."""


class Downloader:
    """Downloads files. Safe between threads. `is_listed` says which URLs it may ask."""

    def __init__(self, is_listed: Callable[[str], bool]) -> None:
        self._is_listed = is_listed
        self._network = _PublicNetwork()
        self._pool = httpcore.ConnectionPool(
            max_connections=MAX_CONNECTIONS, network_backend=self._network
        )

    def get(
        self, url: str, limits: DownloadLimits, validators: Mapping[str, str] | None = None
    ) -> Download:
        """Download a file. Raises SourceError."""
        exchange = HttpExchange(time.monotonic() + limits.seconds)
        try:
            with exchange.running():
                return self._get(url, limits, validators or {}, exchange)
        except httpcore.TimeoutException:
            raise SourceError(f"no answer within {limits.seconds} s") from None
        except httpcore.ConnectError as error:
            raise SourceError(f"the host cannot be reached: {error}") from None
        except (httpcore.NetworkError, httpcore.ProtocolError):
            raise SourceError("the answer broke off, or is not HTTP") from None

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
        self._network.close()

    def _get(
        self,
        url: str,
        limits: DownloadLimits,
        validators: Mapping[str, str],
        exchange: HttpExchange,
    ) -> Download:
        for _ in range(MAX_REDIRECTS + 1):
            found = self._exchanged(url, limits, validators, exchange)
            if isinstance(found, Download):
                return found
            url = urljoin(url, found).partition("#")[0]
            if not self._is_listed(url):
                raise SourceError(f"it redirects to {url}, which images.remote does not match")
        raise SourceError(f"it redirects more than {MAX_REDIRECTS} times")

    def _exchanged(
        self,
        url: str,
        limits: DownloadLimits,
        validators: Mapping[str, str],
        exchange: HttpExchange,
    ) -> Download | str:
        """A download, or the URL to which it redirects."""
        if problem := url_problem(url):
            raise SourceError(f"{url} {problem}")
        headers = {"Host": urlsplit(url).netloc, **_HEADERS, **validators}
        extensions = {"timeout": {"pool": exchange.seconds_left}}
        with self._pool.stream(
            "GET", url, headers=list(headers.items()), extensions=extensions
        ) as response:
            return _read(response, limits, validators)


def _read(
    response: httpcore.Response, limits: DownloadLimits, validators: Mapping[str, str]
) -> Download | str:
    given = ((name.lower(), value) for name, value in response.headers)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in given}
    if response.status == 200:
        body = read_body(
            response.iter_stream(), headers.get("content-encoding", ""), limits.max_bytes
        )
        answer = CachedAnswer.of(body, headers)
        return Download(body, answer.conditions if answer else {})
    drain(response.iter_stream())
    if response.status == 304 and validators:
        return Download(None, validators)
    if response.status in _REDIRECTS and headers.get("location"):
        return headers["location"]
    raise SourceError(f"the host answers {response.status}", response.status)


def url_problem(url: str) -> str:
    """Why a URL cannot be asked; '' if it can."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if not _URL.fullmatch(url) or not host or port == 0 or parts.username is not None:
        return "is not an address that begins with https://"
    if _DOTS.search(parts.path):
        return "contains . or .. as a part of its path"
    if parts.scheme == "http" and not is_this_machine(host):
        return "begins with http://, which anybody on the way can change"
    return ""


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine, by its name or its address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _PublicNetwork(DeadlineBackend):
    """Refuses private addresses, unless the site lists such an address itself."""

    def _addresses(self, host: str, port: int) -> list[str]:
        found = super()._addresses(host, port)
        if host == "localhost" or found == [host]:
            return found
        public = [address for address in found if ip_address(address).is_global]
        if found and not public:
            raise httpcore.ConnectError(f"{found[0]} is an address of a private network")
        return public
