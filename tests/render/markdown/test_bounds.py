"""Time grows with the length of a text, and nesting ends somewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from benchmarks.pathological import INPUTS, convert, seconds
from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.bounds import MAX_NESTING
from ssg.render.markdown.converter import MarkdownConverter
from ssg.render.markdown.emphasis import join_emphasis
from ssg.render.markdown.page_state import (
    MAX_ERRORS,
    ConversionError,
    MarkdownError,
    PageState,
    Token,
)
from ssg.render.markdown.text_to_html import mark_abbreviations
from tests.examples import examples
from tests.render.markdown.test_converter import convert as converted

CONVERTER = MarkdownConverter(SiteSettings(markdown=MarkdownSettings(math=True)))


@pytest.mark.parametrize("name", INPUTS)
def test_four_times_the_text_takes_about_four_times_as_long(name: str) -> None:
    """Quadratic is 16 times. Short times say nothing, and a busy machine is asked again."""
    text = INPUTS[name]
    for _ in range(5):
        once, four_times = seconds(CONVERTER, text(500)), seconds(CONVERTER, text(2000))
        if four_times < max(0.1, 9 * once):
            return
    pytest.fail(f"{once:.3f} s, then {four_times:.3f} s")


@contextmanager
def _stack_of(frames: int) -> Iterator[None]:
    frame, depth = sys._getframe(), 0
    while frame := frame.f_back:  # type: ignore[assignment]
        depth += 1
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


@pytest.mark.parametrize("name", INPUTS)
def test_no_text_needs_a_deep_stack(name: str) -> None:
    with _stack_of(400):
        convert(CONVERTER, INPUTS[name](1000))


def test_quotations_and_lists_may_alternate() -> None:
    text = "> What?\n- This.\n- That.\n"
    assert converted(text * 120).html == converted(text).html * 120


@pytest.mark.parametrize("ended", ["> a\n", "- a\n", "1. a\n"])
@pytest.mark.parametrize(
    "end", ["- b\n", "> b\n", "***\n", "```\nb\n```\n", "<div>\n", "2. b\n", "-\n"]
)
def test_what_ends_a_quotation_or_list_follows_it(ended: str, end: str) -> None:
    if ended[0] != end[0] and not (ended[0] == "1" and end[0] == "2"):
        html = converted(f"Before.\n\n{ended}{end}").html
        assert html == converted("Before.\n").html + converted(ended).html + converted(end).html


def test_what_ends_a_quotation_is_not_taken_for_the_paragraph_before_it() -> None:
    html = converted("One\n> two\n2. three\n").html
    assert html.index("One") < html.index("two") < html.index("three")


@pytest.mark.parametrize(
    ("marker", "tag"),
    [
        ("> ", "<blockquote>"),
        ("- ", "<ul>"),
        ("*a **a ", "<em>"),
        ("![", "<img"),
    ],
)
def test_blocks_and_inlines_nest_up_to_a_limit(marker: str, tag: str) -> None:
    ends = {"*": " a** a*", "!": "](b)"}.get(marker[0], "")
    html = converted(marker * 500 + "b" + ends * 500).html
    assert html.count(tag) <= MAX_NESTING


def test_bodies_of_shortcodes_count_as_nested() -> None:
    text = "end"
    for _ in range(9):
        lines = f"{{% s() %}}\n{text}\n{{% end %}}".replace("\n", "\n" + "> " * 9)
        text = "> " * 9 + lines
    with _stack_of(500):
        html = converted(text).html
    assert html.count("<blockquote>") <= MAX_NESTING + 1


def test_errors_are_listed_up_to_a_limit() -> None:
    page_state = PageState()
    for number in range(MAX_ERRORS + 5):
        page_state.add_error(MarkdownError(str(number)))
    assert [str(error) for error in page_state.errors[-2:]] == [
        str(MAX_ERRORS - 1),
        f"this text has more than {MAX_ERRORS} errors; the rest are not listed",
    ]
    with pytest.raises(ConversionError) as caught:
        converted("{% a() %}\n" * 500)
    assert len(caught.value.errors) == MAX_ERRORS


# -- the same as an unbounded parser ---------------------------------------------------------------

COMMONMARK = MarkdownIt("commonmark", {"maxNesting": 1000})


def _html(tokens: list[Token]) -> str:
    names = {"emphasis": "em", "strong": "strong"}
    return "".join(
        token["raw"]
        if token["type"] == "text"
        else f"<{names[token['type']]}>{_html(token['children'])}</{names[token['type']]}>"
        for token in tokens
    )


@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(st.sampled_from(["*", "**", "_", "__", "***", "a", "b", " ", ".", "é"]), max_size=30)
)
def test_emphasis_is_that_of_commonmark(pieces: list[str]) -> None:
    text = "".join(pieces).strip()
    assert _html(join_emphasis([{"type": "text", "raw": text}], 1000)) == COMMONMARK.renderInline(
        text
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda name: f"a <{name} b=c\td\tb='c'\td=\"e\"\n f /> *b*",
        lambda name: f"a </{name} \n> *b*",
        lambda name: f"a <{name} b = c,!.d:e> *b*",
        lambda name: f"a <{name} b=c'd> *b*",
        lambda name: f"a <{name}b*c> *b*",
        lambda name: f"<{name} b='c'>\n*b*\n\n*c*",
        lambda name: f"<{name} b='c'> *b*",
    ],
)
@pytest.mark.parametrize("name", ["b", "x-y", "B1"])
def test_tags_are_those_of_commonmark(make: Callable[[str], str], name: str) -> None:
    text = make(name)
    assert "".join(converted(text).html.split()) == "".join(COMMONMARK.render(text).split())


@settings(max_examples=examples(150), deadline=None)
@given(
    st.sets(st.text("abB. +", min_size=1, max_size=5).filter(str.strip), min_size=1, max_size=12),
    st.text("abB. +", max_size=30),
)
def test_the_longest_abbreviation_is_marked(names: set[str], text: str) -> None:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    listed = re.compile(f"(?<![A-Za-z])({'|'.join(map(re.escape, longest_first))})(?![A-Za-z])")
    titles = dict.fromkeys(names, "")
    found = mark_abbreviations(text, {"ref_abbrs": titles}, str)
    assert found == listed.sub(r"<abbr>\1</abbr>", text)
