"""A builder's answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssg.model.media_types import page_content_type
from ssg.model.queries.site import Site
from ssg.render.dependencies.tags import Dependency, page_tag
from ssg.runtime.caching import NEVER_STORED
from ssg.runtime.http import Request, Response
from ssg.runtime.respond import FAILURE_PAGE
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from tests.conftest import Built

CONFIG = 'theme = ""\nbase_url = "https://example.org/sub/"\n[deferred]\nttl = 300\n'
RULES = '[[deferred.rules]]\nmatch = "blog/**"\n'
FILES = {
    "ssg.toml": CONFIG + RULES,
    "content/blog/post.md": "---\ntitle: Post\n---\ntext",
    "content/blog/über uns.md": "",
    "content/blog/quick.md": "---\nttl: 60\n---\n",
    "content/blog/own.md": "---\nttl: 1h\nstale: 0\ncache_tags: [shop, prices]\n---\n",
    "content/blog/robots.md": "---\npath: /robots.txt\n---\n",
    "content/about.md": "critical",
}


@pytest.fixture
def answer(site: Callable[..., Built]) -> Callable[..., Response]:
    renderer = TaggedRenderer(site(FILES, target="netlify").site)
    return lambda path, method="GET": answered(renderer, Request(method, path))


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/blog/post/", 200, None),
        ("/blog/post", 301, "/sub/blog/post/"),
        ("/blog/post/index.html", 301, "/sub/blog/post/"),
        ("/blog/%C3%BCber-uns/", 200, None),
        ("/blog/%C3%BCber-uns", 301, "/sub/blog/%C3%BCber-uns/"),
        ("/blog/über-uns/", 200, None),
        ("/robots.txt", 200, None),
        ("/robots.txt/", 301, "/sub/robots.txt"),
        ("/blog//post/", 404, None),
        ("/blog/POST/", 404, None),
        ("/blog/post//", 404, None),
        ("/blog/nope/", 404, None),
        ("/about/", 404, None),
        ("/", 404, None),
        ("", 404, None),
        ("/404.html", 404, None),
        ("/../blog/post/", 404, None),
        ("/blog/%2e%2e/blog/post/", 404, None),
        ("/%ff", 404, None),
        ("/blog/post%00/", 404, None),
        ("/blog/post/?x=1", 404, None),
    ],
)
def test_the_table_of_answers(
    answer: Callable[..., Response], path: str, status: int, location: str | None
) -> None:
    response = answer(path)
    assert response.status == status
    assert response.headers.get("Location") == location
    assert response.failure is None


def test_a_page_comes_with_its_bytes_its_type_and_its_ttl(answer: Callable[..., Response]) -> None:
    response = answer("/blog/post/")
    assert response.body == b"Post|<p>text</p>\n"
    assert response.headers == {"Content-Type": "text/html; charset=UTF-8"}
    assert response.caching.fresh_seconds == 300
    assert answer("/blog/quick/").caching.fresh_seconds == 60


def test_a_redirect_is_cached_like_its_page(answer: Callable[..., Response]) -> None:
    page, redirect = answer("/blog/own/").caching, answer("/blog/own").caching
    assert (redirect.fresh_seconds, redirect.stale_seconds) == (3600, 0)
    assert (page.fresh_seconds, page.stale_seconds) == (3600, 0)
    assert set(redirect.tags) - {page_tag("/blog/own")} < set(page.tags)
    assert {page_tag("/blog/own/"), "shop", "prices", "site"} <= set(redirect.tags)


def test_a_page_that_takes_the_place_of_a_redirect_purges_it(
    answer: Callable[..., Response],
) -> None:
    assert page_tag("/blog/own") in answer("/blog/own").caching.tags


def test_a_page_has_tags_of_what_it_shows_and_a_missing_one_of_its_path(
    answer: Callable[..., Response],
) -> None:
    tags = answer("/blog/post/").caching.tags
    assert Dependency("template", "page.html@0").tag in tags
    assert list(tags) == sorted(tags)
    build = next(tag for tag in tags if tag.startswith("build:"))
    missing = answer("/blog/nope/").caching.tags
    assert missing == (page_tag("/blog/nope/"), build, "site")


def test_requests_leave_nothing_to_the_next_answer(site: Callable[..., Built]) -> None:
    db = site(FILES, target="netlify").site
    renderer = TaggedRenderer(db)
    first = answered(renderer, Request("GET", "/blog/post/"))
    for path in ("/blog/quick/", "/blog/own", "/nope/"):
        answered(renderer, Request("GET", path))
    assert answered(renderer, Request("GET", "/blog/post/")) == first


@pytest.mark.parametrize("path", ["/blog/nope/", "/nope", "/%ff"])
def test_a_missing_path_is_cached_for_a_minute(answer: Callable[..., Response], path: str) -> None:
    assert (answer(path).caching.fresh_seconds, answer(path).caching.stale_seconds) == (60, 0)


def test_a_missing_path_has_the_tag_that_its_page_would_have(
    answer: Callable[..., Response],
) -> None:
    assert page_tag("/blog/käse/") in answer("/blog/k%C3%A4se/").caching.tags
    assert page_tag("/blog/käse/") in answer("/blog/ka%CC%88se/").caching.tags


def test_a_page_that_is_too_large_for_its_host_is_a_failure(site: Callable[..., Built]) -> None:
    renderer = TaggedRenderer(site(FILES, target="netlify").site)
    request = Request("GET", "/blog/post/")
    whole = answered(renderer, request)
    assert answered(renderer, request, max_body_bytes=len(whole.body)) == whole
    failed = answered(renderer, request, max_body_bytes=len(whole.body) - 1)
    assert (failed.status, failed.caching) == (500, NEVER_STORED)
    assert failed.failure is not None
    assert f"the page has {len(whole.body)} bytes" in failed.failure.message


def test_an_unknown_path_gets_the_sites_own_error_page(answer: Callable[..., Response]) -> None:
    response = answer("/nope/")
    assert b"Page not found" in response.body
    assert response.headers["Content-Type"].startswith("text/html")


def test_it_is_that_of_the_language_whose_folder_the_path_is_in(
    site: Callable[..., Built],
) -> None:
    files = {"templates/404.html": "{{ site.language }}", "content/blog/post.fr.md": ""}
    languages = '[languages.fr]\n[languages.fr-CA]\npath = "fr/ca"\n'
    built = site({**FILES, **files, "ssg.toml": CONFIG + languages + RULES}, target="netlify")
    renderer = TaggedRenderer(built.site)
    for path, language in (
        ("/nope/", b"en"),
        ("/french/", b"en"),
        ("/fr/nope/", b"fr"),
        ("/fr/ca/nope", b"fr-CA"),
    ):
        response = answered(renderer, Request("GET", path))
        assert (response.status, response.body) == (404, language)
    assert answered(renderer, Request("GET", "/fr/blog/post/")).status == 200


def test_a_site_whose_error_page_is_a_file_gets_plain_text(site: Callable[..., Built]) -> None:
    built = site({**FILES, "static/404.html": "mine"}, target="netlify")
    response = answered(TaggedRenderer(built.site), Request("GET", "/nope/"))
    assert (response.status, response.body) == (404, b"Not Found")


def test_head_is_answered_as_get(answer: Callable[..., Response]) -> None:
    assert answer("/blog/post/", "HEAD") == answer("/blog/post/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get", ""])
def test_any_other_method_is_refused(answer: Callable[..., Response], method: str) -> None:
    response = answer("/blog/post/", method)
    assert (response.status, response.body) == (405, b"Method Not Allowed")
    assert response.caching == NEVER_STORED


PRIVATE = "{% if page.slug == 'bad' %}{{ page.extra.secret_password }}{% endif %}"


def test_a_failure_reveals_nothing_to_the_visitor(site: Callable[..., Built]) -> None:
    files = {**FILES, "templates/page.html": PRIVATE, "content/blog/zz.md": "---\nslug: bad\n---\n"}
    renderer = TaggedRenderer(site(files, target="netlify").site)
    response = answered(renderer, Request("GET", "/blog/bad/"))
    assert response.status == 500
    assert response.body == FAILURE_PAGE.encode()
    assert response.caching == NEVER_STORED
    assert response.failure is not None
    assert (response.failure.template, response.failure.line) == ("templates/page.html", 1)
    assert "secret_password" in response.failure.message
    assert "secret" not in str(response.headers)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.text(st.characters(exclude_categories=["Cs"]))
    | st.text(st.sampled_from("/%.2eblogpost0")),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
)
def test_no_request_raises(answer: Callable[..., Response], path: str, method: str) -> None:
    assert answer(path, method).status in {200, 301, 404, 405}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/a/", "text/html; charset=UTF-8"),
        ("/v1.css/", "text/html; charset=UTF-8"),
        ("/feed.xml", "application/xml; charset=UTF-8"),
        ("/a.json", "application/json; charset=UTF-8"),
        ("/a.txt", "text/plain; charset=UTF-8"),
        ("/a.css", "text/css; charset=UTF-8"),
        ("/a", "text/html; charset=UTF-8"),
    ],
)
def test_a_type_goes_by_the_name(path: str, kind: str) -> None:
    assert page_content_type(path) == kind


def test_the_answer_is_the_page_that_a_full_build_writes(site: Callable[..., Built]) -> None:
    whole = site(FILES)
    pages = {name: whole.read(name) for name in whole.files if name.startswith("blog/")}
    deferred = site(target="netlify")
    renderer = TaggedRenderer(deferred.site)
    for page in deferred.site.deferred_pages():
        if page.path.startswith("/blog/"):
            body = answered(renderer, Request("GET", page.path)).body.decode()
            assert body == pages[page.path[1:] + "index.html"]


def test_a_closed_database_is_no_answer(site: Callable[..., Built]) -> None:
    db: Any = Site.open(site(FILES, target="netlify").report.database)
    renderer = TaggedRenderer(db)
    db.close()
    with pytest.raises(sqlite3.ProgrammingError):
        answered(renderer, Request("GET", "/blog/post/"))


@pytest.mark.parametrize(("path", "status"), [("/blog/own/", 200), ("/blog/own", 301)])
def test_what_an_author_asks_of_caches_is_in_the_answer(
    answer: Callable[..., Response], path: str, status: int
) -> None:
    found = answer(path)
    assert found.status == status
    assert found.caching.fresh_seconds == 3600
    assert found.caching.stale_seconds == 0
    assert {"shop", "prices"} <= set(found.caching.tags)
    quick = answer("/blog/quick/").caching
    assert (quick.fresh_seconds, quick.stale_seconds) == (60, None)
