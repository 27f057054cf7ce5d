"""HTML of the tokens of a stranger's text."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from mistune import InlineParser

from ssg.model.settings import SiteSettings
from ssg.model.urls import base_path
from ssg.render.markdown.attributes import Attributes
from ssg.render.markdown.code_blocks import highlighted_code
from ssg.render.markdown.html_renderer import HtmlRenderer
from ssg.render.markdown.inline_renderer import plain_text, verbatim
from ssg.render.markdown.page_state import MarkdownError, ParserEnv, Token
from ssg.render.markdown.summary import SUMMARY_MARKERS
from ssg.render.markdown.text_to_html import escape
from ssg.render.markdown.untrusted.languages import LANGUAGES
from ssg.render.markdown.untrusted.limits import UntrustedState
from ssg.render.markdown.untrusted.url_policy import allowed_image_url, allowed_url
from ssg.render.pictures.image_element import LAZY, ImageElement, resized_element

LINK_RELATIONS = ("ugc", "nofollow", "noopener")
"""`rel` of a link to another host, beside what the site sets."""

_LANGUAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9+#._-]{0,39}")
_HIGHEST_LEVEL, _LOWEST_LEVEL = 2, 6
"""Of a heading. The page has a heading of level 1."""


class UntrustedHtmlRenderer(HtmlRenderer):
    """Renders tokens as elements that cannot run code, look like the page or change it."""

    def __init__(
        self, settings: SiteSettings, inline: InlineParser, hooks: Collection[str] = ()
    ) -> None:
        super().__init__(replace(settings, images=None), inline, hooks)  # no pictures of the site
        self._base = base_path(settings.base_url)
        self._images = settings.images

    # -- HTML is text ------------------------------------------------------------------------------

    def _on_block_html(self, token: Token, _: ParserEnv) -> str:
        html = token["raw"].strip()
        return "" if html in SUMMARY_MARKERS else f"<p>{verbatim(html)}</p>\n"

    def _on_inline_html(self, token: Token, _: ParserEnv) -> str:
        return "" if token["raw"] in SUMMARY_MARKERS else verbatim(token["raw"])

    # -- links -------------------------------------------------------------------------------------

    def _on_link(self, token: Token, env: ParserEnv) -> str:
        url = allowed_url(token["attrs"]["url"], self._base, state_of(env).id_prefix)
        text = self._link_text(token, env)
        if not url:
            return text
        attributes = self._title(url, token, env) + self._link_attributes(url)
        return f'<a href="{verbatim(url)}"{attributes}>{text}</a>'

    def _on_image(self, token: Token, env: ParserEnv) -> str:
        url = allowed_image_url(token["attrs"]["url"], self._base)
        text = verbatim(plain_text(token["children"]))
        if not url:
            return text
        text = f' alt="{text}"{self._title(url, token, env)}'
        element = self._resized(url, env)
        return element.html(text + LAZY) if element else f'<img src="{verbatim(url)}"{text} />'

    def _resized(self, url: str, env: ParserEnv) -> ImageElement | None:
        """Return the element of a picture that another service resizes."""
        found = self._images and self._images.find_resized(url.removeprefix(self._base))
        if not (found and self._images):
            return None
        for address, _ in found.candidates:
            state_of(env).count_address(address, "")
        return resized_element(found, self._base, self._images.sizes)

    def _title(self, url: str, token: Token, env: ParserEnv) -> str:
        title = token["attrs"].get("title") or ""
        state_of(env).count_address(url, title)
        return f' title="{escape(title)}"' if title else ""

    def _read_external_attributes(self) -> str:
        chosen = self._markdown
        rel = dict.fromkeys([*chosen.external_links_rel.split(), *LINK_RELATIONS])
        values = {
            "class": chosen.external_links_class,
            "rel": " ".join(rel),
            "target": chosen.external_links_target,
        }
        return "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value)

    # -- headings and code -------------------------------------------------------------------------

    def _level(self, token: Token, env: ParserEnv) -> int:
        """Return a level below the heading of the page."""
        level = super()._level(token, env) + state_of(env).has_first_level
        return min(max(level, _HIGHEST_LEVEL), _LOWEST_LEVEL)

    def _kept(self, attributes: Attributes) -> Attributes:  # noqa: ARG002 none is kept
        return {}

    def _code(self, code: str, language: str, attributes: Attributes, env: ParserEnv) -> str:
        named = language if _LANGUAGE.fullmatch(language) else ""
        is_known = named.lower() in LANGUAGES and state_of(env).may_highlight(code)
        highlight = highlighted_code if is_known else None
        try:
            return self._code_block(code, named, attributes, highlight)
        except MarkdownError:  # a stranger cannot mend it, and readers want to see the code
            return self._code_block(code, named, {}, highlight)


def state_of(env: ParserEnv) -> UntrustedState:
    state: UntrustedState = env["page_state"]
    return state
