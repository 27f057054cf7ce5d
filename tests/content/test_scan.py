"""The scan as a whole: what its build id stands for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from ssg.content.source.publication import IncludeOptions
from tests.conftest import NOW, Built

FILES = {
    "content/a.md": "---\ntitle: A\n---\ntext",
    "content/d.md": "---\ndraft: true\n---\n",
    "content/a.png": "x",
    "data/team.json": "[1]",
}
LATER = NOW + dt.timedelta(days=1)


def _id(built: Built) -> str:
    return built.report.build_id


def test_the_same_site_has_the_same_id_later(site: Callable[..., Built]) -> None:
    assert _id(site(FILES)) == _id(site(now=LATER))


@pytest.mark.parametrize("template", ["{{ now | date }}", "{{ site.build_time | date }}"])
def test_a_template_that_reads_the_clock_changes_the_id(
    site: Callable[..., Built], template: str
) -> None:
    files = {**FILES, "templates/page.html": template}
    assert _id(site(files)) != _id(site(now=LATER))


@pytest.mark.parametrize(
    "change",
    [
        {"content/a.md": "---\ntitle: B\n---\ntext"},
        {"content/a.md": "---\ntitle: A\n---\nother"},
        {"content/b.md": ""},
        {"content/b.png": "x"},
        {"templates/page.html": "x"},
        {"templates/new.html": "x"},
        {"data/team.json": "[2]"},
        {"ssg.toml": 'theme = ""\ntitle = "T"\n'},
        {"ssg.toml": 'theme = ""\nbase_url = "https://example.org/"\n[deferred]\nttl = 60\n'},
    ],
)
def test_whatever_pages_are_made_of_changes_the_id(
    site: Callable[..., Built], change: dict[str, str]
) -> None:
    assert _id(site(FILES)) != _id(site(change))


def test_what_is_left_out_changes_the_id(site: Callable[..., Built]) -> None:
    assert _id(site(FILES)) != _id(site(include=IncludeOptions(drafts=True)))


def test_aliases_lead_to_their_page(site: Callable[..., Built]) -> None:
    built = site({"content/a.md": "---\naliases: [/old/, /x/y.html]\n---\n"})
    assert 'url=https://example.org/a/"' in built.read("old/index.html")
    assert 'href="https://example.org/a/"' in built.read("x/y.html")


def test_strict_makes_a_warning_a_problem(
    site: Callable[..., Built], problems: Callable[..., list[str]]
) -> None:
    line = 'content/a.md:2:1: unknown key "titel". Did you mean "title"?'
    built = site({"content/a.md": "---\ntitel: x\n---\n"})
    assert [str(warning) for warning in built.report.warnings] == [line]
    assert problems(strict=True) == [line]
