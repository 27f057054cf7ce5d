"""The Jinja environment over the templates of a site database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import jinja2
from jinja2 import meta

from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.site import Site
from ssg.render.filters import FILTERS

THEME_PREFIX = "theme:"
"""`{% extends "theme:page.html" %}` names the theme's template from one that overrides it."""


class Undefined(jinja2.StrictUndefined):
    """A name that is not there may be asked about (`if`, `default`), but not printed or used."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # StrictUndefined's never returns
        return False

    def _fail_with_undefined_error(self, *_: Any, **__: Any) -> NoReturn:
        error = self._undefined_exception(self._undefined_message)
        error.hint = self._hint()  # type: ignore[attr-defined]  # read by `render.failures`
        raise error

    def _hint(self) -> str | None:
        if self._undefined_obj is jinja2.utils.missing or not isinstance(self._undefined_name, str):
            return None
        known = (name for name in dir(self._undefined_obj) if not name.startswith("_"))
        return did_you_mean(self._undefined_name, known)

    __str__ = __iter__ = __len__ = _fail_with_undefined_error


class _Environment(jinja2.Environment):
    """`page.extra.items` is the key of that name, not the method of a dictionary."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return self.getitem(obj, attribute)
        return super().getattr(obj, attribute)


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
        yield Problem(error.message or "syntax error", Location(origin, error.lineno))
        return
    for wanted in references(env, text):
        if wanted not in names:
            where = Location(origin, _line_of(text, wanted))
            hint = did_you_mean(wanted, names)
            yield Problem(f'template "{wanted}" not found', where, hint)


def _line_of(text: str, words: str) -> int | None:
    position = text.find(words)
    return text.count("\n", 0, position) + 1 if position >= 0 else None
