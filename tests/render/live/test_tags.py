"""Cache tags of live pages: what an edit of the site changes is purged, and little else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ssg.build.tag_table.tag_values import tag_table
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.tag_table.table_file import TagTable
from tests.live_site import LiveSite

CONFIG = """
title = "Site"
theme = ""
base_url = "https://example.org/"
[taxonomies.tags]
[sources.api]
url = "https://api.example.org"
trusted = true
[[menus.main]]
name = "Blog"
page = "@/blog/_index.md"
[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
data.post = { source = "api", path = "/{slug}" }
[routes.page]
title = "post.title"
body = "post.text"
tags = "post.tags"
next = "post.next"
"""
FILES: Mapping[str, str] = {
    "ssg.toml": CONFIG,
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/blog/_index.md": "---\ntitle: Blog\n---\n",
    "content/blog/first.md": "---\ntitle: First\ntags: [red]\ndate: 2025-01-01\n---\nText",
    "content/blog/other.md": "---\ntitle: Other\n---\nText",
    "data/facts.toml": "a = 1\n",
    "data/other.toml": "a = 1\n",
    "i18n/en.toml": 'by = "By"\n',
    "templates/base.html": "{% block main %}{% endblock %}",
    "templates/other.html": "",
    "templates/page.html": "{{ page.title }}",
    "templates/section.html": "{{ page.title }}",
    "templates/term.html": "{{ page.title }}",
    "templates/taxonomy.html": "{{ page.title }}",
    "templates/markdown/link.html": "<a href='{{ url }}'>{{ text }}</a>",
    "templates/shortcodes/box.html": "[{{ page.title }}]",
    "templates/post.html": "{% extends 'base.html' %}{% block main %}{{ page.title }}"
    "{{ trans('by') }}{{ site.home.title }}{{ section.title }}{{ page.content }}{{ data.facts.a }}"
    "{% for one in site.menus.main %}{{ one.name }}{% endfor %}"
    "{% for one in page.tags %}{{ one.url }}{{ one.page_count }}{% endfor %}"
    "{{ page.next.title if page.next }}{% endblock %}",
}  # fmt: skip
POST: Mapping[str, Any] = {
    "title": "T", "text": "[a](/b/) {{ box() }}", "tags": ["red", "blue"],
    "next": {"title": "Next", "path": "/blog/second/"},
}  # fmt: skip
ANSWERS = {"/x": POST}

EDITS: Mapping[str, Mapping[str, str]] = {
    "its template": {"templates/post.html": "{{ page.title }}"},
    "a template above": {"templates/base.html": "<b>{% block main %}{% endblock %}</b>"},
    "a render hook": {"templates/markdown/link.html": "<a>{{ text }}</a>"},
    "a shortcode": {"templates/shortcodes/box.html": "<i>{{ page.title }}</i>"},
    "the menu": {"ssg.toml": CONFIG.replace('name = "Blog"', 'name = "All"')},
    "the home page": {"content/_index.md": "---\ntitle: Start\n---\n"},
    "the texts": {"i18n/en.toml": 'by = "From"\n'},
    "its data file": {"data/facts.toml": "a = 2\n"},
    "a page of its term": {"content/blog/more.md": "---\ntitle: More\ntags: [red]\n---\n"},
    "a new term": {"content/blog/more.md": "---\ntitle: More\ntags: [blue]\n---\n"},
    "a page where it names one": {"content/blog/second.md": "---\ntitle: Second\n---\n"},
    "a section above it": {"content/ana/_index.md": "---\ntitle: Ana\n---\n"},
    "a page in its place": {"content/ana/x.md": "---\ntitle: Page\n---\n"},
}
OTHER_EDITS: Mapping[str, Mapping[str, str]] = {
    "another template": {"templates/other.html": "x"},
    "another data file": {"data/other.toml": "a = 3\n"},
    "the text of a page": {"content/blog/other.md": "---\ntitle: Other\n---\nMore text"},
    "the title of a page": {"content/blog/other.md": "---\ntitle: Another\n---\nText"},
}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[LiveSite, TagTable]:
    site = LiveSite.make(tmp_path_factory.mktemp("before"), FILES)
    return site, _table(site)


def _table(site: LiveSite) -> TagTable:
    return tag_table(site.built.report.database, code_fingerprint())


def _edited(
    before: tuple[LiveSite, TagTable], root: Path, files: Mapping[str, str]
) -> tuple[LiveSite, set[str]]:
    """The site after an edit, and the tags of the live page that a deploy purges."""
    site, table = before
    edited = LiveSite.make(root, {**FILES, **files})
    differing = {*_table(edited).differing(table)}
    return edited, differing & {*site.get("/ana/x/", ANSWERS).caching.tags}


@pytest.mark.parametrize("edit", [*EDITS])
def test_an_edit_that_changes_the_page_purges_it(
    before: tuple[LiveSite, TagTable], tmp_path: Path, edit: str
) -> None:
    edited, purged = _edited(before, tmp_path, EDITS[edit])
    was, now = before[0].get("/ana/x/", ANSWERS), edited.get("/ana/x/", ANSWERS)
    assert was.status == 200, was.failure
    assert was.body != now.body or edit == "a page in its place"
    assert purged


@pytest.mark.parametrize("edit", [*OTHER_EDITS])
def test_another_edit_leaves_the_page_in_the_cache(
    before: tuple[LiveSite, TagTable], tmp_path: Path, edit: str
) -> None:
    edited, purged = _edited(before, tmp_path, OTHER_EDITS[edit])
    assert edited.get("/ana/x/", ANSWERS).body == before[0].get("/ana/x/", ANSWERS).body
    assert purged == set()


def test_the_tags_do_not_depend_on_what_was_rendered_before(
    before: tuple[LiveSite, TagTable],
) -> None:
    first = before[0].get("/ana/x/", ANSWERS).caching.tags
    before[0].get("/bob/y/", {"/y": {"title": "Y", "text": "", "tags": ["green"]}})
    assert before[0].get("/ana/x/", ANSWERS).caching.tags == first
    fresh = LiveSite(before[0].built)
    assert fresh.get("/ana/x/", ANSWERS).caching.tags == first


def test_a_missing_page_is_purged_when_a_page_appears(
    before: tuple[LiveSite, TagTable], tmp_path: Path
) -> None:
    edited = LiveSite.make(tmp_path, {**FILES, **EDITS["a page in its place"]})
    differing = {*_table(edited).differing(before[1])}
    assert differing & {*before[0].get("/ana/x/", {}).caching.tags}
