"""Whether addresses of other sites answer: asked gently, a host at a time, and within limits.

A host is asked one question after the other with a pause between them, several hosts at once. What
refuses machines (401, 403, 429) may be fine for people, so it is counted, not found fault with.
Parts of pages (`#part`) are not looked for.
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
_FAILURES_OF_A_MOMENT = frozenset({408, 500, 502, 503, 504})
_SAFE = "/~!$&'()*+,;=:@%?"


class ExternalLinkState(StrEnum):
    """What came of asking."""

    FINE = "fine"
    REFUSED = "refused"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class ExternalLinkResult:
    """What came of asking for an address, and why."""

    url: str
    state: ExternalLinkState
    reason: str


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer's status; None where there was none, and `reason` says why."""

    status: int | None
    reason: str = ""


FetchStatus = Callable[[str], HttpReply]
Sleep = Callable[[float], None]


def check_links(
    urls: Iterable[str], limits: LinkCheckerSettings, ask: FetchStatus, sleep: Sleep = time.sleep
) -> Iterator[ExternalLinkResult]:
    """Ask for every address; verdicts come as they are ready."""
    hosts: dict[str, list[str]] = {}
    for url in sorted(urls):
        hosts.setdefault(urlsplit(url).netloc, []).append(url)
    with ThreadPoolExecutor(max(1, limits.concurrency)) as pool:
        visit = partial(_ask_host, limits=limits, ask=ask, sleep=sleep)
        for done in as_completed([pool.submit(visit, own) for own in hosts.values()]):
            yield from done.result()


def _ask_host(
    urls: Sequence[str], limits: LinkCheckerSettings, ask: FetchStatus, sleep: Sleep
) -> list[ExternalLinkResult]:
    verdicts = []
    for number, url in enumerate(urls):
        if number:
            sleep(limits.pause_seconds)
        reply = ask(url)
        for _ in range(limits.retries):
            if reply.status is not None and reply.status not in _FAILURES_OF_A_MOMENT:
                break
            sleep(limits.pause_seconds)
            reply = ask(url)
        verdicts.append(classify(url, reply))
    return verdicts


def classify(url: str, reply: HttpReply) -> ExternalLinkResult:
    """What an answer means."""
    if reply.status is None:
        return ExternalLinkResult(url, ExternalLinkState.DEAD, reply.reason)
    if reply.status in _REFUSALS:
        return ExternalLinkResult(url, ExternalLinkState.REFUSED, f"status {reply.status}")
    state = ExternalLinkState.FINE if reply.status < 400 else ExternalLinkState.DEAD
    return ExternalLinkResult(url, state, f"status {reply.status}")


def status_fetcher(timeout_seconds: float) -> FetchStatus:
    """Asks with HEAD, and with GET where a server dislikes that. Redirects are followed."""

    def ask(url: str) -> HttpReply:
        reply = _request(url, "HEAD", timeout_seconds)
        return reply if (reply.status or 400) < 400 else _request(url, "GET", timeout_seconds)

    return ask


def _request(url: str, method: str, timeout_seconds: float) -> HttpReply:
    headers = {"User-Agent": f"ssg/{ssg.__version__} (link check)", "Accept": "*/*"}
    try:
        request = urllib.request.Request(  # noqa: S310 `Addresses` has let only http(s) pass
            quote(url, safe=_SAFE), headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=timeout_seconds) as answer:  # noqa: S310 the same
            return HttpReply(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return HttpReply(error.code)
    except urllib.error.URLError as error:
        return HttpReply(None, _said(error.reason))
    except (OSError, ValueError, http.client.HTTPException) as error:
        return HttpReply(None, _said(error))


def _said(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text)[:1].lower() + str(text)[1:]
