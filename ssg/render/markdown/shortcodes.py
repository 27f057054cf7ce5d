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
from bisect import bisect_left
from collections.abc import Mapping
from itertools import accumulate, islice
from typing import Any

from mistune import BlockParser, BlockState, InlineParser

from ssg.render.markdown.bounds import BoundedBlockState, BoundedInlineState
from ssg.render.markdown.fast_path import FastMarkdown
from ssg.render.markdown.page_state import MarkdownError, PageState

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_CALL = rf"(?P<{{0}}_name>{_NAME})\((?P<{{0}}_arguments>(?:(?!\)[ \t]*[}}}}%]\}}}})[^\n])*)\)"
_INLINE = rf"\{{\{{[ \t]*(?P<inline_name>{_NAME})\("
_INLINE_END = re.compile(r"\n|\)[ \t]*(?P<is_end>\}\}|%\})")
_LINE = r"^ {0,3}\{\{[ \t]*" + _CALL.format("line") + r"[ \t]*\}\}[ \t]*(?:\n|$)"
_OPEN = r"^ {0,3}\{%[ \t]*" + _CALL.format("open") + r"[ \t]*%\}[ \t]*(?:\n|$)"
_BRACKET = re.compile(
    rf"""
    ^ \ {{0,3}} \{{% [ \t]* (?: (?P<end>end) | (?P<open>{_NAME} \( [^\n]*? \)) )
        [ \t]* %\}} [ \t]* (?:\n|$)
    | # a fenced code block, also in a list or quotation: skipped as a whole
    ^ [ \t>]* (?: (?:[-*+]|[0-9]{{1,9}}[.)]) [ \t]+ )* (?P<fence>(?P<mark>[`~])(?P=mark){{2,}}+)
        (?: (?<=`) [^`\n]* | (?<=~) [^\n]* ) \n
    """,
    re.M | re.X,
)
_FENCE_END = re.compile(r"^[ \t>]*(?P<fence>(?P<mark>[`~])(?P=mark){2,}+)[ \t]*$", re.M)
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


def _parse_inline(_: InlineParser, match: re.Match[str], state: BoundedInlineState) -> int | None:
    end = state.find_next(_INLINE_END, match.end())
    if end is None or end["is_end"] != "}}":
        return None
    arguments = state.src[match.end() : end.start()]
    state.append_token(_token("shortcode_inline", match["inline_name"], arguments))
    return end.end()


def _parse_line(_: BlockParser, match: re.Match[str], state: BlockState) -> int:
    token = _token("shortcode", match["line_name"], match["line_arguments"])
    state.append_token({**token, "depth": state.depth()})
    return match.end()


def _parse_block(_: BlockParser, match: re.Match[str], state: BoundedBlockState) -> int | None:
    if not state.brackets or match.start() not in state.brackets:
        _match_brackets(state, match.start())
    if end := (state.brackets or {}).get(match.start()):
        body = state.src[match.end() : end.start()]
        token = _token("shortcode", match["open_name"], match["open_arguments"], body)
        state.append_token({**token, "depth": state.depth()})
        return end.end()
    page_state: PageState = state.env["page_state"]
    if page_state.takes_errors:
        rest = state.src[match.start() :].strip()  # finds the place: the rest of a text is unique
        message = f"{{% {match['open_name']}(...) %}} has no {{% end %}}"
        page_state.add_error(ShortcodeError(message, rest))
    return None


def _match_brackets(state: BoundedBlockState, position: int) -> None:
    """Find the end of the shortcode at a position, and of all in it: one search serves for all."""
    fences = state.fences = state.fences or _FenceEnds(state.src)
    ends = state.brackets = state.brackets or {}
    open_brackets: list[int] = []
    while bracket := _BRACKET.search(state.src, position):
        position = bracket.end()
        if bracket["fence"]:
            position = fences.end_of(bracket["fence"], position) or position
        elif bracket["open"]:
            open_brackets.append(bracket.start())
        else:
            ends[open_brackets.pop()] = bracket
            if not open_brackets:
                return
    ends.update(dict.fromkeys(open_brackets))


class _FenceEnds:
    """The lines of a text that may end a fenced code block."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, list[tuple[int, int, int]]] = {"`": [], "~": []}
        self._longest: dict[str, list[int]] = {}
        for match in _FENCE_END.finditer(text):
            self._lines[match["mark"]].append((match.start(), len(match["fence"]), match.end()))
        for mark, lines in self._lines.items():
            lengths = accumulate((length for _, length, _ in reversed(lines)), max)
            self._longest[mark] = [*lengths][::-1]

    def end_of(self, fence: str, position: int) -> int | None:
        """Return where the block ends whose fence is before the position, if it does."""
        lines, longest = self._lines[fence[0]], self._longest[fence[0]]
        index = bisect_left(lines, (position,))
        if index == len(lines) or longest[index] < len(fence):
            return None
        return next(end for _, length, end in islice(lines, index, None) if length >= len(fence))
