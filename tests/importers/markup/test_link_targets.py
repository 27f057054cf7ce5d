"""Rewriting the targets of links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes
from ssg.importers.markup.link_targets import LinkTargets, map_targets

TARGETS = LinkTargets(
    {"content/a.md": "a.md", "content/x/b.md": "x/b.md"},
    {"content/pic.png": "/pic.png"},
    base="/docs",
    root="content",
)
PAGE = ImportedPage("content/x/page.md", "x/page.md", {}, address="/x/page/")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("b.md", "@/x/b.md"),
        ("../a.md#part", "@/a.md#part"),
        ("/a.md", "@/a.md"),
        ("/docs/a.md", "@/a.md"),
        ("/docs/x/", "/x/"),
        ("/docs", "/"),
        ("/document/", "/document/"),
        ("../pic.png", "/pic.png"),
        ("other/", "other/"),
        ("#part", "#part"),
        ("https://example.org/a.md", "https://example.org/a.md"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("@/kept.md", "@/kept.md"),
    ],
)
def test_targets_are_converted(target: str, expected: str) -> None:
    notes = ImportNotes()
    assert TARGETS.change(target, PAGE, 1, notes) == expected
    assert notes.findings == []


def test_a_dead_target_is_a_finding() -> None:
    notes = ImportNotes()
    assert TARGETS.change("none.md#x", PAGE, 7, notes) == "/x/page/none/#x"
    assert [(str(one.where), one.what) for one in notes.findings] == [
        ("content/x/page.md:7", "leads to no page: none.md#x")
    ]


def _marked(text: str) -> str:
    return map_targets(text, 1, lambda target, line: f"<{line}:{target}>".strip("<>"))


def test_every_form_of_a_link_is_found() -> None:
    assert _marked("[a](b)") == "[a](1:b)"
    assert _marked('![a](b "t")\n[c](<d e>)') == '![a](1:b "t")\n[c](<2:d e>)'
    assert _marked("[a](b(c))") == "[a](<1:b(c)>)"
    assert _marked("[a][x]\n\n[x]: b\n[`y`]: c 't'") == "[a][x]\n\n[x]: 3:b\n[`y`]: 4:c 't'"
    assert _marked("[![a](b)](c)") == "[![a](1:b)](1:c)"


def test_code_and_footnotes_have_no_links() -> None:
    text = "`[a](b)`\n\n```\n[a](b)\n[x]: b\n```\n\n[^1]: note"
    assert _marked(text) == text


@given(st.text(st.sampled_from('[]()<>`!^: \n#a\\"'), max_size=40))
def test_a_text_stays_if_no_target_changes(text: str) -> None:
    """Except for angle brackets, which are written only where they are needed."""
    same = map_targets(text, 1, lambda target, _: target)
    assert same.translate(_NO_BRACKETS) == text.translate(_NO_BRACKETS)


_NO_BRACKETS = str.maketrans("", "", "<>")
