"""HTML of mistune's tokens: blocks, and the render hooks that may replace them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from markupsafe import Markup
from mistune import InlineParser
from mistune.util import unescape

from ssg.model.settings import SiteSettings
from ssg.render.markdown.alerts import default_title
from ssg.render.markdown.attributes import Attributes, split_info
from ssg.render.markdown.code_blocks import Highlight, code_block, file_name, highlighted
from ssg.render.markdown.heading_ids import heading_id
from ssg.render.markdown.inline_renderer import (
    InlineRenderer,
    plain_text,
    safe_url,
    verbatim,
)
from ssg.render.markdown.page_state import (
    Footnote,
    MarkdownError,
    ParserEnv,
    TocEntry,
    Token,
    WrittenImage,
)
from ssg.render.markdown.summary import SUMMARY_MARKERS
from ssg.render.markdown.text_to_html import PunctuationState, escape

HOOKS: Mapping[str, tuple[str, ...]] = {
    "link": ("link",),
    "image": ("image",),
    "heading": ("heading",),
    "code": ("block_code",),
    "blockquote": ("block_quote", "alert"),
}
"""Render hooks (the templates `markdown/NAME.html`) and the types of tokens that each renders."""

_CHECKBOX_LABELS: Mapping[str, tuple[str, str]] = {
    "ar": ("لم يتم", "تم"), "de": ("offen", "erledigt"), "en": ("to do", "done"),
    "fr": ("à faire", "fait"),
}  # fmt: skip
"""Labels of a task's checkbox for screen readers: unchecked, checked."""
_UNSAFE_ATTRIBUTE = re.compile(r"on|style$", re.I)


