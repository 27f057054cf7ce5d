"""Reading the content folder; what a build leaves out."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.source.document import SourceDocument
from ssg.content.source.publication import IncludeOptions, left_out
from tests.conftest import NOW, Built

FILES = {
    "content/now.md": "---\ndate: 2026-01-31T12:00:00Z\n---\n",
    "content/soon.md": "---\ndate: 2026-01-31T12:00:01Z\n---\n",
    "content/draft.md": "---\ndraft: true\n---\n",
    "content/over.md": "---\nexpiry_date: 2026-01-31T12:00:00Z\n---\n",
    "content/later.md": "---\ndate: 2025-01-01\npublish_date: 2026-02-01\n---\n",
    "content/early.md": "---\ndate: 2027-01-01\npublish_date: 2026-01-01\n---\n",
}


def _pages(built: Built) -> set[str]:
    return {page.slug for page in built.site.pages()}


def test_drafts_future_and_expired_pages_are_left_out_and_named(site: Callable[..., Built]) -> None:
    built = site(FILES)
    assert _pages(built) == {"now", "early"}
    assert {(skipped.source, skipped.reason) for skipped in built.report.skipped} == {
        ("draft.md", "draft"),
        ("later.md", "to be published on 2026-02-01 00:00 UTC"),
        ("over.md", "expired on 2026-01-31 12:00 UTC"),
        ("soon.md", "to be published on 2026-01-31 12:00 UTC"),
    }


@pytest.mark.parametrize(
    ("include", "more"),
    [
        (IncludeOptions(drafts=True), {"draft"}),
        (IncludeOptions(future=True), {"soon", "later"}),
        (IncludeOptions(expired=True), {"over"}),
    ],
)
def test_each_kind_can_be_taken_in(
    site: Callable[..., Built], include: IncludeOptions, more: set[str]
) -> None:
    assert _pages(site(FILES, include=include)) == {"now", "early"} | more


KEPT_BACK = {
    "content/a.md": "---\nstatus: hidden\ntags: [secret]\ndate: 2025-01-01\n---\nsecret",
    "content/b.md": "---\nPublished: false\naliases: [/secret/]\nmenus: main\n---\nsecret",
    "content/c.md": "Title: secret\nStatus: Draft\n\nsecret",
    "content/d/_index.md": "---\ncascade: {draft: true}\n---\n",
    "content/d/e.md": "---\ntitle: secret\n---\nsecret",
    "content/d/f/index.md": "secret",
    "content/d/f/secret.txt": "secret",
}


def test_what_is_kept_back_leaves_no_trace(site: Callable[..., Built]) -> None:
    config = 'theme = ""\n[outputs]\nllms = true\nmarkdown = true\n[archive]\npath = "y"\n'
    built = site({"ssg.toml": config, **KEPT_BACK})
    assert {(skipped.source, skipped.reason) for skipped in built.report.skipped} == {
        ("a.md", "status: hidden"),
        ("b.md", "published: false"),
        ("c.md", "draft"),
        ("d/e.md", "draft"),
        ("d/f/index.md", "draft"),
    }
    assert not [name for name in built.files if "secret" in name or "secret" in built.read(name)]
    with_drafts = site(include=IncludeOptions(drafts=True))
    assert {"/a/", "/b/", "/c/", "/d/e/", "/d/f/", "/tags/secret/"} < set(with_drafts.paths)


def test_a_page_appears_when_its_time_comes(site: Callable[..., Built]) -> None:
    before = site(FILES)
    assert "soon" not in _pages(before)
    after = site(now=NOW + dt.timedelta(seconds=1))
    assert "soon" in _pages(after)
    assert before.report.build_id != after.report.build_id


def test_midnight_is_that_of_the_sites_zone(site: Callable[..., Built]) -> None:
    config = 'theme = ""\ntimezone = "Pacific/Auckland"\n'
    files = {"ssg.toml": config, "content/a.md": "---\ndate: 2026-02-01\n---\n"}
    eve = dt.datetime(2026, 1, 31, 10, 59, 59, tzinfo=dt.UTC)
    assert _pages(site(files, now=eve)) == set()
    assert _pages(site(now=eve + dt.timedelta(seconds=1))) == {"a"}


moments = st.none() | st.datetimes(
    dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)
)


@given(st.booleans(), moments, moments, moments)
def test_with_everything_taken_in_nothing_is_left_out(
    draft: bool,
    date: dt.datetime | None,
    publish: dt.datetime | None,
    expiry: dt.datetime | None,
) -> None:
    withheld = "draft" if draft else ""
    document = SourceDocument(
        "a.md",
        date=date and date.isoformat(),
        publish_date=publish and publish.isoformat(),
        expiry_date=expiry and expiry.isoformat(),
        withheld=withheld,
    )
    assert left_out(document, NOW, IncludeOptions(drafts=True, future=True, expired=True)) is None
    begins = publish or date
    expected = draft or (begins and begins > NOW) or (expiry and expiry <= NOW)
    assert bool(left_out(document, NOW, IncludeOptions())) == bool(expected)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# The *Title*\n\nText", "The Title|<p>Text</p>\n"),
        ("# `a_b` & [l *x*](@/b.md) **c** ~~d~~ ![e](f.png) {#id}", "a_b &amp; l x c d e|"),
        ("# snake_case \\* &copy; 1 * 2", "snake_case * © 1 * 2|"),
        ("\n\n# Title ##\nText", "Title|<p>Text</p>\n"),
        ("# Only", "Only|"),
        ("# About C#", "About C#|"),
        ("Text\n\n# Later", 'A|<p>Text</p>\n<h1 id="later">Later</h1>\n'),
        ("#nospace", "A|<p>#nospace</p>\n"),
        ("---\ntitle: Own\n---\n# Heading", 'Own|<h1 id="heading">Heading</h1>\n'),
        ("## Second", 'A|<h2 id="second">Second</h2>\n'),
    ],
)
def test_a_first_heading_is_the_title(site: Callable[..., Built], text: str, html: str) -> None:
    assert site({"content/a.md": text}).read("a/index.html") == html


def test_lines_count_the_taken_title(problems: Callable[..., list[str]]) -> None:
    text = "---\nweight: 1\n---\n\n# Title\n\n[x](nope.md)\n"
    assert problems({"content/a.md": text})[0].startswith("content/a.md:7: ")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"---\n---", b"---\r\n---\r\n", b"\n\n\n"])
def test_an_empty_file_is_a_page(site: Callable[..., Built], data: bytes) -> None:
    assert site({"content/a.md": data}).read("a/index.html") == "A|"


def test_every_unreadable_source_is_told(problems: Callable[..., list[str]]) -> None:
    files = {"content/a.md": "---\n", "content/b.md": b"\xff", "content/c.md": "+++\nx\n+++\n"}
    assert [line.partition(":")[0] for line in problems(files)] == [
        "content/a.md",
        "content/b.md",
        "content/c.md",
    ]


def test_a_source_without_permission_is_told(
    problems: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = os.open

    def refuse(path: str | os.PathLike[str], *more: int, **folder: int | None) -> int:
        if str(path).endswith("/a.md"):
            raise PermissionError(13, "Permission denied")
        return read(path, *more, **folder)

    monkeypatch.setattr("ssg.content.reading.chunk_reader.os.open", refuse)
    assert problems({"content/a.md": ""}) == ["content/a.md: cannot read it: Permission denied"]


@pytest.mark.parametrize("suffix", [".markdown", ".mkd", ".MD"])
def test_markdown_under_another_suffix_is_not_published_raw(
    site: Callable[..., Built], suffix: str
) -> None:
    built = site({**FILES, f"content/plan{suffix}": "---\ndraft: true\n---\nsecret"})
    assert not [name for name in built.files if "plan" in name]
    (warning,) = built.report.warnings
    assert str(warning.where) == f"content/plan{suffix}"
    assert "ends in .md" in warning.message
