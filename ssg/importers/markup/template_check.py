"""Checks a template of the old site before it may run as one of ours.

Templates of ssg are code: from any value, Jinja reaches Python's own attributes, and from there
the machine (`cycler.__init__.__globals__`). So a template that comes from an old site is parsed,
and each node of its syntax tree must be of a kind that is known to be harmless. What is not listed
here is refused: other statements, calls of anything but a few functions and methods, filters that
take names of attributes, and subscripts that are computed. Names that begin with `_` and those that
`jinja2.sandbox` refuses are never allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, TemplateError, TemplateSyntaxError, nodes
from jinja2 import sandbox as sandbox_rules

from ssg.render.templates.filters import FILTERS

_SAFE_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign,
    nodes.AssignBlock, nodes.With, nodes.Scope, nodes.ScopedEvalContextModifier,
    nodes.EvalContextModifier, nodes.Name, nodes.NSRef, nodes.Const, nodes.Tuple, nodes.List,
    nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr, nodes.Filter, nodes.FilterBlock,
    nodes.Test, nodes.Call, nodes.Getitem, nodes.Getattr, nodes.Slice, nodes.Concat, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub,
    nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod,
)  # fmt: skip
_SAFE_FUNCTIONS = frozenset({"range", "dict"})
_SAFE_METHODS = frozenset(
    {"upper", "lower", "title", "capitalize", "strip", "lstrip", "rstrip", "split", "rsplit",
     "splitlines", "replace", "startswith", "endswith", "find", "count", "items", "keys", "values",
     "get", "isdigit", "isalpha", "cycle"}
)  # fmt: skip
_SAFE_FILTERS = frozenset(FILTERS) | {
    "abs", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape",
    "first", "float", "forceescape", "indent", "int", "items", "join", "last", "length", "list",
    "lower", "replace", "reverse", "round", "safe", "slice", "sort", "string", "striptags", "sum",
    "title", "tojson", "trim", "truncate", "unique", "upper", "urlencode", "urlize", "wordcount",
    "wordwrap", "max", "min",
}  # fmt: skip
_TAKE_ATTRIBUTES = frozenset({"join", "sort", "sum", "unique", "max", "min"})
"""Filters that have the name of an attribute as an argument. Here, they get no such argument."""
_ARGUMENTS = {"join": {"d"}, "sort": {"reverse", "case_sensitive"}, "sum": {"start"},
              "unique": {"case_sensitive"}, "max": {"case_sensitive"},
              "min": {"case_sensitive"}}  # fmt: skip
_MAX_POSITIONAL = {"join": 1, "sort": 2}
_UNSAFE_NAMES = frozenset(
    {"self", "caller", "varargs", "kwargs", "context", "environment"}
    | sandbox_rules.UNSAFE_FUNCTION_ATTRIBUTES
    | sandbox_rules.UNSAFE_METHOD_ATTRIBUTES
    | sandbox_rules.UNSAFE_GENERATOR_ATTRIBUTES
    | sandbox_rules.UNSAFE_COROUTINE_ATTRIBUTES
    | sandbox_rules.UNSAFE_ASYNC_GENERATOR_ATTRIBUTES
    | {"func_globals", "func_code", "im_func", "im_self", "mro", "format", "format_map"}
    | {"f_globals", "f_locals", "f_builtins", "f_back", "tb_frame"}
)
_LARGEST_NUMBER = 100_000
_MAX_TEMPLATE_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """What a template may not contain, and its line there."""

    what: str
    line: int = 1


def template_problem(source: str) -> TemplateProblem | None:
    """The first thing that a template of an old site may not contain; None if it may run."""
    if len(source) > _MAX_TEMPLATE_CHARACTERS:
        return TemplateProblem("it is too long")
    try:
        tree = Environment(autoescape=True).parse(source)
        return next(_problems(tree), None)
    except TemplateSyntaxError as error:
        return TemplateProblem(str(error.message), error.lineno)
    except (TemplateError, RecursionError, ValueError, OverflowError):
        return TemplateProblem("it cannot be read")


def _problems(node: nodes.Node) -> Iterator[TemplateProblem]:
    if what := _problem_of(node):
        yield TemplateProblem(what, node.lineno)
    for inner in node.iter_child_nodes():
        yield from _problems(inner)


def _problem_of(node: nodes.Node) -> str:  # noqa: PLR0911 one for each kind of node
    if type(node) not in _SAFE_NODES:
        return f"{type(node).__name__} is not imported"
    match node:
        case nodes.Name(name=name) | nodes.Getattr(attr=name):
            return _name_problem(name)
        case nodes.NSRef(name=name, attr=attribute):
            return _name_problem(name) or _name_problem(attribute)
        case nodes.Getitem(arg=argument):
            return _subscript_problem(argument)
        case nodes.Call():
            return _call_problem(node)
        case nodes.Filter():
            return _filter_problem(node)
        case nodes.Const(value=int() | float() as number) if abs(number) > _LARGEST_NUMBER:
            return f"the number {number} is too large"
    return ""


def _name_problem(name: str) -> str:
    is_unsafe = name.startswith("_") or name in _UNSAFE_NAMES
    return f"the name {name} is not allowed" if is_unsafe else ""


def _subscript_problem(argument: nodes.Expr) -> str:
    """Jinja reads a subscript as an attribute, too, so its text must be known."""
    match argument:
        case nodes.Const(value=str() as name):
            return _name_problem(name)
        case nodes.Const(value=int()) | nodes.Slice():
            return ""
        case nodes.Neg(node=nodes.Const(value=int())):
            return ""
    return "a subscript that is computed is not allowed"


def _call_problem(call: nodes.Call) -> str:
    if call.dyn_args or call.dyn_kwargs:
        return "a call with * or ** is not allowed"
    match call.node:
        case nodes.Name(name=name) if name in _SAFE_FUNCTIONS:
            return ""
        case nodes.Getattr(attr=name) if name in _SAFE_METHODS:
            return ""
        case nodes.Name(name=name) | nodes.Getattr(attr=name):
            return f"the call of {name} is not allowed"
    return "a call of a computed value is not allowed"


def _filter_problem(node: nodes.Filter) -> str:
    name = node.name
    if name not in _SAFE_FILTERS:
        return f"the filter {name} is not allowed"
    if node.dyn_args or node.dyn_kwargs:
        return "a filter with * or ** is not allowed"
    if name in _TAKE_ATTRIBUTES:
        named = {one.key for one in node.kwargs} <= _ARGUMENTS[name]
        if not named or len(node.args) > _MAX_POSITIONAL.get(name, 0):
            return f"the filter {name} with an attribute is not allowed"
    return ""
