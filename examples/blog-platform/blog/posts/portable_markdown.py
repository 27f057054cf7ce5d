"""Makes texts of strangers to texts of a site, in which more has a meaning.

Here `{{ name() }}` is text; on a site of one's own it calls a shortcode, and a link to `@/page.md`
must find that page. So a text is written such that the converter of a site's own texts finds
neither: with references for the first characters outside of code, or else everywhere, or else as
one block of code. Which of these it is, the converter itself says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.converter import MarkdownConverter
from ssg.render.markdown.links import is_internal
from ssg.render.markdown.page_state import ConversionError, PageState, WrittenImage
from ssg.render.pictures.image_element import ImageElement

_CODE = re.compile(
    r"^[ \t>]*(?P<fence>(?P<mark>[`~])(?P=mark){2,}+)(?s:.*?)(?:^[ \t>]*(?P=fence)|\Z)"
    r"|(?<!`)(?P<tick>`+)(?!`)[^\n]*?(?<!`)(?P=tick)(?!`)",
    re.M,
)
_CALL = re.compile(r"(?<!\\)((?:\\\\)*)\{(?=[{%])")
_ABBREVIATION = re.compile(r"^( {0,3})\*(?=\[)", re.M)
_TARGET = re.compile(r"(\]\(\s*<?|\]:\s*<?)([^\s>()]+)")


def portable(text: str) -> str:
    """The text for a site of one's own. It looks the same, as far as it can."""
    return next(one for one in _forms(text) if _is_plain(one))


def _forms(text: str) -> Iterator[str]:
    if not _ABBREVIATION.search(text):
        yield text
    yield _outside_of_code(text)
    yield _escaped(text)
    fence = "`" * (max((len(one) for one in re.findall("`+", text)), default=2) + 3)
    yield f"{fence}text\n{text}\n{fence}"


def _outside_of_code(text: str) -> str:
    pieces, end = [], 0
    for code in _CODE.finditer(text):
        pieces += [_escaped(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*pieces, _escaped(text[end:])])


def _escaped(text: str) -> str:
    text = _CALL.sub(r"\1&#123;", text)
    text = _ABBREVIATION.sub(r"\1\\*", text)
    return _TARGET.sub(lambda link: link[1] + _escaped_target(link[2]), text)


def _escaped_target(target: str) -> str:
    """A target that is an address, not the name of a file of the site."""
    if not is_internal(target):
        return target
    return re.sub(r"\.md(?=[?#]|$)", "%2Emd", target.replace("@/", "%40/", 1))


@dataclass
class _Listening:
    """The context of a text, which notes what the text asks of its site."""

    page_state: PageState = field(default_factory=PageState)
    is_asked: bool = False

    def link(self, target: str) -> str:
        self.is_asked |= is_internal(target)
        return target

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:  # noqa: ARG002 it is one
        self.is_asked = True
        return ""

    def picture(self, target: str, url: str) -> ImageElement | None:
        """A site without `[images]` asks for none."""
        raise AssertionError(target, url)

    def image(self, target: str, url: str, written: WrittenImage) -> object | None:
        """The same."""
        raise AssertionError(target, url, written)

    def hook(self, name: str, values: Mapping[str, Any]) -> str:
        """A site without hooks has none to call."""
        raise AssertionError(name, values)


def _is_plain(text: str) -> bool:
    """Whether a text asks nothing of its site, and has no errors."""
    context = _Listening()
    try:
        _converter().convert(text, context)
    except ConversionError:
        return False
    return not context.is_asked


def _converter() -> MarkdownConverter:
    return MarkdownConverter(SiteSettings(markdown=MarkdownSettings(raw_html=False)))
