"""Assembling a site: files, redirects, taxonomies, keys of the theme, deferred rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from ssg.importers.report import counts, group_findings, to_json
from ssg.importers.site_data.deferred_rules import DeferSuggestion
from tests.importers.old import Imported

Old = Callable[..., Imported]
PAGE = "---\ntitle: A\n---\n"


def test_a_static_file_at_the_address_of_a_page_is_left_out(old: Old) -> None:
    found = old("hugo", {"content/a.md": PAGE, "static/a/index.html": "x", "static/b.txt": "y"})
    assert "static/a/index.html" not in found.paths
    assert "static/b.txt" in found.paths
    assert any("has the same path" in line for line in found.findings)


def test_rules_of_the_old_site_come_first(old: Old) -> None:
    files = {"content/a.md": "---\ntags: [C#]\n---\n", "static/_redirects": "/x /y"}
    found = old("hugo", {**files, "hugo.toml": 'baseURL = "https://x.example.com/b/"'})
    assert found.texts["static/_redirects"] == "/x /y\n/tags/c#/ /b/tags/c-sharp/ 301\n".replace(
        "c#/ ", "c%23/ "
    )


def test_a_site_without_a_title_is_named_after_its_folder(old: Old) -> None:
    assert old("hugo", {"hugo.toml": ""}).config["title"]


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [
        ("nav", '"top"', "old_nav"),
        ("nav", '[{title = "A", url = "/a/"}]', "nav"),
        ("latest", '"5"', "old_latest"),
        ("logo", '"logo.png"', "old_logo"),
        ("logo", '"/logo.png"', "logo"),
        ("social", '{x = "y"}', "old_social"),
        ("colour", '"red"', "colour"),
    ],
)
def test_keys_that_the_theme_would_misread_get_other_names(
    old: Old, key: str, value: str, name: str
) -> None:
    found = old("hugo", {"hugo.toml": f"[params]\n{key} = {value}\n"})
    assert list(found.config["extra"]) == [name]
    assert any("the theme uses that key otherwise" in line for line in found.findings) is (
        key != name
    )


def test_menus_lead_to_the_new_files_of_pages(old: Old) -> None:
    config = '[[menus.main]]\npageRef = "/team"\n[[menus.main]]\nname = "X"\npageRef = "/x"\n'
    files = {"hugo.toml": config, "content/team.md": PAGE, "content/team/ana.md": PAGE}
    assert old("hugo", files).config["menus"]["main"] == [
        {"page": "team/_index.md"}, {"name": "X", "url": "/x"},
    ]  # fmt: skip


def test_links_to_pages_that_a_build_may_leave_out_become_addresses(old: Old) -> None:
    files = {
        "content/a.md": PAGE + "[b](b.md) [c](c.md#x) [d](d.md)",
        "content/b.md": "---\ndraft: true\n---\n",
        "content/c.md": "---\nexpiryDate: 2000-01-01\n---\n",
        "content/d.md": PAGE,
    }
    found = old("hugo", files)
    assert found.body("a.md") == "[b](/b/) [c](/c/#x) [d](@/d.md)"


def _posts(count: int) -> dict[str, str]:
    start = dt.date(2020, 1, 1)
    return {
        f"content/blog/{n}.md": f"---\ndate: {start + dt.timedelta(n)}\n---\n" for n in range(count)
    }


def test_rules_defer_old_pages(old: Old) -> None:
    found = old("hugo", {**_posts(21), "content/a.md": PAGE}, DeferSuggestion("1y"))
    assert found.config["target"] == {"name": "netlify"}
    assert found.config["deferred"]["rules"] == [
        {"match": "blog/**", "older_than": "1y", "keep_newest": 20}, {"kind": "term"},
    ]  # fmt: skip


def test_a_small_site_defers_nothing(old: Old) -> None:
    found = old("hugo", _posts(20), DeferSuggestion("1y"))
    assert "deferred" not in found.config
    assert found.findings == ["nothing to defer: no folder contains more than 20 dated pages"]


def test_equal_findings_are_reported_once(old: Old) -> None:
    files = {f"content/{n}.md": PAGE + "{{< own >}}\n\n{{< own >}}" for n in "ab"}
    found = old("hugo", {**files, "hugo.toml": "odd = 1\n"})
    assert [(one.topic, one.what, one.places) for one in group_findings(found.site.findings)] == [
        ("setting", "the setting odd was not imported", ("hugo.toml",)),
        ("shortcode", "the template of own must be written",
         ("content/a.md:4", "content/a.md:6", "content/b.md:4", "content/b.md:6")),
    ]  # fmt: skip
    data = to_json(found.site, "hugo", "new")
    assert data["pages"] == counts(found.site)["pages"] == 2
    assert data["findings"][0] == {
        "kind": "setting", "what": "the setting odd was not imported", "places": ["hugo.toml"],
    }  # fmt: skip
