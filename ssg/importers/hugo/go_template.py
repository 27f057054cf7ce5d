"""Translates simple shortcode templates of Hugo (Go's text/template) to Jinja.

A template is text with actions in `{{ }}`. Each action is split into tokens and translated by
itself: `if`, `with`, `else`, `end`, an assignment `$x := ...`, or a pipeline that prints a value.
A pipeline passes the value of each stage to the next as its last argument, so it is translated
from left to right into one Jinja expression. An operand that is translated already (a group in
parentheses, the value of the stage before) carries a NUL in front, which tells it from a token.

`with` changes the meaning of `.`, which Jinja does not have: `_dots` is a stack of the expressions
that `.` stands for. Positional arguments of a shortcode are `arg0`, `arg1`, ... in the new
template, as `HugoShortcodes` writes them in calls; named ones keep their names.

Anything else (`range`, `define`, partials, most functions) raises `UntranslatableError`, and the
whole template counts as untranslatable: half of a template would be worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ssg.importers.markup.shortcode_calls import shortcode_name

_ACTION = re.compile(r"\{\{(-)?\s*(.*?)\s*(-)?\}\}", re.S)
_TOKEN = re.compile(r"\s*(\(|\)|\||\"(?:[^\"\\]|\\.)*\"|`[^`]*`|:=|[^\s()|\"`]+)")
_MAX_TEMPLATE_CHARACTERS = 20_000
_MAX_TOKENS = 300
_MAX_EXPRESSION_CHARACTERS = 5_000
_NUMBER = re.compile(r"-?\d+")
_PAGE: Mapping[str, str] = {
    "title": "page.title", "permalink": "page.permalink", "relpermalink": "page.url",
}  # fmt: skip
_IDENTITY_FUNCTIONS = frozenset(
    {"safehtml", "safehtmlattr", "safeurl", "safejs", "safecss", "markdownify", "string",
     "transform.markdownify", "safe.html", "page.renderstring", "$.page.renderstring"}
)  # fmt: skip
_FILTERS: Mapping[str, str] = {
    "upper": "upper", "lower": "lower", "strings.toupper": "upper", "strings.tolower": "lower",
    "title": "title", "plainify": "striptags", "htmlescape": "e", "strings.trimspace": "trim",
    "anchorize": "slugify", "urlize": "slugify",
}  # fmt: skip


class UntranslatableError(Exception):
    """The template uses something that has no translation here."""


def to_jinja(template: str) -> str | None:
    """An equivalent Jinja template; None if there is no translation."""
    if len(template) > _MAX_TEMPLATE_CHARACTERS:
        return None
    try:
        return _Translator().template(template)
    except (UntranslatableError, IndexError, RecursionError):
        return None


class _Translator:
    """Translates one template."""

    def __init__(self) -> None:
        self._dots: list[str] = []
        """The meanings of `.`, the innermost last."""
        self._open: list[str] = []
        """The blocks that are open: `if` or `with`."""

    def template(self, text: str) -> str:
        parts: list[str] = []
        position = 0
        for match in _ACTION.finditer(text):
            parts.append(_literal_text(text[position : match.start()]))
            if match[1]:
                parts[-1] = parts[-1].rstrip()
            if not match[2].startswith("/*"):
                parts.append(self._action(match[2]))
            position = match.end()
            if match[3]:
                position += len(text[position:]) - len(text[position:].lstrip())
        parts.append(_literal_text(text[position:]))
        if self._open:
            raise UntranslatableError
        return "".join(parts).strip() + "\n"

    def _action(self, text: str) -> str:  # noqa: PLR0911 one for each form
        """Translate the content of one `{{ }}`."""
        tokens = _TOKEN.findall(text)
        if len(tokens) > _MAX_TOKENS:
            raise UntranslatableError
        match tokens:
            case ["end"]:
                return self._end()
            case ["else"]:
                return "{% else %}"
            case ["else", "if", *rest]:
                return f"{{% elif {self._expression(rest)} %}}"
            case ["if", *rest]:
                self._open.append("if")
                return f"{{% if {self._expression(rest)} %}}"
            case ["with", *rest]:
                return self._with(rest)
            case [name, ":=", *rest] if name.startswith("$") and not self._open:
                return f"{{% set {shortcode_name(name)} = {self._expression(rest)} %}}"
            case _:
                return f"{{{{ {self._expression(tokens)} }}}}"

    def _with(self, tokens: list[str]) -> str:
        if len(tokens) > 2 and tokens[1] == ":=":
            tokens = tokens[2:]
        value = self._expression(tokens)
        self._open.append("with")
        self._dots.append(value)
        return f"{{% if {value} %}}"

    def _end(self) -> str:
        if self._open.pop() == "with":
            self._dots.pop()
        return "{% endif %}"

    def _expression(self, tokens: list[str]) -> str:
        """Translate a pipeline: each stage gets the value before it as its last argument."""
        stages: list[list[str]] = [[]]
        depth = 0
        for token in tokens:
            depth += {"(": 1, ")": -1}.get(token, 0)
            if token == "|" and depth == 0:  # noqa: S105 no password
                stages.append([])
            else:
                stages[-1].append(token)
        value = self._call(self._operands(stages[0]))
        for stage in stages[1:]:
            value = self._call([*self._operands(stage), f"\0{value}"])
        return value

    def _operands(self, tokens: list[str]) -> list[str]:
        """The operands of a stage. A group in parentheses is one operand, translated already."""
        found: list[str] = []
        position = 0
        while position < len(tokens):
            if tokens[position] != "(":
                found.append(tokens[position])
                position += 1
                continue
            end = _group_end(tokens, position)
            found.append("\0" + self._expression(tokens[position + 1 : end]))
            position = end + 1
        return found

    def _call(self, words: list[str]) -> str:
        """Translate a call. `.` inside `with` repeats an expression, so its length is limited."""
        value = self._translated_call(words)
        if len(value) > _MAX_EXPRESSION_CHARACTERS:
            raise UntranslatableError
        return value

    def _translated_call(self, words: list[str]) -> str:
        if not words:
            raise UntranslatableError
        head, rest = words[0], words[1:]
        name = head.lower()
        if not rest:
            return self._value(head)
        if name in {".get", "$.get"} and len(rest) == 1:
            return f'({_argument(rest[0])} or "")'
        if name == "index" and rest[0].lower() in {".params", "$.params"} and len(rest) == 2:
            return f'({_argument(rest[1])} or "")'
        values = [self._value(word) for word in rest]
        if name in _IDENTITY_FUNCTIONS:
            return values[-1]
        if name in _FILTERS and len(values) == 1:
            return f"({values[0]} | {_FILTERS[name]})"
        if made := _FUNCTIONS.get(name):
            return made(values)
        raise UntranslatableError

    def _value(self, word: str) -> str:  # noqa: PLR0911 one for each form
        if word.startswith("\0"):
            return word[1:]
        if word[0] in '"`':
            return '"' + word[1:-1].replace('"', '\\"') + '"' if word[0] == "`" else word
        name = word.lower().removeprefix("$")
        if _NUMBER.fullmatch(word) or name in {"true", "false"}:
            return name
        if name == "." and self._dots:
            return self._dots[-1]
        if name == ".inner":
            return '(body or text or "")'
        if name.startswith(".page.") and (page := _PAGE.get(name[6:])):
            return page
        if word.startswith("$") and word[1:2].isalpha():
            return shortcode_name(word)
        raise UntranslatableError


def _group_end(tokens: list[str], start: int) -> int:
    depth = 0
    for position in range(start, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[position], 0)
        if depth == 0:
            return position
    raise UntranslatableError


def _argument(word: str) -> str:
    """The name of a shortcode argument: `0` -> `arg0`, `"data-id"` -> `data_id`."""
    if word.isdigit():
        return f"arg{word}"
    if word[0] in '"`':
        return shortcode_name(word[1:-1])
    raise UntranslatableError


def _infix(operator: str) -> Callable[[list[str]], str]:
    return lambda values: "(" + f" {operator} ".join(values) + ")"


def _default(values: list[str]) -> str:
    if len(values) != 2:
        raise UntranslatableError
    return f"({values[1]} or {values[0]})"


def _not(values: list[str]) -> str:
    return f"(not {values[0]})"


_FUNCTIONS: Mapping[str, Callable[[list[str]], str]] = {
    "and": _infix("and"), "or": _infix("or"), "eq": _infix("=="), "ne": _infix("!="),
    "default": _default, "not": _not,
}  # fmt: skip


def _literal_text(text: str) -> str:
    """Text outside actions, which must not look like Jinja."""
    if "{{" in text or "{%" in text or "{#" in text:
        raise UntranslatableError
    return text
