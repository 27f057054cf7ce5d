"""The plain title of a Markdown heading, for `<title>`, lists and feeds."""

from __future__ import annotations

from functools import cache

from mistune.plugins.formatting import strikethrough

from ssg.render.markdown.attributes import split_heading
from ssg.render.markdown.fast_path import FastInlineParser, FastMarkdown
from ssg.render.markdown.inline_renderer import plain_text
from ssg.render.markdown.rules import without_closing_sequence


def plain_title(text: str) -> str:
    """Return the text of a heading: `The *new* [pier](@/pier.md) {#pier}` -> `The new pier`."""
    line = split_heading(text)[0].partition("\n")[0].strip()
    return plain_text(_parser()(without_closing_sequence(line), {"ref_links": {}})).strip()


@cache
def _parser() -> FastInlineParser:
    return FastMarkdown([strikethrough]).inline
