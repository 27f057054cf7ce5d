"""Code of a page: heads of functions and classes, constants, types. Names in it are links.

Code is a row of spans, each with its kind: the class that Pygments gives to such text, or `CODE`
for an expression, in which names are looked up.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import griffe

from ssg.plugins.python_reference.links import Context
from ssg.plugins.python_reference.members import constructor

Spans = list[tuple[str, str]]
"""Each the kind of a text, and the text."""

PLAIN, CODE = "", "code"
LONGEST_LINE = 64
LONGEST_VALUE = 72
"""A longer value of a constant is left out."""

_SIGN = re.compile(r"[\\*_<>\[\]{}|$~^`&]")
"""What HTML or Markdown may take for more than it is."""
_IN_LINE = re.compile(r"""(<[^>]*>)|['"]|:(?=//)|\.(?=\.)|-(?=-)""")
"""A tag, or what may become a link, a quotation mark or a dash in a line of text."""
_TOKEN = re.compile(
    r"""(?P<s>[rbufRBUF]{0,2}(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<m>\d[\w.]*)|(?P<other>.)",
    re.S,
)
_BUILT_IN = frozenset(name for name in vars(builtins) if name.islower())
_VARIADIC = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}
_TYPE_VARIADIC = {
    griffe.TypeParameterKind.type_var_tuple: "*",
    griffe.TypeParameterKind.param_spec: "**",
}


@dataclass(frozen=True, slots=True)
class CodeWriter:
    """Writes code into Markdown."""

    raw_html: bool
    """Whether the site lets HTML stand in Markdown. Without it, code has no links."""

    def block(self, lines: Sequence[Spans], context: Context) -> str:
        """Code on lines of its own."""
        if not self.raw_html:
            return f"```python\n{_joined(lines)}\n```"
        html = "\n".join(_as_html(line, context) for line in lines)
        return f'<pre class="highlight" tabindex="0"><code>{html}</code></pre>'

    def inline(self, code: str, context: Context, part: str = "") -> str:
        """Code in a line of text; `part` is the id that it gets."""
        if not code:
            return ""
        if not self.raw_html:
            return f"`{code}`".replace("|", r"\|")
        id_ = f' id="{part}"' if part else ""
        html = _as_html([(CODE if not part else PLAIN, code)], context)
        plain = _IN_LINE.sub(lambda sign: sign[1] or f"&#{ord(sign[0])};", html)
        return f"<code{id_}>{plain}</code>".replace("\n", " ")


def _joined(lines: Sequence[Spans]) -> str:
    return "\n".join("".join(text for _, text in line) for line in lines)


def escaped(text: str) -> str:
    """Text that neither HTML nor Markdown takes for more than it is."""
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", text)


def _as_html(spans: Spans, context: Context) -> str:
    parts = (_expression(text, context) if kind == CODE else [_span(kind, text)]
             for kind, text in spans)  # fmt: skip
    return "".join(chain.from_iterable(parts))


def _span(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escaped(text)}</span>' if kind else escaped(text)


def _expression(code: str, context: Context) -> Iterator[str]:
    """Code with its colours, in the classes of Pygments, and with links."""
    for token in _TOKEN.finditer(code):
        text, kind = token[0], token.lastgroup or ""
        if kind == "name":
            yield _name(text, context)
        else:
            yield _span(kind if kind in ("s", "m") else PLAIN, text)


def _name(name: str, context: Context) -> str:
    if keyword.iskeyword(name):
        return _span("kc" if name[0].isupper() else "k", name)
    if place := context.find(name):
        return f'<a href="{context.url(place)}">{escaped(name)}</a>'
    return _span("nb" if name in _BUILT_IN else PLAIN, name)


# -- functions ---------------------------------------------------------------------------------


def function_lines(function: griffe.Function) -> list[Spans]:
    """The heads of a function: its own, or those of its overloads."""
    heads = function.overloads or [function]
    lines: list[Spans] = []
    for head in heads:
        decorators = [one for one in head.decorators if not str(one.value).endswith("overload")]
        lines += [*_decorators(decorators), *_head(head)]
    return lines


def _head(function: griffe.Function) -> list[Spans]:
    is_async = "async" in function.labels
    start: Spans = [("k", "async def" if is_async else "def"), (PLAIN, " ")]
    start.append(("nf", function.name))
    start += _type_parameters(function)
    return _laid_out(start, _parameters(function), function.returns)


def _decorators(decorators: Sequence[griffe.Decorator]) -> list[Spans]:
    return [[("nd", "@"), (CODE, str(one.value))] for one in decorators]


def _laid_out(start: Spans, parameters: Sequence[Spans], returns: object) -> list[Spans]:
    """On one line if it fits, else a line for each parameter."""
    end: Spans = [(PLAIN, ")")]
    if returns is not None:
        end += [(PLAIN, " -> "), (CODE, str(returns))]
    line = [*start, (PLAIN, "("), *_with_commas(parameters), *end]
    if not parameters or sum(len(text) for _, text in line) <= LONGEST_LINE:
        return [line]
    rows: list[Spans] = [[(PLAIN, "    "), *one, (PLAIN, ",")] for one in parameters]
    return [[*start, (PLAIN, "(")], *rows, end]


def _with_commas(parts: Sequence[Spans]) -> Iterator[tuple[str, str]]:
    for number, part in enumerate(parts):
        if number:
            yield PLAIN, ", "
        yield from part


def _parameters(function: griffe.Function) -> list[Spans]:
    """Parameters with `/` and `*`, without the one that a method gets by itself."""
    kinds = griffe.ParameterKind
    found = list(function.parameters)
    is_method = function.parent is not None and function.parent.is_class
    if is_method and "staticmethod" not in function.labels:
        found = found[1:]
    written: list[Spans] = []
    seen = kinds.positional_or_keyword
    stars = (kinds.keyword_only, kinds.var_positional)
    for one in found:
        if seen is kinds.positional_only and one.kind is not kinds.positional_only:
            written.append([(PLAIN, "/")])
        if one.kind is kinds.keyword_only and seen not in stars:
            written.append([(PLAIN, "*")])
        written.append(_parameter(one))
        seen = one.kind or seen
    return [*written, [(PLAIN, "/")]] if seen is kinds.positional_only else written


def _parameter(parameter: griffe.Parameter) -> Spans:
    star = _VARIADIC.get(parameter.kind, "") if parameter.kind else ""
    spans: Spans = [(PLAIN, star + parameter.name)]
    if parameter.annotation is not None:
        spans += [(PLAIN, ": "), (CODE, str(parameter.annotation))]
    if parameter.default is not None and not star:
        equals = "=" if parameter.annotation is None else " = "
        spans += [(PLAIN, equals), (CODE, str(parameter.default))]
    return spans


def _type_parameters(symbol: griffe.Object) -> Spans:
    parts = [_type_parameter(one) for one in symbol.type_parameters]
    return [(PLAIN, "["), *_with_commas(parts), (PLAIN, "]")] if parts else []


def _type_parameter(parameter: griffe.TypeParameter) -> Spans:
    spans: Spans = [(PLAIN, _TYPE_VARIADIC.get(parameter.kind, "") + parameter.name)]
    if parameter.annotation is not None:
        spans += [(PLAIN, ": "), (CODE, str(parameter.annotation))]
    if parameter.default is not None:
        spans += [(PLAIN, " = "), (CODE, str(parameter.default))]
    return spans


# -- classes and values ------------------------------------------------------------------------


def class_lines(class_: griffe.Class) -> list[Spans]:
    """The head of a class, and how it is called if it has a constructor of its own."""
    bases: list[Spans] = [[(CODE, str(one))] for one in class_.bases]
    bases += [[(PLAIN, f"{key}="), (CODE, str(one))] for key, one in class_.keywords.items()]
    head: Spans = [("k", "class"), (PLAIN, " "), ("nc", class_.name), *_type_parameters(class_)]
    if bases:
        head += [(PLAIN, "("), *_with_commas(bases), (PLAIN, ")")]
    return [*_decorators(class_.decorators), head, *_calls(class_)]


def _calls(class_: griffe.Class) -> Iterator[Spans]:
    begin = constructor(class_)
    if begin is None:
        return
    overloads = class_.overloads.get("__init__", []) if class_.overloads else []
    calls = [found for one in overloads or [begin] if (found := _parameters(one))]
    if calls:
        yield []
    for parameters in calls:
        yield from _laid_out([("nc", class_.name)], parameters, None)


def value_lines(constant: griffe.Attribute) -> list[Spans]:
    """A constant with its type and value, unless that is long."""
    line: Spans = [(PLAIN, constant.name)]
    if constant.annotation is not None:
        line += [(PLAIN, ": "), (CODE, str(constant.annotation))]
    if value := short_value(constant):
        line += [(PLAIN, " = "), (CODE, value)]
    return [line]


def short_value(constant: griffe.Attribute) -> str:
    """The value of a constant or field, unless it is long."""
    value = "" if constant.value is None else str(constant.value)
    return value if len(value) <= LONGEST_VALUE else ""


def type_alias_lines(alias: griffe.TypeAlias) -> list[Spans]:
    """The statement that makes an alias."""
    start: Spans = [("k", "type"), (PLAIN, " "), (PLAIN, alias.name), *_type_parameters(alias)]
    return [[*start, (PLAIN, " = "), (CODE, str(alias.value))]]
