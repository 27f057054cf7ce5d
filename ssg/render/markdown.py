"""Markdown -> HTML, with heading ids, a table of contents, links between pages, shortcodes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import mistune
from mistune import BlockState
from mistune.plugins.footnotes import footnotes
from mistune.plugins.formatting import strikethrough
from mistune.plugins.table import table
from mistune.plugins.task_lists import task_lists
from mistune.util import escape_url, safe_entity

from ssg.model.settings import MarkdownSettings
from ssg.model.urls import slugify
from ssg.render.highlight import code_block
from ssg.render.shortcodes import shortcodes

_URL = re.compile(r"""((?<![\w/:])https?://[^\s<]*[^\s<.,:;!?"'*_~)\]])""")

MORE_FORMS = ("<!-- more -->", "<!--more-->")
"""Marks the end of a summary."""


@dataclass(slots=True)
class Heading:
    """An entry of a table of contents."""

    level: int
    id: str
    title: str
    children: list[Heading] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Document:
    """A converted text. `summary` is what stands before the `more` marker, or ''."""

    html: str
    summary: str
    toc: tuple[Heading, ...]


class Scope(Protocol):
    """What a text may ask of the site around it."""

    ids: set[str]
    """Ids in use on the page. A shortcode's body is a text of its own, but on the same page."""

    def link(self, target: str) -> str:
        """The URL for a link's target: `@/page.md`, `other.md#part`, `image.png`."""

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:
        """The HTML of a shortcode."""


class _HTML(mistune.HTMLRenderer):
    def __init__(self, *, highlight: bool) -> None:
        super().__init__(escape=False)
        self._highlight = highlight

    def render_token(self, token: dict[str, Any], state: BlockState) -> str:
        match token["type"]:
            case "text" if "://" in token["raw"] and not state.env.get("in_link"):
                return autolink(token["raw"])
            case "link" | "image" as kind:
                attrs = token["attrs"]
                attrs["url"] = state.env["scope"].link(attrs["url"])
                if kind == "link":
                    return self._link_token(token, state)
            case "shortcode" | "shortcode_inline":
                return str(state.env["scope"].shortcode(**token["attrs"]))
        return super().render_token(token, state)

    def _link_token(self, token: dict[str, Any], state: BlockState) -> str:
        state.env["in_link"] = True
        try:
            return super().render_token(token, state)
        finally:
            state.env["in_link"] = False

    def block_code(self, code: str, info: str | None = None) -> str:
        language = info.split(None, 1)[0] if info and info.strip() else ""
        return code_block(code, language, colour=self._highlight)


def autolink(text: str) -> str:
    """Escape a text, and make links of the URLs in it (GFM, "Autolinks (extension)").

    Done to finished texts and not as a rule of the parser, as GFM's own does: a rule would be
    tried at every letter `h`, which takes a third of the time of a page.
    """
    parts = _URL.split(text)
    for index, part in enumerate(parts):
        shown = safe_entity(part)
        is_url = index % 2
        parts[index] = f'<a href="{safe_entity(escape_url(part))}">{shown}</a>' if is_url else shown
    return "".join(parts)


class Converter:
    """A reusable Markdown converter. It keeps nothing of one text for the next."""

    def __init__(self, settings: MarkdownSettings) -> None:
        self._toc_depth = settings.toc_depth
        self._markdown = mistune.Markdown(
            renderer=_HTML(highlight=settings.highlight),
            plugins=[strikethrough, footnotes, table, task_lists, shortcodes],
        )
        self._markdown.before_render_hooks.append(_name_headings)

    def convert(self, text: str, scope: Scope) -> Document:
        state = self._markdown.block.state_cls()
        state.env["scope"] = scope
        html, state = self._markdown.parse(text, state)
        document = str(html)
        toc = _nest(h for h in state.env["headings"] if h.level <= self._toc_depth)
        return Document(document, _summary(document), toc)


def _name_headings(markdown: mistune.Markdown, state: BlockState) -> None:
    """Give every heading an id of its own, from its text."""
    headings: list[Heading] = []
    used = state.env["scope"].ids
    for token in state.tokens:
        if token["type"] == "heading":
            token["children"] = markdown.inline(token.pop("text").strip(), state.env)
            title = _plain(token["children"])
            identifier = _unused(slugify(title) or "section", used)
            token["attrs"]["id"] = identifier
            headings.append(Heading(token["attrs"]["level"], identifier, title))
    state.env["headings"] = headings


def _plain(tokens: Iterable[dict[str, Any]]) -> str:
    return "".join(
        _plain(token["children"]) if "children" in token else token.get("raw", " ")
        for token in tokens
        if token["type"] not in {"inline_html", "footnote_ref", "shortcode_inline"}
    )


def _unused(wanted: str, used: set[str]) -> str:
    identifier, count = wanted, 1
    while identifier in used:
        count += 1
        identifier = f"{wanted}-{count}"
    used.add(identifier)
    return identifier


def _nest(headings: Iterable[Heading]) -> tuple[Heading, ...]:
    """A flat list by level -> a tree. A skipped level nests under the nearest above it."""
    top: list[Heading] = []
    open_headings: list[Heading] = []
    for heading in headings:
        while open_headings and open_headings[-1].level >= heading.level:
            open_headings.pop()
        (open_headings[-1].children if open_headings else top).append(heading)
        open_headings.append(heading)
    return tuple(top)


def _summary(html: str) -> str:
    for form in MORE_FORMS:
        head, marker, _ = html.partition(form)
        if marker:
            return head.rstrip()
    return ""
