"""The Jinja environment over the templates of a site database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import jinja2
from jinja2 import meta, nodes

from ssg.model.errors import HookError, Location, Problem, did_you_mean
from ssg.model.page import Page, Template
from ssg.model.site import Site
from ssg.render.filters import FILTERS
from ssg.render.hooks import Hooks, load

THEME_PREFIX = "theme:"
"""`{% extends "theme:page.html" %}` names the template of the layer below: from one of the site the
theme's, from one of the theme that of the theme which it extends."""

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


class Environment(jinja2.Environment):
    """`page.extra.items` is the key of that name before it is the method of a dictionary.

    `theme:` reaches below the layer of the template that says it. Within, such a name carries the
    number of that layer: `theme:2:page.html` is the nearest from layer 2 downwards.
    """

    def __init__(self, site: Site, hooks: Hooks, **options: Any) -> None:
        self.site = site
        super().__init__(loader=jinja2.FunctionLoader(self._load), **options)
        self.filters.update({**FILTERS, **hooks.filters})
        self.tests.update(hooks.tests)
        self.shortcodes = hooks.shortcodes
        self.to_html: Callable[[str, Page], str] | None = None
        """Converts Markdown; whoever renders gives it."""

    def find(self, name: str) -> Template | None:
        """A template by the name that another knows it by."""
        layer, plain = _parted(name)
        return self.site.template(plain, layer)

    def join_path(self, template: str, parent: str) -> str:
        if not template.startswith(THEME_PREFIX):
            return template
        asking = self.find(parent)
        layer = (asking.layer if asking else 0) + 1
        return f"{THEME_PREFIX}{layer}:{template.removeprefix(THEME_PREFIX)}"

    def _load(self, name: str) -> tuple[str, str, Any] | None:
        template = self.find(name)
        return (template.text, template.origin, lambda: True) if template else None

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


def _parted(name: str) -> tuple[int, str]:
    """`theme:2:page.html` -> 2, `page.html`; `theme:page.html` is said by the site itself."""
    if not name.startswith(THEME_PREFIX):
        return 0, name
    number, colon, plain = name.removeprefix(THEME_PREFIX).partition(":")
    return (int(number), plain) if colon and number.isdecimal() else (1, name[len(THEME_PREFIX) :])


def said(name: str) -> str:
    """A name as a template says it: `theme:2:page.html` -> `theme:page.html`."""
    layer, plain = _parted(name)
    return THEME_PREFIX + plain if layer else plain


def environment(site: Site, hooks: Hooks) -> Environment:
    """An environment whose templates come from the site database, and whose errors name files."""
    return Environment(
        site,
        hooks,
        autoescape=True,
        undefined=Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )


def references(env: jinja2.Environment, text: str) -> Iterator[str]:
    """Names of the templates that a template extends, includes or imports by a constant name."""
    return (name for name in meta.find_referenced_templates(env.parse(text)) if name)


def chain(site: Site, name: str) -> list[str]:
    """The files that make up a template: its own and, nearest first, all that it refers to."""
    env, origins, waiting = environment(site, Hooks()), [], [name]
    while waiting:
        asked = waiting.pop(0)
        template = env.find(asked)
        if template and template.origin not in origins:
            origins.append(template.origin)
            waiting += [env.join_path(found, asked) for found in references(env, template.text)]
    return origins


def check(site: Site) -> list[Problem]:
    """Load the hooks and compile every template; problems of syntax, names that are not there.

    Where the hooks cannot be loaded, that is the one problem: templates may use what they bring.
    """
    try:
        env = environment(site, load(site))
    except HookError as error:
        return list(error.problems)
    return [problem for template in site.templates() for problem in _check_one(env, template)]


def _check_one(env: Environment, template: Template) -> Iterator[Problem]:
    try:
        env.compile(template.text, filename=template.origin)
    except jinja2.TemplateSyntaxError as error:
        message = (error.message or "syntax error").rstrip(".")
        yield Problem(f"Jinja: {message}", Location(template.origin, error.lineno))
        return
    parent = f"{THEME_PREFIX}{template.layer}:{template.name}"
    for wanted, line in _required(env.parse(template.text)):
        if env.find(env.join_path(wanted, parent)) is None:
            prefix = THEME_PREFIX if wanted.startswith(THEME_PREFIX) else ""
            layer = template.layer if prefix else -1
            known = {prefix + one.name for one in env.site.templates() if one.layer > layer}
            hint = did_you_mean(wanted, known)
            message = f'template "{wanted}" not found'
            yield Problem(message, Location(template.origin, line), hint)


def _required(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Templates that must be there. Of a list one is enough, and `ignore missing` needs none."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        target = node.template  # type: ignore[attr-defined]  # each of the four has one
        if isinstance(target, nodes.Const) and not getattr(node, "ignore_missing", False):
            yield target.value, node.lineno
