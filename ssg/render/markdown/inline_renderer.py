"""HTML of mistune's inline tokens: text, links, images, code spans, formulas, references."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from mistune import HTMLRenderer, InlineParser
from mistune.util import escape_url, unescape

from ssg.model.settings import SiteSettings
from ssg.render.markdown.page_state import PageState, ParserEnv, Token
from ssg.render.markdown.summary import SUMMARY_MARKERS
from ssg.render.markdown.text_to_html import (
    PunctuationState,
    SmartPunctuation,
    escape,
    mark_abbreviations,
    split_urls,
)
from ssg.render.pictures.image_element import EAGER, FIRST, LAZY, ImageElement

RenderMethod = Callable[[Token, ParserEnv], str]


_MISTUNE_RENDERER = HTMLRenderer()
_WITHOUT_TEXT = frozenset({"inline_html", "footnote_ref", "shortcode_inline"})


@lru_cache(maxsize=2048)
def safe_url(url: str) -> str:
    """Escape a URL for an attribute. A URL that would run code becomes `#harmful-link`."""
    return escape(_MISTUNE_RENDERER.sanitize_url(url))


def plain_text(tokens: Iterable[Token]) -> str:
    """Return the text of tokens without markup."""
    return "".join(map(_text_of, tokens))


def _text_of(token: Token) -> str:
    if token["type"] in _WITHOUT_TEXT:
        return ""
    if "children" in token:
        return plain_text(token["children"])
    return unescape(token["raw"]) if token["type"] == "text" else token.get("raw", " ")


class InlineRenderer:
    """Renders inline tokens. It keeps no state between texts.

    `methods` maps each type of token to the method that renders it, `_on_TYPE`.
    """

    def __init__(self, settings: SiteSettings, inline: InlineParser) -> None:
        self._markdown = settings.markdown
        self._host = urlsplit(settings.base_url).netloc
        self._external_attributes = self._read_external_attributes()
        self._inline = inline
        smart = self._markdown.smart_punctuation
        self._punctuation = SmartPunctuation(settings.language_code) if smart else None
        own = (name for name in dir(self) if name.startswith("_on_"))
        self.methods: dict[str, RenderMethod] = {name[4:]: getattr(self, name) for name in own}
        self._eager = settings.images.eager if settings.images else 0
        self._has_images = settings.images is not None
        if self._has_images:
            self.methods["image"] = self._site_image

    def _inner(self, token: Token, env: ParserEnv) -> str:
        """Render what a token contains: other tokens, or a text that is not parsed yet."""
        methods = self.methods
        if "children" in token:
            return "".join([methods[child["type"]](child, env) for child in token["children"]])
        if self._punctuation:
            env["punctuation"] = PunctuationState()
        tokens = self._tokens(token, env)
        return "".join([methods[child["type"]](child, env) for child in tokens])

    def _tokens(self, token: Token, env: ParserEnv) -> list[Token]:
        """Parse the text of a block. White space outside ASCII is part of the text."""
        return self._inline(token["text"].strip(" \r\n\t\f"), env)

    # -- texts ---------------------------------------------------------------------------------

    def _on_text(self, token: Token, env: ParserEnv) -> str:
        text: str = token["raw"]
        if "://" in text and not env["in_link"]:
            return self._linked(text, env)
        if self._punctuation or "ref_abbrs" in env:
            return self._finished(text, env)
        return escape(text)

    def _linked(self, text: str, env: ParserEnv) -> str:
        parts = split_urls(text)
        for index, part in enumerate(parts):
            parts[index] = self._bare_url(part, env) if index % 2 else self._finished(part, env)
        return "".join(parts)

    def _bare_url(self, url: str, env: ParserEnv) -> str:
        text: Token = {"type": "escaped", "raw": url}
        token = {"type": "link", "attrs": {"url": escape_url(url)}, "children": [text]}
        return self.methods["link"](token, env)

    def _finished(self, text: str, env: ParserEnv) -> str:
        if "ref_abbrs" in env:
            return mark_abbreviations(text, env, lambda part: self._punctuated(part, env))
        return self._punctuated(text, env)

    def _punctuated(self, text: str, env: ParserEnv) -> str:
        return escape(self._punctuation(text, env["punctuation"]) if self._punctuation else text)

    def _on_escaped(self, token: Token, env: ParserEnv) -> str:
        return escape(self._passed(token["raw"], env))

    def _passed(self, text: str, env: ParserEnv) -> str:
        """Pass over a piece without punctuation: a quotation mark after it closes."""
        if self._punctuation and text:
            env["punctuation"].before = text[-1]
        return text

    def _on_emphasis(self, token: Token, env: ParserEnv) -> str:
        return f"<em>{self._inner(token, env)}</em>"

    def _on_strong(self, token: Token, env: ParserEnv) -> str:
        return f"<strong>{self._inner(token, env)}</strong>"

    def _on_strikethrough(self, token: Token, env: ParserEnv) -> str:
        return f"<del>{self._inner(token, env)}</del>"

    def _on_codespan(self, token: Token, env: ParserEnv) -> str:
        return f"<code>{verbatim(self._passed(token['raw'], env))}</code>"

    def _on_inline_math(self, token: Token, env: ParserEnv) -> str:
        return f'<span class="math inline">{verbatim(self._passed(token["raw"], env))}</span>'

    def _on_display_math(self, token: Token, env: ParserEnv) -> str:
        return f'<span class="math display">{verbatim(self._passed(token["raw"], env))}</span>'

    def _on_softbreak(self, _: Token, env: ParserEnv) -> str:
        return self._passed("\n", env)

    def _on_linebreak(self, _: Token, env: ParserEnv) -> str:
        return "<br />" + self._passed("\n", env)

    def _on_inline_html(self, token: Token, env: ParserEnv) -> str:
        html: str = token["raw"]
        if not self._markdown.raw_html and html not in SUMMARY_MARKERS:
            return verbatim(html)
        start = html[:3].lower()
        if start in {"<a ", "<a>", "<a\n", "</a"}:  # a bare URL in a link is not a link
            env["in_link"] = start != "</a"
        return html

    # -- links ---------------------------------------------------------------------------------

    def _on_link(self, token: Token, env: ParserEnv) -> str:
        attrs = token["attrs"]
        url: str = env["context"].link(attrs["url"])
        title = f' title="{escape(attrs["title"])}"' if attrs.get("title") else ""
        text = self._link_text(token, env)
        return f'<a href="{safe_url(url)}"{title}{self._link_attributes(url)}>{text}</a>'

    def _link_text(self, token: Token, env: ParserEnv) -> str:
        outer, env["in_link"] = env["in_link"], True
        text = self._inner(token, env)
        env["in_link"] = outer
        return text

    def _on_image(self, token: Token, env: ParserEnv) -> str:
        attrs = token["attrs"]
        url = env["context"].link(attrs["url"])
        title = f' title="{escape(attrs["title"])}"' if attrs.get("title") else ""
        return (
            f'<img src="{safe_url(url)}" alt="{verbatim(plain_text(token["children"]))}"{title} />'
        )

    def _site_image(self, token: Token, env: ParserEnv) -> str:
        """An image of a site with `[images]`."""
        attrs = token["attrs"]
        url = env["context"].link(attrs["url"])
        element: ImageElement | None = env["context"].picture(attrs["url"], url)
        title = f' title="{escape(attrs["title"])}"' if attrs.get("title") else ""
        text = f' alt="{verbatim(plain_text(token["children"]))}"{title}'
        if element is None:
            return f'<img src="{safe_url(url)}"{text} />'
        is_eager, is_first = self._loading(env["page_state"])
        return element.html(text + (FIRST if is_first else EAGER if is_eager else LAZY))

    def _loading(self, page_state: PageState) -> tuple[bool, bool]:
        """Whether the next picture of the page loads at once, and before all others."""
        page_state.pictures += 1
        is_eager = page_state.pictures <= self._eager
        return is_eager, is_eager and page_state.pictures == 1

    def _link_attributes(self, url: str) -> str:
        """Return the attributes of a link that leads to another site."""
        return self._external_attributes if self._is_external(url) else ""

    def _is_external(self, url: str) -> bool:
        if not url.startswith(("http://", "https://", "//")):
            return False
        return url.partition("//")[2].partition("/")[0] != self._host

    def _read_external_attributes(self) -> str:
        chosen = self._markdown
        values = {
            "class": chosen.external_links_class,
            "rel": chosen.external_links_rel,
            "target": chosen.external_links_target,
        }
        return "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value)

    # -- footnotes and shortcodes --------------------------------------------------------------

    def _on_footnote_ref(self, token: Token, env: ParserEnv) -> str:
        note = env["notes"][token["raw"]]
        own = env["context"].page_state.add_reference(note)
        link = f'<a href="#{note.id}" role="doc-noteref">{note.number}</a>'
        shown = note.number if env["in_link"] else link  # HTML has no links in links
        return f'<sup class="footnote-ref" id="{own}">{shown}</sup>'

    def _on_shortcode_inline(self, token: Token, env: ParserEnv) -> str:
        html: str = env["context"].shortcode(**token["attrs"])
        return self._passed(html, env)


def verbatim(text: str) -> str:
    """Escape a text, and keep its character references as they are written."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return text.replace(">", "&gt;").replace('"', "&quot;")
