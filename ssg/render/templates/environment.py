"""The Jinja environment over the templates of a site database."""

from __future__ import annotations

import contextlib
import datetime as dt
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import replace
from typing import Any, NoReturn

import jinja2
from jinja2 import meta, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from ssg.model.errors import HookError, Location, Problem, did_you_mean
from ssg.model.page import Template
from ssg.model.queries.site import Site
from ssg.render.hooks import Hooks, load_hooks
from ssg.render.templates.bytecode import code_of
from ssg.render.templates.dates import fill_in_names
from ssg.render.templates.fast_runtime import context_class, speed_up
from ssg.render.templates.filters import FILTERS
from ssg.render.templates.image_functions import ImageFunctions
from ssg.render.templates.messages import MessageCatalog

THEME_PREFIX = "theme:"
"""`{% extends "theme:page.html" %}` names the template of the layer below: for a template of the
site that of the theme, for one of the theme that of the theme which it extends."""

_TOO_DEEP = "Jinja: blocks or brackets are nested too deep"
_DEEP = 80
_DEEP_BLOCK = "\n" + " " * 4 * 20
"""Python allows 100 levels of indentation, 20 loops and 200 brackets in each other."""

_DICT_METHODS = frozenset({"items", "keys", "values", "get"})


class Undefined(jinja2.StrictUndefined):
    """A missing name may be tested (`if`, `default`), but not printed or used."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # StrictUndefined's never returns
        return False

    def _fail_with_undefined_error(self, *_: Any, **__: Any) -> NoReturn:
        error = self._undefined_exception(self._undefined_message)
        error.hint = self._hint()  # type: ignore[attr-defined]  # read by `template_errors`
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
    """A method of a dictionary. It can be called, but not printed, which would show an address."""

    def __init__(self, owner: dict[str, Any], name: str) -> None:
        self._method = getattr(owner, name)
        self._name = name

    def __call__(self, *arguments: Any) -> Any:
        return self._method(*arguments)

    def __str__(self) -> str:
        raise jinja2.UndefinedError(f'dict has no "{self._name}"; {self._name}() is a method')

    __html__ = __str__


class _Loader(jinja2.BaseLoader):
    """Loads templates from the site database, as the Python that `compile_templates` made."""

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> jinja2.Template:
        assert isinstance(environment, Environment)  # noqa: S101 no other environment has this loader
        template = environment.find(name)
        if template is None:
            raise jinja2.TemplateNotFound(name)
        code = code_of(template.code or environment.compiled(template), template.origin)
        made = environment.template_class.from_code(environment, code, globals or {})
        speed_up(made)
        environment.site.loaded(made)
        return made


class _Template(jinja2.Template):
    """Runs an imported template once. What it asks for counts for each template that imports it."""

    environment: Environment

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        made: dict[str, TemplateModule] = vars(self).setdefault("_made", {})
        if ctx is not None and not self.globals.keys() >= ctx.globals_keys:
            return super()._get_default_module(ctx)  # runs the template each time
        run = super()._get_default_module

        def find() -> TemplateModule:
            with self.environment.showing_data(is_trusted=True):  # it sees no data, and is kept
                return run()

        return self.environment.site.remember(made, "module", find)


class Environment(jinja2.Environment):
    """`page.extra.items` is the key `items` if there is one, or else the method of the dictionary.

    `theme:` names a template below the layer of the template that uses it. Internally, such a name
    has the number of the layer: `theme:2:page.html` is the first one from layer 2 downwards.
    """

    template_class = _Template
    context_class = context_class

    def __init__(self, site: Site, hooks: Hooks, language: str, **options: Any) -> None:
        self.site = site
        self.settings = site.settings.in_language(language)
        """The settings in one language."""
        self.messages = MessageCatalog(site, self.settings.language_code)
        super().__init__(loader=_Loader(), **options)
        self.filters.update({**FILTERS, **hooks.filters})
        self.tests.update(hooks.tests)
        self.shortcodes = hooks.shortcodes
        self.to_html: Callable[[str, Any], str] | None = None
        """Converts Markdown of a page for the filter; the renderer sets it."""
        self.untrusted_to_html: Callable[[str, str], str] | None = None
        """The same for Markdown of strangers."""
        self.images: ImageFunctions | None = None
        """What filters of pictures call; the renderer sets it."""
        self.has_trusted_data = True
        """Whether `markdown` may convert all that is shown as texts of the site."""

    @contextlib.contextmanager
    def showing_data(self, *, is_trusted: bool) -> Iterator[None]:
        """While it is open, templates show data that strangers wrote, or no longer do."""
        before, self.has_trusted_data = self.has_trusted_data, is_trusted
        try:
            yield
        finally:
            self.has_trusted_data = before

    def in_words(self, form: str, moment: dt.date) -> str:
        """Fill in the names of months and days, in the language of the page, in a date format."""
        return fill_in_names(form, moment, self.messages.own)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Share one dictionary of globals. A ChainMap would be searched for each name."""
        return super().make_globals(d) if d else self.globals

    def find(self, name: str) -> Template | None:
        """Return a template by the name under which Jinja loads it."""
        layer, plain = _split_name(name)
        return self.site.template(plain, layer)

    def join_path(self, template: str, parent: str) -> str:
        if not template.startswith(THEME_PREFIX):
            return template
        asking = self.find(parent)
        layer = (asking.layer if asking else 0) + 1
        return f"{THEME_PREFIX}{layer}:{template.removeprefix(THEME_PREFIX)}"

    def _load_template(
        self, name: str, globals: MutableMapping[str, Any] | None
    ) -> jinja2.Template:
        layer, plain = _split_name(name)
        self.site.uses(plain, layer)
        return super()._load_template(name, globals)

    def compiled(self, template: Template, tree: nodes.Template | None = None) -> str:
        """Compile a template to Python. `tree` is its parsed text.

        Raises TemplateSyntaxError.
        """
        hidden = self.is_hidden(template)
        name = f"{THEME_PREFIX}{template.layer}:{template.name}" if hidden else template.name
        return self.compile(tree or template.text, name, template.origin, raw=True)

    def is_hidden(self, template: Template) -> bool:
        """Tell whether a higher layer has a template of the same name."""
        nearest = self.site.template(template.name)
        return nearest is not None and nearest.layer != template.layer

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is not dict:  # not from JSON; the common case
            try:
                return getattr(obj, attribute)
            except AttributeError:
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


