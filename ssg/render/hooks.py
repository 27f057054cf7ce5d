"""Filters, functions, tests, shortcodes and loaders that a site's own Python adds to rendering.

`hooks.py` and each plugin have a function `setup(hooks)`. It is called wherever pages are rendered,
in the function of a host as well. See `content/docs/hooks.md`.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from markupsafe import Markup, escape

from ssg.model.errors import HookError, Location, Problem
from ssg.model.queries.site import Site
from ssg.render.module_importer import ModuleImporter, is_site_code

Function = TypeVar("Function", bound=Callable[..., Any])

RESERVED = frozenset({"data", "env", "now", "page", "site"})
"""Names in templates that a function cannot take."""


class Hooks:
    """Collects what `setup(hooks)` adds. Each method can be used as a decorator."""

    def __init__(self) -> None:
        self.filters: dict[str, Callable[..., Any]] = {}
        self.functions: dict[str, Callable[..., Any]] = {}
        self.tests: dict[str, Callable[..., Any]] = {}
        self.shortcodes: dict[str, Callable[..., Any]] = {}
        self.loaders: dict[str, Callable[..., Any]] = {}

    def filter(self, function: Function, name: str = "") -> Function:
        """`{{ value | name }}`."""
        self.filters[name or function.__name__] = function
        return function

    def function(self, function: Function, name: str = "") -> Function:
        """`{{ name(value) }}`."""
        name = name or function.__name__
        if name in RESERVED:
            raise ValueError(f'a function cannot be named "{name}": templates use that name')
        self.functions[name] = function
        return function

    def test(self, function: Function, name: str = "") -> Function:
        """`{% if value is name %}`."""
        self.tests[name or function.__name__] = function
        return function

    def shortcode(self, function: Function, name: str = "") -> Function:
        """`{{ name(key="value") }}` in Markdown; precedes a template of that name."""
        self.shortcodes[name or function.__name__] = function
        return function

    def loader(self, function: Function, name: str = "") -> Function:
        """`loader = "name"` of a route: finds the data of live pages (`runtime/live/loader`)."""
        self.loaders[name or function.__name__] = function
        return function


def load_hooks(site: Site) -> Hooks:
    """Load the hooks of a site again. Raises HookError with the line in the site's file."""
    hooks = Hooks()
    if not site.setups:
        return hooks
    importer = ModuleImporter(site)
    importer.forget()
    for entry in site.setups:
        name, _, attribute = entry.partition(":")
        try:
            getattr(importer.load(name), attribute)(hooks)
        except Exception as error:
            raise HookError(_problem(error, site, name, attribute)) from error
    return hooks


class ArgumentsError(Exception):
    """A call of a shortcode has arguments that its function does not accept."""


def call_shortcode(function: Callable[..., Any], values: Mapping[str, Any]) -> Markup:
    """Return the HTML of a shortcode. `page` and `raw` are passed if the function has them.

    As for filters, a result that is not Markup is text and is escaped.
    """
    signature = inspect.signature(function)
    unwanted = {"page", "raw"} - signature.parameters.keys()
    values = {name: value for name, value in values.items() if name not in unwanted}
    try:
        signature.bind(**values)
    except TypeError as error:
        raise ArgumentsError(str(error)) from error
    return escape(function(**values))


def own_location(error: BaseException) -> Location | None:
    """Return the innermost line of the site's own Python in the traceback of an error."""
    places = [
        Location(frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if is_site_code(frame)
    ]
    return places[-1] if places else None


def _problem(error: Exception, site: Site, name: str, attribute: str) -> Problem:
    if isinstance(error, SyntaxError):
        return Problem(
            f"not valid Python: {error.msg}", Location(error.filename or "", error.lineno)
        )
    if place := own_location(error):
        return Problem(f"{type(error).__name__}: {error}", place)
    module = site.module(name)
    where = Location(module.origin) if module else None
    if isinstance(error, AttributeError):
        return Problem(f"there is no function {attribute}(hooks)", where)
    return Problem(f"{type(error).__name__}: {error}", where)
