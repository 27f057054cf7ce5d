"""Globs over paths: `blog/**`, `docs/*.md`.

A glob becomes a regular expression that needs time proportional to the length of the path. It is
cut into blocks at each `**`. The first place where a block fits is the best one, because all that
may follow it there may also follow a later place. The same holds within a block for the text
after each `*`. So these parts are atomic groups, `(?>...)`: once they match, no other place is
tried. Only the last text is tied to a place, the end of the path.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKENS = re.compile(r"(?:(?<=/)|\A)(?:\*\*/)+|\*+|[^*]+")
_FOLDERS = "(?:.*/)?"
_FIRST_FOLDERS = "(?:[^/]*+/)*?"  # the same, the fewest first
_STAR = "[^/]*"
_ANY_NAME = ["", ""]


@lru_cache(maxsize=256)
def compile_glob(glob: str) -> re.Pattern[str]:
    """A glob as a regular expression for `fullmatch`. `**` crosses folders, `*` and `?` do not."""
    first, *others = _blocks(glob)
    if not others:
        return re.compile(_last_block(first), re.S)
    *middle, last = others
    found = "".join(f"(?>{_FIRST_FOLDERS}{_block(block)})" for block in middle)
    end = ".*" if last == _ANY_NAME else _FOLDERS + _last_block(last)
    return re.compile(_block(first) + found + end, re.S)


def _blocks(glob: str) -> list[list[str]]:
    """The blocks of a glob: each is the texts between its `*`, as regular expressions.

    Any number of folders precedes each block but the first. `**` in a name is any number of
    folders, then a `*`: `a**b` has two blocks.
    """
    blocks = [[""]]
    for token in _TOKENS.findall(glob):
        if token.startswith("**") and (len(blocks) == 1 or blocks[-1] != [""]):
            blocks.append([""])
        if token.startswith("*"):
            blocks[-1] += [] if token.endswith("/") else [""]
        else:
            blocks[-1][-1] = "".join("[^/]" if one == "?" else re.escape(one) for one in token)
    return blocks


def _block(texts: list[str]) -> str:
    return texts[0] + "".join(f"(?>{_STAR}?{text})" for text in texts[1:])


def _last_block(texts: list[str]) -> str:
    return _block(texts[:-1]) + _STAR + texts[-1] if len(texts) > 1 else texts[0]
