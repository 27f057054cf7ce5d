"""The plan as a stage of the build."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.structure.rows import row
from ssg.model import database
from ssg.model.page import DeferOverride, PageKind
from ssg.model.settings import DeferredSettings, DeferRule, SiteSettings
from ssg.plan.stage import plan
from tests.conftest import Built

NOW = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)

FILES = {
    "ssg.toml": 'theme = ""\n[deferred]\nttl = 600\n[[deferred.rules]]\nmatch = "blog/**"\n'
    'keep_newest = 1\n[[deferred.rules]]\nkind = "term"\nttl = 60\n',
    "content/blog/new.md": "---\ndate: 2026-01-01\n---\n",
    "content/blog/old.md": "---\ndate: 2025-01-01\ntags: [x]\n---\n",
    "content/docs/_index.md": "---\ncascade: {deferred: true, ttl: 120}\n---\n",
    "content/docs/a.md": "",
    "content/docs/b.md": "---\ndeferred: false\n---\n",
}


def _plan(built: Built) -> dict[str, tuple[bool, int | None, str]]:
    return {p.path: (bool(p.deferred), p.ttl_seconds, p.reason) for p in built.site.all_pages()}


def test_every_page_has_a_decision_with_its_reason(site: Callable[..., Built]) -> None:
    plan = _plan(site(FILES, target="netlify"))
    assert plan == {
        "/": (False, None, "no rule defers it"),
        "/404.html": (False, None, "always critical"),
        "/blog/": (False, None, "no rule defers it"),
        "/blog/new/": (False, None, 'rule 1 (match "blog/**") keeps the newest 1'),
        "/blog/old/": (True, 600, 'rule 1 (match "blog/**")'),
        "/docs/": (False, None, "no rule defers it"),
        "/docs/a/": (True, 120, "cascade from content/docs/_index.md"),
        "/docs/b/": (False, None, "front matter"),
        "/feed.xml": (False, None, "always critical"),
        "/sitemap.xml": (False, None, "always critical"),
        "/tags/": (False, None, "no rule defers it"),
        "/tags/x/": (True, 60, 'rule 2 (kind "term")'),
    }


def test_a_target_without_a_builder_renders_everything(site: Callable[..., Built]) -> None:
    assert set(_plan(site(FILES)).values()) == {(False, None, "target static renders every page")}


@pytest.mark.parametrize(
    ("config", "header"),
    [
        ("", "deferred: true\n"),
        ('[[deferred.rules]]\nkind = "section"\n', ""),
        ('[[deferred.rules]]\nkind = "section"\nkeep_newest = 1\n', "date: 2020-01-01\n"),
    ],
)
@pytest.mark.parametrize("target", ["static", "netlify"])
def test_a_section_that_redirects_is_never_deferred(
    site: Callable[..., Built], config: str, header: str, target: str
) -> None:
    files = {
        "ssg.toml": 'theme = ""\n[outputs]\nmarkdown = true\n[search]\nenabled = true\n' + config,
        "content/old/_index.md": f"---\nredirect_to: /new/\npaginate_by: 1\n{header}---\n",
        "content/old/a.md": "A", "content/old/b.md": "B",
        "content/new/_index.md": "---\ndeferred: true\n---\n", "content/new/c.md": "C",
    }  # fmt: skip
    built = site(files, target=target)
    old = built.site.page_at("/old/")
    assert old is not None
    assert not old.deferred
    assert "/old/" not in built.site.deferred_paths()
    assert "/old/" not in built.read("sitemap.xml").split()


def test_deferred_pages_are_no_files(site: Callable[..., Built]) -> None:
    built = site(FILES, target="netlify")
    assert "blog/old/index.html" not in built.files
    assert "blog/new/index.html" in built.files


def _planned(connection: sqlite3.Connection) -> list[tuple[int, int | None, str]]:
    return connection.execute(
        "SELECT deferred, ttl_seconds, reason FROM page ORDER BY id"
    ).fetchall()


@given(st.lists(st.sampled_from(["page", "term", "override", "nothing", "gap"]), max_size=20))
def test_a_decision_is_that_of_the_page_and_not_of_its_neighbours(drawn: list[str]) -> None:
    rules = (
        DeferRule(match="page-*"),
        DeferRule(kind=PageKind.TERM, match="term-?*", ttl_seconds=60),
    )
    settings, defer_overrides = DeferredSettings(ttl_seconds=300, rules=rules), {}
    connection = sqlite3.connect(":memory:")
    connection.executescript(database.SCHEMA)
    meta = {"settings": SiteSettings().to_json()}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    expected = []
    for number, drawing in enumerate(drawn, 1):
        if drawing == "gap":
            continue
        kind = PageKind.TERM if drawing == "term" else PageKind.PAGE
        database.insert_pages(connection, [row(number, f"/{drawing}-{number}/", kind, "", "")])
        if drawing == "override":
            defer_overrides[number] = DeferOverride(90, deferred=True)
        expected.append({
            "page": (1, 300, 'rule 1 (match "page-*")'),
            "term": (1, 60, 'rule 2 (match "term-?*", kind "term")'),
            "override": (1, 90, "front matter"),
            "nothing": (0, None, "no rule defers it"),
        }[drawing])  # fmt: skip
    plan(connection, defer_overrides, settings, NOW)
    assert _planned(connection) == expected
    changes = connection.total_changes
    plan(connection, defer_overrides, settings, NOW)
    assert connection.total_changes == changes
    connection.close()
