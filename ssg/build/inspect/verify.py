"""Verifies parity: compares deferred pages from this Python and from the emitted function."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from ssg.model.errors import Problem, TargetError
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.site_headers import with_site_headers
from ssg.runtime.host import RuntimeHost
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import BringData, answered, bring_nothing
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.targets.target import LocalFunction

Respond = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class VerifyInputs:
    """The data and the environment variables that both runtimes get."""

    bring: BringData = bring_nothing
    env: Mapping[str, str] = field(default_factory=dict)


NO_DATA = VerifyInputs()


@dataclass(frozen=True, slots=True)
class Difference:
    """A page that two runtimes render differently, as a unified diff."""

    path: str
    diff: str


def paths_to_verify(paths: Sequence[str], sample: int | None) -> Sequence[str]:
    """All paths, or `sample` of them at equal distances."""
    pages = paths
    if sample is None or sample >= len(pages):
        return pages
    return [pages[number * len(pages) // sample] for number in range(sample)]


def compare(
    site: Site,
    paths: Sequence[str],
    function: Respond,
    host: RuntimeHost,
    headers: Sequence[HeaderRule] = (),
    data: VerifyInputs = NO_DATA,
) -> Iterator[Difference | None]:
    """Request each page from both; None if status, headers, freshness and every byte are the same.

    The headers contain what `host` makes of the caching, and those that a static file in the
    page's place would have by the rules `headers`.
    """
    renderer = TaggedRenderer(site, data.env)
    for path in paths:
        request = Request("GET", quote_path(path))
        answer = host.sent(answered(renderer, request, data.bring))
        here, there = with_site_headers(answer, request.path, headers), function(request)
        yield None if _same(here, there) else Difference(path, _diff(path, here, there))


def complete_recordings(site: Site, paths: Sequence[str], data: VerifyInputs) -> list[str]:
    """Those of some live pages of which all answers are recorded."""
    renderer = TaggedRenderer(site, data.env)
    asked = ((path, Request("GET", quote_path(path))) for path in paths)
    return [
        path
        for path, request in asked
        if answered(renderer, request, data.bring).status < HTTPStatus.INTERNAL_SERVER_ERROR
    ]


def open_built(database: Path, function: LocalFunction | None) -> tuple[Site, LocalFunction]:
    """The site of the last build and its function. Raises TargetError if either is missing."""
    if function and database.exists():
        return Site.open(database), function
    missing = f"there is no {database}" if function else "the last build emitted no function"
    hint = (
        "Run ssg build first. The target of the configuration must be one that emits a function, "
        "and the site must have deferred or live pages. A server renders with this Python, so "
        "there is nothing to compare"
    )
    raise TargetError(Problem(f"nothing to verify: {missing}", None, hint))


def _same(one: Response, other: Response) -> bool:
    return _head(one) == _head(other) and one.body == other.body


def _head(response: Response) -> list[str]:
    """Status, freshness and headers as lines."""
    headers = sorted(f"{name.lower()}: {value}" for name, value in response.headers.items())
    fresh = response.caching.fresh_seconds
    return [f"status {response.status}", f"fresh {fresh}", *headers, ""]


def _diff(path: str, here: Response, there: Response) -> str:
    names = (f"{path} (this Python)", f"{path} (the function)")
    return "\n".join(difflib.unified_diff(_lines(here), _lines(there), *names, lineterm=""))


def _lines(response: Response) -> list[str]:
    return _head(response) + response.body.decode("utf-8", "replace").splitlines()
