"""Breaks a text into lines of a width, with measured widths.

Lines end after blanks and hyphens, and between the characters of Chinese and Japanese, which has no
blanks: there, some marks begin or end no line. A word that is longer than a line is broken between
its characters. Scripts that need a dictionary, as Thai does, are broken like such words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ssg.images.cards.clusters import clusters_of

Measure = Callable[[str], float]
"""The width of a text in pixels."""

ELLIPSIS = "…"
_AFTER = re.compile(r"(?<=[-‐–—/])(?=\w)|\u200b")
_BLANKS = re.compile(r"[^\S\u00a0\u202f\u2007]+")
_NEVER_FIRST = frozenset(
    "、。，．・：；？！）〕］｝〉》」』】ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…‥”’%°℃)]},.!?:;»"
)
_NEVER_LAST = frozenset("（〔［｛〈《「『【“‘([{«¿¡")


class Piece(NamedTuple):
    """A part of a text that stays on one line. `gap` is the width of the blank before it."""

    text: str
    width: float
    gap: float = 0.0


class BrokenText(NamedTuple):
    """The lines of a text, and whether all of it is on them."""

    lines: tuple[str, ...]
    is_whole: bool = True


def break_lines(text: str, width: float, max_lines: int, measure: Measure) -> BrokenText:
    """Break a text into lines; what is too much is cut off, with an ellipsis at its end."""
    pieces = pieces_of(text, width, measure)
    lines = _filled(pieces, width)
    if len(lines) <= max_lines:
        return BrokenText(tuple(map(_joined, _balanced(pieces, width, len(lines)))))
    last = _joined([piece for line in lines[max_lines - 1 :] for piece in line])
    kept = [*map(_joined, lines[: max_lines - 1]), shorten(last, width, measure)]
    return BrokenText(tuple(kept), is_whole=False)


def shorten(text: str, width: float, measure: Measure) -> str:
    """A text on one line, which ends with an ellipsis if it is too long."""
    if measure(text) <= width:
        return text
    clusters = clusters_of(text)
    least, most = 0, len(clusters)
    while least < most:  # the largest number of characters that fit
        middle = (least + most + 1) // 2
        if measure(_cut(clusters, middle)) <= width:
            least = middle
        else:
            most = middle - 1
    return _cut(clusters, _end_of_word(clusters, least))


def _end_of_word(clusters: Sequence[str], count: int) -> int:
    """The number of characters before a word that is cut, unless that word is long."""
    if count == len(clusters) or clusters[count].isspace():
        return count
    ends = (end for end in range(count, count * 2 // 3, -1) if clusters[end - 1].isspace())
    return next(ends, count)


def _cut(clusters: Sequence[str], count: int) -> str:
    return "".join(clusters[:count]).rstrip(" \u00a0,;:.-–—、，") + ELLIPSIS


def pieces_of(text: str, width: float, measure: Measure) -> list[Piece]:
    """The parts between which lines may end. None is wider than a line, if it can be broken."""
    pieces: list[Piece] = []
    blank = measure(" ")
    for word in _BLANKS.split(text.strip()):
        gap = blank if pieces else 0.0
        for part in filter(None, _AFTER.split(word)):
            for one in _unbroken(part):
                for piece in _at_most(one, width, measure):
                    pieces.append(piece._replace(gap=gap))
                    gap = 0.0
    return pieces


def _at_most(text: str, width: float, measure: Measure) -> list[Piece]:
    whole = Piece(text, measure(text))
    if whole.width <= width:
        return [whole]
    return [Piece(cluster, measure(cluster)) for cluster in clusters_of(text)]


def _unbroken(word: str) -> list[str]:
    """Split a word between characters of Chinese and Japanese."""
    if word.isascii():
        return [word]
    parts: list[str] = []
    for cluster in clusters_of(word):
        if parts and not _may_break(parts[-1][-1], cluster[0]):
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return parts


def _may_break(before: str, after: str) -> bool:
    if before in _NEVER_LAST or after in _NEVER_FIRST:
        return False
    return _is_ideographic(before) or _is_ideographic(after)


def _is_ideographic(character: str) -> bool:
    if unicodedata.east_asian_width(character) not in {"W", "F"}:
        return False
    return not "\uac00" <= character <= "\ud7a3"  # Korean has blanks


def _filled(pieces: Sequence[Piece], width: float) -> list[list[Piece]]:
    """Each line takes what fits."""
    lines: list[list[Piece]] = []
    used = 0.0
    for piece in pieces:
        if lines and used + piece.gap + piece.width <= width:
            used += piece.gap + piece.width
            lines[-1].append(piece)
        else:
            used = piece.width
            lines.append([piece])
    return lines


def _balanced(pieces: Sequence[Piece], width: float, count: int) -> list[list[Piece]]:
    """As many lines, of the least width: no line of a single word after a full one."""
    least, most = 0.0, width
    while most - least > 1:
        middle = (least + most) / 2
        if len(_filled(pieces, middle)) <= count:
            most = middle
        else:
            least = middle
    return _filled(pieces, most)


def _joined(line: Sequence[Piece]) -> str:
    return "".join(
        (" " if piece.gap and number else "") + piece.text for number, piece in enumerate(line)
    )
