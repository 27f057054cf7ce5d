"""The pictures of a site, as texts and templates show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from ssg.model.glob import compile_glob
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.service_url import variant_url
from ssg.model.images.settings import ImageFormat, ImageSettings
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site
from ssg.model.urls import base_path, decode_path, quote_path
from ssg.render.pictures.candidates import CandidateList, candidates_of
from ssg.render.pictures.image_element import (
    ImageElement,
    placeholder_style,
    plain_element,
    resized_element,
    responsive_element,
)
from ssg.render.pictures.image_request import ImageRequest, ImageRequestError

MAX_LENGTH = 2000
"""Of the URL or the name of a picture in characters. Data of live pages may have longer ones."""
_MAX_CACHED = 2048
"""The number of URLs whose elements a renderer caches. Lists show the same pictures again."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with its candidates and its element in texts."""

    picture: Picture
    lists: tuple[CandidateList, ...]
    element: ImageElement


class SitePictures:
    """Finds pictures by their URLs, their candidates, and writes their elements."""

    def __init__(self, site: Site, settings: ImageSettings) -> None:
        self._site = site
        self.settings = settings
        self._base_url = site.settings.base_url.rstrip("/")
        self._base = base_path(site.settings.base_url)
        self._shown: dict[str, ShownPicture | None] = {}
        self._lists: dict[tuple[str, ImageRequest], tuple[CandidateList, ...]] = {}

    # -- pictures in texts -------------------------------------------------------------------

    def shown(self, url: str) -> ShownPicture | None:
        """The picture at a URL below the base path, with its element in texts; None if unknown."""
        if len(url) > MAX_LENGTH:
            return None
        if len(self._shown) >= _MAX_CACHED:
            self._site.forget(self._shown)
        return self._site.remember(self._shown, url, lambda: self._show(url))

    def _show(self, url: str) -> ShownPicture | None:
        picture = self.at(url)
        if picture is None:
            return None
        if self._is_whole(picture):
            element = plain_element(url, picture.width, picture.height)
            return ShownPicture(picture, (), element)
        lists = self.candidates(picture, ImageRequest(self.settings.formats))
        _, sign, fragment = url.partition("#")
        style = self.style(picture, self.settings.placeholder)
        element = responsive_element(lists, self.settings.sizes, style, sign + fragment)
        return ShownPicture(picture, lists, element)

    def resized(self, url: str) -> ImageElement | None:
        """The element of a picture that another service resizes."""
        found = self.settings.find_resized(url.removeprefix(self._base))
        return resized_element(found, self._base, self.settings.sizes) if found else None

    def _is_whole(self, picture: Picture) -> bool:
        """Whether texts show a picture as it is."""
        settings, path = self.settings, picture.path.removeprefix("/")
        return (
            not picture.has_variants
            or picture.width < settings.narrowest
            or any(glob.fullmatch(path) for glob in self._excluded)
            or not ImageRequest(()).recipes_of(picture, settings.widths)
        )

    @cached_property
    def _excluded(self) -> list[re.Pattern[str]]:
        return [compile_glob(glob) for glob in self.settings.exclude]

    # -- pictures and variants ---------------------------------------------------------------

    def at(self, url: str) -> Picture | None:
        """The picture at a URL below the base path, or of another host."""
        if not url.startswith("/") or url.startswith("//"):
            return self._site.picture(url)
        raw = url.partition("#")[0].partition("?")[0]
        path = decode_path(raw.removeprefix(self._base))
        return self._site.picture(path) if path else None

    def candidates(self, picture: Picture, request: ImageRequest) -> tuple[CandidateList, ...]:
        """What a browser may choose from, the best format first. The picture has variants.

        Raises ImageRequestError if the site has no such variant.
        """
        if len(self._lists) >= _MAX_CACHED:
            self._site.forget(self._lists)
        return self._site.remember(
            self._lists, (picture.path, request), lambda: self._candidates(picture, request)
        )

    def _candidates(self, picture: Picture, request: ImageRequest) -> tuple[CandidateList, ...]:
        recipes = request.recipes_of(picture, self.settings.widths)
        if not recipes:  # it is too long for all widths
            return ()
        found = {}
        for wanted in request.formats:
            form = str(picture.format_of(wanted))
            known = recipes
            if not self._is_configured(request):
                known = tuple(one for one in recipes if self._has(picture, one, str(wanted)))
            if known[:1] != recipes[:1]:
                raise _unknown_recipe(recipes[0], str(wanted))
            found[form] = candidates_of(
                picture, known, form, self.url, is_fixed=bool(request.recipes)
            )
        return tuple(_best_first(found, picture, request))

    def _is_configured(self, request: ImageRequest) -> bool:
        """Whether the configuration alone has all recipes of a request."""
        named = {*self.settings.formats, ImageFormat.ORIGINAL}
        return not (request.recipes or request.quality) and named.issuperset(request.formats)

    def _has(self, picture: Picture, recipe: Recipe, wanted: str) -> bool:
        """Whether the site has a variant of a picture."""
        own = picture.format_of(ImageFormat.ORIGINAL)
        forms = (wanted, str(ImageFormat.ORIGINAL)) if wanted == own else (wanted,)
        return any(self._site.has_recipe(recipe.name, form) for form in forms)

    def style(self, picture: Picture, placeholder: str) -> str:
        """The CSS of what is shown until a picture has loaded."""
        return placeholder_style(picture, placeholder)

    # -- addresses ---------------------------------------------------------------------------

    def url(self, variant: Variant) -> str:
        """The URL of a variant. A service of the host is outside of the base path."""
        url = variant_url(variant, self.settings)
        return self._base + url if url == variant.path else url

    def whole_url(self, picture: Picture) -> str:
        """The URL of a picture as it is."""
        return picture.path if picture.is_remote else self._base + quote_path(picture.path)

    def absolute(self, url: str) -> str:
        """A URL of this site with its host."""
        if not url.startswith("/"):
            return url
        parts = urlsplit(self._base_url)
        return f"{parts.scheme}://{parts.netloc}{url}"

    def file_of(self, url: str) -> str:
        """The name of the file in the publish folder for a URL of this site."""
        return url.removeprefix(self._base).removeprefix("/")


def _best_first(
    found: Mapping[str, CandidateList], picture: Picture, request: ImageRequest
) -> Iterator[CandidateList]:
    """The lists in the order of the request, but AVIF first where it is only the original format.

    A browser takes the first format that it knows, and AVIF is the smallest.
    """
    own = ImageFormat.AVIF
    is_first = picture.format == own and own not in request.formats and own in found
    if is_first:
        yield found[own]
    yield from (one for one in found.values() if not (is_first and one.format == own))


def _unknown_recipe(recipe: Recipe, form: str) -> ImageRequestError:
    what = f"in {form}" if form != ImageFormat.ORIGINAL else "in the original format"
    return ImageRequestError(
        f'the site has no recipe "{recipe.name}" {what}',
        "The build knows only sizes that are constants in templates; list others below "
        f"[images.recipes]: any_name = {recipe.toml}",
    )
