"""`ssg list`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from ssg.build.inspect.listing import COLUMNS, LIVE_KIND, PageOrder
from ssg.cli.commands.list import ListedKind, Sort
from ssg.model.page import PageKind
from tests.cli.conftest import Ran

Ssg = Callable[..., Ran]
FILES = {
    "ssg.toml": 'theme = ""\n[target]\nname = "netlify"\n[taxonomies.tags]\n'
    '[[deferred.rules]]\nmatch = "blog/**"\nttl = 60\ncache_tags = "blog, old:ones"\n',
    "content/_index.md": "",
    "content/about.md": "---\ntitle: Über\n---\n",
    "content/blog/_index.md": "---\ntitle: Blog\n---\n",
    "content/blog/old.md": "---\ndate: 2024-01-02\ntags: [Tall Ships]\n---\n",
    "content/blog/new.md": "---\ndate: 2025-01-02\nupdated: 2025-02-03\n---\n",
    "content/blog/deep/_index.md": "---\ntransparent: true\n---\n",
    "content/blog/deep/down.md": "",
    "content/draft.md": "---\ndraft: true\n---\n",
    "content/soon.md": "---\ndate: 2030-01-01\n---\n",
    "content/gone.md": "---\nexpiry_date: 2020-01-01\n---\n",
}


def _paths(ran: Ran) -> list[str]:
    assert ran.status == 0, ran.err
    return [entry["path"] for entry in json.loads(ran.out)]


def test_every_page_is_listed_with_its_plan(ssg: Ssg) -> None:
    ran = ssg("list", files=FILES)
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["path", "kind", "plan", "state", "date", "title"]
    assert ["/blog/old/", "page", "deferred", "published", "2024-01-02", "Old"] in lines
    assert ["/", "section", "critical", "published", "My", "site"] in lines
    assert ran.err == f"{len(lines) - 1} pages\n"


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (("--deferred",), ["/blog/deep/down/", "/blog/new/", "/blog/old/"]),
        (("--critical", "--kind", "page"), ["/about/"]),
        (("--drafts",), ["/draft/"]),
        (("-F",), ["/soon/"]),
        (("--expired", "--drafts"), ["/draft/", "/gone/"]),
        (("--kind", "term"), ["/tags/tall-ships/"]),
        (("--tag", "tall ships"), ["/blog/old/"]),
        (("--term", "tags/tall-ships"), ["/blog/old/"]),
        (("--section", "blog", "--kind", "page"), ["/blog/deep/down/", "/blog/new/", "/blog/old/"]),
        (("--section", "/blog/deep/"), ["/blog/deep/", "/blog/deep/down/"]),
        (("--section", "content/blog/deep/_index.md", "--deferred"), ["/blog/deep/down/"]),
        (("--deferred", "--sort", "date"), ["/blog/new/", "/blog/old/", "/blog/deep/down/"]),
        (("--deferred", "--sort", "date", "--reverse"),
         ["/blog/deep/down/", "/blog/old/", "/blog/new/"]),
        (("--kind", "page", "--sort", "title"),
         ["/blog/deep/down/", "/blog/new/", "/blog/old/", "/about/"]),
        (("--target", "static", "--deferred"), []),
    ],
)  # fmt: skip
def test_filters_choose_pages(ssg: Ssg, arguments: tuple[str, ...], paths: list[str]) -> None:
    assert _paths(ssg("list", "--json", *arguments, files=FILES)) == paths


def test_json_has_every_column(ssg: Ssg) -> None:
    (entry,) = json.loads(ssg("list", "--json", "--tag", "tall-ships", files=FILES).out)
    assert tuple(entry) == COLUMNS
    assert entry == {
        "path": "/blog/old/", "kind": "page", "plan": "deferred", "ttl": 60, "state": "published",
        "date": "2024-01-02T00:00:00+00:00", "updated": None, "section": "/blog/", "title": "Old",
        "source": "blog/old.md", "reason": 'rule 1 (match "blog/**")',
        "language": "en", "stale": None, "cache_tags": ["blog", "old:ones"],
    }  # fmt: skip


def test_pages_of_a_language_and_terms_of_any(ssg: Ssg) -> None:
    files = {
        "ssg.toml": "[taxonomies.tags]\n[languages.fr]\n",
        "content/a.md": "---\ntags: [sea]\n---\n",
        "content/a.fr.md": "---\ntags: [mer]\n---\n",
    }
    french = json.loads(ssg("list", "--json", "--language", "fr", files=files).out)
    assert "/fr/a/" in [entry["path"] for entry in french]
    assert {entry["language"] for entry in french} == {"fr"}
    assert _paths(ssg("list", "--json", "--tag", "mer")) == ["/fr/a/"]


def test_csv_has_the_same(ssg: Ssg) -> None:
    as_json = json.loads(ssg("list", "--json", files=FILES).out)
    rows = list(csv.DictReader(io.StringIO(ssg("list", "--csv").out)))
    assert [tuple(row) for row in rows] == [COLUMNS] * len(rows)
    assert [row["title"] for row in rows] == [entry["title"] for entry in as_json]
    assert [row["ttl"] for row in rows] == [str(entry["ttl"] or "") for entry in as_json]
    assert [row["cache_tags"].split() for row in rows] == [one["cache_tags"] for one in as_json]


def test_no_page_is_an_empty_list(ssg: Ssg) -> None:
    ran = ssg("list", "--drafts", files={"content/a.md": ""})
    assert (ran.status, ran.err) == (0, "0 pages\n")
    assert ran.out.split() == ["path", "kind", "plan", "state", "date", "title"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--language", "eng"), 'error: there is no language "eng". Did you mean "en"?'),
        (("--section", "blgo"), 'error: there is no section "blgo". Did you mean "/blog/"?'),
        (
            ("--tag", "tall shops"),
            'error: there is no term "tall shops". Did you mean "Tall Ships"?',
        ),
    ],
)
def test_an_unknown_filter_value_is_an_error(
    ssg: Ssg, arguments: tuple[str, ...], words: str
) -> None:
    ran = ssg("list", *arguments, files=FILES)
    assert (ran.status, ran.out, ran.err) == (1, "", f"{words}\n")


@pytest.mark.parametrize("arguments", [("--deferred", "--critical"), ("--json", "--csv")])
def test_contradictions_are_invalid_calls(ssg: Ssg, arguments: tuple[str, ...]) -> None:
    assert ssg("list", *arguments, files=FILES).status == 2


def test_the_command_offers_every_order() -> None:
    assert [one.value for one in Sort] == [one.value for one in PageOrder]


def test_all_kinds_can_be_chosen() -> None:
    assert [*ListedKind] == [*PageKind, LIVE_KIND]
