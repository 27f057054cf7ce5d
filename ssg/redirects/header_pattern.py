"""The path of a header rule, `for`, compiled to regular expressions for decoded URL paths.

Theory of operation. A pattern is split at its `*`, and each text between them becomes an
expression. Each is searched from the end of the match before it; a path matches if all are found.
So a text is taken at the first place where it fits, and no other place is tried: whatever may
follow it there may also follow a later place. A match takes time in proportion to the length of
the path.

The function of a site reads the same expressions (`lib/headers.js` of its bundle). They contain
only what Python, with DOTALL, and JavaScript, with the flags `s` and `u`, read alike. Case does not
matter, but the two languages differ in what they ignore as case, so each letter is a class of
its variants.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from urllib.parse import unquote

_PLACEHOLDER = "[^/]+"
_END = "/?(?!.)"
_SPECIAL = frozenset(r"^$\.*+?()[]{}|")
_MORE_CASES = {"k": "\u212a", "s": "\u017f"}
"""Letters beyond ASCII that are variants of ASCII ones: the sign of kelvin and the long s."""
_LAST_WITH_CASE = 0x1E943


@lru_cache(maxsize=1024)
def expressions(for_path: str) -> tuple[str, ...]:
    """The expressions of a pattern, in order. The first begins with `^`."""
    first, *others = _texts_between_stars(for_path)
    if not others:
        return (f"^{first or '/'}{_END}",)
    *middle, last = others
    return (f"^{_shortest(first)}", *map(_shortest, middle), f"{last}{_END}")


def matches(for_path: str, path: str) -> bool:
    """Whether a pattern matches a decoded path."""
    first, *others = _compiled(for_path)
    found = first.match(path)
    for expression in others:
        if found is None:
            return False
        found = expression.search(path, found.end())
    return found is not None


@lru_cache(maxsize=1024)
def _compiled(for_path: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.DOTALL) for one in expressions(for_path))


def _texts_between_stars(for_path: str) -> list[str]:
    """The texts between the `*` of a pattern, as regular expressions.

    The slash before a part `*` is optional, since `*` crosses folders: `/blog/*` matches `/blog`.
    """
    texts = [""]
    for part in filter(None, (part.rstrip() for part in for_path.split("/"))):
        if part.startswith(":"):
            texts[-1] += f"/{_PLACEHOLDER}"
            continue
        first, *others = ("".join(map(_any_case, unquote(piece))) for piece in part.split("*"))
        texts[-1] += "" if part == "*" else f"/{first}"
        texts += others
    return texts


def _shortest(text: str) -> str:
    """A text that a `*` follows: a placeholder at its end takes one character, `*` the others."""
    return text.removesuffix("+") if text.endswith(_PLACEHOLDER) else text


@lru_cache(maxsize=4096)
def _any_case(char: str) -> str:
    """An expression for a character in any case."""
    if char.isascii():
        lower = char.lower()
        variants = char if lower == char.upper() else lower + char.upper()
        variants += _MORE_CASES.get(lower, "")
    else:
        variants = _case_variants().get(_folded(char), char)
    if len(variants) > 1:
        return f"[{variants}]"
    return f"\\{char}" if char in _SPECIAL else char


@cache
def _case_variants() -> Mapping[str, str]:
    """All characters that are the same but for their case, by their folded form."""
    variants: dict[str, str] = defaultdict(str)
    for char in map(chr, range(_LAST_WITH_CASE + 1)):
        variants[_folded(char)] += char
    return {folded: chars for folded, chars in variants.items() if len(chars) > 1}


def _folded(char: str) -> str:
    """The simple case folding of Unicode, which keeps one character one character."""
    forms = char.casefold(), char.lower()
    return next((form for form in forms if len(form) == 1), char)
