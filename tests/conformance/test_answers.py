"""What every host answers: the same bytes, redirects, errors and caching."""

from __future__ import annotations

import time

import pytest

from ssg.model.urls import quote_path
from ssg.render.dependencies.tags import page_tag
from ssg.runtime.caching import MISSING_SECONDS
from ssg.runtime.dialects import LONGEST_SECONDS, NO_STORE
from tests.conformance.conftest import Conformance
from tests.conformance.hosts import Answer
from tests.conformance.site import SECRET

PAGES = {
    **{f"/blog/{number}/": 120 for number in range(1, 8)},
    "/blog/käse-und-wein/": 120,
    "/blog/plain.txt/": 120,
    "/fr/blog/1/": 120,
    "/fr/blog/2/": 120,
    "/tags/boats/": None,
    "/tags/käse/": None,
}
"""Deferred pages, and how many seconds they are fresh."""

TAG_HEADERS = {
    "netlify": ("netlify-cache-tag", ","),
    "vercel": ("vercel-cache-tag", ","),
    "cloudfront": ("cache-tag", ","),
    "surrogate": ("surrogate-key", " "),
}
SHARED = {
    "netlify": "netlify-cdn-cache-control",
    "vercel": "vercel-cdn-cache-control",
    "cloudfront": "cache-control",
    "surrogate": "cache-control",
}
"""The header that tells caches how long an answer is fresh, by dialect."""

ODD_PATHS = [
    "/%ff",
    "/blog/%ff/",
    "/%00",
    "/blog/%00/",
    "/../site.db",
    "/blog/../../site.db",
    "/blog/%2e%2e/%2e%2e/site.db",
    "/..%2fsite.db",
    "/%5c..%5csite.db",
    "/blog//1/",
    "//blog/1/",
    "//example.com/",
    "/blog/1//",
    "/blog/1/%2f",
    "/BLOG/1/",
    "/blog/1;x/",
    "/blog/%31/",
    "/blog/1/index.html/",
    "/blog/1/index.html",
    "/blog/k%e4se-und-wein/",
    "/blog/k%c3%a4se-und-wein/",
    "/blog/k%C3%A4se%2Dund%2Dwein",
    "/blog/" + "x" * 3000 + "/",
    "/blog/" + "%C3%A4" * 300 + "/",
    "/_ssg/functions/ssg-pages/blog/1/",
    "/.netlify/builders/nothing/blog/1/",
    "/deploy.toml",
    "/site.db",
    "/_redirects",
    "/_headers",
]


def shared_seconds(answer: Answer, dialect: str) -> int | None:
    """For how many seconds caches may keep an answer; 0 if not at all, None until a deploy."""
    said = answer.headers[SHARED[dialect]]
    if NO_STORE in said:
        return 0
    seconds = int(dict(part.strip().partition("=")[::2] for part in said.split(","))["s-maxage"])
    return None if seconds == LONGEST_SECONDS else seconds


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_bytes_of_a_full_build(asked: Conformance, path: str) -> None:
    answer = asked.host.ask(quote_path(path))
    assert answer.status == 200
    assert answer.body == asked.whole.page(path)
    assert answer.headers["content-type"].lower() == "text/html; charset=utf-8"
    assert answer.headers["x-site"] == "conformance"
    assert answer.headers.get("x-post") == ("second" if path == "/blog/2/" else None)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_how_long_caches_may_keep_it(asked: Conformance, path: str) -> None:
    answer, dialect = asked.host.ask(quote_path(path)), asked.host.dialect
    if dialect in SHARED:
        header, separator = TAG_HEADERS[dialect]
        tags = answer.headers[header].split(separator)
        assert shared_seconds(answer, dialect) == PAGES[path]
        assert page_tag(path) in tags
        assert ("blog" in tags) == (PAGES[path] is not None)
        assert "stale-while-revalidate=" in answer.headers[SHARED[dialect]]
    else:
        assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
        assert not {name for name, _ in TAG_HEADERS.values()} & answer.headers.keys()


