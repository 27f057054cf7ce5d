"""Shortcodes: templates called from Markdown.

`{{ name(key="value") }}` is written within a line or alone in it. A block with a body is

    {% name(key="value") %}
    Markdown
    {% end %}

They are Markdown rules, so code spans and code blocks are left alone.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from typing import Any

from mistune import BlockParser, BlockState, InlineParser, InlineState

from ssg.render.markdown.fast_path import FastMarkdown
from ssg.render.markdown.page_state import MarkdownError

CALL = r"(?P<{0}_name>[A-Za-z_][A-Za-z0-9_]*)\((?P<{0}_arguments>(?:(?!\)[ \t]*[}}%]\}})[^\n])*)\)"
_INLINE = r"\{\{[ \t]*" + CALL.format("inline") + r"[ \t]*\}\}"
_LINE = r"^ {0,3}\{\{[ \t]*" + CALL.format("line") + r"[ \t]*\}\}[ \t]*(?:\n|$)"
_OPEN = r"^ {0,3}\{%[ \t]*" + CALL.format("open") + r"[ \t]*%\}[ \t]*(?:\n|$)"
_OPEN_OR_END = re.compile(
    r"""
    ^ \ {0,3} \{% [ \t]* (?: (?P<end>end) | (?P<open>[A-Za-z_][A-Za-z0-9_]* \( [^\n]*? \)) )
        [ \t]* %\} [ \t]* (?:\n|$)
    | # a fenced code block, also in a list or quotation: skipped as a whole
    ^ [ \t>]* (?: (?:[-*+]|[0-9]{1,9}[.)]) [ \t]+ )* (?P<fence>(?P<mark>[`~])(?P=mark){2,}+)
        (?: (?<=`) [^`\n]* | (?<=~) [^\n]* ) \n
        (?s:.*?) ^ [ \t>]* (?P=fence) (?P=mark)* [ \t]* $
    """,
    re.M | re.X,
)
_CONSTANTS: Mapping[str, object] = {"true": True, "false": False, "none": None}


class ShortcodeError(MarkdownError):
    """A shortcode call with a syntax error."""


def parse_arguments(text: str) -> dict[str, Any]:
    """Read the arguments of a call, which are literals: `id="x", wide=true, sizes=[1, 2]`.

    Raises ShortcodeError on anything else: a call does not run code.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # Python warns of "\d" in a string
            call = ast.parse(f"f({text})", mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ShortcodeError(f"cannot read the arguments ({text})") from None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.args:
        raise ShortcodeError(f'arguments must be named: key="value", not ({text})')
    values: dict[str, Any] = {}
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in values:
            raise ShortcodeError(f"each argument needs its own name, not ({text})")
        values[keyword.arg] = _literal(keyword.value)
    return values


def _literal(node: ast.expr) -> Any:
    if isinstance(node, ast.Name) and node.id in _CONSTANTS:
        return _CONSTANTS[node.id]
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        raise ShortcodeError("a value is not a text, number or list") from None


def shortcodes(md: FastMarkdown) -> None:
    """Add the three forms of a shortcode (a mistune plugin)."""
    md.block.register("shortcode_line", _LINE, _parse_line, before="list")
    md.block.register("shortcode_block", _OPEN, _parse_block, before="list")
    for rules in (md.block.list_rules, md.block.block_quote_rules):
        md.block.insert_rule(rules, "shortcode_block", before="list")
    md.inline.register("shortcode_inline", _INLINE, _parse_inline, before="escape", start_chars="{")


def _token(kind: str, name: str, arguments: str, body: str | None = None) -> dict[str, Any]:
    return {"type": kind, "attrs": {"name": name, "arguments": arguments, "body": body}}


def _parse_inline(_: InlineParser, match: re.Match[str], state: InlineState) -> int:
    state.append_token(_token("shortcode_inline", match["inline_name"], match["inline_arguments"]))
    return match.end()


def _parse_line(_: BlockParser, match: re.Match[str], state: BlockState) -> int:
    state.append_token(_token("shortcode", match["line_name"], match["line_arguments"]))
    return match.end()


def _parse_block(_: BlockParser, match: re.Match[str], state: BlockState) -> int | None:
    depth = 1
    for bracket in _OPEN_OR_END.finditer(state.src, match.end()):
        depth += bool(bracket["open"]) - bool(bracket["end"])
        if depth == 0:
            body = state.src[match.end() : bracket.start()]
            name, arguments = match["open_name"], match["open_arguments"]
            state.append_token(_token("shortcode", name, arguments, body))
            return bracket.end()
    name = match["open_name"]
    rest = state.src[match.start() :].strip()  # finds the place: the rest of a text is unique
    error = ShortcodeError(f"{{% {name}(...) %}} has no {{% end %}}", rest)
    state.env["page_state"].errors.append(error)
    return None
