"""Globs over paths: `blog/**`, `docs/*.md`."""

from __future__ import annotations

import re
from functools import lru_cache

_TOKENS = re.compile(r"\*\*/|\*\*|\*|\?|.", re.S)
_PATTERNS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=256)
def compile_glob(glob: str) -> re.Pattern[str]:
    """A glob as a regular expression for `fullmatch`. `**` crosses folders, `*` and `?` do not."""
    parts = (_PATTERNS.get(token, re.escape(token)) for token in _TOKENS.findall(glob))
    return re.compile("".join(parts), re.S)
