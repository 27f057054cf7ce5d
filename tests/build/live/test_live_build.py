"""Builds of sites with live pages: known paths, files, sitemaps, failures."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ssg.build.live.critical_live_pages import REQUESTS, respond_together
from ssg.build.live.live_counts import LiveCounts
from ssg.model.errors import SourceDataError, SsgError
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.queries.live_paths import KnownPath
from ssg.runtime.tagged_renderer import TaggedRenderer
from tests.build.live.live_site import CONFIG, FILES, PATHS, build_live
from tests.conftest import BARE, Built
from tests.json_api import JsonApi, json_api


@pytest.fixture
def api() -> Iterator[JsonApi]:
    with json_api(posts=6, users=2) as started:
        yield started


@pytest.fixture
def made(tmp_path: Path, api: JsonApi) -> Callable[..., Built]:
    def make(files: Mapping[str, str] = FILES, **options: Any) -> Built:
        return build_live(tmp_path, files, {"API_URL": api.url}, **options)

    return make


def _published(built: Built) -> dict[str, bytes]:
    return {name: (built.report.output / name).read_bytes() for name in built.files}


def _problems(make: Callable[[], Built]) -> list[str]:
    with pytest.raises(SourceDataError) as caught:
        make()
    return [str(problem) for problem in caught.value.problems]


def test_known_paths_are_rendered_as_files(made: Callable[..., Built]) -> None:
    built = made()
    assert built.read("user1/post1/index.html") == "post1 by user1|User1|/sub/user1/post1/"
    assert {one for one in built.files if one.startswith("user2/")} == {
        f"user2/post{number}/index.html" for number in (2, 4, 6)
    }
    assert built.report.live == LiveCounts(routes=1, known=6, critical=6, files=6)
    assert [str(one) for one in built.report.warnings] == []


HOME = """
[[routes]]
path = "/"
template = "home.html"
data.popular = { source = "api", path = "/popular?limit=300" }
critical = true
"""


def test_the_home_page_can_be_a_route(made: Callable[..., Built]) -> None:
    files = {**FILES, "ssg.toml": CONFIG + HOME, "templates/home.html": "{{ popular | length }}"}
    with_file = made(files)
    assert with_file.read("index.html") != "6"
    assert [str(one) for one in with_file.report.warnings] == [
        "ssg.toml:23:1: / is left out: a page of the site has this path"
    ]
    (with_file.root / "content/_index.md").unlink()
    built = made({})
    assert built.read("index.html") == "6"
    assert built.report.live == LiveCounts(routes=2, known=1, critical=1, files=1)
    assert built.read("sitemap.xml").count("<loc>https://example.org/sub/</loc>") == 1


def test_the_first_are_rendered_and_the_sitemap_lists_all(made: Callable[..., Built]) -> None:
    text = (
        FILES["ssg.toml"]
        .replace('next = "next"', "")
        .replace("paths = {", "paths = { critical = 2,")
    )
    built = made({**FILES, "ssg.toml": text})
    assert built.report.live == LiveCounts(routes=1, known=6, critical=2, files=2)
    assert [one for one in built.files if one.startswith("user")] == [
        "user1/post1/index.html", "user2/post2/index.html",
    ]  # fmt: skip
    urls = re.findall("<loc>(.*?)</loc>(?:<lastmod>(.*?)</lastmod>)?", built.read("sitemap.xml"))
    known = [one for one in urls if "/user" in one[0]]
    assert known[0] == ("https://example.org/sub/user1/post1/", "2026-01-02T10:00:00+00:00")
    assert len(known) == 6
    assert ("https://example.org/sub/about/", "") in urls


def test_a_long_list_comes_in_parts(made: Callable[..., Built], api: JsonApi) -> None:
    paths = (
        'paths = { source = "api", path = "/posts?user=user1&limit=2&after={cursor}", '
        'items = "items", next = "next", params = { user = "user", slug = "slug" } }\n'
    )
    built = made({**FILES, "ssg.toml": CONFIG + paths})
    assert built.report.live.known == 3
    assert [one for one in api.targets if one.startswith("/posts?")] == [
        "/posts?user=user1&limit=2&after=", "/posts?user=user1&limit=2&after=2",
    ]  # fmt: skip


def test_a_numbered_list_ends_with_an_empty_part(made: Callable[..., Built], api: JsonApi) -> None:
    paths = (
        'paths = { source = "api", path = "/posts?user=user{number}&limit=9", '
        'items = "items", params = { user = "user", slug = "slug" } }\n'
    )
    assert made({**FILES, "ssg.toml": CONFIG + paths}).report.live.known == 6
    assert [one for one in api.targets if one.startswith("/posts?")] == [
        f"/posts?user=user{number}&limit=9" for number in (1, 2, 3)
    ]


def test_what_is_left_out_is_counted_in_a_warning(made: Callable[..., Built], api: JsonApi) -> None:
    for user, slug in (("tags", "x"), ("tags", "y"), ("blog", "post"), ("files", "a.txt")):
        api.add_post(user, slug)
    routes = (
        CONFIG
        + PATHS
        + (
            '[[routes]]\npath = "/{user}/post6/"\ntemplate = "post.html"\n'
            'except = { user = ["tags"] }\n'
            'data.user_of = { source = "api", path = "/users/{user}" }\n'
        )
    )
    text = routes.replace("/popular?limit=300", "/popular?limit=300")
    pages = {"content/blog/post.md": "", "static/files/a.txt/index.html": "mine"}
    built = made({**FILES, **pages, "ssg.toml": text})
    where = "ssg.toml:18:1: "
    assert [str(one) for one in built.report.warnings] == [
        f'{where}/user2/post6/ is left out: the route "/{{user}}/post6/" has this path',
        f"{where}/tags/x/ is left out: the route does not match it, and 1 more path for the same "
        "reason",
        f"{where}/files/a.txt/ is left out: a file of the site has this path",
        f"{where}/blog/post/ is left out: a page of the site has this path",
    ]
    assert built.read("blog/post/index.html") == "Post|"
    assert built.read("files/a.txt/index.html") == "mine"
    assert not any(one.startswith("tags/x") for one in built.files)
    assert "/tags/x/" not in built.read("sitemap.xml")


def test_a_source_that_fails_stops_the_build_and_the_last_one_stays(
    made: Callable[..., Built], api: JsonApi
) -> None:
    before = made()
    published = _published(before)
    api.add_post("user9", "post9")
    api.failing = 503
    assert _problems(made) == ["ssg.toml:18:1: api: /popular?limit=300: the source answered 503"]
    assert _published(before) == published


def test_a_page_that_fails_stops_the_build(made: Callable[..., Built], api: JsonApi) -> None:
    api.add_post("user1", "post1", title=7)
    api.add_post("user1", "post3", title=7)
    api.add_post("user2", "post2", edited_at="2026-01-02", markdown=1)
    assert _problems(made) == [
        "ssg.toml:9:1: /{user}/{slug}/: post.title is a whole number, not a text (while rendering "
        "/user1/post1/ and /user1/post3/)"
    ]


def test_an_error_in_the_template_has_its_line(made: Callable[..., Built]) -> None:
    (problem,) = _problems(lambda: made({**FILES, "templates/post.html": "a\n{{ post.none.x }}"}))
    assert problem.startswith("templates/post.html:2: ")
    assert "/user1/post1/" in problem


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    (problem,) = _problems(lambda: build_live(tmp_path, FILES))
    assert "API_URL" in problem
    assert problem.startswith("ssg.toml:18:1: ")


def test_pages_show_variables_of_the_build(made: Callable[..., Built], api: JsonApi) -> None:
    built = made({**FILES, "templates/page.html": "{{ env.API_URL }}"})
    assert built.read("about/index.html") == api.url


def test_a_variable_that_is_not_set_is_an_error_of_a_critical_page(tmp_path: Path) -> None:
    files = {**FILES, "ssg.toml": CONFIG, "templates/page.html": "{{ env.API_URL }}"}
    with pytest.raises(SsgError, match="the environment variable API_URL is not set"):
        build_live(tmp_path, files)


def test_a_deferred_page_may_show_what_only_its_host_knows(tmp_path: Path) -> None:
    files = {**FILES, "ssg.toml": CONFIG, "templates/page.html": "{{ env.API_URL | upper }}"}
    built = build_live(tmp_path, {**files, "content/about.md": "---\ndeferred: true\n---\n"})
    assert built.report.deferred == 1


def test_another_value_of_a_variable_renders_pages_again(
    tmp_path: Path,
) -> None:
    files = {**FILES, "ssg.toml": CONFIG, "templates/page.html": "{{ env.API_URL }}"}
    assert (
        build_live(tmp_path, files, {"API_URL": "http://a"}).read("about/index.html") == "http://a"
    )
    assert (
        build_live(tmp_path, files, {"API_URL": "http://b"}).read("about/index.html") == "http://b"
    )


def test_pages_without_data_and_moved_ones_are_warnings(
    made: Callable[..., Built], api: JsonApi
) -> None:
    api.users.pop("user1")
    moved = api.add_post("user2", "post2", title="moved")
    text = FILES["ssg.toml"].replace("ttl = 3600", 'redirect = "post.moved_to"\nttl = 3600')
    moved["moved_to"] = "/new/"
    built = made({**FILES, "ssg.toml": text})
    assert [str(one) for one in built.report.warnings] == [
        "ssg.toml:9:1: the data of a known path is missing, so it has no page (while rendering "
        "/user1/post1/, /user1/post3/ and /user1/post5/)",
        "ssg.toml:9:1: a known path redirects, so it has no page (while rendering /user2/post2/)",
    ]
    assert [one for one in built.files if one.startswith("user")] == [
        "user2/post4/index.html", "user2/post6/index.html",
    ]  # fmt: skip


def test_requests_of_many_pages_are_asked_together_and_once(
    made: Callable[..., Built], api: JsonApi
) -> None:
    made()
    assert sorted(one for one in api.targets if one.startswith("/users/")) == [
        "/users/user1", "/users/user2",
    ]  # fmt: skip


def test_languages_are_alternates_in_the_sitemap(made: Callable[..., Built]) -> None:
    text = CONFIG + PATHS + ('languages = ["en", "fr"]\n[languages.en]\n[languages.fr]\n')
    built = made({**FILES, "ssg.toml": text, "content/_index.fr.md": ""})
    sitemap = built.read("sitemap.xml")
    assert built.report.live == LiveCounts(routes=2, known=12, critical=12, files=12)
    assert (
        "<loc>https://example.org/sub/fr/user1/post1/</loc><lastmod>2026-01-02T10:00:00+00:00</lastmod>"
        '<xhtml:link rel="alternate" hreflang="en" href="https://example.org/sub/user1/post1/"/>'
        '<xhtml:link rel="alternate" hreflang="fr" href="https://example.org/sub/fr/user1/post1/"/>'
        '<xhtml:link rel="alternate" hreflang="x-default"'
    ) in sitemap


def test_sitemaps_are_split_and_joined_again(made: Callable[..., Built], api: JsonApi) -> None:
    built = made({**FILES, "ssg.toml": "sitemap.max_urls = 4\n" + FILES["ssg.toml"]})
    parts = [one for one in built.files if one.startswith("sitemap")]
    assert parts == ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]
    assert sum(built.read(one).count("<url>") for one in parts[:2]) == 8
    api.posts.clear()
    built = made({})
    assert [one for one in built.files if one.startswith("sitemap")] == ["sitemap.xml"]
    assert built.read("sitemap.xml").count("<url>") == 2


def test_the_manifest_lists_routes_and_the_pages_that_are_files(
    made: Callable[..., Built], api: JsonApi
) -> None:
    api.users.pop("user1")
    manifest = json.loads(made().report.manifest.read_text("utf-8"))
    assert manifest["live_pages"] == [f"/user2/post{number}/" for number in (2, 4, 6)]
    assert manifest["routes"] == [
        {
            "path": "/{user}/{slug}/",
            "language": "en",
            "template": "post.html",
            "ttl": 3600,
            "stale": None,
            "cache_tags": ["user:{user}", "post:{user}/{slug}"],
            "sources": ["api"],
            "loader": None,
        }
    ]


def test_paths_and_pages_of_a_database(tmp_path: Path) -> None:
    file = tmp_path / "blog.db"
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE post (slug, title)")
        rows = [(f"p{number}", f"Title {number}") for number in range(5)]
        database.executemany("INSERT INTO post VALUES (?, ?)", rows)
        database.commit()
    config = f"""