class HtmlRenderer(InlineRenderer):
    """Renders tokens. A render hook that the site does not have costs nothing."""

    def __init__(
        self, settings: SiteSettings, inline: InlineParser, hooks: Collection[str] = ()
    ) -> None:
        super().__init__(settings, inline)
        language = settings.language_code.partition("-")[0].lower()
        self._language = language
        self._checkbox_labels = _CHECKBOX_LABELS.get(language, _CHECKBOX_LABELS["en"])
        for hook in hooks:
            for kind in HOOKS[hook]:
                self.methods[kind] = getattr(self, f"_hook_{hook}")

    def render(self, tokens: Iterable[Token], env: ParserEnv) -> list[str]:
        """Return the HTML of each token, in order."""
        methods = self.methods
        return [methods[token["type"]](token, env) for token in tokens]

    # -- blocks --------------------------------------------------------------------------------

    def _on_paragraph(self, token: Token, env: ParserEnv) -> str:
        return f"<p>{self._inner(token, env)}</p>\n"

    def _on_block_text(self, token: Token, env: ParserEnv) -> str:
        return self._inner(token, env)

    def _on_blank_line(self, _: Token, __: ParserEnv) -> str:
        return ""

    def _on_thematic_break(self, _: Token, __: ParserEnv) -> str:
        return "<hr />\n"

    def _on_block_html(self, token: Token, _: ParserEnv) -> str:
        html: str = token["raw"]
        if self._markdown.raw_html or html.strip() in SUMMARY_MARKERS:
            return html + "\n"
        return f"<p>{verbatim(html.strip())}</p>\n"

    def _on_block_math(self, token: Token, _: ParserEnv) -> str:
        return f'<div class="math display">{verbatim(token["raw"])}</div>\n'

    def _on_block_quote(self, token: Token, env: ParserEnv) -> str:
        return f"<blockquote>\n{self._inner(token, env)}</blockquote>\n"

    def _on_alert(self, token: Token, env: ParserEnv) -> str:
        kind, title = token["kind"], self._alert_title(token, env)
        inner = self._inner(token, env)
        if token["fold"]:
            is_open = " open" if token["fold"] == "open" else ""
            head = f'<summary class="alert-title">{title}</summary>\n'
            return f'<details class="alert alert-{kind}"{is_open}>\n{head}{inner}</details>\n'
        head = f'<p class="alert-title">{title}</p>\n'
        return f'<div class="alert alert-{kind}" role="note">\n{head}{inner}</div>\n'

    def _alert_title(self, token: Token, env: ParserEnv) -> str:
        if not token["title"]:
            return verbatim(default_title(token, self._language))
        return self._inner({"text": token["title"]}, env)

    def _on_block_code(self, token: Token, env: ParserEnv) -> str:
        if token.get("style") == "indent" and not token["raw"].strip():
            return ""  # mistune takes a line of five spaces or more for code; it is a blank line
        language, attributes = _info(token)
        return self._code(token["raw"], language, attributes, env)

    def _code(self, code: str, language: str, attributes: Attributes, env: ParserEnv) -> str:
        try:
            return self._code_block(code, language, attributes, highlighted)
        except MarkdownError as error:
            env["context"].page_state.add_error(error)
            return ""

    def _code_block(
        self, code: str, language: str, attributes: Attributes, highlight: Highlight | None
    ) -> str:
        chosen = self._markdown
        return code_block(
            code,
            language,
            highlight=highlight if chosen.highlight else None,
            numbered=chosen.line_numbers and bool(language),
            attributes=attributes,
        )

    def _on_shortcode(self, token: Token, env: ParserEnv) -> str:
        page_state = env["context"].page_state
        outer, page_state.depth = page_state.depth, token["depth"]
        html: str = env["context"].shortcode(**token["attrs"])
        page_state.depth = outer
        return html

    # -- headings ------------------------------------------------------------------------------

    def _on_heading(self, token: Token, env: ParserEnv) -> str:
        level, attributes, _ = self._heading(token, env)
        listed = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        return f"<h{level}{listed}>{self._inner(token, env)}</h{level}>\n"

    def _heading(self, token: Token, env: ParserEnv) -> tuple[int, Attributes, str]:
        """Return level, attributes and plain title of a heading, and reserve its id."""
        token["children"] = self._tokens(token, env)
        level, title = self._level(token, env), plain_text(token["children"])
        given = token.get("attributes") or {}
        page_state = env["context"].page_state
        identifier = given.get("id") or heading_id(title) or "section"
        if not token.get("has_id"):
            identifier = page_state.unique_id(identifier)
        if self._punctuation:
            env["punctuation"] = PunctuationState()
            title = self._punctuation(title, PunctuationState())
        if token["in_toc"]:
            page_state.headings.append(TocEntry(level, identifier, title))
        return level, {"id": identifier, **self._kept(given)} | {"id": identifier}, title

    def _level(self, token: Token, env: ParserEnv) -> int:  # noqa: ARG002 for subclasses
        level: int = token["attrs"]["level"]
        return level

    def _kept(self, attributes: Attributes) -> Attributes:
        """Return the attributes of a heading that its text may set."""
        if self._markdown.raw_html:
            return attributes
        return {name: attributes[name] for name in attributes if not _UNSAFE_ATTRIBUTE.match(name)}

    # -- lists and tables ----------------------------------------------------------------------

    def _on_list(self, token: Token, env: ParserEnv) -> str:
        attrs, inner = token["attrs"], self._inner(token, env)
        if not attrs["ordered"]:
            return f"<ul>\n{inner}</ul>\n"
        start = f' start="{attrs["start"]}"' if "start" in attrs else ""
        return f"<ol{start}>\n{inner}</ol>\n"

    def _on_list_item(self, token: Token, env: ParserEnv) -> str:
        return f"<li>{self._inner(token, env)}</li>\n"

    def _on_task_list_item(self, token: Token, env: ParserEnv) -> str:
        is_checked = bool(token["attrs"]["checked"])
        checked, label = " checked" if is_checked else "", self._checkbox_labels[is_checked]
        box = f'<input class="task-list-item-checkbox" type="checkbox" aria-label="{label}" '
        box += f"disabled{checked}/>"
        inner = self._inner(token, env)
        start = "<p>" if inner.startswith("<p>") else ""
        return f'<li class="task-list-item">{start}{box}{inner.removeprefix(start)}</li>\n'

    def _on_def_list(self, token: Token, env: ParserEnv) -> str:
        return f"<dl>\n{self._inner(token, env)}</dl>\n"

    def _on_def_list_head(self, token: Token, env: ParserEnv) -> str:
        return f"<dt>{self._inner(token, env)}</dt>\n"

    def _on_def_list_item(self, token: Token, env: ParserEnv) -> str:
        return f"<dd>{self._inner(token, env)}</dd>\n"

    def _on_table(self, token: Token, env: ParserEnv) -> str:
        return f"<table>\n{self._inner(token, env)}</table>\n"

    def _on_table_head(self, token: Token, env: ParserEnv) -> str:
        return f"<thead>\n<tr>\n{self._inner(token, env)}</tr>\n</thead>\n"

    def _on_table_body(self, token: Token, env: ParserEnv) -> str:
        return f"<tbody>\n{self._inner(token, env)}</tbody>\n"

    def _on_table_row(self, token: Token, env: ParserEnv) -> str:
        return f"<tr>\n{self._inner(token, env)}</tr>\n"

    def _on_table_cell(self, token: Token, env: ParserEnv) -> str:
        attrs = token["attrs"]
        name = "th" if attrs["head"] else "td"
        style = f' style="text-align:{attrs["align"]}"' if attrs["align"] else ""
        return f"  <{name}{style}>{self._inner(token, env)}</{name}>\n"

    # -- footnotes -----------------------------------------------------------------------------

    def footnote(self, note: Footnote, html: str) -> str:
        """Return the HTML of a footnote, with a link back to each of its references."""
        links = "".join(
            f' <a href="#{reference}" class="footnote" role="doc-backlink">&#8617;'
            + (f"<sup>{count}</sup></a>" if count > 1 else "</a>")
            for count, reference in enumerate(note.references, 1)
        )
        html = html.rstrip()
        body = html[:-4] + links + "</p>" if html.endswith("</p>") else f"{html}\n{links.strip()}"
        return f'<li id="{note.id}">{body}</li>\n'

    # -- render hooks --------------------------------------------------------------------------

    def _hook_link(self, token: Token, env: ParserEnv) -> str:
        attrs = token["attrs"]
        url = env["context"].link(attrs["url"])
        return _call(
            env,
            "link",
            url=Markup(safe_url(url)),  # noqa: S704 escaped
            target=attrs["url"],
            title=attrs.get("title") or "",
            text=Markup(self._link_text(token, env)),  # noqa: S704 our own HTML
            plain=plain_text(token["children"]),
            external=self._is_external(url),
            attributes=Markup(self._link_attributes(url)),  # noqa: S704 escaped
        ).strip()

    def _hook_image(self, token: Token, env: ParserEnv) -> str:
        attrs = token["attrs"]
        url = env["context"].link(attrs["url"])
        return _call(
            env,
            "image",
            url=Markup(safe_url(url)),  # noqa: S704 escaped
            target=attrs["url"],
            title=attrs.get("title") or "",
            alt=plain_text(token["children"]),
            image=self._image_value(token, url, env) if self._has_images else None,
        ).strip()

    def _image_value(self, token: Token, url: str, env: ParserEnv) -> object | None:
        """The picture of a site with `[images]`."""
        alt, title = plain_text(token["children"]), token["attrs"].get("title") or ""
        written = WrittenImage(alt, title, *self._loading(env["page_state"]))
        found: object | None = env["context"].image(token["attrs"]["url"], url, written)
        return found

    def _hook_heading(self, token: Token, env: ParserEnv) -> str:
        level, attributes, title = self._heading(token, env)
        return _call(
            env,
            "heading",
            level=level,
            id=attributes["id"],
            text=Markup(self._inner(token, env)),  # noqa: S704 our own HTML
            plain=title,
            attributes=attributes,
        )

    def _hook_code(self, token: Token, env: ParserEnv) -> str:
        language, attributes = _info(token)
        return _call(
            env,
            "code",
            code=token["raw"],
            language=language,
            filename=file_name(attributes),
            attributes=attributes,
            html=Markup(self._code(token["raw"], language, attributes, env)),  # noqa: S704 our own
        )

    def _hook_blockquote(self, token: Token, env: ParserEnv) -> str:
        values = {"kind": "", "title": "", "title_html": "", "fold": ""}
        if token["type"] == "alert":
            title = plain_text(self._inline(token["title"], env))
            values = {
                "kind": token["kind"],
                "title": title or default_title(token, self._language),
                "title_html": Markup(self._alert_title(token, env)),  # noqa: S704 our own HTML
                "fold": token["fold"],
            }
        text = Markup(self._inner(token, env))  # noqa: S704 our own HTML
        return _call(env, "blockquote", text=text, **values)


def _call(env: ParserEnv, hook: str, **values: Any) -> str:
    html: str = env["context"].hook(hook, values)
    return html


def _info(token: Token) -> tuple[str, Attributes]:
    attrs = token.get("attrs")
    return split_info(unescape(attrs["info"])) if attrs else ("", {})