@pytest.mark.parametrize("path", PAGES)
def test_head_has_the_headers_of_get_and_no_body(asked: Conformance, path: str) -> None:
    asked.host.ask(quote_path(path))  # so that neither of the next two renders
    whole, head = (asked.host.ask(quote_path(path), method) for method in ("GET", "HEAD"))
    varying = {"date", "age", "server-timing", "cache-status", "x-request-id", "x-varnish"}
    varying |= {"connection", "transfer-encoding", "content-length"}
    assert head.status == 200
    assert {n: v for n, v in head.headers.items() if n not in varying} == {
        n: v for n, v in whole.headers.items() if n not in varying
    }
    if asked.host.serves_site:  # a host drops the body that a function gives
        assert head.body == b""
    assert head.headers.get("content-length", str(len(whole.body))) == str(len(whole.body))


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/blog/1", "/blog/1/"),
        ("/blog/1/index.html", "/blog/1/"),
        ("/blog/k%C3%A4se-und-wein", "/blog/k%C3%A4se-und-wein/"),
        ("/blog/plain.txt", "/blog/plain.txt/"),
        ("/fr/blog/1", "/fr/blog/1/"),
    ],
)
def test_another_spelling_is_redirected(asked: Conformance, path: str, location: str) -> None:
    answer = asked.host.ask(path)
    assert (answer.status, answer.headers["location"], answer.body) == (301, location, b"")


@pytest.mark.parametrize(
    ("path", "error_page"),
    [
        ("/blog/nothing/", "/404.html"),
        ("/fr/blog/rien/", "/fr/404.html"),
        ("/tags/x/", "/404.html"),
    ],
)
def test_a_missing_page_is_told_in_its_language(
    asked: Conformance, path: str, error_page: str
) -> None:
    answer, dialect = asked.host.ask(path), asked.host.dialect
    assert answer.status == 404
    assert answer.body == asked.whole.page(error_page)
    if dialect in SHARED:
        assert shared_seconds(answer, dialect) == MISSING_SECONDS


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(asked: Conformance, method: str) -> None:
    answer = asked.host.ask("/blog/1/", method, {"Content-Length": "0"})
    assert answer.status == 405
    # Netlify's builders answer this themselves.
    assert answer.headers.get("cache-control", NO_STORE) == NO_STORE


def test_a_failing_page_reveals_nothing(asked: Conformance) -> None:
    answer = asked.host.ask("/blog/failing/")
    assert answer.status == 500
    assert answer.headers["cache-control"] == NO_STORE
    said = answer.body + repr(answer.headers).encode()
    assert not [
        word for word in (SECRET, "Traceback", "page.html", "jinja") if word.encode() in said
    ]
    assert not {name for name, _ in TAG_HEADERS.values()} & answer.headers.keys()


@pytest.mark.parametrize("path", ODD_PATHS, ids=range(len(ODD_PATHS)))
def test_an_odd_path_gives_a_page_a_redirect_or_an_error(asked: Conformance, path: str) -> None:
    answer = asked.host.ask(path)
    assert answer.status in {200, 301, 308, 400, 404, 414}
    assert b"SQLite" not in answer.body and b"build_id" not in answer.body
    if answer.status == 200:
        known = [asked.whole.page(page) for page in (*PAGES, "/")]
        assert answer.body in known
    if answer.status in {301, 308}:
        location = answer.headers["location"]
        assert location.startswith("/") and not location.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [("/old/3", 301, "/blog/3/"), ("/who/", 301, "/about/"), ("/search?q=2", 302, "/blog/2/")],
)
def test_the_rules_of_the_site_count(
    asked: Conformance, path: str, status: int, location: str
) -> None:
    if not asked.host.serves_site:
        pytest.skip("its host has the rules, not the function")
    answer = asked.host.ask(path)
    assert (answer.status, answer.headers["location"].partition("?")[0]) == (status, location)


@pytest.mark.parametrize("path", ["/", "/about/", "/blog/", "/fr/"])
def test_a_file_is_served(asked: Conformance, path: str) -> None:
    if not asked.host.serves_site:
        pytest.skip("its host has the files, not the function")
    answer = asked.host.ask(path)
    assert (answer.status, answer.body) == (200, asked.whole.page(path))
    assert answer.headers["x-site"] == "conformance"
    etag = answer.headers["etag"]
    again = asked.host.ask(path, headers={"If-None-Match": etag})
    if asked.host.revalidates_files:
        assert (again.status, again.body) == (304, b"")


def test_a_purge_forgets_the_page_and_no_other(asked: Conformance) -> None:
    purge = asked.host.purge
    if purge is None:
        pytest.skip("it has no cache of its own, or no tags")
    for path in ("/blog/4/", "/blog/5/"):
        asked.host.ask(path)
    before = asked.host.ask("/blog/5/").headers["age"]
    time.sleep(1.1)
    purge(page_tag("/blog/4/"))
    assert int(asked.host.ask("/blog/5/").headers["age"]) > int(before)
    again = asked.host.ask("/blog/4/")
    assert int(again.headers.get("age", "0")) == 0
    assert again.body == asked.whole.page("/blog/4/")
