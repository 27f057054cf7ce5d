"""The plain title of a Markdown heading, for `<title>`, lists and feeds."""

from __future__ import annotations

from functools import cache

import mistune
from mistune.plugins.formatting import strikethrough

from ssg.render.markdown.attributes import split_heading
from ssg.render.markdown.inline_renderer import plain_text


def plain_title(text: str) -> str:
    """Return the text of a heading: `The *new* [pier](@/pier.md) {#pier}` -> `The new pier`."""
    tokens, _ = _parser().parse(f"# {split_heading(text)[0]}")
    return plain_text(tokens[0].get("children", ())).strip() if isinstance(tokens, list) else text


@cache
def _parser() -> mistune.Markdown:
    return mistune.create_markdown(renderer=None, plugins=[strikethrough])
