"""The order in which the parts of a line stand: the Unicode bidirectional algorithm (UAX 9).

A line may need several fonts, and Pillow draws one font at a time. So the line is divided into runs
of one direction and one font, and these are put in order here; within a run, raqm does the rest.

Titles have no explicit embeddings; marks of direction (LRM, RLM, ALM) count, isolates do not.
The names of rules in comments are those of the standard.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "ltr", "rtl"
_RIGHT = frozenset({"R", "AL"})
_STRONG = frozenset({"L", "R", "AL"})
_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "〈": "〉", "《": "》", "「": "」"}
_NEUTRAL = frozenset(
    {"B", "S", "WS", "ON", "BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
)


def direction_of(text: str, default: str = LEFT_TO_RIGHT) -> str:
    """The direction of a text: that of its first letter (rules P2 and P3)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in _STRONG:
            return RIGHT_TO_LEFT if kind in _RIGHT else LEFT_TO_RIGHT
    return default


def levels_of(text: str, direction: str) -> list[int]:
    """The embedding level of each character: odd levels run from right to left."""
    base = 1 if direction == RIGHT_TO_LEFT else 0
    if base == 0 and text.isascii():
        return [0] * len(text)
    outer = "R" if base else "L"
    kinds = _weak([unicodedata.bidirectional(one) or "L" for one in text], outer)
    _resolve_brackets(text, kinds, outer)
    _resolve_neutrals(kinds, outer)
    levels = [_level(kind, base) for kind in kinds]
    for index in range(len(text) - 1, -1, -1):  # L1: blanks at the end of the line
        if not text[index].isspace():
            break
        levels[index] = base
    return levels


def _level(kind: str, base: int) -> int:
    if base == 0:
        return {"L": 0, "R": 1}.get(kind, 2)
    return 1 if kind == "R" else 2


def _weak(kinds: list[str], outer: str) -> list[str]:
    """Rules W1 to W7: marks, numbers, and the signs beside numbers."""
    before = outer
    for index, kind in enumerate(kinds):  # W1
        if kind == "NSM":
            kinds[index] = before
        before = kinds[index]
    strong = outer
    for index, kind in enumerate(kinds):  # W2, W3
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[index] = "AN"
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for index in range(1, len(kinds) - 1):  # W4
        left, kind, right = kinds[index - 1 : index + 2]
        if left == right and (
            (kind == "ES" and left == "EN") or (kind == "CS" and left in {"EN", "AN"})
        ):
            kinds[index] = left
    _terminators(kinds)
    strong = outer
    for index, kind in enumerate(kinds):  # W6, W7
        if kind in {"ES", "ET", "CS"}:
            kinds[index] = "ON"
        elif kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
    return kinds


def _terminators(kinds: list[str]) -> None:
    """Rule W5: signs such as % belong to the number beside them."""
    index = 0
    while index < len(kinds):
        end = index
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        around = (kinds[index - 1] if index else "", kinds[end] if end < len(kinds) else "")
        if end > index and "EN" in around:
            kinds[index:end] = ["EN"] * (end - index)
        index = max(end, index + 1)


def _resolve_brackets(text: str, kinds: list[str], outer: str) -> None:
    """Rule N0: both brackets of a pair have the direction of the line, or that of their context."""
    for opening, closing in _bracket_pairs(text, kinds):
        inside = {_side(kind) for kind in kinds[opening + 1 : closing] if kind not in _NEUTRAL}
        if not inside:
            continue
        side = outer
        if outer not in inside:
            before = (_side(kind) for kind in reversed(kinds[:opening]) if kind not in _NEUTRAL)
            side = next(before, outer)
        kinds[opening] = kinds[closing] = side


def _bracket_pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    """The places of brackets that belong together, in the order of the first ones."""
    pairs: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for index, character in enumerate(text):
        if kinds[index] != "ON":
            continue
        if character in _BRACKETS:
            opened.append((_BRACKETS[character], index))
        elif any(character == closing for closing, _ in opened):
            while opened[-1][0] != character:
                opened.pop()
            pairs.append((opened.pop()[1], index))
    return sorted(pairs)


def _resolve_neutrals(kinds: list[str], outer: str) -> None:
    """Rules N1 and N2: what has no direction takes that of both sides, or of the line."""
    index = 0
    while index < len(kinds):
        end = index
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        if end > index:
            left = _side(kinds[index - 1]) if index else outer
            right = _side(kinds[end]) if end < len(kinds) else outer
            kinds[index:end] = [left if left == right else outer] * (end - index)
        index = max(end, index + 1)


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"


def visual_order(levels: Sequence[int]) -> list[int]:
    """The order of runs from left to right, by their levels (rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        index = 0
        while index < len(order):
            end = index
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[index:end] = reversed(order[index:end])
            index = max(end, index + 1)
    return order
