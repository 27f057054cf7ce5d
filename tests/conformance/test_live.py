"""Live pages on every host: the bytes, statuses and caching of the runtime in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from ssg.runtime.dialects import NO_STORE
from ssg.runtime.http import Response
from tests.conformance.conftest import HOSTS
from tests.conformance.hosts import Host
from tests.conformance.live import ODD, TOKEN, add_posts, expected_answers, variables
from tests.conformance.test_answers import SHARED, TAG_HEADERS, shared_seconds
from tests.json_api import JsonApi, json_api

ENCODED = quote(ODD, safe="")
PAGES = {
    "/user1/post1/": 3600,
    f"/user1/{ENCODED}/": 3600,
    "/users/user1/": 60,
    "/users/user1/page/2/": 60,
    "/since/user1/": 60,
    "/since/user1/after/2/": 60,
    "/users/user1/feed.xml": 90,
    "/strange/wild/": 70,
    "/loaded/post1/": 80,
    "/shaped/post1/": 75,
    "/fault/echo/x/": 120,
    "/": 65,
    "/fr/": 65,
    "/blog/post1.html": 300,
    "/fr/blog/post1.html": 300,
    "/user1/late/": 120,
}
"""Live pages, and a deferred one at the path of a route, with the seconds that they are fresh."""


@dataclass(frozen=True, slots=True)
class LiveHost:
    """A host, its API, and the answers of the runtime."""

    name: str
    host: Host
    api: JsonApi
    expected: dict[str, Response]


@pytest.fixture(scope="module")
def live_sources(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, JsonApi, dict[str, Response]]]:
    """The folder of the site, the API that it asks, and the answers expected.

    Variables are set for this module alone: other tests start servers with those of this process.
    """
    work = tmp_path_factory.mktemp("live")
    with json_api(posts=5) as api, pytest.MonkeyPatch.context() as patch:
        add_posts(api)
        for name, value in variables(api).items():
            patch.setenv(name, value)
        with expected_answers(work / "site", work / "whole", api) as expected:
            yield work / "site", api, expected


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[*marks, pytest.mark.xdist_group(f"conformance-{name}")])
        for name, (_, marks) in HOSTS.items()
    ],
)
def live(
    request: pytest.FixtureRequest, live_sources: tuple[Path, JsonApi, dict[str, Response]]
) -> Iterator[LiveHost]:
    """A host that runs, started once for all tests of it."""
    root, api, expected = live_sources
    run, _ = HOSTS[request.param]
    with run(root, root.parent / request.param) as host:
        yield LiveHost(request.param, host, api, expected)


@pytest.mark.parametrize("path", PAGES)
def test_a_live_page_has_the_bytes_of_the_runtime(live: LiveHost, path: str) -> None:
    answer, expected = live.host.ask(path), live.expected[path]
    assert (answer.status, expected.status) == (200, 200), expected.failure
    assert answer.headers["content-type"] == expected.headers["Content-Type"]
    assert answer.headers.get("x-post") == ("first" if path == "/user1/post1/" else None)
    if "echo" in path:  # what each shell sends is a little different
        assert b"[secret]" in answer.body
    else:
        assert answer.body == expected.body


@pytest.mark.parametrize("path", PAGES)
def test_a_live_page_says_how_long_caches_may_keep_it(live: LiveHost, path: str) -> None:
    answer, dialect = live.host.ask(path), live.host.dialect
    if dialect not in SHARED:
        assert not {name for name, _ in TAG_HEADERS.values()} & answer.headers.keys()
        return
    header, separator = TAG_HEADERS[dialect]
    assert shared_seconds(answer, dialect) == PAGES[path]
    assert {*answer.headers[header].split(separator)} >= {*live.expected[path].caching.tags}
    if path == "/user1/post1/":
        assert {"user:user1", "post:user1:post1", "source:api"} <= {
            *answer.headers[header].split(separator)
        }


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/user1/post1", "/user1/post1/"),
        ("/user1/post1/index.html", "/user1/post1/"),
        ("/users/user1/page/1/", "/users/user1/"),
        ("/user1/moved/", "/user1/post1/"),
        ("/user1/renamed/", "/user1/post2/"),
    ],
)
def test_other_addresses_are_redirected(live: LiveHost, path: str, location: str) -> None:
    if live.host.serves_site and path.endswith("index.html"):
        pytest.skip("no rule leads it to the function")
    answer = live.host.ask(path)
    assert (answer.status, answer.headers["location"], answer.body) == (301, location, b"")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/user1/nothing/", "en"),
        ("/loaded/nothing/", "en"),
        ("/nobody/post1/", "en"),
        ("/fr/blog/nothing.html", "fr"),
        ("/fr/x/", "fr"),
        ("/a/b/c/d/", "en"),
        (f"/user1/{'x' * 300}/", "en"),
        ("/user1/%2e%2e/x/", "en"),
        ("/user1/..%2fusers/", "en"),
        ("/user1/a%00/", "en"),
        ("/user1/%ff/", "en"),
    ],
)
def test_what_is_not_there_is_told_in_its_language(live: LiveHost, path: str, page: str) -> None:
    answer = live.host.ask(path)
    if live.name == "nginx" and answer.status == 400:
        pytest.skip("nginx refuses such a path itself")
    assert (answer.status, answer.body.decode()) == (404, f"<h1>Nothing ({page})</h1>")
    dialect = live.host.dialect
    if dialect in SHARED and path == "/user1/nothing/":
        header, separator = TAG_HEADERS[dialect]
        tags = {*answer.headers[header].split(separator)}
        assert shared_seconds(answer, dialect) == 60
        assert {"user:user1", "post:user1:nothing", "source:api"} <= tags


def test_a_page_that_was_asked_for_too_early_appears(live: LiveHost) -> None:
    path, slug = f"/user1/new-{live.name}/", f"new-{live.name}"
    assert live.host.ask(path).status == 404
    live.api.add_post("user1", slug, title="Now")
    if live.host.purge:
        live.host.purge(f"post:user1:{slug}")
    if live.host.purge or not live.host.serves_site:
        assert live.host.ask(path).status == 200


FAULTS = (
    *("status/503", "status/401", "html/x", "huge/200000", "redirect/x", "break-body/x"),
    *("gzip/short", "drip-body/x"),
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_source_that_fails_is_a_failure_that_nobody_keeps(live: LiveHost, fault: str) -> None:
    answer = live.host.ask(f"/fault/{fault}/")
    assert answer.status == 500
    assert answer.headers["cache-control"] == NO_STORE
    said = answer.body + json.dumps(dict(answer.headers)).encode()
    assert not [word for word in ("api", "fault", TOKEN, "Traceback") if word.encode() in said]
    assert not {name for name, _ in TAG_HEADERS.values()} & answer.headers.keys()


def test_data_of_another_shape_is_a_failure_on_every_host(live: LiveHost) -> None:
    assert live.host.ask("/shaped/post1/").status == 200
    answer = live.host.ask("/shaped/long/")
    assert (answer.status, answer.headers["cache-control"]) == (500, NO_STORE)


def test_data_of_another_shape_is_a_failure(live: LiveHost) -> None:
    expected = live.expected["/shaped/long/"]
    assert expected.failure is not None
    assert "title" in expected.failure.message
    assert live.host.ask("/shaped/long/").status == expected.status == 500


def test_a_file_comes_before_a_route(live: LiveHost) -> None:
    if not live.host.serves_site:
        pytest.skip("its host has the files, not the function")
    assert b"It comes first." in live.host.ask("/user1/built/").body


def test_requests_are_authorized_and_no_secret_leaves(live: LiveHost) -> None:
    live.api.forget()
    answer = live.host.ask("/fault/echo/secret/")
    assert {seen.headers["authorization"] for seen in live.api.seen} == {f"Bearer {TOKEN}"}
    assert TOKEN.encode() not in answer.body
    assert TOKEN[4:14].encode() not in answer.body
