"""The builder's door, in CPython."""

from __future__ import annotations

import json
from collections.abc import Callable

from ssg.build.layout import Layout
from ssg.config.load import load
from ssg.render.dependencies.tags import Dependency, page_tag
from ssg.runtime.caching import Caching
from ssg.runtime.dialects import DIALECTS
from ssg.runtime.pyodide import answer, boot, give
from tests.conftest import Built

HOST = json.dumps({"dialect": "netlify"})
FILES = {
    "ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "**"\nttl = 60\n',
    "templates/page.html": "{% if page.slug == 'z' %}{{ nope }}{% endif %}é",
    "content/a.md": "",
    "content/z.md": "",
}


def test_only_texts_bytes_and_numbers_cross_the_door(site: Callable[..., Built]) -> None:
    boot(str(site(FILES, target="netlify").report.database), HOST)
    status, headers, body, ttl, failure, missing = answer("GET", "/a/")
    assert (status, body, ttl, failure, missing) == (200, "é".encode(), 60, "", "")
    sent = json.loads(headers)
    tags = sent.pop("Netlify-Cache-Tag").split(",")
    assert sent == {
        "Content-Type": "text/html; charset=UTF-8",
        **DIALECTS["netlify"](Caching(60), ""),
    }
    assert {page_tag("/a/"), Dependency("template", "page.html@0").tag, "site"} <= set(tags)


def test_a_failure_crosses_as_json(site: Callable[..., Built]) -> None:
    boot(str(site(FILES, target="netlify").report.database), HOST)
    status, _, _, ttl, failure, _ = answer("GET", "/z/")
    assert (status, ttl) == (500, 0)
    assert json.loads(failure) == {
        "message": "'nope' is undefined (while rendering content/z.md)",
        "template": "templates/page.html",
        "line": 1,
    }


class Given:
    """Bytes as JavaScript hands them over."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def to_bytes(self) -> bytes:
        return self._content


def test_blocks_that_are_missing_are_named_and_may_be_given(site: Callable[..., Built]) -> None:
    page = {"templates/page.html": "{{ page.content }}", "content/a.md": "*here*"}
    texts = Layout.of(load(site({**FILES, **page}, target="netlify").root)).texts
    blocks = {file.name: file.read_bytes() for file in texts.iterdir()}
    boot(str(texts.with_name("site.db")), HOST)
    for name in blocks:
        (texts / name).unlink()
    status, *_, missing = answer("GET", "/a/")
    assert status == 0
    assert set(json.loads(missing)) <= blocks.keys()
    for name in json.loads(missing):
        give(name, Given(blocks[name]))
    assert answer("GET", "/a/")[2] == b"<p><em>here</em></p>\n"


def test_a_new_deploy_takes_the_place_of_the_old(site: Callable[..., Built]) -> None:
    boot(str(site(FILES, target="netlify").report.database), HOST)
    boot(str(site({"content/b.md": ""}, target="netlify").report.database), HOST)
    assert answer("GET", "/b/")[0] == 200


def test_freshness_is_a_number(site: Callable[..., Built]) -> None:
    rule = 'theme = ""\n[[deferred.rules]]\nmatch = "**"\n'
    boot(str(site({**FILES, "ssg.toml": rule}, target="netlify").report.database), HOST)
    assert [answer("GET", path)[3] for path in ("/a/", "/a", "/nope/", "/z/")] == [-1, -1, 60, 0]


def test_a_host_that_sends_less_gets_a_failure(site: Callable[..., Built]) -> None:
    host = json.dumps({"dialect": "netlify", "body_bytes": 1})
    boot(str(site(FILES, target="netlify").report.database), host)
    assert answer("GET", "/a/")[0] == 500
