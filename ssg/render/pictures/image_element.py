"""The HTML of a picture: `<img>`, or `<picture>` if it has several formats."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import escape

from ssg.model.images.picture import Picture
from ssg.model.images.resized import SizedAddress
from ssg.model.images.settings import Placeholder
from ssg.render.pictures.candidates import CandidateList

LAZY = ' loading="lazy"'
EAGER = ' loading="eager"'
FIRST = ' loading="eager" fetchpriority="high"'
"""Of the first of the pictures that load at once."""


def all_lazy(html: str) -> str:
    """The HTML of a summary: a list shows many, so their pictures load when they come near."""
    return html.replace(FIRST, LAZY).replace(EAGER, LAZY)


@dataclass(frozen=True, slots=True)
class ImageElement:
    """The element of a picture, in two parts: between them stand the attributes of one place."""

    start: str
    end: str

    def html(self, attributes: str) -> str:
        """The element with further attributes of `<img>`: ` alt="A boat" loading="lazy"`."""
        return f"{self.start}{attributes}{self.end}"


def plain_element(url: str, width: int, height: int) -> ImageElement:
    """The element of a picture that is shown as it is."""
    size = size_attributes(width, height)
    return ImageElement(f'<img src="{escape(url)}"', f'{size} decoding="async" />')


def resized_element(found: SizedAddress, base: str, sizes: str) -> ImageElement:
    """The element of a picture that another service resizes, below the base path of the site."""
    url, _ = found.candidates[-1]
    if len(found.candidates) == 1:
        return plain_element(base + url, found.width, found.height)
    srcset = ", ".join(f"{base}{one} {width}w" for one, width in found.candidates)
    attributes = f' srcset="{escape(srcset)}" sizes="{escape(sizes)}"'
    size = size_attributes(found.width, found.height)
    start = f'<img src="{escape(base + url)}"'
    return ImageElement(start, f'{attributes}{size} decoding="async" />')


def responsive_element(
    lists: tuple[CandidateList, ...], sizes: str, style: str = "", fragment: str = ""
) -> ImageElement:
    """The element of a picture in some formats, the best first. `fragment` belongs to `src`."""
    *better, last = lists
    sources = "".join(_source(one, sizes) for one in better)
    srcset = f' srcset="{escape(last.srcset)}"{_sizes(last, sizes)}' if last.srcset else ""
    size = size_attributes(last.sized.width, last.sized.height)
    styled = f' style="{escape(style)}"' if style else ""
    start = f'<img src="{escape(last.shown.url + fragment)}"'
    end = f'{srcset}{size} decoding="async"{styled} />'
    if not sources:
        return ImageElement(start, end)
    return ImageElement(f"<picture>{sources}{start}", f"{end}</picture>")


def _source(one: CandidateList, sizes: str) -> str:
    srcset = escape(one.source_set)
    return f'<source type="image/{one.format}" srcset="{srcset}"{_sizes(one, sizes)} />'


def _sizes(one: CandidateList, sizes: str) -> str:
    return f' sizes="{escape(sizes)}"' if one.srcset and not one.is_fixed else ""


def size_attributes(width: int, height: int) -> str:
    """Width and height in pixels, if both are known."""
    return f' width="{width}" height="{height}"' if width and height else ""


def placeholder_style(picture: Picture, kind: str) -> str:
    """The CSS of what is shown until a picture has loaded; '' for none.

    One with transparency has none: it would show through.
    """
    if kind == Placeholder.NONE or picture.has_alpha:
        return ""
    if kind == Placeholder.BLUR and picture.placeholder:
        return f"background:url({picture.placeholder}) 0 0/100% 100% no-repeat"
    return f"background:{picture.color}" if picture.color else ""
