"""Headers in the way of Pelican."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.source.front_matter import parse
from ssg.content.source.front_matter_keys import ALIASES, KNOWN_KEYS
from tests.conftest import Built


@pytest.mark.parametrize(
    ("text", "values", "rest", "line"),
    [
        ("Title: A\nTags: x, y\n\ntext", {"title": "A", "tags": "x, y"}, "\ntext", 3),
        ("TITLE: A: B\ntext", {"title": "A: B"}, "text", 2),
        ("title:A\ntext", {}, "title:A\ntext", 1),
        ("Title: A", {"title": "A"}, "", 2),
        ("Title:\nDate: 2024-01-31\n", {"title": "", "date": "2024-01-31"}, "", 3),
        ("Summary: one\n    two\n\tthree\n\n", {"summary": "one two three"}, "\n", 4),
        ("Authors: A, B; C\nWeight: -3\n", {"authors": ["A, B", "C"], "weight": -3}, "", 3),
        ("Draft: Yes\nPublished: false\n", {"draft": True, "published": False}, "", 3),
        ("Draft: perhaps\n", {"draft": "perhaps"}, "", 2),
        ("Title: A\nCover: me.png\n", {"title": "A", "cover": "me.png"}, "", 3),
        ("Note: this is a text\n", {}, "Note: this is a text\n", 1),
        ("https://example.org\n", {}, "https://example.org\n", 1),
        ("\nTitle: A\n", {}, "\nTitle: A\n", 1),
        ("# Title: A\n", {}, "# Title: A\n", 1),
        ("Title: A\n# Heading: x\n", {"title": "A"}, "# Heading: x\n", 2),
    ],
)
def test_a_header_is_the_lines_up_to_the_text(
    text: str, values: dict[str, object], rest: str, line: int
) -> None:
    source = parse(text.encode(), "a.md")
    assert (dict(source.values), source.text, source.text_line) == (values, rest, line)


def test_an_article_of_pelican_is_a_page(site: Callable[..., Built]) -> None:
    text = (
        "Title: My title\r\nDate: 2025-12-03 10:20\r\nModified: 2025-12-05\r\nCategory: Python\r\n"
        "Tags: pelican, publishing\r\nAuthors: Ann; Bob\r\nSlug: my-post\r\n"
        "save_as: posts/mine/index.html\r\nSummary: Short\r\nStatus: published\r\n\r\nText"
    )
    built = site({"content/x.md": text})
    page = built.page("/posts/mine/")
    assert (page.title, page.date, page.updated) == (
        "My title",
        "2025-12-03T10:20:00+00:00",
        "2025-12-05T00:00:00+00:00",
    )
    assert [term.name for term in built.site.terms_of(page.id)] == [
        "Python",
        "pelican",
        "publishing",
    ]
    assert built.read("posts/mine/index.html") == "My title|<p>Text</p>\n"


@pytest.mark.parametrize("line", ["Status: draft", "STATUS: Hidden", "draft: true", "Status: skip"])
def test_what_is_not_published_is_left_out(site: Callable[..., Built], line: str) -> None:
    built = site({"content/a.md": f"Title: A\n{line}\n\nsecret"})
    assert "/a/" not in built.paths
    assert [skipped.source for skipped in built.report.skipped] == ["a.md"]


def test_faults_are_told_on_their_line(problems: Callable[..., list[str]]) -> None:
    text = "Title: A\nSummary: one\n    two\nStatus: drafd\nModified: never\n\n[x](nope.md)"
    lines = problems({"content/a.md": text, "content/b.md": "Title: B\n\n[x](nope.md)"})
    assert [line.partition(": ")[0] for line in lines] == ["content/a.md:4:1", "content/a.md:5:1"]
    lines = problems({"content/a.md": "Title: A\n\n[x](nope.md)"})
    assert lines[0].startswith("content/a.md:3: ")


keys = st.sampled_from(sorted(KNOWN_KEYS | ALIASES.keys()))
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12)


@given(st.lists(st.tuples(keys, words), min_size=1, unique_by=lambda pair: pair[0].lower()), words)
def test_whatever_stands_in_a_header_is_read_as_it_stands(
    pairs: list[tuple[str, str]], text: str
) -> None:
    file = "".join(f"{key}: {value}\n" for key, value in pairs) + "\n" + text
    source = parse(file.encode(), "a.md")
    assert source.text == "\n" + text
    assert source.text_line == len(pairs) + 1
    assert list(source.values) == [key.lower() for key, _ in pairs]
    for number, (key, value) in enumerate(pairs, 1):
        assert source.locate((key.lower(),)).line == number
        found = source.values[key.lower()]
        assert not isinstance(found, str) or found == value


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=60))
def test_no_line_is_lost(text: str) -> None:
    source = parse(f"Title: x\n{text}".encode(), "a.md")
    whole = f"Title: x\n{text}"
    assert "\n".join(whole.split("\n")[source.text_line - 1 :]) == source.text
