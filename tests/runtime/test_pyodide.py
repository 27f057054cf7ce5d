"""The builder's door, in CPython."""

from __future__ import annotations

import json
from collections.abc import Callable

from ssg.runtime.pyodide import answer, boot
from tests.conftest import Built

FILES = {
    "ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "**"\nttl = 60\n',
    "templates/page.html": "{% if page.slug == 'z' %}{{ nope }}{% endif %}é",
    "content/a.md": "",
    "content/z.md": "",
}


def test_only_texts_bytes_and_numbers_cross_the_door(site: Callable[..., Built]) -> None:
    boot(str(site(FILES, target="netlify").report.database))
    status, headers, body, ttl, failure = answer("GET", "/a/")
    assert (status, body, ttl, failure) == (200, "é".encode(), 60, "")
    assert json.loads(headers) == {"Content-Type": "text/html; charset=UTF-8"}
    assert answer("GET", "/nope/")[3] == 0


def test_a_failure_crosses_as_json(site: Callable[..., Built]) -> None:
    boot(str(site(FILES, target="netlify").report.database))
    status, _, _, ttl, failure = answer("GET", "/z/")
    assert (status, ttl) == (500, 0)
    assert json.loads(failure) == {
        "message": "'nope' is undefined (while rendering content/z.md)",
        "template": "templates/page.html",
        "line": 1,
    }


def test_a_new_deploy_takes_the_place_of_the_old(site: Callable[..., Built]) -> None:
    boot(str(site(FILES, target="netlify").report.database))
    boot(str(site({"content/b.md": ""}, target="netlify").report.database))
    assert answer("GET", "/b/")[0] == 200
