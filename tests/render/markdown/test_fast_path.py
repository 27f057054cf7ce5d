"""The fast path takes plain texts, and means what mistune means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mistune import BlockParser, BlockState, InlineParser, InlineState

from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.converter import MarkdownConverter, RenderedMarkdown
from ssg.render.markdown.fast_path import FastBlockParser, FastInlineParser, FastMarkdown
from ssg.render.markdown.page_state import ConversionError
from ssg.render.markdown.rules import extensions
from tests.examples import examples
from tests.render.markdown.test_converter import CASES, SEPARATOR, Echo

ROOT = Path(__file__).parents[3]
OPTIONS = {
    "plain": MarkdownSettings(),
    "all": MarkdownSettings(math=True, smart_punctuation=True, auto_summary=True, raw_html=False),
}


@contextmanager
def without_fast_path() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FastInlineParser, "__call__", InlineParser.__call__)
        patch.setattr(FastBlockParser, "prepare", lambda _: None)
        yield


with without_fast_path():
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
        with without_fast_path():
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


@settings(max_examples=examples(200), deadline=None)
@given(INLINE)
def test_lines_mean_what_they_mean_to_mistune(text: str) -> None:
    check(text)


@settings(max_examples=examples(200), deadline=None)
@given(TEXTS)
def test_texts_mean_what_they_mean_to_mistune(text: str) -> None:
    check(text)


@settings(max_examples=examples(100), deadline=None)
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


# -- new rules -------------------------------------------------------------------------------------


def _rule_of_a_newcomer(start_chars: str | None = "%!~") -> Callable[[FastMarkdown], None]:
    """`%x%`, `!x!` and `~x~` in a line, and lines of `%%%`, `!!!` or `TOC`."""

    def inline(_: InlineParser, match: re.Match[str], state: InlineState) -> int:
        state.append_token({"type": "new", "raw": match[0]})
        return match.end()

    def block(_: BlockParser, match: re.Match[str], state: BlockState) -> int:
        state.append_token({"type": "new_block", "raw": match[0]})
        return match.end()

    def plugin(md: FastMarkdown) -> None:
        md.inline.register(
            "new",
            r"(?P<new_sign>[%!~])[a-z]+(?P=new_sign)",
            inline,
            "link",
            start_chars=start_chars,
        )
        lines = r"^(?:%%%|!!!|TOC)[^\n]*(?:\n|$)"
        chars = None if start_chars is None else "%!T"
        md.block.register("new_block", lines, block, "list", start_chars=chars)

    return plugin


def _types(md: FastMarkdown, text: str) -> list[str]:
    """The types of the blocks of a text and of what is in them."""
    state = md.block.state_cls()
    state.env["notes"] = {}
    state.process(text)
    md.block.parse(state)
    types = []
    for token in state.tokens:
        types.append(token["type"])
        if "text" in token:
            types += [child["type"] for child in md.inline(token["text"].strip(), state.env)]
    return [kind for kind, _ in groupby(types)]


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("A %b% c", ["paragraph", "text", "new", "text"]),
        ("A !b! c", ["paragraph", "text", "new", "text"]),
        ("A ~b~ c", ["paragraph", "text", "new", "text"]),
        ("%b%", ["paragraph", "new"]),
        ("A *b* %c%", ["paragraph", "text", "emphasis", "text", "new"]),
        ("!!! d", ["new_block"]),
        ("TOC\n", ["new_block"]),
        ("A line\n%%%\n", ["paragraph", "text", "new_block"]),
        ("To and %\n", ["paragraph", "text"]),
    ],
)
def test_a_new_rule_is_used_in_plain_paragraphs(text: str, types: list[str]) -> None:
    for start_chars in ("%!~", None):
        rule = _rule_of_a_newcomer(start_chars)
        assert _types(FastMarkdown([extensions, rule]), text) == types
        md = FastMarkdown([extensions])
        rule(md)
        assert _types(md, text) == types


def test_a_rule_without_start_chars_turns_the_fast_path_off() -> None:
    md = FastMarkdown([extensions, _rule_of_a_newcomer(None)])
    assert (md.inline.undeclared(), md.block.undeclared()) == (["new"], ["new_block"])


@pytest.mark.parametrize("name", OPTIONS)
def test_every_rule_declares_its_start_chars(name: str) -> None:
    """Add `start_chars` where a rule that is listed here is registered."""
    parser = CONVERTERS[name]._parser
    assert parser.inline.undeclared() == []
    assert parser.block.undeclared() == []
