"""Regular expressions (PCRE) for the paths of rules and of files.

A character that browsers may percent-encode is matched as it is and encoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from urllib.parse import unquote

from ssg.redirects.matching.pattern import PLACEHOLDER, compile_path

_PLAIN = re.compile(r"[A-Za-z0-9_~/-]")

Tree = dict[str, "Tree"]
"""Paths by segments. A path ends with the segment `END`."""
END = "\0"


@dataclass(frozen=True, slots=True)
class PathExpression:
    """The expression for the path of a rule."""

    source: str
    groups: dict[str, int]
    """The number of the group of each placeholder."""


@lru_cache(maxsize=4096)
def character(char: str) -> str:
    """An expression for a character in each of its forms."""
    if _PLAIN.fullmatch(char):
        return char
    encoded = "".join(f"%{_hex_digit(f'{byte:02X}')}" for byte in char.encode())
    return f"(?:{re.escape(char)}|{encoded})"


def _hex_digit(digits: str) -> str:
    return "".join(f"[{one}{one.lower()}]" if one.isalpha() else one for one in digits)


def text(decoded: str) -> str:
    """An expression for a decoded text. A dot is never encoded."""
    return "".join(r"\." if char == "." else character(char) for char in decoded)


def rule_path(
    from_path: str, *, keeps_slashes: bool = True, captures: bool = True
) -> PathExpression:
    """The expression for the path of a redirect rule (`ssg.redirects.matching.pattern`).

    Without `keeps_slashes`, slashes at the start of a splat are not part of its value. Without
    `captures` it has no groups, so it can be a part of another expression.
    """
    pattern = compile_path(from_path)
    group = "(" if captures else "(?:"
    source = "".join(
        f"/{group}[^/]+)" if one is PLACEHOLDER else f"/{text(one)}" for one in pattern.segments
    )
    groups: dict[str, int] = {}
    for number, name in enumerate(pattern.names, start=1):
        groups.setdefault(name, number)
    slashes, value = ("/", ".*") if keeps_slashes else ("/+", "(?:[^/].*)?")
    if not pattern.is_open:
        end = "/?"
    elif pattern.stem is None:
        end = f"(?:{slashes}{group}{value}))?"
    else:
        end = f"/{text(pattern.stem)}{'/?' if keeps_slashes else '/*'}{group}{value})"
    return PathExpression(f"^{source}{end}$", groups)


def header_path(for_path: str) -> str:
    """The expression for the path of a header rule (`ssg.redirects.header_pattern`)."""
    texts = [""]
    for part in filter(None, (part.rstrip() for part in for_path.split("/"))):
        if part.startswith(":"):
            texts[-1] += "/[^/]+"
            continue
        first, *others = (text(unquote(piece)) for piece in part.split("*"))
        texts[-1] += "" if part == "*" else f"/{first}"
        texts += others
    source = ".*".join(texts)
    return f"^{source}/?$" if source else "^/$"


def literal_path(for_path: str) -> str | None:
    """The decoded path of a header rule for one path only; None if it is for several."""
    if "*" in for_path or any(part.startswith(":") for part in for_path.split("/")):
        return None
    return unquote(for_path)


def one_of(paths: Iterable[str], limit: int) -> Iterator[str]:
    """Few expressions for many decoded paths: each matches some of them, `/blog(?:/a|/b)`.

    Each has at most `limit` characters, unless a single path has more.
    """
    yield from _packed(_tree(paths), limit)


def _tree(paths: Iterable[str]) -> Tree:
    root: Tree = {}
    for path in paths:
        node = root
        for segment in path.split("/")[1:]:
            node = node.setdefault(segment, {})
        node[END] = {}
    return root


def _packed(node: Tree, limit: int) -> list[str]:
    """Expressions for what follows a node, each as a whole alternative or a group of them."""
    alternatives: list[str] = []
    for segment, child in sorted(node.items()):
        if segment == END:
            alternatives.append("")
            continue
        start = f"/{text(segment)}"
        alternatives += [start + rest for rest in _packed(child, limit - len(start))]
    return [_joined(group) for group in _groups(alternatives, limit)]


def _joined(alternatives: list[str]) -> str:
    return alternatives[0] if len(alternatives) == 1 else f"(?:{'|'.join(alternatives)})"


def _groups(alternatives: list[str], limit: int) -> Iterator[list[str]]:
    """Groups of alternatives whose joined length is within the limit."""
    number, length = 0, 0

    def group_of(alternative: str) -> int:
        nonlocal number, length
        length += len(alternative) + 1
        if length + len("(?:)") > limit:
            number, length = number + 1, len(alternative) + 1
        return number

    for _, group in groupby(alternatives, group_of):
        yield list(group)
