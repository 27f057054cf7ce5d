"""The pictures of a site, as texts and templates show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ssg.model.glob import compile_glob
from ssg.model.images.picture import Picture
from ssg.model.images.service_url import variant_url
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site
from ssg.model.urls import base_path, decode_path
from ssg.render.pictures.candidates import CandidateList, responsive
from ssg.render.pictures.image_element import (
    ImageElement,
    placeholder_style,
    plain_element,
    responsive_element,
)

_MAX_CACHED = 2048
"""The number of URLs whose elements a renderer caches. Lists show the same pictures again."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with its element."""

    picture: Picture
    element: ImageElement


class SitePictures:
    """Finds pictures by their URLs, and writes their elements."""

    def __init__(self, site: Site, settings: ImageSettings) -> None:
        self._site = site
        self.settings = settings
        self._base = base_path(site.settings.base_url)
        self._shown: dict[str, ShownPicture | None] = {}

    def shown(self, url: str) -> ShownPicture | None:
        """The picture at a URL below the base path, with its element in texts; None if unknown."""
        if len(self._shown) >= _MAX_CACHED:
            self._site.forget(self._shown)
        return self._site.remember(self._shown, url, lambda: self._show(url))

    def at(self, url: str) -> Picture | None:
        """The picture at a URL below the base path, or of another host."""
        if not url.startswith("/") or url.startswith("//"):
            return self._site.picture(url)
        raw = url.partition("#")[0].partition("?")[0]
        path = decode_path(raw.removeprefix(self._base))
        return self._site.picture(path) if path else None

    def url(self, variant: Variant) -> str:
        """The URL of a variant. A service of the host is outside of the base path."""
        url = variant_url(variant, self.settings)
        return self._base + url if url == variant.path else url

    def candidates(self, picture: Picture) -> tuple[CandidateList, ...]:
        """What a browser may choose from; empty for a picture that is shown as it is."""
        if not picture.has_variants or picture.width < self.settings.narrowest:
            return ()
        if any(glob.fullmatch(picture.path.removeprefix("/")) for glob in self._excluded):
            return ()
        return responsive(picture, self.settings, self.url)

    def style(self, picture: Picture) -> str:
        """The CSS of what a text shows until a picture has loaded."""
        return placeholder_style(picture, self.settings.placeholder)

    def _show(self, url: str) -> ShownPicture | None:
        picture = self.at(url)
        if picture is None:
            return None
        lists = self.candidates(picture)
        if not lists:
            return ShownPicture(picture, plain_element(url, picture))
        _, sign, fragment = url.partition("#")
        element = responsive_element(
            lists, self.settings.sizes, self.style(picture), sign + fragment
        )
        return ShownPicture(picture, element)

    @cached_property
    def _excluded(self) -> list[re.Pattern[str]]:
        return [compile_glob(glob) for glob in self.settings.exclude]
