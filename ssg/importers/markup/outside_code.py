"""Splits Markdown into code, which conversions must not change, and all other text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"(?P<lead>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<mark>`{3,}|~{3,})(.*)")
_LIST_ITEM = re.compile(r"[ \t>]*(?:[-*+:]|\d{1,9}[.)])[ \t]")
_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])+?(?<!`)\1(?!`)")

ConvertPart = Callable[[str, int], str]
"""Gets a text and the line on which it begins; returns the converted text."""


@dataclass(frozen=True, slots=True)
class MarkdownPart:
    """Whole lines of a text. `line` is the number of the first."""

    text: str
    line: int
    is_code: bool


def split_code(text: str, line: int = 1, *, indented: bool = True) -> Iterator[MarkdownPart]:
    """Split a text into code blocks and the parts between them, without losing a character.

    Without `indented`, only fenced blocks count as code.
    """
    held: list[str] = []
    start, was_code = line, False
    for number, (one, is_code) in enumerate(_lines(text, indented=indented), line):
        if held and is_code != was_code:
            yield MarkdownPart("".join(held), start, was_code)
            held, start = [], number
        held.append(one)
        was_code = is_code
    if held:
        yield MarkdownPart("".join(held), start, was_code)


def _lines(text: str, *, indented: bool) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to a code block. Indented lines of lists do not."""
    fence = ""
    in_list, after_blank = False, True
    for one in text.splitlines(keepends=True):
        bare = one.strip()
        if fence:
            yield one, True
            closing = bare.lstrip("> \t")
            if closing.startswith(fence) and not closing.strip(fence[0]):
                fence = ""
            continue
        opening = _FENCE.match(one)
        if opening and not (opening["mark"][0] == "`" and "`" in opening[3]):
            fence = opening["mark"]
            yield one, True
            continue
        is_indented = one.startswith(("    ", "\t")) and bool(bare)
        if bare and not is_indented:
            in_list = bool(_LIST_ITEM.match(one)) or (in_list and one.startswith(" "))
        is_code = indented and is_indented and after_blank and not in_list
        yield one, is_code
        after_blank = not bare or is_code


def map_outside_blocks(text: str, line: int, convert: ConvertPart, *, indented: bool = True) -> str:
    """Convert the text outside code blocks."""
    return "".join(
        piece.text if piece.is_code else convert(piece.text, piece.line)
        for piece in split_code(text, line, indented=indented)
    )


def map_outside_code(text: str, line: int, convert: ConvertPart) -> str:
    """Convert the text outside code blocks and code spans."""
    return map_outside_blocks(text, line, lambda prose, start: _around_spans(prose, start, convert))


def _around_spans(text: str, line: int, convert: ConvertPart) -> str:
    parts: list[str] = []
    end = 0
    for span in _SPAN.finditer(text):
        parts += [_part(text, end, span.start(), line, convert), span[0]]
        end = span.end()
    return "".join([*parts, _part(text, end, len(text), line, convert)])


def _part(text: str, start: int, end: int, line: int, convert: ConvertPart) -> str:
    return convert(text[start:end], line + text.count("\n", 0, start)) if end > start else ""


def line_at(text: str, position: int, line: int) -> int:
    """The line of a position in a text that begins on `line`."""
    return line + text.count("\n", 0, position)


def fence_for(code: str) -> str:
    """A fence of backticks that is longer than any run of them in `code`."""
    return "`" * max(3, 1 + max(map(len, re.findall(r"`+", code)), default=0))


class LineFinder:
    """Finds the lines of words in a text as it was before conversions changed it."""

    def __init__(self, text: str, line: int) -> None:
        self._text = text
        self._line = line
        self._ends: dict[str, int] = {}

    def of(self, words: str) -> int:
        """The line of the next occurrence of `words`; the first line if there is none."""
        start = self._text.find(words, self._ends.get(words, 0))
        if start < 0:
            return self._line
        self._ends[words] = start + len(words)
        return line_at(self._text, start, self._line)