def _split_name(name: str) -> tuple[int, str]:
    """Split `theme:2:page.html` into layer 2 and `page.html`; `theme:` alone is layer 1."""
    if not name.startswith(THEME_PREFIX):
        return 0, name
    number, colon, plain = name.removeprefix(THEME_PREFIX).partition(":")
    return (int(number), plain) if colon and number.isdecimal() else (1, name[len(THEME_PREFIX) :])


def name_as_written(name: str) -> str:
    """Return a name as templates write it: `theme:2:page.html` -> `theme:page.html`."""
    layer, plain = _split_name(name)
    return THEME_PREFIX + plain if layer else plain


def create_environment(site: Site, hooks: Hooks, language: str = "") -> Environment:
    """Create an environment with the templates of the site database."""
    return Environment(
        site,
        hooks,
        language,
        autoescape=True,
        undefined=Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        optimized=False,  # slow: visits each expression once for each level of its depth
    )


def referenced_templates(env: jinja2.Environment, text: str) -> Iterator[str]:
    """Yield the templates that a template extends, includes or imports by a constant name."""
    return (name for name in meta.find_referenced_templates(env.parse(text)) if name)


def template_chain(site: Site, name: str) -> list[str]:
    """Return the files of a template: its own, then all that it refers to, nearest first."""
    env, origins, waiting = create_environment(site, Hooks()), [], [name]
    while waiting:
        asked = waiting.pop(0)
        template = env.find(asked)
        if template and template.origin not in origins:
            origins.append(template.origin)
            waiting += [
                env.join_path(found, asked) for found in referenced_templates(env, template.text)
            ]
    return origins


