"""Front matter that sections hand down."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built

SHOW = (
    "{% for k, v in page.extra | dictsort %}{{ k }}={{ v }} {% endfor %}"
    "{{ page.weight }} {{ page.tags | join('+') }}"
)


def _plan(built: Built) -> dict[str, tuple[bool, int | None, str]]:
    return {p.path: (bool(p.deferred), p.ttl_seconds, p.reason) for p in built.site.all_pages()}


def test_any_key_is_handed_down_and_the_nearest_wins(site: Callable[..., Built]) -> None:
    files = {
        "content/_index.md": "---\ncascade: {weight: 1, tags: [top], extra: {a: 1, b: 1}}\n---\n",
        "content/d/_index.md": "---\ncascade: {tags: [d], extra: {b: 2}, own: x}\n---\n",
        "content/d/x.md": "---\nextra: {c: 3}\n---\n",
        "content/d/y.md": "---\nweight: 9\ntags: []\n---\n",
        "templates/page.html": SHOW,
    }
    built = site(files)
    assert built.read("d/x/index.html") == "a=1 b=2 c=3 own=x 1 d"
    assert built.page("/d/y/").weight == 9
    assert built.site.terms_of(built.page("/d/y/").id) == []


def test_deferring_is_handed_down_key_by_key(site: Callable[..., Built]) -> None:
    files = {
        "content/_index.md": "---\ncascade: {deferred: {ttl: 100}}\n---\n",
        "content/auto/a.md": "",
        "content/blog/_index.md": "---\ncascade: {ttl: 200}\n---\n",
        "content/blog/a.md": "",
        "content/blog/b.md": "---\nttl: 300\n---\n",
        "content/blog/c.md": "---\ndeferred: false\n---\n",
        "content/new/_index.md": "---\ncascade: {deferred: false}\n---\n",
        "content/new/a.md": "",
    }
    plan = _plan(site(files, target="netlify"))
    above = "cascade from content/_index.md"
    assert plan["/"] == (False, None, "no rule defers it")
    assert plan["/auto/"] == plan["/auto/a/"] == plan["/blog/"] == (True, 100, above)
    assert plan["/blog/a/"] == (True, 200, above)
    assert plan["/blog/b/"] == (True, 300, above)
    assert plan["/blog/c/"] == (False, None, "front matter")
    assert plan["/new/a/"] == (False, None, "cascade from content/new/_index.md")


def test_cache_options_are_handed_down_key_by_key(site: Callable[..., Built]) -> None:
    files = {
        "content/_index.md": "---\ncascade: {deferred: {ttl: 1h, stale: 10, cache_tags: [top]}}\n"
        "---\n",
        "content/blog/_index.md": "---\ncascade: {cache_tags: [blog, news], ttl: 1d}\n---\n",
        "content/blog/a.md": "",
        "content/blog/b.md": "---\nstale: 2m\ncache_tags: own\n---\n",
        "content/blog/c.md": "---\ncache_tags: []\n---\n",
        "content/blog/d.md": "---\ndeferred: false\n---\n",
    }
    built = site(files, target="netlify")
    plan = {
        page.path: (page.ttl_seconds, page.stale_seconds, page.cache_tags)
        for page in built.site.all_pages()
    }
    assert plan["/blog/"] == (3600, 10, "top")
    assert plan["/blog/a/"] == (86_400, 10, "blog news")
    assert plan["/blog/b/"] == (86_400, 120, "own")
    assert plan["/blog/c/"] == (86_400, 10, "")
    assert plan["/blog/d/"] == (None, None, "")


TARGETS = """---
cascade:
  - {match: "d/2020/**", draft: true}
  - {kind: section, template: list.html}
  - {kind: page, template: first.html}
  - {template: second.html, weight: 4}
