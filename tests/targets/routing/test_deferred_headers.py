"""Which headers of the site its function sends with deferred pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.header_rule import headers_for
from ssg.targets.routing.deferred_headers import deferred_headers, not_sent
from tests.conftest import BARE, Built

HEADERS = """\
/*
  Content-Security-Policy: default-src 'self'
  Cache-Control: max-age=60
  Content-Language: de
/blog/*
  Content-Type: text/plain
  ETag: "a"
  Vary: Cookie
  Netlify-Vary: query
  Netlify-CDN-Cache-Control: public
/fonts/*
  Cache-Control: immutable
"""
RULES = parse_headers(HEADERS, "static/_headers").rules
SITE = {
    "ssg.toml": BARE["ssg.toml"] + '[[deferred.rules]]\nmatch = "blog/**"\n',
    "content/blog/a.md": "",
}
REASON = "ssg and the host set what caches need; write a rule that only files match"


@pytest.mark.parametrize(("kind", "browsers"), [("builder", None), ("function", "max-age=60")])
def test_what_caches_need_is_not_sent(kind: str, browsers: str | None) -> None:
    sent = headers_for(deferred_headers(RULES, kind != "builder"), "/blog/a/")
    assert sent.pop("cache-control", None) == browsers
    assert sent == {
        "content-security-policy": "default-src 'self'",
        "content-language": "de",
        "content-type": "text/plain",
    }


def test_a_rule_of_which_nothing_is_sent_is_left_out() -> None:
    assert [rule.for_path for rule in deferred_headers(RULES, False)] == ["/*", "/blog/*"]


def test_a_rule_for_deferred_pages_is_told_once_with_its_place() -> None:
    found = [str(one) for one in not_sent(RULES, ["/blog/a/", "/blog/b/"], False)]
    assert found == [
        "static/_headers:1:1: deferred pages that `/*` matches do not get Cache-Control. "
        "A builder cannot send it; set ttl, or write a rule that only files match",
        "static/_headers:5:1: deferred pages that `/blog/*` matches do not get Etag, Vary, "
        f"Netlify-Vary, Netlify-Cdn-Cache-Control. {REASON}",
    ]
    assert len(list(not_sent(RULES, ["/blog/a/"], True))) == 1
    assert list(not_sent(RULES, [], False)) == []


def test_a_build_warns_and_keeps_the_headers_of_files(site: Callable[..., Built]) -> None:
    report = site({**SITE, "static/_headers": HEADERS}, target="netlify").report
    assert [str(one.where) for one in report.warnings] == [
        "static/_headers:1:1",
        "static/_headers:5:1",
    ]
    assert headers_for(report.routes.headers, "/blog/a/")["cache-control"] == "max-age=60"
    assert "cache-control" not in headers_for(report.routes.deferred_headers, "/blog/a/")


@pytest.mark.parametrize(("match", "count"), [("blog/**", 1), ("none/**", 0)])
def test_a_build_warns_of_a_password_if_pages_are_deferred(
    site: Callable[..., Built], match: str, count: int
) -> None:
    files = {
        "ssg.toml": SITE["ssg.toml"].replace("blog/**", match),
        "static/_headers": "/x\n Basic-Auth: a:b\n",
    }
    report = site({**SITE, **files}, target="netlify").report
    assert ["Basic-Auth" in one.message for one in report.warnings] == [True] * count


def test_headers_of_netlify_toml_win(site: Callable[..., Built]) -> None:
    toml = '[[headers]]\nfor = "/blog/*"\n[headers.values]\nContent-Language = "fr"\n'
    built = site({**SITE, "static/_headers": HEADERS, "netlify.toml": toml}, target="netlify")
    rules = built.report.routes.deferred_headers
    assert headers_for(rules, "/blog/a/")["content-language"] == "fr"
