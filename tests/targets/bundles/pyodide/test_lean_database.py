"""The lean copy of a site database: its rows say less, and it answers the same."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.model.database import open_readonly
from ssg.model.live.data_request import DataAnswer
from ssg.model.queries import offloaded
from ssg.model.queries.offloaded import OFFLOADED
from ssg.model.queries.site import Site
from ssg.model.texts import FOLDER, MissingBlock, Texts
from ssg.runtime.http import Request
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.targets.bundles.pyodide.lean_database import lean_copy, offloaded_blocks
from tests.conftest import Built

POSTS = 2000
LONG = "long " * 90
FILES = {
    "ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "**"\n',
    "templates/page.html": "{{ page.description }}|{{ page.extra.get('note') }}|{{ page.content }}",
    "templates/section.html": "{% for one in paginator.pages %}{{ one.description }}\n{% endfor %}",
    "content/bare.md": "Text",
    "content/long.md": f"---\ndescription: About ü\nextra:\n  note: {LONG}\n---\nText",
    "content/mark.md": '+++\ndescription = "\\u001a"\n+++\n',
    "content/noted.md": f"---\nextra:\n  note: {LONG}\n---\nText",
    "content/short.md": "---\nextra:\n  note: short\n---\nText",
}

Lean = Callable[..., "Copy"]


class Copy:
    """A site, and a lean copy of it with its blocks."""

    def __init__(self, built: Built, place: Path) -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        self.built = built
        self.database = place / "site.db"
        written = lean_copy(built.report.database, self.database, place / FOLDER)
        self.blocks = {block.name for block in written}
        self.site = Site.open(self.database)

    def row(self, path: str) -> tuple[str, str]:
        page = self.site.page_at(path)
        assert page
        return page.description, page.front


@pytest.fixture
def lean(site: Callable[..., Built], tmp_path: Path) -> Lean:
    return lambda files: Copy(site(files, target="netlify"), tmp_path / "lean")


def _told(site: Site) -> list[tuple[str, str, str]]:
    return [(page.path, site.description(page), site.front(page)) for page in site.all_pages()]


def _posts(numbers: range) -> dict[str, str]:
    text = "---\ndescription: About {}\n---\n"
    return {f"content/blog/{number:05}.md": text.format(number) for number in numbers}


def test_what_is_asked_for_is_what_the_rows_had(lean: Lean) -> None:
    copy = lean(FILES)
    original = [(page.path, page.description, page.front) for page in copy.built.site.all_pages()]
    assert _told(copy.site) == _told(copy.built.site) == original


def test_rows_keep_what_is_short(lean: Lean) -> None:
    copy = lean(FILES)
    assert copy.row("/long/") == (OFFLOADED, OFFLOADED)
    assert copy.row("/noted/") == ("", OFFLOADED)
    assert copy.row("/bare/") == ("", copy.built.page("/bare/").front)
    assert copy.row("/short/") == ("", copy.built.page("/short/").front)


def test_a_page_that_says_the_mark_itself_is_no_riddle(lean: Lean) -> None:
    copy = lean(FILES)
    for site in (copy.built.site, copy.site):
        page = site.page_at("/mark/")
        assert page
        assert site.description(page) == OFFLOADED


def test_a_missing_block_is_named(lean: Lean) -> None:
    copy = lean(FILES)
    bare = Site(open_readonly(copy.database), Texts(copy.database.parent / "nowhere"))
    page = bare.page_at("/long/")
    assert page
    with pytest.raises(MissingBlock) as missing:
        bare.description(page)
    assert {missing.value.digest} == copy.blocks
    assert bare.offloaded_block(page.id) == missing.value.digest


def test_the_builds_own_database_has_no_such_blocks(lean: Lean) -> None:
    built = lean(FILES).built
    assert built.site.offloaded_block(built.page("/long/").id) is None


def test_pages_that_need_a_block_are_told_with_it(lean: Lean) -> None:
    copy = lean(FILES)
    (block,) = copy.blocks
    assert offloaded_blocks(copy.database) == dict.fromkeys(("/long/", "/mark/", "/noted/"), block)


def test_a_new_page_changes_few_blocks(lean: Lean) -> None:
    """Or each new post would have all of them uploaded anew."""
    before = lean({**FILES, **_posts(range(1, POSTS))}).blocks
    after = lean(_posts(range(1)))
    assert 4 < len(before) < 20
    assert len(before - after.blocks) <= 2
    assert _told(after.site) == _told(after.built.site)


def test_long_front_matter_makes_blocks_of_fewer_pages(lean: Lean) -> None:
    text = f"---\nextra:\n  note: {'x' * 200_000}\n---\n"
    copy = lean({**FILES, **{f"content/{n}.md": text for n in range(4)}})
    assert len(copy.blocks) >= 2
    assert _told(copy.site) == _told(copy.built.site)


def test_it_is_smaller_and_sound(lean: Lean) -> None:
    copy = lean({**FILES, **_posts(range(POSTS))})
    assert copy.database.stat().st_size < 0.9 * copy.built.report.database.stat().st_size
    with contextlib.closing(open_readonly(copy.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_same_database_gives_the_same_bytes(lean: Lean, tmp_path: Path) -> None:
    first = lean(FILES)
    second = Copy(first.built, tmp_path / "again")
    assert second.blocks == first.blocks
    assert second.database.read_bytes() == first.database.read_bytes()


def test_pages_are_found_by_their_names_though_hashes_meet(
    lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offloaded, "_BUCKETS", 2)
    copy = lean({**FILES, **_posts(range(POSTS))})
    for page in copy.built.site.all_pages():
        found = copy.site.page_at(page.path)
        assert found
        assert found.id == page.id
        if page.source:
            assert copy.site.page_from(page.source) == found
    assert copy.site.page_at("/nowhere/") is None
    assert copy.site.page_from("blog/nowhere.md") is None


def test_lists_have_their_order(lean: Lean) -> None:
    dated = "---\ndate: 2025-01-{:02}\ntags: [one, two]\n---\n"
    files = {f"content/blog/{number}.md": dated.format(1 + number * 7 % 28) for number in range(40)}
    copy = lean({**FILES, **files, "content/blog/undated.md": "---\ntags: one\n---\n"})
    there, here = copy.site, copy.built.site
    for term in here.terms("tags"):
        for ask in ("pages_with", "newest_with"):
            ids = [[p.id for p in getattr(site, ask)(term.id, 9)] for site in (there, here)]
            assert ids[0] == ids[1]
    page = copy.built.page("/blog/7/")
    weights = {"tags": 1}
    assert [p.id for p in there.related(page.id, weights, 9)] == [
        p.id for p in here.related(page.id, weights, 9)
    ]


def test_slugs_are_told_from_paths(lean: Lean) -> None:
    copy = lean({**FILES, **_posts(range(3))})
    pages = list(copy.built.site.all_pages())
    assert [copy.site.slug(page) for page in copy.site.all_pages()] == [one.slug for one in pages]
    assert {"", "00001"} < {one.slug for one in pages}


LIVE = """
[sources.api]
url = "https://api.example.org"
[[routes]]
path = "/users/{user}/{slug}/"
template = "live.html"
data.post = { source = "api", path = "/posts/{user}/{slug}" }
page = { title = "post.title", description = "post.about", slug = "post.slug" }
ttl = 60
"""
LIVE_TEMPLATE = (
    "{{ page.title }}|{{ page.description }}|{{ page.slug }}|"
    "{% set long = get_page('long.md') %}{{ long.description }}{{ long.slug }}{{ long.extra }}"
)


@pytest.mark.parametrize("about", ["plain", OFFLOADED, f"{OFFLOADED}x", ""])
def test_a_live_page_has_the_bytes_of_the_whole_database(lean: Lean, about: str) -> None:
    """Whatever its data says: a mark in it marks nothing."""
    live = {"ssg.toml": FILES["ssg.toml"] + LIVE, "templates/live.html": LIVE_TEMPLATE}
    copy = lean({**FILES, **live})
    body = json.dumps({"title": "Live", "about": about, "slug": about or "x"}).encode()
    pages = []
    for site in (copy.built.site, copy.site):
        found = answered(
            TaggedRenderer(site),
            Request("GET", "/users/ana/hello/"),
            lambda requests: {one: DataAnswer(200, body) for one in requests},
        )
        assert found.status == 200, found.failure
        pages.append(found)
    assert pages[0].body == pages[1].body
    assert pages[0].caching.tags == pages[1].caching.tags
    assert b"About \xc3\xbc" in pages[0].body