---
"""


def test_tables_may_have_targets_and_the_first_that_fits_wins(site: Callable[..., Built]) -> None:
    files = {
        "content/_index.md": TARGETS,
        "content/d/_index.md": "",
        "content/d/a.md": "",
        "content/d/2020/b.md": "",
        "templates/list.html": "list",
        "templates/first.html": "first",
        "templates/second.html": "second",
    }
    built = site(files)
    assert built.read("d/index.html") == "list"
    assert built.read("d/a/index.html") == "first"
    assert built.page("/d/a/").weight == built.page("/d/").weight == 4
    assert [(s.source, s.reason) for s in built.report.skipped] == [("d/2020/b.md", "draft")]


def test_a_template_without_kind_is_that_of_pages(site: Callable[..., Built]) -> None:
    files = {
        "content/_index.md": "---\ncascade: {template: post.html}\n---\n",
        "content/d/a.md": "",
        "templates/post.html": "post",
    }
    built = site(files)
    assert (built.read("d/index.html"), built.read("d/a/index.html")) == ("D: /d/a/", "post")


def test_a_section_that_is_left_out_still_hands_down(site: Callable[..., Built]) -> None:
    """Its list is left out with it; its pages stand in the section above."""
    files = {
        "content/d/_index.md": "---\ntitle: Secret\ndraft: true\npage_template: post.html\n"
        "cascade: {weight: 7}\n---\n",
        "content/d/a.md": "",
        "content/d/b.md": "---\ndraft: true\n---\n",
        "templates/post.html": "post",
    }
    built = site(files)
    assert built.page("/d/a/").weight == 7
    assert built.read("d/a/index.html") == "post"
    assert "/d/" not in built.paths
    assert built.read("index.html") == "My site: /d/a/"


def test_keys_of_sections_reach_sections_alone(site: Callable[..., Built]) -> None:
    files = {
        "content/_index.md": "---\ncascade: {sort_by: title, paginate_by: 1}\n---\n",
        "content/d/b.md": "---\ndate: 2025-01-01\n---\n",
        "content/d/a.md": "",
    }
    built = site(files, strict=True)
    assert built.read("d/index.html") == "D: /d/a/"
    assert "/d/page/2/" in built.paths


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("cascade: true", '2:1: "cascade" must be a table or a list of tables, not true'),
        ("cascade: [a]", '2:1: "cascade" must be a table or a list of tables, not a list'),
        ("cascade: {ttl: 0}", '2:11: "ttl" is 0, but must be at least 1'),
        ("cascade:\n- {}\n- {draft: x}", '4:4: "draft" must be true or false, not the text "x"'),
        ("cascade: {slug: x}", '2:11: "slug" is for one page and cannot be set in a cascade'),
        ("cascade: {url: x}", '2:11: "path" is for one page and cannot be set in a cascade'),
        ("cascade: {kind: pages}", 'the kind of a cascade cannot be "pages". Did you mean "page"?'),
        ("cascade: {match: 3}", '2:11: "match" must be a glob, not the number 3'),
        ("page_template: 3", '2:1: "page_template" must be a text, not the number 3'),
        ("cascade:\n  deferred:\n    ttl: 0", '4:5: "ttl" is 0, but must be at least 1'),
        ("cascade: {stale: -1}", '2:11: "stale" is -1, but must be at least 0'),
        (
            "cascade:\n- cache_tags: [site]",
            '3:3: the cache tag "site" is one of those that ssg makes itself',
        ),
        ("cascade: {deferred: {tll: 60}}", '2:22: unknown key "tll". Did you mean "ttl"?'),
    ],
)
def test_what_is_wrong_is_told_once_where_it_is_written(
    problems: Callable[..., list[str]], header: str, fault: str
) -> None:
    files = {"content/d/_index.md": f"---\n{header}\n---\n", "content/d/a.md": "x"}
    (line,) = problems({**files, "content/d/b.md": "x"})
    assert line.startswith("content/d/_index.md:")
    assert fault in line


def test_a_slip_is_warned_of_once(site: Callable[..., Built]) -> None:
    index = "---\ncascade: {deffered: true}\n---\n"
    files = {"content/d/_index.md": index, "content/d/a.md": "", "content/d/b.md": ""}
    assert [str(warning) for warning in site(files).report.warnings] == [
        'content/d/_index.md:2:11: unknown key "deffered". Did you mean "deferred"?'
    ]
