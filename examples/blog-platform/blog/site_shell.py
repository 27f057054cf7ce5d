"""The page of the site into which the API puts what is personal.

The site renders `/shell/` with its theme, its navigation, its styles and scripts. It has
`<!--title-->` and `<!--part-->` where the API puts a title and a part of a page. So a page of the
API looks like one of the site, and follows it after a deploy.

Scripts ask the API who is logged in. Without scripts it is in the page: what is between
`<!--session-->` and `<!--/session-->` is replaced.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpcore

from ssg.sources.data_client import SourceError
from ssg.sources.http.deadline import DeadlineBackend, HttpExchange
from ssg.sources.http.response_body import ACCEPTED_ENCODING, read_body

PATH = "/shell/"
TITLE = "<!--title-->"
PART = "<!--part-->"
SESSION = re.compile("<!--session-->.*<!--/session-->", re.DOTALL)
"""The links to log in and to sign up, in whose place is who is logged in."""

FRESH_SECONDS = 60.0
RETRY_SECONDS = 5.0
"""How long the last shell is used before a site that was away is asked again."""
TIMEOUT_SECONDS = 2.0
MAX_BYTES = 1_000_000

_POLICIES = ("content-security-policy", "referrer-policy", "permissions-policy")
"""Headers of the site's shell that count for the pages made of it."""

_log = logging.getLogger("blog.shell")


@dataclass(frozen=True, slots=True)
class PageShell:
    """The HTML around a part of a page, and the headers that belong to it."""

    html: str
    policies: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""

    def around(self, title: str, part: str, session: str = "") -> str:
        """A whole page. All values are HTML; no `session` leaves the links to log in."""
        html = SESSION.sub(lambda _: session, self.html, 1) if session else self.html
        before, _, after = html.partition(PART)
        return before.replace(TITLE, title) + part + after


MINIMAL = PageShell(
    f"""<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="robots" content="noindex">
  <title>{TITLE}</title>
</head>
<body>
  <main>{PART}</main>
</body>
</html>
""",
    {
        "content-security-policy": "default-src 'none'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
        "referrer-policy": "same-origin",
    },
)
"""The shell until the site has answered once."""

FetchShell = Callable[[str], PageShell | None]
"""Asks for the shell. The argument is an ETag; the answer is None if that is still the present one.

Raises SourceError if the site is away.
"""


class SiteShell:
    """The shell of the site: asked for once a minute, and kept while the site is away."""

    def __init__(self, fetch: FetchShell, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._shell = MINIMAL
        self._fresh_until = -1.0
        self._lock = threading.Lock()

    def get(self) -> PageShell:
        """The shell. One thread asks the site; the others wait only if there has been none yet."""
        is_first = self._shell is MINIMAL
        if self._clock() > self._fresh_until and self._lock.acquire(blocking=is_first):
            try:
                if self._clock() > self._fresh_until:
                    self._renew()
            finally:
                self._lock.release()
        return self._shell

    def _renew(self) -> None:
        seconds = FRESH_SECONDS
        try:
            self._shell = self._fetch(self._shell.etag) or self._shell
        except SourceError as error:
            _log.warning("the shell of the site is not renewed: %s", error)
            seconds = RETRY_SECONDS
        self._fresh_until = self._clock() + seconds


def no_site(_: str) -> PageShell | None:
    """For a platform without a site, such as that of a command."""
    raise SourceError("there is no site")


def fetcher(site_url: str) -> FetchShell:
    """Asks the site at an address, within a time and a size."""

    def fetch(etag: str) -> PageShell | None:
        headers = [("Accept", "text/html"), ("Accept-Encoding", ACCEPTED_ENCODING)]
        headers += [("If-None-Match", etag)] if etag else []
        exchange = HttpExchange(time.monotonic() + TIMEOUT_SECONDS)
        network = DeadlineBackend()
        try:
            with (
                exchange.running(),
                httpcore.ConnectionPool(network_backend=network) as pool,
                pool.stream("GET", site_url + PATH, headers=headers) as response,
            ):
                return None if etag and response.status == 304 else _shell(response)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise SourceError(str(error) or type(error).__name__) from None
        finally:
            network.close()

    return fetch


def _shell(response: httpcore.Response) -> PageShell:
    """The shell in an answer. Raises SourceError if it is another page."""
    if response.status != 200:
        raise SourceError(f"the answer was {response.status}")
    headers = {name.decode("latin-1").lower(): value for name, value in response.headers}
    told = {name: value.decode("latin-1") for name, value in headers.items()}
    body = read_body(response.iter_stream(), told.get("content-encoding", ""), MAX_BYTES)
    html = body.decode("utf-8", "replace")
    if html.count(PART) != 1:
        raise SourceError(f"{PATH} does not have {PART} once")
    policies = {name: told[name] for name in _POLICIES if name in told}
    return PageShell(html, {**MINIMAL.policies, **policies}, told.get("etag", ""))
