"""Services of hosts that make variants: which ones they can make, and at which URL.

| service | source |
|---|---|
| netlify | Netlify docs, Image CDN: `url`, `w`, `h`, `fit`, `position`, `fm`, `q` |
| vercel | Vercel docs, Image Optimization; Build Output API, `images`: `url`, `w`, `q` |

What a service cannot make, the build makes. Vercel chooses the format by the header `Accept`, among
those of the deploy and that of the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

from ssg.model.images.picture import WRITTEN_FORMATS
from ssg.model.images.recipe import Fit, Recipe
from ssg.model.images.settings import DEFAULT_QUALITY, ImageFormat, ImageService, ImageSettings
from ssg.model.images.variant import VARIANTS_PATH, Variant, original_name

NETLIFY_IMAGES = "/.netlify/images"
VERCEL_IMAGES = "/_vercel/image"
VERCEL_MAX_WIDTH = 10_000
_POSITIONS = {
    "": "", "50.50": "", "0.50": "left", "100.50": "right", "50.0": "top", "50.100": "bottom",
}  # fmt: skip
"""The focal points that Netlify's service knows."""
_FITS = {Fit.COVER: "cover", Fit.SCALE: "fill"}
_SUFFIXES = {"jpeg": "jpg"}


def service_makes(variant: Variant, service: str) -> bool:
    """Whether a service of a host can make a variant."""
    if not variant.picture.has_variants or variant.picture.format not in WRITTEN_FORMATS:
        return False
    if service == ImageService.NETLIFY:
        recipe = variant.recipe.at_focus(variant.picture.focus)
        return recipe.fit != Fit.CROP and recipe.focus in _POSITIONS
    return service == ImageService.VERCEL and _vercel_makes(variant)


def variant_url(variant: Variant, settings: ImageSettings) -> str:
    """Return the URL of a variant: that of the service that makes it, else its path.

    It is relative to the host, without a base path.
    """
    if not service_makes(variant, settings.service):
        return variant.path
    if settings.service == ImageService.NETLIFY:
        return _url(NETLIFY_IMAGES, _for_netlify(variant, settings))
    return _url(VERCEL_IMAGES, _for_vercel(variant, settings))


def vercel_width(recipe: Recipe) -> int:
    """The width for which Vercel's service has to be configured; 0 if it cannot make a recipe."""
    return recipe.width if not recipe.height and recipe.width <= VERCEL_MAX_WIDTH else 0


def service_qualities(settings: ImageSettings, names: Iterable[str]) -> list[int]:
    """All qualities that variants of recipes with these names may have at Vercel's service."""
    recipes = filter(None, map(Recipe.parse, names))
    own = {one.quality for one in recipes if one.quality and vercel_width(one)}
    return sorted({*own, *settings.quality.values(), _webp_quality(settings)})


def original_path(variant: Variant, settings: ImageSettings) -> str:
    """Where the service finds the picture: its path in the deploy, or the URL of a remote one."""
    picture = variant.picture
    is_own = settings.publish_originals or picture.is_remote
    return picture.path if is_own else VARIANTS_PATH + original_name(picture)


def _url(path: str, values: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(values, quote_via=quote, safe='')}"


def _vercel_makes(variant: Variant) -> bool:
    recipe, picture = variant.recipe, variant.picture
    formats = {ImageFormat.AVIF, ImageFormat.WEBP, picture.format}
    return bool(vercel_width(recipe)) and variant.format in formats


def _for_netlify(variant: Variant, settings: ImageSettings) -> dict[str, str]:
    recipe = variant.recipe.at_focus(variant.picture.focus)
    frame, position = variant.frame, _POSITIONS[recipe.focus]
    fit = _FITS.get(Fit(recipe.fit)) if recipe.fit else None
    quality = recipe.quality or settings.quality.get(variant.format)
    return {
        "url": original_path(variant, settings),
        "w": str(frame.width),
        **({"h": str(frame.height)} if recipe.height else {}),
        **({"fit": fit} if fit else {}),
        **({"position": position} if position else {}),
        "fm": _SUFFIXES.get(variant.format, variant.format),
        **({"q": str(quality)} if quality else {}),
    }


def _for_vercel(variant: Variant, settings: ImageSettings) -> dict[str, str]:
    """PNG has no quality, but a visitor may get WebP instead."""
    quality = variant.recipe.quality or settings.quality.get(variant.format)
    return {
        "url": original_path(variant, settings),
        "w": str(variant.recipe.width),
        "q": str(quality or _webp_quality(settings)),
    }


def _webp_quality(settings: ImageSettings) -> int:
    return settings.quality.get(ImageFormat.WEBP, DEFAULT_QUALITY[ImageFormat.WEBP])
