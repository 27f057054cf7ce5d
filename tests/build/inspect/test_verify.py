"""Comparing two runtimes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build.inspect.verify import Respond, compare, open_built, paths_to_verify
from ssg.model.errors import TargetError
from ssg.model.queries.site import Site
from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.site_headers import with_site_headers
from ssg.runtime.caching import Caching
from ssg.runtime.host import RuntimeHost
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from tests.conftest import Built

HOST = RuntimeHost("builder")
FILES = {
    "ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "**"\n',
    **{f"content/{n:02}.md": "x" for n in range(10)},
}


@pytest.fixture
def db(site: Callable[..., Built]) -> Site:
    return site(FILES, target="netlify").site


def _function(db: Site, **changes: object) -> Respond:
    """A function that reads the database itself."""
    renderer = TaggedRenderer(Site.open(db.texts.folder.parent / "site.db"))
    return lambda request: dataclasses.replace(HOST.sent(answered(renderer, request)), **changes)  # type: ignore[arg-type]


def test_equal_answers_do_not_differ(db: Site) -> None:
    assert set(compare(db, db.deferred_paths(), _function(db), HOST)) == {None}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"body": b"other"}, "+other"),
        ({"status": 500}, "+status 500"),
        ({"caching": Caching(60)}, "+fresh 60"),
        ({"headers": {"X": "y"}}, "+x: y"),
    ],
)
def test_every_difference_is_shown(db: Site, change: dict[str, object], line: str) -> None:
    (difference,) = compare(
        db, paths_to_verify(db.deferred_paths(), 1), _function(db, **change), HOST
    )
    assert difference is not None
    assert difference.path == "/00/"
    assert line in difference.diff.splitlines()


def test_headers_are_compared_without_regard_to_case(db: Site) -> None:
    def shout(answer: Response) -> Response:
        return dataclasses.replace(
            answer, headers={k.upper(): v for k, v in answer.headers.items()}
        )

    function = _function(db)
    pages = paths_to_verify(db.deferred_paths(), 2)
    assert set(compare(db, pages, lambda request: shout(function(request)), HOST)) == {None}


def test_the_function_sends_the_headers_of_a_file(db: Site) -> None:
    rules = parse_headers("/*\n X-Own: yes\n/00\n Content-Type: text/plain").rules
    answer = _function(db)

    def function(request: Request) -> Response:
        return with_site_headers(answer(request), request.path, rules)

    pages = paths_to_verify(db.deferred_paths(), 2)
    assert set(compare(db, pages, function, HOST, rules)) == {None}
    first, second = compare(db, pages, _function(db), HOST, rules)
    assert first
    assert second
    assert {"-x-own: yes", "-content-type: text/plain"} < set(first.diff.splitlines())
    assert "-x-own: yes" in second.diff.splitlines()


@pytest.mark.parametrize(
    ("sample", "paths"),
    [(None, 10), (3, ["/00/", "/03/", "/06/"]), (10, 10), (99, 10), (1, ["/00/"])],
)
def test_a_sample_is_spread_over_the_site(db: Site, sample: int | None, paths: object) -> None:
    found = list(paths_to_verify(db.deferred_paths(), sample))
    assert found == paths or len(found) == paths


def test_without_a_build_there_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="nothing to verify: the last build emitted no"):
        open_built(tmp_path / "site.db", None)
