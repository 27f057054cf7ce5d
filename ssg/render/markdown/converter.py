"""Converts Markdown to HTML: CommonMark, with the extensions of `rules` and shortcodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import ClassVar

from mistune.plugins.task_lists import task_lists_hook

from ssg.model.settings import SiteSettings
from ssg.render.markdown.bounds import BoundedBlockState
from ssg.render.markdown.fast_path import FastMarkdown
from ssg.render.markdown.footnotes import blocks_of
from ssg.render.markdown.html_renderer import HtmlRenderer
from ssg.render.markdown.page_state import (
    INHERITED,
    MAX_DEPTH,
    ConversionError,
    Footnote,
    MarkdownContext,
    MarkdownError,
    ParserEnv,
    TocEntry,
    Token,
    nest,
)
from ssg.render.markdown.rules import extensions, math, plain_escapes
from ssg.render.markdown.shortcodes import shortcodes
from ssg.render.markdown.summary import first_paragraph, text_before_marker
from ssg.render.pictures.image_element import all_lazy

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
"""Characters that are not allowed in HTML or XML. Feeds with them would be unreadable."""
_PLAIN = re.compile("[\t\n -~\xa0-\ufffd\U00010000-\U0010ffff]*+")
"""All other characters. To match all is faster than to search for one of these."""
_BOX = re.compile(r"\[[ xX]\]")


@dataclass(frozen=True, slots=True)
class RenderedMarkdown:
    """The HTML of a text. `summary` is the part before the `more` marker, or ''."""

    html: str
    summary: str
    toc: tuple[TocEntry, ...]


class MarkdownConverter:
    """A reusable Markdown converter. It keeps no state between texts.

    `hooks` lists the render hooks that the site has.
    """

    rules: ClassVar[tuple[Callable[[FastMarkdown], None], ...]] = (extensions, shortcodes)
    renderer: ClassVar[type[HtmlRenderer]] = HtmlRenderer

    def __init__(self, settings: SiteSettings, hooks: Collection[str] = ()) -> None:
        self._settings = settings.markdown
        self._has_eager_pictures = bool(settings.images and settings.images.eager)
        plugins = [*self.rules]
        if self._settings.math:
            plugins.append(math)
        if self._settings.smart_punctuation:
            plugins.append(plain_escapes)
        self._parser = FastMarkdown(plugins)
        self._html = self.renderer(settings, self._parser.inline, hooks)

    def convert(self, text: str, context: MarkdownContext) -> RenderedMarkdown:
        """Convert the text of a page. Raises ConversionError with all errors in it."""
        errors = context.page_state.errors
        try:
            document = self._rendered(text, context)
        except MarkdownError as error:  # the rest of the text cannot be checked
            raise ConversionError([*errors, error]) from error
        if errors:
            raise ConversionError(errors)
        return document

    def _rendered(self, text: str, context: MarkdownContext) -> RenderedMarkdown:
        env, tokens = self._parse(text, context)
        pieces = self._render(tokens, env, context)
        html = "".join(pieces)
        summary = self._before_marker(tokens, pieces, html)
        if not summary and self._settings.auto_summary:
            summary = first_paragraph(tokens, pieces)
        if self._has_eager_pictures:
            summary = all_lazy(summary)
        headings = (h for h in context.page_state.headings if h.level <= self._settings.toc_depth)
        return RenderedMarkdown(html + self._notes(context), summary, nest(headings))

    def _before_marker(self, tokens: list[Token], pieces: list[str], html: str) -> str:  # noqa: ARG002 for subclasses
        return text_before_marker(html)

    def body(self, text: str, context: MarkdownContext) -> str:
        """Convert the body of a shortcode on the page that calls it."""
        if len(context.page_state.envs) > MAX_DEPTH:
            raise MarkdownError(f"shortcodes are nested more than {MAX_DEPTH} deep")
        env, tokens = self._parse(text, context)
        return "".join(self._render(tokens, env, context))

    def _parse(self, text: str, context: MarkdownContext) -> tuple[ParserEnv, list[Token]]:
        env: ParserEnv = {
            "ref_links": {},
            "context": context,
            "page_state": context.page_state,
            "in_link": False,
        }
        state = BoundedBlockState.of_text(env, context.page_state.depth)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not _PLAIN.fullmatch(text):
            text = _CONTROL.sub(replaced_control, text)
        state.process(text if text.endswith("\n") else text + "\n")
        self._parser.block.parse(state)
        if _BOX.search(text):
            task_lists_hook(self._parser, state)
        footnotes = env.get("ref_footnotes") or {}
        env["notes"] = {key: Footnote(words, env) for key, words in footnotes.items()}
        if context.page_state.envs:
            _inherit(env, context.page_state.envs[-1])
        return env, state.tokens

    def _render(self, tokens: list[Token], env: ParserEnv, context: MarkdownContext) -> list[str]:
        context.page_state.envs.append(env)
        try:
            return self._html.render(tokens, env)
        finally:
            context.page_state.envs.pop()

    def _notes(self, context: MarkdownContext) -> str:
        """Return the footnotes of the page. One may refer to others, which then follow."""
        notes = context.page_state.notes
        if not notes:
            return ""
        # Rendering a note may add notes. The links back come last: they need all references.
        texts = [self._note(note, context) for note in notes]
        items = "".join(map(self._html.footnote, notes, texts))
        return f'<section class="footnotes" role="doc-endnotes">\n<ol>\n{items}</ol>\n</section>\n'

    def _note(self, note: Footnote, context: MarkdownContext) -> str:
        return "".join(
            self._render(blocks_of(note, self._parser.block, note.env), note.env, context)
        )


def replaced_control(control: re.Match[str]) -> str:
    """Return what replaces a control character: form feeds and vertical tabs are white space."""
    return " " if control[0] in "\f\v" else "\ufffd"


def _inherit(env: ParserEnv, outer: ParserEnv) -> None:
    for name in INHERITED:
        if outer.get(name):
            env[name] = {**outer[name], **(env.get(name) or {})}
