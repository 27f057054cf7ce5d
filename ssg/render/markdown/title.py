"""A heading of Markdown -> a title: what stands in `<title>`, in lists and in feeds."""

from __future__ import annotations

from functools import cache

import mistune
from mistune.plugins.formatting import strikethrough

from ssg.render.markdown.attributes import split_heading
from ssg.render.markdown.inline_renderer import plain


def plain_title(text: str) -> str:
    """`The *new* [pier](@/pier.md) {#pier}` -> `The new pier`."""
    tokens, _ = _parser().parse(f"# {split_heading(text)[0]}")
    return plain(tokens[0].get("children", ())).strip() if isinstance(tokens, list) else text


@cache
def _parser() -> mistune.Markdown:
    return mistune.create_markdown(renderer=None, plugins=[strikethrough])
