"""The preview of a host that keeps its cache over deploys: an edit renders what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.kept_cache import WarmSite, rebuilder_of, warm_site
from ssg.cli.preview import KEPT_TABLE
from tests.conftest import write
from tests.preview.running import until

POSTS = 30
CONFIG = """
theme = ""
[target]
name = "netlify"
kind = "function"
keep_cache = true
[[deferred.rules]]
match = "blog/**"
"""
SITE = {
    "ssg.toml": CONFIG,
    "templates/page.html": (
        "<h1>{{ page.title }}</h1>{{ page.content }}"
        "{% if page.next %}{{ page.next.title }}{% endif %}"
    ),
    "templates/section.html": "{% for one in page.pages %}{{ one.title }} {% endfor %}",
    **{
        f"content/blog/{number}.md": f"---\ntitle: Post {number}\ndate: 2026-01-{number:02}\n---\n."
        for number in range(1, POSTS + 1)
    },
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[WarmSite]:
    write(tmp_path, SITE)
    with warm_site(tmp_path) as warm:
        yield warm


def rendered(site: WarmSite) -> list[str]:
    """The pages that were not cached. No page may be outdated."""
    answers = list(site.ask())
    assert [path for path, _, is_same in answers if not is_same] == []
    assert len(answers) == POSTS
    return [path for path, is_hit, _ in answers if not is_hit]


def effect_of(site: WarmSite) -> tuple[int, int]:
    """The numbers of pages that the last deploy kept and purged."""
    until(lambda: site.edge.effect is not None)
    assert site.edge.effect
    return site.edge.effect.kept, site.edge.effect.purged


def test_without_an_edit_everything_stays(site: WarmSite) -> None:
    site.deploy()
    assert rendered(site) == []


def test_a_new_text_renders_its_page(site: WarmSite, tmp_path: Path) -> None:
    post = tmp_path / "content" / "blog" / "7.md"
    post.write_text(post.read_text() + " More.")
    site.deploy()
    effect_of(site)
    assert rendered(site) == ["/blog/7/"]
    assert effect_of(site) == (POSTS - 1, 1)
    assert str(site.edge.effect).startswith("the cache keeps 29 pages, 1 purged: ")


def test_a_new_title_renders_the_pages_that_show_it(site: WarmSite, tmp_path: Path) -> None:
    post = tmp_path / "content" / "blog" / "7.md"
    post.write_text(post.read_text().replace("Post 7", "Renamed"))
    site.deploy()
    again = rendered(site)
    assert "/blog/7/" in again
    assert len(again) <= 3


def test_a_page_that_is_removed_is_no_longer_cached(site: WarmSite, tmp_path: Path) -> None:
    (tmp_path / "content" / "blog" / "7.md").unlink()
    site.deploy()
    assert site.edge.served
    assert site.edge.served.pages.wait("GET", "/blog/7/").entry.status == 404


def test_a_template_renders_all_of_its_pages(site: WarmSite, tmp_path: Path) -> None:
    (tmp_path / "templates" / "page.html").write_text("{{ page.title }}")
    site.deploy()
    assert len(rendered(site)) == POSTS


def test_changed_settings_and_header_rules_render_everything(
    site: WarmSite, tmp_path: Path
) -> None:
    write(tmp_path, {"static/_headers": "/*\n  X-Robots-Tag: none\n"})
    site.deploy()
    assert len(rendered(site)) == POSTS
    write(tmp_path, {"netlify.toml": '[[headers]]\nfor = "/*"\n[headers.values]\nX-New = "1"\n'})
    site.deploy()
    assert len(rendered(site)) == POSTS
    write(tmp_path, {"ssg.toml": CONFIG.replace("theme", 'title = "New"\ntheme', 1)})
    site.deploy()
    assert len(rendered(site)) == POSTS


def test_a_preview_that_starts_again_finds_its_pages(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    with warm_site(tmp_path):
        pass
    post = tmp_path / "content" / "blog" / "7.md"
    post.write_text(post.read_text() + " More.")
    with rebuilder_of(tmp_path) as rebuilder:
        assert rendered(WarmSite(tmp_path, rebuilder)) == ["/blog/7/"]


@pytest.mark.parametrize("damage", ["folder", "link", "text"])
def test_a_damaged_table_renders_everything_and_stops_no_build(
    site: WarmSite, tmp_path: Path, damage: str
) -> None:
    table = tmp_path / ".ssg/serve/cache" / KEPT_TABLE
    table.unlink()
    if damage == "folder":
        table.mkdir()
    elif damage == "link":
        table.symlink_to(tmp_path / "nowhere" / "at-all")
    else:
        table.write_text("x")
    post = tmp_path / "content" / "blog" / "7.md"
    post.write_text(post.read_text() + " More.")
    site.deploy()
    assert len(rendered(site)) == POSTS
    assert [one for one in table.parent.iterdir() if one.name.startswith(f"{KEPT_TABLE}.")] == []
