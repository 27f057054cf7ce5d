"""The Jinja environment over the templates of a site database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import jinja2
from jinja2 import meta, nodes

from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.site import Site
from ssg.render.filters import FILTERS

THEME_PREFIX = "theme:"
"""`{% extends "theme:page.html" %}` names the theme's template from one that overrides it."""


_DICT_METHODS = frozenset({"items", "keys", "values", "get"})


class Undefined(jinja2.StrictUndefined):
    """A name that is not there may be asked about (`if`, `default`), but not printed or used."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # StrictUndefined's never returns
        return False

    def _fail_with_undefined_error(self, *_: Any, **__: Any) -> NoReturn:
        error = self._undefined_exception(self._undefined_message)
        error.hint = self._hint()  # type: ignore[attr-defined]  # read by `render.failures`
        raise error

    @property
    def _undefined_message(self) -> str:
        owner = self._undefined_obj
        if owner is jinja2.utils.missing or not isinstance(self._undefined_name, str):
            return super()._undefined_message
        kind = type(owner).__name__.removesuffix("View").lower()  # `page`, `site`, `dict`
        return f'{kind} has no "{self._undefined_name}"'

    def _hint(self) -> str | None:
        if self._undefined_obj is jinja2.utils.missing or not isinstance(self._undefined_name, str):
            return None
        owner = self._undefined_obj
        known = owner if type(owner) is dict else dir(owner)
        return did_you_mean(self._undefined_name, (n for n in known if not n.startswith("_")))

    __str__ = __iter__ = __len__ = _fail_with_undefined_error


class _Method:
    """A dictionary's method. It can be called, but not printed: that would show an address."""

    def __init__(self, owner: dict[str, Any], name: str) -> None:
        self._method = getattr(owner, name)
        self._name = name

    def __call__(self, *arguments: Any) -> Any:
        return self._method(*arguments)

    def __str__(self) -> str:
        raise jinja2.UndefinedError(f'dict has no "{self._name}"; {self._name}() is a method')

    __html__ = __str__


class _Environment(jinja2.Environment):
    """`page.extra.items` is the key of that name before it is the method of a dictionary."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is not dict:  # what JSON makes; asked of every attribute of every template
            return super().getattr(obj, attribute)
        if attribute in obj:
            return obj[attribute]
        if attribute in _DICT_METHODS:
            return _Method(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if type(obj) is dict:
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)


def environment(site: Site) -> jinja2.Environment:
    """An environment whose templates come from the site database, and whose errors name files."""

    def load(name: str) -> tuple[str, str, Any] | None:
        template = site.template(name)
        return (template.text, template.origin, lambda: True) if template else None

    result = _Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    result.filters.update(FILTERS)
    return result


def references(env: jinja2.Environment, text: str) -> Iterator[str]:
    """Names of the templates that a template extends, includes or imports by a constant name."""
    return (name for name in meta.find_referenced_templates(env.parse(text)) if name)


def chain(site: Site, name: str) -> list[str]:
    """The files that make up a template: its own and, nearest first, all that it refers to."""
    env, origins, waiting = environment(site), [], [name]
    while waiting:
        template = site.template(waiting.pop(0))
        if template and template.origin not in origins:
            origins.append(template.origin)
            waiting += references(env, template.text)
    return origins


def check(site: Site) -> list[Problem]:
    """Compile every template; problems of syntax, and names of templates that are not there."""
    env = environment(site)
    names = site.template_names()
    problems: dict[str, Problem] = {}
    for name in names:
        template = site.template(name)
        if template:
            for problem in _check_one(env, template.text, template.origin, names):
                problems[str(problem)] = problem
    return list(problems.values())


def _check_one(
    env: jinja2.Environment, text: str, origin: str, names: list[str]
) -> Iterator[Problem]:
    try:
        env.compile(text, filename=origin)
    except jinja2.TemplateSyntaxError as error:
        message = (error.message or "syntax error").rstrip(".")
        yield Problem(f"Jinja: {message}", Location(origin, error.lineno))
        return
    for wanted, line in _required(env.parse(text)):
        if wanted not in names:
            hint = did_you_mean(wanted, names)
            yield Problem(f'template "{wanted}" not found', Location(origin, line), hint)


def _required(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Templates that must be there. Of a list one is enough, and `ignore missing` needs none."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        target = node.template  # type: ignore[attr-defined]  # each of the four has one
        if isinstance(target, nodes.Const) and not getattr(node, "ignore_missing", False):
            yield target.value, node.lineno
