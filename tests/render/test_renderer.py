"""The one renderer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.model.queries.site import Site
from ssg.model.texts import FOLDER
from ssg.render.renderer import Renderer
from tests.conftest import Built, build_site, write

EVERYTHING = {
    "content/_index.md": "---\ntitle: Home\n---\nWelcome.",
    "content/blog/_index.md": "---\npaginate_by: 2\ngenerate_feeds: true\n---\n",
    **{
        f"content/blog/post-{n}.md": f"---\ndate: 2025-01-0{n}\ntags: [a, b{n}]\n---\n# P{n}\n"
        for n in range(1, 6)
    },
    "content/about.md": "---\ntitle: About\n---\n{{ x }}\n\n```python\nx = 1\n```\n",
}


def test_a_page_is_the_same_whatever_was_rendered_before(site: Callable[..., Built]) -> None:
    database = site(EVERYTHING).report.database
    pages = list(Site.open(database).all_pages())
    once = Renderer(Site.open(database))
    forwards = {page.path: once.render(page) for page in pages}
    backwards = {page.path: once.render(page) for page in reversed(pages)}
    alone = {page.path: Renderer(Site.open(database)).render(page) for page in pages}
    assert forwards == backwards == alone


def test_a_page_depends_on_the_database_alone(
    site: Callable[..., Built], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = site(EVERYTHING)
    before = {page.path: Renderer(built.site).render(page) for page in built.site.all_pages()}
    moved = tmp_path.with_name(f"{tmp_path.name}-moved") / "moved.db"
    shutil.copytree(built.report.database.parent / FOLDER, moved.parent / FOLDER)
    shutil.copy(built.report.database, moved)
    shutil.rmtree(tmp_path)
    monkeypatch.setattr("time.time", lambda: 0)
    db = Site.open(moved)
    assert {page.path: Renderer(db).render(page) for page in db.all_pages()} == before


@pytest.mark.parametrize("base_url", ["https://example.org/", "https://example.org/sub/"])
def test_the_default_theme_renders_every_kind_of_page(tmp_path: Path, base_url: str) -> None:
    write(tmp_path, {"ssg.toml": f'base_url = "{base_url}"\n', **EVERYTHING})
    built = build_site(tmp_path)
    assert {page.kind for page in built.site.all_pages()} == {
        *("page", "section", "pager", "taxonomy", "term", "feed", "sitemap", "404"),
    }
    assert "P5" in built.read("blog/post-5/index.html")
    assert "/blog/page/2/" in built.read("blog/index.html")
    assert "b5" in built.read("tags/index.html")
    assert "P5" in built.read("tags/b5/index.html")


def test_a_title_is_not_html(site: Callable[..., Built]) -> None:
    built = site({"content/a.md": "---\ntitle: <script>\n---\n"})
    assert built.read("a/index.html").startswith("&lt;script&gt;|")
    assert "<script>" not in built.read("feed.xml") + built.read("index.html")
