"""HTML of code blocks: highlighted_code, with numbered and marked lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from markupsafe import escape

from ssg.render.markdown.page_state import MarkdownError

Highlight = Callable[[str, str], str]
"""Returns the HTML of code in a language."""

_RANGE = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")
_SEPARATOR = re.compile(r"[\s,;\"']+")
_NO_ATTRIBUTES: Mapping[str, str] = {}
_SWITCHES: Mapping[str, bool] = {
    "true": True, "table": True, "inline": True, "1": True, "false": False, "0": False,
}  # fmt: skip


def highlighted_code(code: str, language: str) -> str:
    """Return code with Pygments' classes. No element crosses the end of a line."""
    from ssg.render.markdown.highlighting import highlight_code  # noqa: PLC0415 loads Pygments only for sites with code

    return highlight_code(code, language)


highlighted = lru_cache(maxsize=512)(highlighted_code)
"""Keeps results for the life of the process: an example is used on many pages, and a page is
converted for itself, for lists and for feeds."""


def code_block(
    code: str,
    language: str,
    *,
    highlight: Highlight | None,
    numbered: bool = False,
    attributes: Mapping[str, str] = _NO_ATTRIBUTES,
) -> str:
    """Return the `<pre>` of a code block. Code without a language or `highlight` stays plain.

    Attributes: `linenos`, `linenostart`, `hl_lines`, and one of `filename`, `title`, `name`. Raises
    MarkdownError if a value is not valid.
    """
    body = highlight(code, language) if highlight and language else str(escape(code))
    if attributes or numbered:
        body = _by_lines(body, attributes, numbered)
    css = f' class="language-{escape(language)}"' if language else ""
    block = f'<pre class="highlight"><code{css}>{body}</code></pre>\n'
    if name := file_name(attributes):
        caption = f"<figcaption>{escape(name)}</figcaption>"
        return f'<figure class="code">\n{caption}\n{block}</figure>\n'
    return block


def file_name(attributes: Mapping[str, str]) -> str:
    """Return the caption of a code block, or ''."""
    names = (attributes.get(key) for key in ("filename", "title", "name"))
    return next(filter(None, names), "")


def _by_lines(body: str, attributes: Mapping[str, str], numbered: bool) -> str:
    ranges = _ranges(attributes.get("hl_lines", ""))
    numbered = _switch(attributes, numbered)
    if not ranges and not numbered:
        return body
    first = _number(attributes, "linenostart", 1)
    lines = body.removesuffix("\n").split("\n")
    width = len(str(first + len(lines) - 1))
    marked = _numbers(ranges, len(lines))
    shown = []
    for index, line in enumerate(lines):
        if numbered:
            line = f'<span class="linenos">{first + index:>{width}}</span>{line}'  # noqa: PLW2901 the same line with its number
        shown.append(f'<span class="hll">{line}\n</span>' if index + 1 in marked else line + "\n")
    return "".join(shown)


def _numbers(ranges: list[tuple[int, int]], last: int) -> set[int]:
    """Return the numbers in ranges up to the last line. Ranges may overlap."""
    numbers, position = set[int](), 1
    for low, high in sorted(ranges):
        numbers.update(range(max(low, position), min(high, last) + 1))
        position = max(position, min(high, last) + 1)
    return numbers


def _ranges(text: str) -> list[tuple[int, int]]:
    """`1 3-5` -> (1, 1), (3, 5)."""
    ranges = []
    for part in filter(None, _SEPARATOR.split(text)):
        match = _RANGE.fullmatch(part)
        if match is None:
            words, hint = f'hl_lines="{text}"', 'Write hl_lines="1 3-5"'
            raise MarkdownError(f"{words} is not a list of line numbers", words, hint)
        ranges.append((int(match[1]), int(match[2] or match[1])))
    return ranges


def _switch(attributes: Mapping[str, str], default: bool) -> bool:
    value = attributes.get("linenos")
    if value is None:
        return default
    if value not in _SWITCHES:
        words = f'linenos="{value}"'
        raise MarkdownError(f"{words} is neither true nor false", words)
    return _SWITCHES[value]


def _number(attributes: Mapping[str, str], name: str, default: int) -> int:
    value = attributes.get(name)
    if value is None:
        return default
    if not _RANGE.fullmatch(value) or "-" in value:
        words = f'{name}="{value}"'
        raise MarkdownError(f"{words} is not a number", words)
    return int(value)
