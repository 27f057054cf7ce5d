"""Plain texts are read in one step, and mean what they mean to mistune."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mistune import InlineParser

from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown import converter
from ssg.render.markdown.converter import MarkdownConverter, RenderedMarkdown
from ssg.render.markdown.fast_path import FastInlineParser
from ssg.render.markdown.page_state import ConversionError
from tests.render.markdown.test_converter import CASES, SEPARATOR, Echo

ROOT = Path(__file__).parents[3]
OPTIONS = {
    "plain": MarkdownSettings(),
    "all": MarkdownSettings(math=True, smart_punctuation=True, auto_summary=True, raw_html=False),
}


@contextmanager
def without_plain_steps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FastInlineParser, "__call__", InlineParser.__call__)
        patch.setattr(converter, "fast_blocks", lambda _: None)
        yield


with without_plain_steps():
    REFERENCES = {
        name: MarkdownConverter(SiteSettings(markdown=chosen)) for name, chosen in OPTIONS.items()
    }
CONVERTERS = {
    name: MarkdownConverter(SiteSettings(markdown=chosen)) for name, chosen in OPTIONS.items()
}


def _convert(converter: MarkdownConverter, text: str) -> RenderedMarkdown | str:
    try:
        return converter.convert(text, Echo(converter))
    except ConversionError as error:
        return str(error)


def check(text: str) -> None:
    for name in OPTIONS:
        with without_plain_steps():
            wanted = _convert(REFERENCES[name], text)
        assert _convert(CONVERTERS[name], text) == wanted


WORDS = st.sampled_from(
    ["a", "B", "word", "é", "²", "7", "2014", "x_y", "snake_case_", "_private", "12.", "3)", "1.",
     "it's", '"so"', "(in", "out)", "&amp;", "&", "&*", "<", "<b>", "</b>", "<!-- x -->", "{", "{{",
     "{{ f() }}", "~", "~~gone~~", "!", "|", "$", "$x$", "\\", "\\*", "\\\\", "\u2003", "\xa0", "[",
     "]", "[^1]", "[x]", "[ ]", "http://a.b/c_d*e", "--", "...", "\x1c", "\x0b", "ﬀ", "①", "中"]
)  # fmt: skip
INLINE = st.recursive(
    st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["*", "**", "_", "__", "***", "`", "``", "~~", '"']), inner).map(
            lambda pair: f"{pair[0]}{pair[1]}{pair[0]}"
        ),
        st.tuples(
            st.sampled_from(["", "!"]),
            inner,
            st.sampled_from(
                ["/a", "a_b*c", "@/x.md", "a b", "<a>", "é&amp;", "a(b)", 'x "t"', "x 't'", "#",
                 "a  \"t&u\" ", "", "\\)", 'x "t', "x\n\"t\"", "&x"]
            ),
        ).map(lambda parts: f"{parts[0]}[{parts[1]}]({parts[2]})"),
        st.lists(
            st.tuples(inner, st.sampled_from(["", " ", ",", ".", "\n", "  \n", " \n  ", "\\\n"])),
            min_size=2, max_size=4,
        ).map(lambda pairs: "".join(map("".join, pairs))),
    ),
    max_leaves=6,
)  # fmt: skip
BEGINNINGS = st.sampled_from(
    ["", "", "", "- ", "- ", "* ", "+ ", "-  ", "-     ", "1. ", "2. ", "10) ", "> ", ">", "# ",
     "###### ", "####### ", "  ", "    ", "\t", "     ", "```", "~~~", "| a | b", ": ", "   - ",
     "===", "---", "[^1]: ", "[x]: ", "*[A]: ", "<div>", "{% f() %}", "{% end %}", "- [ ] ", "$$"]
)  # fmt: skip
ENDS = st.sampled_from(
    ["\n", "\n", "\n", "\n\n", "\n\n", "\n\n\n", "\n \n", "\n     \n", "\n\x0b\n"]
)
TEXTS = st.lists(st.tuples(BEGINNINGS, INLINE, ENDS), max_size=8).map(
    lambda lines: "".join(map("".join, lines))
)


@settings(max_examples=500, deadline=None)
@given(INLINE)
def test_lines_mean_what_they_mean_to_mistune(text: str) -> None:
    check(text)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_texts_mean_what_they_mean_to_mistune(text: str) -> None:
    check(text)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1 \n\t*_`[]()!-+.#>|\\&;<\"'~{:", max_size=40))
def test_signs_mean_what_they_mean_to_mistune(text: str) -> None:
    check(text)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases_mean_what_they_mean_to_mistune(path: Path) -> None:
    for text in path.read_text().split(SEPARATOR):
        check(text)


def test_the_documentation_means_what_it_means_to_mistune() -> None:
    for path in sorted((ROOT / "content").rglob("*.md")):
        check(path.read_text())


def test_plain_texts_do_not_reach_mistune(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InlineParser, "__call__", None)
    text = """\
Some *words*, **more**, `code` and a [link](/there "title").
More_of_it! ![An image](a.png){spaces}
"Quoted" & ~5 {x} < 6.

- one
- **two**
"""
    html = _convert(CONVERTERS["plain"], text.replace("{spaces}", "  "))
    assert isinstance(html, RenderedMarkdown)
    assert html.html == (
        "<p>Some <em>words</em>, <strong>more</strong>, <code>code</code> and a "
        '<a href="/there" title="title">link</a>.\nMore_of_it! <img src="a.png" alt="An image" />'
        "<br />\n&quot;Quoted&quot; &amp; ~5 {x} &lt; 6.</p>\n"
        "<ul>\n<li>one</li>\n<li><strong>two</strong></li>\n</ul>\n"
    )
