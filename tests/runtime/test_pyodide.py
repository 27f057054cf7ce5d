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
ENV = '[runtime]\nenv = ["SITE_NAME"]\n'


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
    needs = json.loads(missing)
    assert set(needs["blocks"]) <= blocks.keys()
    assert needs["requests"] == []
    for name in needs["blocks"]:
        give(name, Given(blocks[name]))
    assert answer("GET", "/a/")[2] == b"<p><em>here</em></p>\n"


LIVE = """
theme = ""
[runtime]
env = ["SITE_NAME"]
[sources.api]
url = "https://api.example.org"
[[routes]]
path = "/{user}/"
template = "user.html"
data.account = { source = "api", path = "/users/{user}" }
data.more = { source = "api", path = "/more/{user}", optional = true }
ttl = 60
"""


def test_data_crosses_the_door_with_each_call(site: Callable[..., Built]) -> None:
    """Calls for several visitors take turns, and each has its own data."""
    template = "{{ account.name }} {{ more }} {{ env.SITE_NAME }}"
    files = {"ssg.toml": LIVE, "templates/page.html": "", "templates/user.html": template}
    built = site({**FILES, **files}, target="netlify")
    boot(str(built.report.database), HOST, json.dumps({"SITE_NAME": "Here"}))
    needed = {name: json.loads(answer("GET", f"/{name}/")[-1]) for name in ("ana", "bob")}
    assert needed["bob"] == {
        "blocks": [],
        "requests": [["api", "/users/bob", False], ["api", "/more/bob", False]],
    }
    for name in ("bob", "ana"):
        (_, users, _), (_, more, _) = needed[name]["requests"]
        body = Given(json.dumps({"name": name.title()}).encode())
        brought = [("api", users, False, 200, body, ""), ("api", more, False, 404, Given(b""), "")]
        assert answer("GET", f"/{name}/", True, brought)[2].decode() == f"{name.title()} None Here"
    failed = [("api", path, False, 0, Given(b""), "api: no answer") for path in (users, more)]
    status, *_, failure, _ = answer("GET", "/ana/", False, failed)
    assert (status, json.loads(failure)["message"]) == (500, "/{user}/: api: no answer")


def test_a_variable_that_is_not_set_is_named(site: Callable[..., Built]) -> None:
    template = FILES["templates/page.html"].replace("nope", "env.SITE_NAME")
    page = {"templates/page.html": template, "ssg.toml": FILES["ssg.toml"] + ENV}
    boot(str(site({**FILES, **page}, target="netlify").report.database), HOST)
    status, *_, failure, _ = answer("GET", "/z/")
    assert status == 500
    assert "the environment variable SITE_NAME is not set" in json.loads(failure)["message"]


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
