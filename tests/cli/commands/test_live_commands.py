"""`ssg plan`, `explain`, `list` and `check` of a site with live pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ssg.build.inspect.warm import live_paths
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.render.dependencies.tags import page_tag
from ssg.sources.recorded import RecordingShell
from tests.build.live.live_site import FILES as SITE
from tests.cli.conftest import Ran
from tests.json_api import JsonApi, json_api

Ssg = Callable[..., Ran]
MORE = """
[[routes]]
path = "/{user}/about/"
template = "post.html"
where = { user = "[a-z0-9]+" }
except = { user = ["tags"] }
data.user_of = { source = "api", path = "/users/{user}" }
stale = "1d"
"""
FILES = {
    **SITE,
    "ssg.toml": f'target.name = "server"\n{SITE["ssg.toml"]}{MORE}',
    "content/blog/a.md": "---\ntags: [x]\n---\n",
    "content/blog/b.md": "---\ndeferred: true\n---\n",
    "content/blog/about.md": "",
    "content/blog/c.md": "[live](/user1/post1/) [live too](/ana/none) [dead](/a/b/c/)",
    "templates/page.html": "{{ page.content }}",
}


@pytest.fixture(autouse=True)
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[JsonApi]:
    with json_api(posts=2) as started:
        monkeypatch.setenv("API_URL", started.url)
        yield started


def test_a_plan_lists_routes_and_the_pages_inside_them(ssg: Ssg) -> None:
    ran = ssg("plan", files=FILES)
    assert ran.status == 0, ran.err
    table = ran.out[ran.out.index("\nroute ") :].splitlines()
    assert [" ".join(line.split()) for line in table[1:4]] == [
        "route ttl stale known critical narrower routes pages inside",
        "/{user}/{slug}/ 3600 s 2 2 /{user}/about/ /blog/a/, /blog/about/, /blog/b/ and 1 more",
        "/{user}/about/ 86400 s 0 0 /blog/about/",
    ]
    facts = json.loads(ssg("plan", "--json").out)
    assert facts["totals"]["live"] == 2
    assert facts["totals"]["critical"] == len(facts["pages"]) - 1 + 2
    assert facts["routes"][0]["pages_inside"] == {
        "count": 4, "examples": ["/blog/a/", "/blog/about/", "/blog/b/"],
    }  # fmt: skip


@pytest.mark.parametrize("command", ["plan", "list"])
def test_a_source_that_is_away_leaves_the_plan_of_all_other_pages(
    ssg: Ssg, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("API_URL")
    ran = ssg(command, files=FILES)
    assert (ran.status, ran.err.count("warning:")) == (0, 1)
    assert "API_URL" in ran.err
    assert "/blog/b/" in ran.out
    assert ssg("build").status == 1


def test_a_list_has_known_paths(ssg: Ssg) -> None:
    ran = ssg("list", "--json", "--critical", files=FILES)
    found = [one for one in json.loads(ran.out) if one["kind"] == "live"]
    assert [(one["path"], one["plan"], one["ttl"]) for one in found] == [
        ("/user1/post1/", "critical", 3600), ("/user1/post2/", "critical", 3600),
    ]  # fmt: skip
    assert found[0]["reason"] == 'known path of the route "/{user}/{slug}/"'
    assert "live" not in {
        one["kind"] for one in json.loads(ssg("list", "--json", "--section", "blog").out)
    }


def test_a_live_page_is_explained_without_its_source(ssg: Ssg, api: JsonApi) -> None:
    facts = json.loads(ssg("explain", "/ana/hello", "--json", files=FILES).out)
    assert api.targets == []
    build = facts["tags"][4]
    assert facts == {
        "url": "https://example.org/sub/ana/hello/",
        "path": "/ana/hello/",
        "route": "/{user}/{slug}/",
        "language": None,
        "template": "post.html",
        "params": {"user": "ana", "slug": "hello"},
        "loader": None,
        "requests": ["api: /posts/ana/hello", "api: /users/ana"],
        "ttl": 3600,
        "stale": None,
        "rule": "/:user/:slug /_ssg/functions/ssg-pages 200",
        "tags": [
            "user:ana",
            "post:ana:hello",
            page_tag("/ana/hello/"),
            "site",
            build,
            "source:api",
        ],
    }
    text = ssg("explain", "https://example.org/sub/ana/about/").out
    assert "route     /{user}/about/" in text
    assert "params    user=ana" in text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/tags/y/", 'No route has it: "/{user}/{slug}/" does not match: user "tags" is excluded'),
        ("/Ana/about/", ""),
        ("/a/b/c/", ""),
    ],
)
def test_a_path_without_a_route_is_told_why(ssg: Ssg, path: str, words: str) -> None:
    ran = ssg("explain", path, files=FILES)
    if path == "/Ana/about/":
        assert "/{user}/{slug}/" in ran.out  # the wider route has it
        return
    assert ran.status == 1
    assert f"there is no page {path}" in ran.err
    assert words in ran.err


def test_links_to_live_pages_are_not_dead(ssg: Ssg, api: JsonApi) -> None:
    ran = ssg("check", "--json", files=FILES)
    messages = [one["message"] for one in json.loads(ran.out)["findings"]]
    assert "there is nothing at /a/b/c/" in messages
    assert "/ana/none redirects to /ana/none/" in messages
    assert not any("/user1/" in one for one in messages)
    assert api.targets == []


def test_recorded_live_pages_are_checked(ssg: Ssg, api: JsonApi, tmp_path: Path) -> None:
    requests = [
        DataRequest("api", path)
        for path in ("/posts/ana/a", "/users/ana", "/posts/ana/none", "/posts/ben/x")
    ]
    answers = {one: DataAnswer(200, b'{"title": "T", "name": "N"}') for one in requests}
    answers[requests[2]] = DataAnswer(404)
    RecordingShell(lambda asked: {one: answers[one] for one in asked}, tmp_path / "r").bring(
        requests
    )
    links = ("/sub/ana/a/#here", "/sub/ana/a/#gone", "/sub/no/")
    post = '<p id="here">' + "".join(f'<a href="{link}">a</a>' for link in links)
    pages = {"content/blog/c.md": "[live](/ana/a/#here) [live](/ana/a/#lost)"}
    ran = ssg(
        "check", "--json", "--replay", "r", files={**FILES, **pages, "templates/post.html": post}
    )
    found = json.loads(ran.out)
    assert found["coverage"]["live"] == 2  # the others have no answer, or not all of them
    messages = {one["message"]: one["pages"] for one in found["findings"]}
    assert messages["/ana/a/ has no anchor #gone"] == ["/ana/a/", "/ana/about/"]
    assert messages["/ana/a/ has no anchor #lost"] == ["/blog/c/"]
    assert messages["there is nothing at /no/"] == ["/ana/a/", "/ana/about/"]
    assert not any("#here" in one for one in messages)
    assert api.targets == []


def test_known_pages_that_are_no_files_are_warmed(ssg: Ssg, tmp_path: Path, api: JsonApi) -> None:
    for number in range(3, 6):
        api.add_post("user1", f"post{number}")
    text = FILES["ssg.toml"].replace("paths = {", "paths = { critical = 1,")
    assert ssg("build", "-q", files={**FILES, "ssg.toml": text}).status == 0
    database = tmp_path / ".ssg/site.db"
    paths = [f"/user1/post{number}/" for number in range(1, 6)]
    assert live_paths(database) == paths
    assert live_paths(database, {"user1/post1/index.html"}) == paths[1:]
    with json_api() as site:
        ran = ssg("warm", site.url, "--live", "--rate", "100", "--json")
        assert sorted(site.targets) == paths
    assert [one["status"] for one in json.loads(ran.out)] == [404] * 5
    assert ssg("warm", "http://127.0.0.1", "--live", "--all").status == 2
