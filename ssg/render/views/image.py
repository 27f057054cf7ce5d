"""A picture in templates: its addresses and sizes, and its HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from ssg.model.images.picture import Picture
from ssg.render.markdown.page_state import WrittenImage
from ssg.render.pictures.candidates import Candidate, CandidateList
from ssg.render.pictures.image_element import (
    ImageElement,
    plain_element,
    responsive_element,
)
from ssg.render.pictures.site_pictures import ShownPicture, SitePictures


class SourceView:
    """A format of a picture that a browser may choose: a `<source>`."""

    def __init__(self, one: CandidateList, sizes: str) -> None:
        self.type = f"image/{one.format}"
        self.format = one.format
        self.srcset = one.source_set
        self.sizes = sizes


@dataclass(frozen=True, slots=True)
class ImageAttributes:
    """What a template says of the element of a picture."""

    alt: str = ""
    title: str = ""
    sizes: str = ""
    """How wide browsers will show it; '' for a picture of fixed size."""
    loading: str = "lazy"
    style: str = ""
    others: Mapping[str, str | bool] | None = None


NO_ATTRIBUTES = ImageAttributes()


class ImageView:
    """A picture in some sizes and formats. As a text, it is its URL."""

    def __init__(
        self,
        picture: Picture,
        pictures: SitePictures,
        lists: tuple[CandidateList, ...],
        attributes: ImageAttributes = NO_ATTRIBUTES,
        shown: Candidate | None = None,
    ) -> None:
        """`lists` is empty for a picture that is shown as it is. `shown` is then its size."""
        self._picture = picture
        self._pictures = pictures
        self._lists = lists
        self._attributes = attributes
        self._whole = shown or Candidate("", picture.width, picture.height)

    # -- the picture -------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """The path of the picture itself, or its URL if it is of another host."""
        return self._picture.path

    @property
    def alt(self) -> str:
        return self._attributes.alt

    @property
    def color(self) -> str:
        """The dominant colour, `#aabbcc`."""
        return self._picture.color

    @property
    def placeholder(self) -> str:
        """A tiny copy as a `data:` URL."""
        return self._picture.placeholder

    @property
    def orig_width(self) -> int:
        return self._picture.width

    @property
    def orig_height(self) -> int:
        return self._picture.height

    # -- what `<img>` shows ------------------------------------------------------------------

    @cached_property
    def _shown(self) -> Candidate:
        """The candidate of `src`."""
        if not self._lists:
            return self._whole._replace(url=self._pictures.whole_url(self._picture))
        return self._lists[-1].shown

    @property
    def url(self) -> str:
        return self._shown.url

    @property
    def permalink(self) -> str:
        return self._pictures.absolute(self.url)

    @property
    def width(self) -> int:
        """In pixels of CSS, as in the HTML."""
        return self._sized.width

    @property
    def height(self) -> int:
        return self._sized.height

    @property
    def _sized(self) -> Candidate:
        """A picture of fixed size has that of its first candidate, others that of the widest."""
        return self._lists[-1].sized if self._lists else self._whole

    @property
    def format(self) -> str:
        return self._lists[-1].format if self._lists else self._picture.format

    @property
    def srcset(self) -> str:
        """The candidates in the format of `url`; '' if there is only one."""
        return self._lists[-1].srcset if self._lists else ""

    @property
    def sources(self) -> list[SourceView]:
        """The better formats, the best first."""
        return [SourceView(one, self._attributes.sizes) for one in self._lists[:-1]]

    @property
    def static_path(self) -> str:
        """The file of `url` in the publish folder; Zola's name."""
        return self._pictures.file_of(self.url)

    @property
    def html(self) -> Markup:
        """`<img>`, or `<picture>` if there are several formats."""
        given = self._attributes
        written = "".join(map(_attribute, self._listed().items()))
        return Markup(self._element(given).html(written))  # noqa: S704 all parts are escaped

    def _element(self, given: ImageAttributes) -> ImageElement:
        if not self._lists:
            return plain_element(self.url, self._whole.width, self._whole.height)
        return responsive_element(self._lists, given.sizes, given.style)

    def _listed(self) -> dict[str, str | bool]:
        given = self._attributes
        named = {"title": given.title, "loading": given.loading}
        listed = {name: value for name, value in named.items() if value}
        return {"alt": given.alt, **listed, **(given.others or {})}

    def __str__(self) -> str:
        return self.url

    def __html__(self) -> str:
        return escape(self.url)


def written_image(shown: ShownPicture, pictures: SitePictures, written: WrittenImage) -> ImageView:
    """The picture of a text, for its render hook."""
    settings, picture = pictures.settings, shown.picture
    attributes = ImageAttributes(
        written.alt,
        written.title,
        settings.sizes,
        "eager" if written.is_eager else "lazy",
        pictures.style(picture, settings.placeholder),
        {"fetchpriority": "high"} if written.is_first else None,
    )
    return ImageView(picture, pictures, shown.lists, attributes)


def _attribute(item: tuple[str, str | bool]) -> str:
    name, value = item
    if value is True:
        return f" {name}"
    return "" if value is False or value is None else f' {name}="{escape(value)}"'