def compile_templates(site: Site) -> tuple[list[Template], list[Problem]]:
    """Compile all templates of a site. Return them with their code, and all problems: errors of
    syntax and names of templates that do not exist.

    If the hooks cannot be loaded, that is the only problem: templates may use what they add.
    A template that another one hides gets no code, unless some template uses `theme:`.
    """
    try:
        env = create_environment(site, load_hooks(site))
    except HookError as error:
        return [], list(error.problems)
    compiled: list[Template] = []
    problems: list[Problem] = []
    templates = site.templates()
    uses_lower_layers = any(THEME_PREFIX in template.text for template in templates)
    for template in templates:
        if env.is_hidden(template) and not uses_lower_layers:
            compiled.append(replace(template, code=""))
            continue
        try:
            tree = env.parse(template.text)
            missing = list(_missing(env, template, tree))
            code = env.compiled(template, tree)
            compiled.append(replace(template, code=code))
            problems += missing
            if (line := _line_too_deep(code)) is not None:
                problems.append(Problem(_TOO_DEEP, Location(template.origin, line)))
        except jinja2.TemplateSyntaxError as error:
            message = (error.message or "syntax error").rstrip(".")
            problems.append(Problem(f"Jinja: {message}", Location(template.origin, error.lineno)))
        except RecursionError as error:
            problems.append(Problem(_TOO_DEEP, Location(template.origin, _deepest_line(error))))
    return compiled, problems


def _line_too_deep(code: str) -> int | None:
    """The line of a template at which Python cannot compile its code; None if it can.

    Only code that is nested deep is tried: other code is compiled where it is first used.
    """
    if _DEEP_BLOCK in code or any(line.count("(") > _DEEP for line in code.splitlines()):
        try:
            compile(code, "", "exec")
        except (SyntaxError, MemoryError, RecursionError) as error:
            return _template_line(code, getattr(error, "lineno", None) or 0)
    return None


def _template_line(code: str, number: int) -> int:
    """The line of a template from which Jinja made a line of Python."""
    debug_info = code.rpartition("debug_info = '")[2].partition("'")[0]
    pairs = (pair.split("=") for pair in debug_info.split("&") if pair)
    return max((int(line) for line, made in pairs if int(made) <= number), default=1)


def _deepest_line(error: RecursionError) -> int | None:
    """The line that the parser or the compiler of Jinja had reached."""
    line = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        names = frame.f_locals
        stream = getattr(names.get("self"), "stream", None)
        place = getattr(stream, "current", None) or names.get("node")
        line = getattr(place, "lineno", None) or line
    return line


def _missing(env: Environment, template: Template, tree: nodes.Template) -> Iterator[Problem]:
    """Yield a problem for each template that does not exist and must."""
    parent = f"{THEME_PREFIX}{template.layer}:{template.name}"
    for wanted, line in _required(tree):
        if env.find(env.join_path(wanted, parent)) is None:
            prefix = THEME_PREFIX if wanted.startswith(THEME_PREFIX) else ""
            layer = template.layer if prefix else -1
            known = {prefix + one.name for one in env.site.templates() if one.layer > layer}
            hint = did_you_mean(wanted, known)
            message = f'template "{wanted}" not found'
            yield Problem(message, Location(template.origin, line), hint)


def _required(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yield names and lines of templates that must exist: no lists, no `ignore missing`."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        target = node.template  # type: ignore[attr-defined]  # each of the four has one
        if isinstance(target, nodes.Const) and not getattr(node, "ignore_missing", False):
            yield target.value, node.lineno
