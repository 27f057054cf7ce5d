"""Functions and filters of templates for pictures.

The sizes and formats of a picture are known at the build: the scan reads the arguments of these
functions in templates (`ssg.render.templates.image_calls`), so both know the same parameters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import jinja2
from jinja2.runtime import Context

from ssg.model.errors import did_you_mean
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Fit, Recipe
from ssg.model.page import Page
from ssg.render.pictures.candidates import Candidate
from ssg.render.pictures.image_request import DENSITIES, ImageRequest, ImageRequestError
from ssg.render.pictures.site_pictures import SitePictures
from ssg.render.pictures.size_words import request_of_size
from ssg.render.templates.image_lookup import ImageLookup
from ssg.render.views.image import ImageAttributes, ImageView
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView

_BROKEN_HINT = 'With images.broken = "warn" it is published as it is'
_NO_IMAGES = "Add the table [images] to ssg.toml"
_Result = TypeVar("_Result")
_CLASSES = frozenset({"class", "class_"})
_ATTRIBUTE = re.compile(r"[^\s\x00-\x1f\x7f\"'<>/=]+")
"""The name of an attribute (HTML Standard, section 13.1.2.3)."""


class ImageFunctions:
    """Each public method is a function of templates, documented in `content/docs/templates.md`."""

    def __init__(self, localized: LocalizedSite, pictures: SitePictures | None) -> None:
        self._pictures = pictures
        self._lookup = ImageLookup(localized.site, localized.sources)

    @jinja2.pass_context
    def image(
        self,
        context: Context,
        path: str | ImageView,
        width: int = 0,
        height: int = 0,
        *,
        fit: str = "",
        focus: str = "",
        quality: int = 0,
        format: str = "",
        recipe: str = "",
        density: float | Sequence[float] = DENSITIES,
        page: PageView | None = None,
        alt: str = "",
        title: str = "",
        sizes: str = "",
        loading: str = "lazy",
        placeholder: str = "",
        attrs: Mapping[str, str | bool] | None = None,
        allow_missing: bool = False,
        **more: str,
    ) -> ImageView | None:
        """Return a picture of the site in some sizes: those of `[images]`, or one of your own."""
        found = self._find("image", path, _page(context, page), allow_missing=allow_missing)
        if found is None:
            return None
        picture, pictures = found
        request = _call(
            "image",
            lambda: ImageRequest.of(
                pictures.settings, width=width, height=height, fit=fit, focus=focus,
                quality=quality, format=format, recipe=recipe, density=density,
            ),
        )  # fmt: skip
        shown_sizes = sizes if request.recipes else sizes or pictures.settings.sizes
        style = pictures.style(picture, placeholder or pictures.settings.placeholder)
        others = {**_class_of(more), **_checked(attrs or {})}
        attributes = ImageAttributes(alt, title, shown_sizes, loading, style, others)
        return self._view("image", picture, pictures, request, attributes)

    @jinja2.pass_context
    def resize_image(
        self,
        context: Context,
        path: str | ImageView,
        width: int = 0,
        height: int = 0,
        *,
        op: str = "fill",
        format: str = "",
        quality: int = 0,
        page: PageView | None = None,
    ) -> ImageView | None:
        """Return a picture in one size. The operations are those of Zola."""
        found = self._find("resize_image", path, _page(context, page))
        if found is None:
            return None
        request = _call(
            "resize_image",
            lambda: ImageRequest.of_operation(
                width=width, height=height, op=op, format=format, quality=quality
            ),
        )
        return self._view("resize_image", *found, request, ImageAttributes())

    @jinja2.pass_context
    def get_image_metadata(
        self,
        context: Context,
        path: str | ImageView,
        *,
        page: PageView | None = None,
        allow_missing: bool = False,
    ) -> Mapping[str, Any] | None:
        """Return `width`, `height`, `format` and `mime` of a picture."""
        name, asking = "get_image_metadata", _page(context, page)
        found = self._find(name, path, asking, allow_missing=allow_missing)
        if found is None:
            return None
        picture = found[0]
        mime = "image/svg+xml" if picture.format == "svg" else f"image/{picture.format}"
        return {
            "width": picture.width, "height": picture.height, "format": picture.format,
            "mime": mime,
        }  # fmt: skip

    # -- filters -----------------------------------------------------------------------------

    def _resized(
        self, context: Context, operation: str, path: str | ImageView, spec: str
    ) -> ImageView | None:
        """A picture in the size of Hugo's filter."""
        found = self._find(operation, path, _page(context, None))
        if found is None:
            return None
        request = _call(operation, lambda: request_of_size(operation, spec))
        alt = path.alt if isinstance(path, ImageView) else ""
        return self._view(operation, *found, request, ImageAttributes(alt))

    def _picture(self, context: Context, name: str, path: str | ImageView) -> Picture:
        found = self._find(name, path, _page(context, None))
        assert found is not None  # noqa: S101 a missing one is an error
        return found[0]

    # -- both --------------------------------------------------------------------------------

    def _view(
        self,
        function: str,
        picture: Picture,
        pictures: SitePictures,
        request: ImageRequest,
        attributes: ImageAttributes,
    ) -> ImageView:
        if not picture.has_variants:
            return ImageView(picture, pictures, (), attributes, _size_of(picture, request))
        lists = _call(function, lambda: pictures.candidates(picture, request))
        if attributes.sizes and request.recipes:
            lists = tuple(one._replace(is_fixed=False) for one in lists)
        return ImageView(picture, pictures, lists, attributes)

    def _find(
        self,
        function: str,
        name: str | ImageView,
        page: Page | None,
        *,
        allow_missing: bool = False,
    ) -> tuple[Picture, SitePictures] | None:
        if self._pictures is None:
            if allow_missing:
                return None
            raise _error(f"{function}: this site has no [images]", _NO_IMAGES)
        path = name.path if isinstance(name, ImageView) else str(name)
        picture = self._lookup.find(path, page)
        if picture is None:
            if allow_missing:
                return None
            hint = self._lookup.suggestion(path, page)
            raise _error(f'{function}: there is no picture "{path}"', hint)
        if picture.problem and self._pictures.settings.is_strict:
            message = f'{function}: the picture "{path}" {picture.problem}'
            raise _error(message, _BROKEN_HINT)
        return picture, self._pictures


