"""Converts Markdown that strangers wrote: comments, posts of users, text of an API.

The parser and the renderer are those of the site's own texts, with less: HTML, shortcodes and
`@/page.md` are text, there are no render hooks and no abbreviations, and addresses and attributes
are those of a list. So a text has the HTML of the same text in a page, as far as it may.

Three things keep a text from harming others:

- Elements and attributes are written here alone, from values that are escaped. Addresses pass
  `url_policy`. Ids begin with `user-`.
- The length of a text is limited and its time is linear in it: see `limits`, and `bounds` of the
  parser.
- Nothing of a text stays in memory after it: its code and addresses are not cached.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ssg.model.settings import SiteSettings
from ssg.render.markdown.converter import MarkdownConverter, RenderedMarkdown, replaced_control
from ssg.render.markdown.fast_path import FastMarkdown
from ssg.render.markdown.inline_renderer import verbatim
from ssg.render.markdown.page_state import (
    ConversionError,
    MarkdownContext,
    MarkdownError,
    PageState,
    ParserEnv,
    TocEntry,
    Token,
    WrittenImage,
)
from ssg.render.markdown.rules import extensions
from ssg.render.markdown.summary import SUMMARY_MARKERS, excerpt
from ssg.render.markdown.untrusted.html_renderer import UntrustedHtmlRenderer, state_of
from ssg.render.markdown.untrusted.limits import MAX_NESTING, UntrustedState, check_size
from ssg.render.pictures.image_element import ImageElement

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that a feed cannot contain, and halves of characters, which cannot be written."""


class UntrustedMarkdown:
    """A reusable converter of strangers' texts. It keeps no state between texts."""

    def __init__(self, settings: SiteSettings) -> None:
        markdown = replace(settings.markdown, raw_html=False)
        self._converter = _Converter(replace(settings, markdown=markdown))

    def convert(self, text: str, name: str = "") -> RenderedMarkdown:
        """Convert a text. Raises ConversionError if it exceeds a limit.

        Ids begin with `user-`, or with `user-NAME-` if there are several texts on a page.
        """
        try:
            check_size(text)
        except MarkdownError as error:
            raise ConversionError([error]) from error
        return _cleaned(self._converter.convert(_clean(text), _Context(name)))


def as_written(text: str) -> RenderedMarkdown:
    """Return a text without formatting: one that is refused can be shown like this."""
    return RenderedMarkdown(f"<p>{verbatim(_clean(text))}</p>", "", ())


def _restrictions(md: FastMarkdown) -> None:
    """Limit nesting, and remove a rule by which a few words make a long page (a mistune plugin)."""
    md.block.max_nested_level = MAX_NESTING
    md.block.rules.remove("ref_abbr")
    del md.block.specification["ref_abbr"]


class _Converter(MarkdownConverter):
    rules = (extensions, _restrictions)
    renderer = UntrustedHtmlRenderer

    def _parse(self, text: str, context: MarkdownContext) -> tuple[ParserEnv, list[Token]]:
        env, tokens = super()._parse(text, context)
        state_of(env).has_first_level = _has_first_level(tokens)
        return env, tokens

    def _before_marker(self, tokens: list[Token], pieces: list[str], html: str) -> str:  # noqa: ARG002 a marker is not in it
        """Return the part before the summary marker. A marker within another block is none."""
        for index, token in enumerate(tokens):
            if token["type"] == "block_html" and token["raw"].strip() in SUMMARY_MARKERS:
                return excerpt("".join(pieces[:index]).rstrip())
        return ""


def _has_first_level(tokens: Iterable[Token]) -> bool:
    """Whether a text has a heading of level 1: then all its headings are one level lower."""
    return any(
        (token["type"] == "heading" and token["attrs"]["level"] == 1)
        or _has_first_level(token.get("children") or ())
        for token in tokens
    )


class _Context:
    """The MarkdownContext of a text that may ask nothing of its site."""

    def __init__(self, name: str) -> None:
        self.page_state: PageState = UntrustedState(name)

    def link(self, target: str) -> str:
        """The renderer decides on addresses."""
        return target

    def picture(self, target: str, url: str) -> ImageElement | None:
        """The renderer writes pictures as they are."""
        raise AssertionError(target, url)

    def image(self, target: str, url: str, written: WrittenImage) -> object | None:
        """There are no hooks."""
        raise AssertionError(target, url, written)

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:
        """The parser has no rule for shortcodes."""
        raise AssertionError(name, arguments, body)

    def hook(self, name: str, values: Mapping[str, Any]) -> str:
        """The renderer has no hooks."""
        raise AssertionError(name, values)


def _cleaned(document: RenderedMarkdown) -> RenderedMarkdown:
    """Remove control characters that a text wrote as references: `&#12;`."""
    toc = tuple(map(_cleaned_entry, document.toc))
    return RenderedMarkdown(_clean(document.html), _clean(document.summary), toc)


def _cleaned_entry(entry: TocEntry) -> TocEntry:
    children = [_cleaned_entry(child) for child in entry.children]
    return TocEntry(entry.level, entry.id, _clean(entry.title), children)


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub(replaced_control, text)
