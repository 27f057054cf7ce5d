"""The builder's door, in CPython."""

from __future__ import annotations

import json
from collections.abc import Callable

from ssg.build.layout import Layout
from ssg.config.load import load
from ssg.runtime.pyodide import answer, boot, give
from tests.conftest import Built

FILES = {
    "ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "**"\nttl = 60\n',
    "templates/page.html": "{% if page.slug == 'z' %}{{ nope }}{% endif %}é",
    "content/a.md": "",
    "content/z.md": "",
}


def test_only_texts_bytes_and_numbers_cross_the_door(site: Callable[..., Built]) -> None:
    boot(str(site(FILES, target="netlify").report.database))
    status, headers, body, ttl, failure, missing = answer("GET", "/a/")
    assert (status, body, ttl, failure, missing) == (200, "é".encode(), 60, "", "")
    assert json.loads(headers) == {"Content-Type": "text/html; charset=UTF-8"}
    assert answer("GET", "/nope/")[3] == 0


def test_a_failure_crosses_as_json(site: Callable[..., Built]) -> None:
    boot(str(site(FILES, target="netlify").report.database))
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
    boot(str(texts.with_name("site.db")))
    for name in blocks:
        (texts / name).unlink()
    status, *_, missing = answer("GET", "/a/")
    assert status == 0
    assert set(json.loads(missing)) <= blocks.keys()
    for name in json.loads(missing):
        give(name, Given(blocks[name]))
    assert answer("GET", "/a/")[2] == b"<p><em>here</em></p>\n"


def test_a_new_deploy_takes_the_place_of_the_old(site: Callable[..., Built]) -> None:
    boot(str(site(FILES, target="netlify").report.database))
    boot(str(site({"content/b.md": ""}, target="netlify").report.database))
    assert answer("GET", "/b/")[0] == 200
