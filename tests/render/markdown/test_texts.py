"""Any text gives the same HTML each time, unique ids, and no unintended tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.converter import MarkdownConverter, RenderedMarkdown
from ssg.render.markdown.page_state import ConversionError, PageState
from tests.examples import examples

CONVERTERS = {
    name: MarkdownConverter(SiteSettings(markdown=markdown, default_language="fr"))
    for name, markdown in {
        "plain": MarkdownSettings(raw_html=False, highlight=False),
        "all": MarkdownSettings(
            raw_html=False, math=True, smart_punctuation=True, auto_summary=True,
            line_numbers=True, external_links_rel='x"<', external_links_target="_blank",
        ),
        "html": MarkdownSettings(math=True, smart_punctuation=True),
    }.items()
}  # fmt: skip

WRITTEN = frozenset(
    {
        "a", "abbr", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "figcaption",
        "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "input", "li", "ol", "p", "pre",
        "section", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
ATTRIBUTES = frozenset(
    {
        "alt", "aria-label", "checked", "class", "disabled", "href", "id", "lang", "rel", "role",
        "src", "start", "style", "target", "title", "type", "x", "linenos", "hl_lines",
    }
)  # fmt: skip

PIECES = (
    "a", "b c", "é", "日", "\u0301", "1", " ", "  ", "\n", "\n\n", "\t", "\n    ", "\r\n", "\0",
    "\u2028", "#", "## ", "{#a}", " {.b x=1}", " {onclick=1 id=z}", "*", "**", "_", "~~", "`",
    "```", "~~~", "[", "]", "(", ")", "](", "![", "[^1]", "[^1]: ", "[a]: ", "*[a]: ", "> ",
    "> [!NOTE]", "- ", "- [ ] ", "1. ", ": ", "| a | b |", "|---|---|", "---", "===", "<", ">",
    "</", "<b>", "<a href=x>", "</a>", "<!--", "-->", "<!-- more -->", "<script>", "<?", "]]>",
    "&", "&lt;", "&#60;", "&quot;", '"', "'", "$", "$$", "\\", "...", "--", "https://a.b/",
    "javascript:x", "@/a.md", "{{ x() }}", '{{ x(a="<b>") }}', "{% x() %}\n", "{% end %}\n",
    "```py {linenos=1, hl_lines=1}\n", "=", "linenos=x", "\U0001f600", "\u1c89",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join)


class Quiet:
    """A context whose shortcodes show their bodies."""

    def __init__(self, converter: MarkdownConverter) -> None:
        self.converter = converter
        self.page_state = PageState()

    def link(self, target: str) -> str:
        return target

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:  # noqa: ARG002
        return "" if body is None else self.converter.body(body, self)

    def hook(self, name: str, values: Mapping[str, Any]) -> str:  # noqa: ARG002
        raise AssertionError(name)


class Tags(HTMLParser):
    """Collects what a browser would see as tags."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: Counter[str | None] = Counter()
        self.targets: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids.update(value for name, value in attrs if name == "id")
        self.targets += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_comment(self, data: str) -> None:
        assert data.strip() == "more"

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    handle_pi = unknown_decl = handle_decl


def _convert(text: str, name: str) -> RenderedMarkdown | str:
    converter = CONVERTERS[name]
    try:
        return converter.convert(text, Quiet(converter))
    except ConversionError as error:
        return str(error)


@pytest.mark.parametrize("name", CONVERTERS)
@settings(max_examples=examples(75), deadline=None)
@given(TEXTS)
def test_any_text_is_converted_or_refused_the_same_each_time(name: str, text: str) -> None:
    first = _convert(text, name)
    _convert("# x\n\n[a]: b\n\n*[a]: c\n\n[^1]: d", name)
    assert first == _convert(text, name)


@pytest.mark.parametrize("name", ["plain", "all"])
@settings(max_examples=examples(150), deadline=None)
@given(TEXTS)
@example("# fn 1\n# fnref 1\n[^1] [^1]\n\n[^1]: x [^1]")
@example("# a {#b}\n# b\n# b {#b}\n{% x() %}\n# b\n# b-2\n{% end %}")
@example("[^1]\n\n{% x() %}\n[^1]\n\n[^1]: # a\n    # a\n{% end %}\n\n[^1]: b")
@example("*[a]: <b>\n\na <a> `a` ![a](a)")
@example('<a title="*[x]: y" x="<b>">')
@example("![<b>](x 'y<b>\"z') [<b>](x \"<b>'\")")
@example('```x"y<b> {title="<b>"}\n<b>\n```')
@example("> [!NOTE] <b>\n> <b>")
@example('# <b> {lang="<b>" onclick=x STYLE=y}')
@example("$<b>$ $$<b>$$\n\n$$\n<b>\n$$")
def test_no_tag_gets_through_and_ids_are_unique(name: str, text: str) -> None:
    document = _convert(text, name)
    if isinstance(document, str):
        return
    tags = Tags(document.html)
    assert tags.names <= WRITTEN
    assert tags.attributes <= ATTRIBUTES
    assert not [target for target in tags.targets if target.lower().startswith("javascript")]
    assert max(tags.ids.values(), default=0) <= 1
    assert {target[1:] for target in tags.targets if target.startswith("#fn")} <= {*tags.ids}
    summary = Tags(document.summary)
    assert not summary.ids
    assert not [target for target in summary.targets if target.startswith("#fn")]
