"""The calls in templates that make pictures, so that all their variants are known at the build.

A call whose sizes are constants names recipes: `image("boat.jpg", width=640)`. So does one in a
loop over constants, `{% for w in [300, 600] %}`, or with a variable that is set to constants. What
is computed in another way cannot be known here; the configuration lists its recipes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Any

import jinja2
from jinja2 import nodes

from ssg.model.images.settings import ImageSettings, Placeholder
from ssg.model.page import Template
from ssg.render.pictures.image_request import ImageRequest, ImageRequestError
from ssg.render.pictures.size_words import SIZE_FILTERS, request_of_size

_MENTION = re.compile(
    rf"\b(?:image|resize_image)\s*\(|\|\s*(?:{'|'.join(SIZE_FILTERS)}|dominant_color|placeholder)\b"
)
"""What a template with such a call contains."""
_FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "image": ("width", "height"), "resize_image": ("width", "height"),
}  # fmt: skip
"""The arguments by position, after the path."""
_SIZES: Mapping[str, frozenset[str]] = {
    "image": frozenset(
        {"width", "height", "fit", "focus", "quality", "format", "recipe", "density"}
    ),
    "resize_image": frozenset({"width", "height", "op", "format", "quality"}),
}
_COLORS = frozenset({"color", "dominant_color", "placeholder"})
_MAX_COMBINATIONS = 256
"""Of the values of one call's arguments."""

Values = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class ImageCalls:
    """What templates ask of pictures."""

    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """Names of functions or filters, with their constant arguments."""
    use_colors: bool = False
    """Whether they may show dominant colours or placeholders."""

    def rows(self, settings: ImageSettings) -> Iterator[tuple[str, str]]:
        """The names of recipes, each with a format. Wrong calls fail where they are rendered."""
        for name, values in self.calls:
            try:
                yield from _request(name, values, settings).rows(settings)
            except ImageRequestError:
                continue


NO_CALLS = ImageCalls()


def read_image_calls(templates: Iterable[Template]) -> ImageCalls:
    """Read the calls of all templates."""
    found = [_calls_in(one.text) for one in templates if _MENTION.search(one.text)]
    calls = tuple(call for one in found for call in one.calls)
    return ImageCalls(calls, any(one.use_colors for one in found))


def _request(name: str, values: Mapping[str, Any], settings: ImageSettings) -> ImageRequest:
    if name == "image":
        return ImageRequest.of(settings, **values)
    if name == "resize_image":
        return ImageRequest.of_operation(**values)
    return request_of_size(name, values["size"])


@lru_cache(maxsize=512)
def _calls_in(text: str) -> ImageCalls:
    """The calls of one template. One that cannot be parsed is reported where it is compiled."""
    try:
        tree = jinja2.Environment().parse(text)  # noqa: S701 nothing is rendered
    except (jinja2.TemplateSyntaxError, RecursionError):
        return ImageCalls()
    known = _constants(tree)
    calls = [*_function_calls(tree, known), *_filter_calls(tree, known)]
    return ImageCalls(tuple(calls), _uses_colors(tree))


def _function_calls(tree: nodes.Template, known: Values) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name not in _FUNCTIONS:
            continue
        name = call.node.name
        given = dict(zip(_FUNCTIONS[name], call.args[1:], strict=False))
        given |= {one.key: one.value for one in call.kwargs if one.key in _SIZES[name]}
        for values in _combinations(given, known):
            yield name, values


def _filter_calls(tree: nodes.Template, known: Values) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for one in tree.find_all(nodes.Filter):
        if one.name in SIZE_FILTERS and one.args:
            for values in _combinations({"size": one.args[0]}, known):
                yield one.name, values


def _combinations(given: Mapping[str, nodes.Expr], known: Values) -> Iterator[dict[str, Any]]:
    """All values of some arguments; nothing if one of them is not a constant."""
    values = [_values(node, known) for node in given.values()]
    for chosen in islice(product(*values), _MAX_COMBINATIONS):
        yield dict(zip(given, chosen, strict=True))


def _values(node: nodes.Node, known: Values) -> tuple[Any, ...]:
    if isinstance(node, nodes.Name):
        return known.get(node.name, ())
    if isinstance(node, nodes.CondExpr):
        other = _values(node.expr2, known) if node.expr2 else ()
        return _values(node.expr1, known) + other
    try:
        return (node.as_const(),) if isinstance(node, nodes.Expr) else ()
    except nodes.Impossible:
        return ()


def _constants(tree: nodes.Template) -> Values:
    """The constants that variables are set to anywhere in a template."""
    found: dict[str, list[Any]] = defaultdict(list)
    for one in tree.find_all(nodes.Assign):
        _collect(found, one.target, _values(one.node, {}))
    for loop in tree.find_all(nodes.For):
        for items in _values(loop.iter, found):  # type: ignore[arg-type]  # lists, as tuples here
            if isinstance(items, list | tuple):
                _collect(found, loop.target, items)
    for macro in tree.find_all(nodes.Macro):
        defaults = macro.args[len(macro.args) - len(macro.defaults) :]
        for argument, default in zip(defaults, macro.defaults, strict=True):
            _collect(found, argument, _values(default, {}))
    return {name: tuple(values) for name, values in found.items()}


def _collect(found: dict[str, list[Any]], target: nodes.Node, values: Iterable[Any]) -> None:
    """Add what a variable, or each of several, may be."""
    if isinstance(target, nodes.Name):
        found[target.name] += values
    elif isinstance(target, nodes.Tuple):
        for items in values:
            if isinstance(items, list | tuple):
                for part, value in zip(target.items, items, strict=False):
                    _collect(found, part, [value])


def _uses_colors(tree: nodes.Template) -> bool:
    """Whether a template may show colours: it has an attribute, filter or argument for them."""
    attributes = (one.attr for one in tree.find_all(nodes.Getattr))
    filters = (one.name for one in tree.find_all(nodes.Filter))
    arguments = (one for one in tree.find_all(nodes.Keyword) if one.key == "placeholder")
    return not _COLORS.isdisjoint([*attributes, *filters]) or not all(
        _is_none(one.value) for one in arguments
    )


def _is_none(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Const) and node.value == Placeholder.NONE
