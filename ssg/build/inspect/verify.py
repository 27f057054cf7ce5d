"""Verifies parity: compares deferred pages from this Python and from the emitted function."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Problem, TargetError
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.site_headers import with_site_headers
from ssg.runtime.host import RuntimeHost
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.targets.target import LocalFunction

Respond = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class Difference:
    """A page that two runtimes render differently, as a unified diff."""

    path: str
    diff: str


def pages_to_verify(site: Site, sample: int | None) -> list[Page]:
    """All deferred pages, or `sample` of them at equal distances."""
    pages = list(site.deferred_pages())
    if sample is None or sample >= len(pages):
        return pages
    return [pages[number * len(pages) // sample] for number in range(sample)]


def compare(
    site: Site,
    pages: Sequence[Page],
    function: Respond,
    host: RuntimeHost,
    headers: Sequence[HeaderRule] = (),
) -> Iterator[Difference | None]:
    """Request each page from both; None if status, headers, freshness and every byte are the same.

    The headers contain what `host` makes of the caching, and those that a static file in the
    page's place would have by the rules `headers`.
    """
    renderer = TaggedRenderer(site)
    for page in pages:
        request = Request("GET", quote_path(page.path))
        answer = host.sent(answered(renderer, request))
        here, there = with_site_headers(answer, request.path, headers), function(request)
        yield None if _same(here, there) else Difference(page.path, _diff(page, here, there))


def open_built(database: Path, function: LocalFunction | None) -> tuple[Site, LocalFunction]:
    """The site of the last build and its function. Raises TargetError if either is missing."""
    if function and database.exists():
        return Site.open(database), function
    missing = f"there is no {database}" if function else "the last build emitted no function"
    hint = (
        "Run ssg build first, for a target that emits a function; the site must have deferred "
        "pages. A server renders with this Python, so there is nothing to compare"
    )
    raise TargetError(Problem(f"nothing to verify: {missing}", None, hint))


def _same(one: Response, other: Response) -> bool:
    return _head(one) == _head(other) and one.body == other.body


def _head(response: Response) -> list[str]:
    """Status, freshness and headers as lines."""
    headers = sorted(f"{name.lower()}: {value}" for name, value in response.headers.items())
    fresh = response.caching.fresh_seconds
    return [f"status {response.status}", f"fresh {fresh}", *headers, ""]


def _diff(page: Page, here: Response, there: Response) -> str:
    names = (f"{page.path} (this Python)", f"{page.path} (the function)")
    return "\n".join(difflib.unified_diff(_lines(here), _lines(there), *names, lineterm=""))


def _lines(response: Response) -> list[str]:
    return _head(response) + response.body.decode("utf-8", "replace").splitlines()
