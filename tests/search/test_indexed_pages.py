"""Which pages are in the index, in which batches."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.content.reading import chunks
from ssg.search import indexed_pages
from ssg.search.indexed_pages import BatchTask, batch_tasks, make_task_batch
from tests.conftest import BARE, Built


def entries(built: Built, language: str = "en") -> dict[str, tuple[str, str]]:
    """Title and section by link."""
    return {
        entry.url: (entry.title, entry.section)
        for order in batch_tasks(built.site).get(language, [])
        for _, entry in order.pages
    }


def test_pages_and_sections_can_be_found(site: Callable[..., Built]) -> None:
    built = site(
        {
            "ssg.toml": BARE["ssg.toml"].replace("example.org/", "example.org/sub/"),
            "content/a.md": "---\ntitle: A\ntags: [x]\n---\n",
            "content/blog/_index.md": "---\ntitle: Blog\n---\n",
            "content/blog/ö.md": "---\ntitle: Ö\n---\n",
        }
    )
    assert entries(built) == {
        "/sub/": ("My site", ""),
        "/sub/a/": ("A", ""),
        "/sub/blog/": ("Blog", ""),
        "/sub/blog/%C3%B6/": ("Ö", "Blog"),
    }


def test_a_page_can_keep_out(site: Callable[..., Built]) -> None:
    built = site(
        {
            "content/a.md": "---\nsearch: false\n---\n",
            "content/b.md": "---\nsearch: true\n---\n",
            "content/c/_index.md": "---\ncascade: {search: false}\n---\n",
            "content/c/d.md": "",
            "content/e.md": "---\nextra: {search: false}\n---\n",
            "content/f.md": "---\ntitle: '\"search\": false'\n---\n",
        }
    )
    assert entries(built).keys() == {"/", "/b/", "/c/", "/e/", "/f/"}


def test_search_is_yes_or_no(problems: Callable[..., list[str]]) -> None:
    assert problems({"content/a.md": "---\nsearch: never\n---\n"}) == [
        'content/a.md:2:1: "search" must be true or false, not the text "never"'
    ]


def test_a_section_that_leads_elsewhere_is_none(site: Callable[..., Built]) -> None:
    built = site({"content/a/_index.md": "---\nredirect_to: /b/\n---\n", "content/b.md": ""})
    assert "/a/" not in entries(built)


def test_each_language_has_its_own(site: Callable[..., Built]) -> None:
    built = site(
        {
            "ssg.toml": BARE["ssg.toml"] + "[languages.de]\nfallback = true\n",
            "content/a.md": "---\ntitle: A\n---\n",
            "content/b.md": "---\ntitle: B\n---\n",
            "content/a.de.md": "---\ntitle: Ä\n---\n",
        }
    )
    assert entries(built).keys() == {"/", "/a/", "/b/"}
    assert entries(built, "de").keys() == {"/de/", "/de/a/"}


@pytest.fixture
def many(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[BatchTask]]:
    """The batches of sixty pages and some changes, eight pages in each on average."""
    monkeypatch.setattr(chunks, "SOURCES_PER_CHUNK", 2)
    monkeypatch.setattr(indexed_pages, "USUAL_PAGES", 8)
    files = {f"content/{number:02}.md": f"Text {number}." for number in range(60)}

    def make_orders(changes: dict[str, str] | None = None) -> list[BatchTask]:
        return batch_tasks(site({**files, **(changes or {})}).site)["en"]

    return make_orders


def test_a_change_changes_one_batch(many: Callable[..., list[BatchTask]]) -> None:
    before, after = many(), many({"content/12.md": "Other."})
    assert len(before) == len(after) > 4
    assert len({one.key for one in before} ^ {one.key for one in after}) == 2


def test_a_new_page_changes_few_batches(many: Callable[..., list[BatchTask]]) -> None:
    before, after = many(), many({"content/12b.md": "Between."})
    assert len({one.key for one in before} - {one.key for one in after}) == 1


def test_the_same_site_gives_the_same(many: Callable[..., list[BatchTask]]) -> None:
    assert many() == many()


def test_a_batch_has_a_limit(site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexed_pages, "MOST_PAGES", 3)
    monkeypatch.setattr(indexed_pages, "USUAL_PAGES", 2**32)
    built = site({f"content/{number}.md": "" for number in range(7)})
    assert [len(order.pages) for order in batch_tasks(built.site)["en"]] == [3, 3, 2]


def test_a_batch_has_the_texts_of_its_pages(site: Callable[..., Built]) -> None:
    built = site({"content/a.md": "---\ntitle: A\n---\nWords of a *page*."})
    (order,) = batch_tasks(built.site)["en"]
    assert {"words", "page", "a"} <= make_task_batch(built.site, order).words.keys()