theme = ""
[sources.db]
kind = "sql"
url = "sqlite:///{file}"
[[routes]]
path = "/posts/{{slug}}/"
template = "post.html"
data.post = {{ source = "db", query = "post", one = true }}
paths = {{ source = "db", query = "popular", params = {{ slug = "slug" }}, critical = 3 }}
"""
    queries = {
        "queries/post.sql": "SELECT * FROM post WHERE slug = :slug",
        "queries/popular.sql": "SELECT slug FROM post ORDER BY slug DESC "
        "LIMIT 2 OFFSET 2 * (:number - 1)",
    }
    template = {"templates/post.html": "{{ post.title }}"}
    built = build_live(
        tmp_path, {**BARE, **queries, **template, "ssg.toml": config}, target="server"
    )
    assert built.report.live == LiveCounts(routes=1, known=5, critical=3)
    assert not any(name.startswith("posts/") for name in built.files)  # the server renders them


def test_the_search_finds_live_pages_that_are_rendered(
    made: Callable[..., Built], api: JsonApi
) -> None:
    api.add_post("ana", "boats", title="Of boats", markdown="A *schooner*.")
    text = FILES["ssg.toml"].replace("page = {", 'page = { body = "post.markdown",')
    found = made({**FILES, "ssg.toml": f"search.enabled = true\n{text}"})
    index = "".join(found.read(one) for one in found.files if one.startswith("search/"))
    assert "/sub/ana/boats/" in index
    assert "Of boats" in index
    assert "schooner" in index
    api.posts.pop(("ana", "boats"))
    again = made({})
    index = "".join(again.read(one) for one in again.files if one.startswith("search/"))
    assert "schooner" not in index


def test_names_that_strangers_choose_do_no_harm_to_files(
    made: Callable[..., Built], api: JsonApi, tmp_path: Path
) -> None:
    """Such pages are answered for on request, and take no place of a file or folder."""
    api.posts.clear()
    names = ("feed.xml", "404.html", "SITEMAP.xml", "_redirects", "robots.txt", "about", "a", "A")
    for name in (*names, "_ssg", ".git"):
        api.add_post(name, "x")
    static = {"static/_redirects": "/old /about/\n", "static/robots.txt": "mine"}
    built = made({**FILES, **static})
    assert built.report.live == LiveCounts(routes=1, known=8, critical=2, files=2)
    assert built.read("robots.txt") == "mine"
    assert [one for one in built.files if one.endswith("/x/index.html")] == [
        "a/x/index.html", "about/x/index.html",
    ]  # fmt: skip
    assert [str(one).partition(": ")[2] for one in built.report.warnings] == [
        "/_ssg/x/ is left out: a deploy has texts of deferred pages there",
        "/.git/x/ is left out: Git keeps a repository there, and hosts do not serve it",
    ]


def test_a_value_does_not_name_the_file_of_a_page(made: Callable[..., Built], api: JsonApi) -> None:
    api.posts.clear()
    api.add_post("about", "index")
    api.add_post("about", "other")
    text = FILES["ssg.toml"].replace('path = "/{user}/{slug}/"', 'path = "/{user}/{slug}.html"')
    built = made({**FILES, "ssg.toml": text})
    assert built.read("about/index.html") == "About|<p>Text.</p>\n"
    assert "about/other.html" in built.files
    assert [str(one).partition(": ")[2] for one in built.report.warnings] == [
        "/about/index.html is left out: it is the file of a folder"
    ]


def test_a_source_is_not_asked_for_more_at_once_than_it_answers_in_time(
    made: Callable[..., Built],
) -> None:
    sizes, known = [], [KnownPath(f"/u{n}/p/", 1, "", None, 1, n) for n in range(50)]

    def bring(requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
        found = {one: DataAnswer(200, b'{"title": "T", "name": "N"}') for one in requests}
        sizes.append(len(found))
        return found

    built = made()
    renderer = TaggedRenderer(built.site, {"API_URL": "http://api"})
    answers = list(respond_together(renderer, known, bring))
    assert [response.status for _, response in answers] == [200] * 50
    assert (sum(sizes), max(sizes)) == (100, REQUESTS)