def _page(context: Context, page: PageView | None) -> Page | None:
    """The page whose pictures a template names."""
    shown = page or context.get("page")
    return shown._page if isinstance(shown, PageView) else None


def _class_of(more: Mapping[str, str]) -> Mapping[str, str]:
    for name in more:
        if name not in _CLASSES:
            hint = did_you_mean(name, _PARAMETERS) or "Write other attributes as attrs={...}"
            raise _error(f'image: unknown argument "{name}"', hint)
    names = " ".join(filter(None, more.values()))
    return {"class": names} if names else {}


def _checked(attrs: Mapping[str, str | bool]) -> Mapping[str, str | bool]:
    """Attributes, if their names cannot end the attribute: data may contain names, too."""
    for name in attrs:
        if not _ATTRIBUTE.fullmatch(name):
            raise _error(f"image: {name!r} is not the name of an attribute", None)
    return attrs


def _call(function: str, make: Callable[[], _Result]) -> _Result:
    """Call a function of requests, and name the function of the template in its errors."""
    try:
        return make()
    except ImageRequestError as error:
        raise _error(f"{function}: {error}", error.hint) from None


def _error(message: str, hint: str | None) -> LookupError:
    error = LookupError(message)
    error.hint = hint  # type: ignore[attr-defined]  # read by `template_errors`
    return error


def _size_of(picture: Picture, request: ImageRequest) -> Candidate:
    """The size at which a picture without variants is shown, within the asked one."""
    if not request.recipes or not (picture.width and picture.height):
        return Candidate("", picture.width, picture.height)
    asked = request.recipes[0]
    recipe = Recipe.of(asked.width, asked.height, Fit.CONTAIN if asked.fit else "")
    frame = recipe.frame(picture.width, picture.height)
    return Candidate("", frame.width, frame.height)


def _functions(context: Context) -> ImageFunctions:
    found: ImageFunctions = context.environment.images  # type: ignore[attr-defined]  # the renderer's
    return found


def _filter(operation: str, text: str) -> Callable[..., ImageView | None]:
    @jinja2.pass_context
    def resized(context: Context, path: str | ImageView, spec: str) -> ImageView | None:
        return _functions(context)._resized(context, operation, path, spec)

    resized.__name__, resized.__doc__ = operation, text
    return resized


@jinja2.pass_context
def dominant_color(context: Context, path: str | ImageView) -> str:
    """Return the dominant colour of a picture, `#aabbcc`."""
    return _functions(context)._picture(context, "dominant_color", path).color


@jinja2.pass_context
def placeholder(context: Context, path: str | ImageView) -> str:
    """Return a tiny copy of a picture as a `data:` URL."""
    return _functions(context)._picture(context, "placeholder", path).placeholder


IMAGE_FILTERS: Mapping[str, Callable[..., Any]] = {
    "crop": _filter("crop", 'Cut a part of this size out of a picture: `"600x400 top"`.'),
    "dominant_color": dominant_color,
    "fill": _filter("fill", 'Fill a size with a picture: `"600x400 top webp q75"`.'),
    "fit": _filter("fit", 'Fit a picture into a size as a whole: `"600x400"`.'),
    "placeholder": placeholder,
    "resize": _filter("resize", 'Scale a picture: `"640x"`, `"x400"`.'),
}


def image_functions(owner: ImageFunctions) -> Mapping[str, Callable[..., Any]]:
    """The functions of templates for pictures by name."""
    names = (name for name in vars(ImageFunctions) if not name.startswith("_"))
    return {name: getattr(owner, name) for name in names}


_PARAMETERS = tuple(ImageFunctions.image.__annotations__)
