"""The image services of Netlify and Vercel, as the preview emulates them with Pillow.

They resize pictures of the site and remote ones that it lists, in any size (Netlify) or in widths
that the deploy lists (Vercel). Sources: https://docs.netlify.com/build/image-cdn/overview/ and
https://vercel.com/docs/image-optimization. Both choose the format by `Accept` if none is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ssg.edge.images.image_function import FoundPicture, RefusedPicture
from ssg.edge.images.site_images import FindPicture, HostService
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Fit, Recipe
from ssg.model.images.service_url import NETLIFY_IMAGES, VERCEL_IMAGES
from ssg.model.images.settings import ImageFormat, ImageService
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site
from ssg.runtime.variant_lookup import FoundVariant
from ssg.targets.vercel.images import images_config

_NETLIFY_FITS = {"": "", "contain": Fit.CONTAIN, "cover": Fit.COVER, "fill": Fit.SCALE}
_NETLIFY_FORMATS = {"avif": "avif", "jpg": "jpeg", "png": "png", "webp": "webp"}
_NETLIFY_QUALITY = 75
_VERCEL_FORMATS = (ImageFormat.AVIF, ImageFormat.WEBP)


def host_service(site: Site, find_picture: FindPicture) -> HostService | None:
    """The service that resizes the pictures of a site; None if ssg does."""
    settings = site.settings.images
    service = settings.service if settings else ""
    if service == ImageService.NETLIFY:
        return HostService(NETLIFY_IMAGES, NetlifyService(find_picture))
    config = images_config(site) if service == ImageService.VERCEL else None
    if config is None:
        return None
    formats = [one.removeprefix("image/") for one in config.get("formats", ())]
    return HostService(VERCEL_IMAGES, VercelService(find_picture, config["sizes"], formats))


@dataclass(frozen=True, slots=True)
class NetlifyService:
    """`/.netlify/images?url=/boat.jpg&w=640&h=400&fit=cover&position=top&fm=webp&q=75`."""

    find_picture: FindPicture

    def __call__(self, query: str, accept: str) -> FoundPicture:
        """Find the variant that a query asks for."""
        values = dict(parse_qsl(query))
        picture = self.find_picture(values.get("url", ""))
        if picture is None:
            return None
        try:
            recipe = _netlify_recipe(values, picture)
        except ValueError as error:
            return RefusedPicture(400, str(error))
        wanted = _NETLIFY_FORMATS.get(values.get("fm", ""))
        return _found(picture, recipe, wanted or _accepted(picture, accept))


@dataclass(frozen=True, slots=True)
class VercelService:
    """`/_vercel/image?url=/boat.jpg&w=640&q=75`."""

    find_picture: FindPicture
    widths: Collection[int]
    """Those of the deploy."""
    formats: Collection[str] = _VERCEL_FORMATS

    def __call__(self, query: str, accept: str) -> FoundPicture:
        """Find the variant that a query asks for."""
        values = dict(parse_qsl(query))
        try:
            width, quality = _number(values, "w"), _number(values, "q")
            if width not in self.widths:
                raise ValueError(f'"w" is {width}, which is not one of the sizes of the deploy')
            recipe = Recipe.of(width, quality=quality)
        except ValueError as error:
            return RefusedPicture(400, str(error))
        picture = self.find_picture(values.get("url", ""))
        if picture is None:
            return RefusedPicture(400, '"url" is not a picture of this site')
        return _found(picture, recipe, _accepted(picture, accept, self.formats))


def _netlify_recipe(values: Mapping[str, str], picture: Picture) -> Recipe:
    """The recipe of a query. Raises ValueError."""
    width, height = (_number(values, name) if name in values else 0 for name in ("w", "h"))
    quality = _number(values, "q") if "q" in values else _NETLIFY_QUALITY
    fit = values.get("fit", "")
    if fit not in _NETLIFY_FITS:
        raise ValueError(f'"fit" is {fit}, which is not contain, cover or fill')
    if not width and not height:
        width = picture.width
    has_both = bool(width and height)
    meant = (_NETLIFY_FITS[fit] or Fit.CONTAIN) if has_both else ""
    focus = values.get("position", "center") if meant == Fit.COVER else ""
    return Recipe.of(width, height, meant, focus, quality)


def _number(values: Mapping[str, str], name: str) -> int:
    text = values.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not int(text):
        raise ValueError(f'"{name}" is not a number above 0')
    return int(text)


def _accepted(picture: Picture, accept: str, formats: Collection[str] = _VERCEL_FORMATS) -> str:
    """The first of these formats that a client accepts, or that of the picture."""
    named = (one for one in formats if f"image/{one}" in accept)
    return str(next(named, picture.format_of(ImageFormat.ORIGINAL)))


def _found(picture: Picture, recipe: Recipe, wanted: str) -> FoundPicture:
    if not picture.has_variants:
        return RefusedPicture(400, "The picture cannot be resized")
    return FoundVariant(Variant(picture, recipe, wanted), is_lasting=False)
