"""Renders that tell their tags: the bytes are the same, and no tag is left over from another."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from ssg.model.errors import RenderError
from ssg.model.texts import MissingBlock
from ssg.render.dependencies.tags import Dependency, page_tag
from ssg.runtime.tagged_renderer import TaggedRenderer
from tests.conftest import Built

FILES = {
    "templates/page.html": "{{ page.content }}{{ page.previous.title if page.previous }}",
    "content/blog/a.md": "---\ndate: 2025-01-01\n---\nA",
    "content/blog/b.md": "---\ndate: 2025-01-02\n---\nB",
    "content/blog/c.md": "---\ndate: 2025-01-03\n---\nC",
}


def _tag(kind: str, name: str) -> str:
    return Dependency(kind, name).tag


@pytest.fixture
def built(site: Callable[..., Built]) -> Built:
    return site(FILES)


def test_a_render_has_the_same_bytes_and_the_tags_of_what_it_shows(built: Built) -> None:
    renderer = TaggedRenderer(built.site)
    body, tags = renderer.render_tagged(built.page("/blog/b/"), ["own"])
    assert body.decode() == built.render("/blog/b/")
    assert {page_tag("/blog/b/"), _tag("row", "/blog/a/"), "own", "site"} <= set(tags)
    assert _tag("template", "page.html@0") in tags
    assert f"build:{built.site.build_id}" in tags
    assert _tag("row", "/blog/c/") not in tags


def test_the_order_of_renders_changes_no_tag(built: Built) -> None:
    one, other = TaggedRenderer(built.site), TaggedRenderer(built.site)
    pages = [built.page(path) for path in built.paths]
    forwards = [one.render_tagged(page)[1] for page in pages]
    assert forwards == [one.render_tagged(page)[1] for page in pages]
    assert forwards == [other.render_tagged(page)[1] for page in reversed(pages)][::-1]


def test_a_render_that_fails_leaves_no_tags(site: Callable[..., Built]) -> None:
    built = site(FILES)
    renderer = TaggedRenderer(built.site)
    expected = renderer.render_tagged(built.page("/blog/c/"))
    shutil.move(built.report.database.parent / "texts", built.root / "away")
    fresh = TaggedRenderer(built.site)
    with pytest.raises(MissingBlock):
        fresh.render_tagged(built.page("/blog/b/"))
    shutil.move(built.root / "away", built.report.database.parent / "texts")
    assert fresh.render_tagged(built.page("/blog/c/")) == expected
    missing = built.page("/blog/b/")._replace(template="nowhere.html")
    with pytest.raises(RenderError):
        fresh.render_tagged(missing)
    assert fresh.render_tagged(built.page("/blog/c/")) == expected


def test_the_clock_in_a_module_is_behind_every_page(site: Callable[..., Built]) -> None:
    hooks = "def setup(hooks):\n    hooks.filter(lambda now: now, 'same')\n"
    built = site({**FILES, "hooks.py": hooks})
    assert "now" in TaggedRenderer(built.site).render_tagged(built.page("/blog/a/"))[1]


def test_a_redirect_has_the_tags_of_its_page_without_a_render(built: Built) -> None:
    found = TaggedRenderer(built.site).tags_without_render("/blog/a/", ["own"])
    build = f"build:{built.site.build_id}"
    assert found == tuple(sorted([page_tag("/blog/a/"), "site", build, "own"]))
