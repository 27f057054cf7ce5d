"""Requests the addresses of other sites to see whether they answer.

Several hosts are requested at once, but each host one address after the other, with a pause
between. A host that refuses programs (401, 403, 429) may be fine for people, so that is counted,
and is not a finding. Fragments (`#part`) are not checked.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from urllib.parse import quote, urlsplit

import ssg
from ssg.model.settings import LinkCheckerSettings

_REFUSALS = frozenset({401, 403, 407, 429})
_TEMPORARY_FAILURES = frozenset({408, 500, 502, 503, 504})
_SAFE = "/~!$&'()*+,;=:@%?"


class ExternalLinkState(StrEnum):
    """The state of a link to another site."""

    FINE = "fine"
    REFUSED = "refused"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class ExternalLinkResult:
    """The state of a link, and the reason."""

    url: str
    state: ExternalLinkState
    reason: str


@dataclass(frozen=True, slots=True)
class HttpReply:
    """The status of a response; None without a response, for the `reason` given."""

    status: int | None
    reason: str = ""


FetchStatus = Callable[[str], HttpReply]
Sleep = Callable[[float], None]


def check_links(
    urls: Iterable[str], limits: LinkCheckerSettings, fetch: FetchStatus, sleep: Sleep = time.sleep
) -> Iterator[ExternalLinkResult]:
    """Request every address. Results come in the order in which they are ready."""
    hosts: dict[str, list[str]] = {}
    for url in sorted(urls):
        hosts.setdefault(urlsplit(url).netloc, []).append(url)
    with ThreadPoolExecutor(max(1, limits.concurrency)) as pool:
        visit = partial(_request_host, limits=limits, fetch=fetch, sleep=sleep)
        for done in as_completed([pool.submit(visit, own) for own in hosts.values()]):
            yield from done.result()


def _request_host(
    urls: Sequence[str], limits: LinkCheckerSettings, fetch: FetchStatus, sleep: Sleep
) -> list[ExternalLinkResult]:
    results = []
    for number, url in enumerate(urls):
        if number:
            sleep(limits.pause_seconds)
        reply = fetch(url)
        for _ in range(limits.retries):
            if reply.status is not None and reply.status not in _TEMPORARY_FAILURES:
                break
            sleep(limits.pause_seconds)
            reply = fetch(url)
        results.append(classify(url, reply))
    return results


def classify(url: str, reply: HttpReply) -> ExternalLinkResult:
    """The state of a link, by the response."""
    if reply.status is None:
        return ExternalLinkResult(url, ExternalLinkState.DEAD, reply.reason)
    if reply.status in _REFUSALS:
        return ExternalLinkResult(url, ExternalLinkState.REFUSED, f"status {reply.status}")
    state = ExternalLinkState.FINE if reply.status < 400 else ExternalLinkState.DEAD
    return ExternalLinkResult(url, state, f"status {reply.status}")


def status_fetcher(timeout_seconds: float) -> FetchStatus:
    """Request with HEAD, then with GET if that fails. Redirects are followed."""

    def fetch(url: str) -> HttpReply:
        reply = _request(url, "HEAD", timeout_seconds)
        return reply if (reply.status or 400) < 400 else _request(url, "GET", timeout_seconds)

    return fetch


def _request(url: str, method: str, timeout_seconds: float) -> HttpReply:
    headers = {"User-Agent": f"ssg/{ssg.__version__} (link check)", "Accept": "*/*"}
    try:
        request = urllib.request.Request(  # noqa: S310 `AddressResolver` lets only http(s) pass
            quote(url, safe=_SAFE), headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=timeout_seconds) as answer:  # noqa: S310 the same
            return HttpReply(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return HttpReply(error.code)
    except urllib.error.URLError as error:
        return HttpReply(None, _reason_of(error.reason))
    except (OSError, ValueError, http.client.HTTPException) as error:
        return HttpReply(None, _reason_of(error))


def _reason_of(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:1].lower() + str(text)[1:]
