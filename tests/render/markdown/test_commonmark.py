"""The examples of CommonMark: none is converted worse than plain mistune converts it.

npm pack commonmark-spec && tar xzf commonmark-spec-*.tgz
COMMONMARK_SPEC=package/spec.txt pytest tests/render/markdown/test_commonmark.py
"""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import mistune
import pytest

from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.converter import MarkdownConverter
from tests.render.markdown.test_converter import Echo

SPEC = os.environ.get("COMMONMARK_SPEC", "")
BARE_URLS = frozenset(
    {"<https://foo.bar/baz bim>\n", "< https://foo.bar >\n", "https://example.com\n"}
)
"""Examples with plain addresses, which are links here, as on GitHub."""
_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.M | re.S)


class _Events(HTMLParser):
    """What HTML means, without white space around tags and without our ids and classes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[object] = []
        self._in_code = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_code = self._in_code or tag == "pre"
        kept = [pair for pair in attrs if pair[0] != "id" and pair != ("class", "highlight")]
        self.events.append((tag, sorted(kept)))

    def handle_endtag(self, tag: str) -> None:
        self._in_code = self._in_code and tag != "pre"
        self.events.append(tag)

    def handle_data(self, data: str) -> None:
        words = data if self._in_code else " ".join(data.split())
        if words:
            self.events.append(["text", words])


class _Site(Echo):
    def link(self, target: str) -> str:
        return target


@pytest.mark.skipif(not SPEC, reason="needs COMMONMARK_SPEC")
def test_no_example_of_the_specification_is_worse_than_in_mistune() -> None:
    text = Path(SPEC).read_text("utf-8").replace("→", "\t")
    examples: list[tuple[str, str]] = _EXAMPLE.findall(text)
    converter = MarkdownConverter(SiteSettings(markdown=MarkdownSettings(highlight=False)))
    plain = mistune.create_markdown(escape=False)
    assert len(examples) > 600
    worse = [
        markdown
        for markdown, html in examples
        if _Events(str(plain(markdown))).events == _Events(html).events
        and _Events(converter.convert(markdown, _Site(converter)).html).events
        != _Events(html).events
    ]
    assert set(worse) <= BARE_URLS
