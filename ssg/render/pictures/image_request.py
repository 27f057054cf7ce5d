"""What a template asks for: recipes and formats, from the arguments of a call.

The same arguments are read twice: when a page is rendered, and by the scan, which reads the calls
in templates to know all variants before any page is rendered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ssg.model.errors import did_you_mean
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import MAX_SIDE, Fit, Recipe
from ssg.model.images.settings import ImageFormat, ImageSettings

DENSITIES = (1, 2)
"""Pixels of a screen for each pixel of CSS."""
_FORMATS = {"jpg": ImageFormat.JPEG, "auto": ImageFormat.ORIGINAL}
"""Other names of formats."""
_OPERATIONS = ("fill", "fit", "fit_height", "fit_width", "scale")


class ImageRequestError(ValueError):
    """Arguments that make no picture."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """Recipes and formats. Without recipes they are those of pictures in texts."""

    formats: tuple[str, ...]
    """The best first; `original` is that of the picture."""
    recipes: tuple[Recipe, ...] = ()
    """One for each density, the first for a density of 1."""
    quality: int = 0

    @classmethod
    def of(
        cls,
        settings: ImageSettings,
        *,
        width: int = 0,
        height: int = 0,
        fit: str = "",
        focus: str = "",
        quality: int = 0,
        format: str = "",
        recipe: str = "",
        density: int | float | Sequence[int | float] = DENSITIES,
    ) -> ImageRequest:
        """The request of `image(...)`. Raises ImageRequestError."""
        formats = (_format(format),) if format else settings.formats
        if not (width or height or recipe):
            return cls(formats, (), _number("quality", quality))
        one = _named(recipe, settings) if recipe else _recipe(width, height, fit, focus, quality)
        densities = density if isinstance(density, list | tuple) else (density,)
        return cls(formats, tuple(_at_densities(one, densities)))

    @classmethod
    def single(cls, recipe: Recipe, format: str = "") -> ImageRequest:
        """The request for one file."""
        return cls((_format(format or ImageFormat.ORIGINAL),), (recipe,))

    @classmethod
    def of_operation(
        cls,
        *,
        width: int = 0,
        height: int = 0,
        op: str = "fill",
        format: str = "",
        quality: int = 0,
    ) -> ImageRequest:
        """The request of `resize_image(...)`, which names an operation of Zola."""
        if op not in _OPERATIONS:
            hint = did_you_mean(op, _OPERATIONS) or f"One of {', '.join(_OPERATIONS)}"
            raise ImageRequestError(f'unknown operation "{op}"', hint)
        if op == "fit_width":
            recipe = _recipe(width, 0, "", "", quality)
        elif op == "fit_height":
            recipe = _recipe(0, height, "", "", quality)
        else:
            fit = {"fill": Fit.COVER, "fit": Fit.CONTAIN, "scale": Fit.SCALE}[op]
            recipe = _recipe(width, height, fit, "", quality)
        return cls.single(recipe, format)

    def recipes_of(self, picture: Picture, widths: Sequence[int]) -> tuple[Recipe, ...]:
        """The recipes for one picture, the smallest first. None of two makes the same size."""
        if not self.recipes:
            sizes = responsive_recipes(picture, widths)
            return tuple(replace(recipe, quality=self.quality) for recipe in sizes)
        first, *denser = self.recipes
        frame = first.at_focus(picture.focus).frame(picture.width, picture.height)
        if not frame.is_possible:
            message = f"this variant would have {frame.width} x {frame.height} pixels"
            raise ImageRequestError(message, f"A side has at most {MAX_SIDE}: give both sides")
        return (first, *_larger(first, denser, picture))

    def rows(self, settings: ImageSettings) -> Iterator[tuple[str, str]]:
        """Names of all recipes that pictures of a site may need, each with a format."""
        recipes: Iterable[Recipe] = self.recipes
        if not self.recipes:
            recipes = (Recipe(width, quality=self.quality) for width in settings.widths)
        for recipe in recipes:
            for form in self.formats:
                yield recipe.name, str(form)


def responsive_recipes(picture: Picture, widths: Sequence[int]) -> tuple[Recipe, ...]:
    """The recipes of a picture in texts, the narrowest first.

    They are the widths below its own, and one at its own width if a larger width is listed: that
    recipe enlarges nothing. A picture that is too tall for a format has no variant that wide.
    """
    smaller = [width for width in widths if width < picture.width]
    whole = [width for width in widths if width >= picture.width][:1]
    recipes = (Recipe(width) for width in (*smaller, *whole))
    size = picture.width, picture.height
    return tuple(recipe for recipe in recipes if recipe.frame(*size).is_possible)


def _larger(first: Recipe, denser: Iterable[Recipe], picture: Picture) -> Iterator[Recipe]:
    """The recipes that make more pixels of the same ratio than those before."""
    before = whole = first.at_focus(picture.focus).frame(picture.width, picture.height)
    for recipe in denser:
        frame = recipe.at_focus(picture.focus).frame(picture.width, picture.height)
        is_same = first.fit != Fit.SCALE or frame.width * whole.height == frame.height * whole.width
        is_larger = frame.width > before.width and frame.height >= before.height
        if is_larger and is_same and frame.is_possible:
            yield recipe
            before = frame


def _recipe(width: int, height: int, fit: str, focus: str, quality: int) -> Recipe:
    sides = _number("width", width), _number("height", height)
    if fit and fit not in list(Fit):
        hint = did_you_mean(str(fit), list(Fit)) or f"One of {', '.join(Fit)}"
        raise ImageRequestError(f'unknown fit "{fit}"', hint)
    try:
        return Recipe.of(*sides, str(fit), str(focus or ""), _number("quality", quality))
    except ValueError as error:
        raise ImageRequestError(str(error)) from None


def _named(name: str, settings: ImageSettings) -> Recipe:
    if name not in settings.recipes:
        hint = did_you_mean(str(name), settings.recipes) or "List it in [images.recipes]"
        raise ImageRequestError(f'there is no recipe "{name}"', hint)
    return settings.recipes[name]


def _at_densities(recipe: Recipe, densities: Iterable[int | float]) -> Iterator[Recipe]:
    """The recipe for screens with more pixels. What is cut out unscaled has only one."""
    factors = sorted({factor for factor in densities if _is_number(factor) and factor > 0})
    if recipe.fit == Fit.CROP or not factors:
        factors = [1]
    for factor in factors:
        width, height = round(recipe.width * factor), round(recipe.height * factor)
        if max(width, height) <= MAX_SIDE:
            yield replace(recipe, width=width, height=height)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ImageRequestError(f'"{name}" must be a whole number, not {value!r}')
    return value


def _format(name: str) -> str:
    form = _FORMATS.get(str(name).lower(), str(name).lower())
    if form not in list(ImageFormat):
        hint = did_you_mean(form, list(ImageFormat)) or f"One of {', '.join(ImageFormat)}"
        raise ImageRequestError(f'unknown format "{name}"', hint)
    return form
